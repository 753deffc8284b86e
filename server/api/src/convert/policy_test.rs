//! Test cases and how they went.

use super::{enums, time, verdict};
use umpire_proto::v1 as pb;
use umpire_rules::{PolicyTest, TestResult};

pub(crate) fn to_proto(test: &PolicyTest) -> pb::PolicyTest {
    let message = &test.message;
    let (conversation, sender) = (&message.conversation, &message.sender);
    pb::PolicyTest {
        id: test.id.to_string(),
        message: Some(pb::Message {
            text: message.text.clone(),
            scene: message.scene.clone(),
            locale: message.locale.clone(),
            conversation: Some(pb::Conversation {
                id: conversation.id.clone(),
                kind: conversation.kind.map_or(0, enums::conversation_kind),
                ..pb::Conversation::default()
            }),
            sender: Some(pb::Sender {
                user_id: sender.user_id.clone(),
                server_id: sender.server_id.clone(),
                channel: sender.channel.clone(),
                category: sender.category.clone(),
                department: sender.department.clone(),
                ..pb::Sender::default()
            }),
            ..pb::Message::default()
        }),
        decision: enums::decision(test.decision),
        labels: test.labels.as_ref().map(|labels| pb::policy_test::ExpectedLabels {
            labels: labels.iter().map(|label| label.as_ref().into()).collect(),
        }),
        time: test.time.map(time::to_proto),
        note: test.note.clone(),
    }
}

pub(crate) fn result_to_proto(result: &TestResult) -> pb::PolicyTestResult {
    let expected = result.test.labels.iter().flatten();
    pb::PolicyTestResult {
        test: result.test.id.to_string(),
        passed: result.passed(),
        expected_decision: enums::decision(result.test.decision),
        expected_labels: expected.map(|label| label.as_ref().into()).collect(),
        decision: enums::decision(result.decision),
        labels: verdict::texts(&result.labels),
        rules: verdict::texts(&result.rules),
    }
}

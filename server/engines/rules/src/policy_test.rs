//! Messages with the verdicts they must get, kept with the policy.

use crate::{RuleSet, evaluate::Moment};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use umpire_model::{
    Conversation, ConversationKind, Decision, Message, ResourceId, Sender, Timestamp, Violation,
    WallTime, rfc3339,
};
use umpire_text::Scratch;

/// Longest text of a test, in bytes.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// One test case. Its serialised form is that of policy documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyTest {
    /// Unique within the tenant's tests.
    pub id: ResourceId,
    /// What is judged.
    pub message: TestMessage,
    /// What must come of it.
    pub decision: Decision,
    /// Exactly these labels, in any order; any when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeSet<Arc<str>>>,
    /// The moment it is judged at; now when `None`.
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The message of a test: what rules look at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Message`
pub struct TestMessage {
    pub text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scene: String,
    #[serde(skip_serializing_if = "is_default")]
    pub conversation: TestConversation,
    #[serde(skip_serializing_if = "is_default")]
    pub sender: TestSender,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub locale: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct TestConversation {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ConversationKind>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct TestSender {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub server_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub department: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How a test case went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// The case.
    pub test: Arc<PolicyTest>,
    /// What came of it.
    pub decision: Decision,
    /// With these labels.
    pub labels: Vec<Arc<str>>,
    /// Names of the rules that matched.
    pub rules: Vec<Arc<str>>,
}

impl TestResult {
    /// Whether what came is what must come.
    #[must_use]
    pub fn passed(&self) -> bool {
        let same = |expected: &BTreeSet<Arc<str>>| {
            self.labels.iter().cloned().collect::<BTreeSet<_>>() == *expected
        };
        self.decision == self.test.decision && self.test.labels.as_ref().is_none_or(same)
    }
}

impl PolicyTest {
    /// Everything that is wrong with it; paths start with `path`.
    #[must_use]
    pub fn violations(&self, path: &str) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.message.text.is_empty() {
            found.push(Violation::invalid(format!("{path}.message.text"), "must be set"));
        }
        if self.message.text.len() > MAX_TEXT_BYTES {
            found.push(Violation::too_large(format!("{path}.message.text"), MAX_TEXT_BYTES));
        }
        found
    }

    /// About how many bytes it takes in an answer.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.message.text.len() + self.note.len() + 256
    }

    /// Judges the case. `on_the_wall` says what the tenant's wall shows at a moment.
    pub fn run(
        self: &Arc<Self>,
        rules: &RuleSet,
        now: Timestamp,
        on_the_wall: impl Fn(Timestamp) -> WallTime,
    ) -> TestResult {
        let message = self.message.borrowed();
        let now = self.time.unwrap_or(now);
        let scanned = rules.scan(&message, now, &mut Scratch::default());
        let moment = Moment { now, wall: on_the_wall(now) };
        let verdict = rules.evaluate(&message, &scanned, &moment, "".into());
        let mut names: Vec<_> = verdict.matches.iter().map(|found| found.rule.clone()).collect();
        names.dedup();
        let (decision, labels) = (verdict.decision, verdict.labels);
        TestResult { test: self.clone(), decision, labels, rules: names }
    }
}

impl TestMessage {
    fn borrowed(&self) -> Message<'_> {
        let Self { text, scene, conversation, sender, locale } = self;
        Message {
            text,
            scene,
            locale,
            conversation: Conversation { id: &conversation.id, name: "", kind: conversation.kind },
            sender: Sender {
                user_id: &sender.user_id,
                server_id: &sender.server_id,
                channel: &sender.channel,
                category: &sender.category,
                department: &sender.department,
                ..Sender::default()
            },
            ..Message::default()
        }
    }
}

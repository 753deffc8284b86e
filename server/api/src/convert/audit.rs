use super::{enums, sanction, strike, time, verdict};
use data_encoding::HEXLOWER;
use umpire_audit::{RecordedConversation, RecordedSender, StoredRecord};
use umpire_model::FieldId;
use umpire_proto::v1::{self as pb, audit_record::SubjectId};

pub(crate) fn to_proto(stored: &StoredRecord) -> pb::AuditRecord {
    let record = &stored.record;
    let (tenant, judged) = (&record.tenant, record.judged());
    let (strikes, sanctions) = (judged.strikes.iter(), judged.sanction.into_iter());
    let content = stored.contents.as_ref().map(|contents| contents.text(FieldId::Text));
    pb::AuditRecord {
        name: format!("tenants/{tenant}/auditRecords/{}", record.record_id()),
        tenant: format!("tenants/{tenant}"),
        scene: record.scene.clone(),
        subject_id: Some(SubjectId::MessageId(record.subject_id.clone())),
        conversation: Some(conversation(&record.conversation)),
        sender: Some(sender(&record.sender)),
        content: content.unwrap_or_default().into(),
        send_time: record.send_time.map(time::to_proto),
        receive_time: Some(time::to_proto(record.receive_time)),
        matches: record.matches.iter().map(|found| verdict::found(&found.restored())).collect(),
        decision: enums::decision(record.decision),
        level: record.level.map_or(0, enums::level),
        labels: record.labels.clone(),
        actions: record.actions.iter().map(action).collect(),
        sanctions: sanctions.map(|id| sanction::name(tenant, id)).collect(),
        revision: i64::try_from(record.revision).unwrap_or(i64::MAX),
        state: pb::RecordState::Completed as i32,
        hash: HEXLOWER.encode(&stored.leaf),
        previous_hash: HEXLOWER.encode(&*stored.link.previous),
        writer: stored.link.writer.clone(),
        sequence: i64::try_from(stored.link.sequence).unwrap_or(i64::MAX),
        attachment_texts: attachment_texts(stored),
        risk_class: record.risk_class.map_or(0, enums::risk_class),
        engine_version: record.engine_version.clone(),
        caller: record.caller.clone(),
        included_revisions: record.included_revisions.clone().unwrap_or_default(),
        strikes: strikes.map(|status| strike::status_to_proto(status, tenant)).collect(),
    }
}

fn attachment_texts(stored: &StoredRecord) -> Vec<pb::audit_record::AttachmentText> {
    let texts = stored.contents.iter().flat_map(|contents| &contents.texts);
    texts
        .filter(|(field, _)| *field != FieldId::Text)
        .map(|(field, text)| pb::audit_record::AttachmentText {
            field: field.to_string(),
            content: text.clone(),
        })
        .collect()
}

fn action(recorded: &umpire_audit::RecordedAction) -> pb::RecordedAction {
    pb::RecordedAction {
        kind: enums::action_kind(recorded.action.kind),
        target: recorded.action.target.clone(),
        text: recorded.action.text.clone(),
        outcome: enums::action_outcome(recorded.outcome),
        mask: recorded.action.mask.map_or(0, enums::mask_strategy),
    }
}

fn conversation(conversation: &RecordedConversation) -> pb::Conversation {
    pb::Conversation {
        id: conversation.id.clone(),
        name: conversation.name.clone(),
        kind: conversation.kind.map_or(0, enums::conversation_kind),
    }
}

fn sender(sender: &RecordedSender) -> pb::Sender {
    pb::Sender {
        user_id: sender.user_id.clone(),
        display_name: sender.display_name.clone(),
        role_id: sender.role_id.clone(),
        role_name: sender.role_name.clone(),
        server_id: sender.server_id.clone(),
        server_name: sender.server_name.clone(),
        channel: sender.channel.clone(),
        category: sender.category.clone(),
        level: sender.level,
        total_recharge: sender.total_recharge,
        ip: sender.ip.clone(),
        device_id: sender.device_id.clone(),
        department: sender.department.clone(),
        ..pb::Sender::default()
    }
}

//! Sanctions and whom they are about.

use super::{enums, localized, sanction_rule, time};
use std::fmt::Display;
use umpire_model::{SanctionId, TenantId, Violation};
use umpire_proto::v1 as pb;
use umpire_sanctions::{Draft, Enforcement, HistoryEntry, Sanction, Subject};

pub(crate) fn name(tenant: impl Display, id: SanctionId) -> String {
    format!("tenants/{tenant}/sanctions/{id}")
}

pub(crate) fn subject_from(subject: Option<&pb::Subject>) -> Subject {
    let given = |subject: &pb::Subject| Subject {
        category: subject.category.clone(),
        channel: subject.channel.clone(),
        server_id: subject.server_id.clone(),
        user_id: subject.user_id.clone(),
        role_id: subject.role_id.clone(),
        role_name: subject.role_name.clone(),
        server_name: subject.server_name.clone(),
    };
    subject.map(given).unwrap_or_default()
}

pub(crate) fn subject_to_proto(subject: &Subject) -> pb::Subject {
    pb::Subject {
        category: subject.category.clone(),
        channel: subject.channel.clone(),
        server_id: subject.server_id.clone(),
        user_id: subject.user_id.clone(),
        role_id: subject.role_id.clone(),
        role_name: subject.role_name.clone(),
        server_name: subject.server_name.clone(),
    }
}

/// What a person who sanctions by hand asks for; the engine says what is missing.
pub(crate) fn draft_from(request: &pb::CreateSanctionRequest) -> Result<Draft, Vec<Violation>> {
    let missing = || vec![Violation::invalid("sanction", "must be set")];
    let sanction = request.sanction.as_ref().ok_or_else(missing)?;
    let refused = &mut Vec::new();
    let kind = enums::sanction_kind_from(sanction.kind);
    let draft = Draft {
        subject: subject_from(sanction.subject.as_ref()),
        kind: enums::known(kind, "sanction.kind", refused),
        duration: time::optional_seconds(request.duration, "duration", refused),
        end_time: time::optional(sanction.end_time.as_ref(), "sanction.end_time", refused),
        permanent: sanction.permanent,
        kick_online: sanction.kick_online,
        reason: sanction.reason.clone(),
        player_message: localized::from_proto(sanction.player_message.as_ref()),
        remark: sanction.remark.clone(),
        callback_info: sanction.callback_info.clone(),
    };
    if refused.is_empty() { Ok(draft) } else { Err(std::mem::take(refused)) }
}

pub(crate) fn to_proto(sanction: &Sanction) -> pb::Sanction {
    let tenant = &sanction.tenant;
    let record = |id: &String| format!("tenants/{tenant}/auditRecords/{id}");
    let rule = sanction.sanction_rule.as_ref().map(|id| sanction_rule::name(tenant, id));
    let deliveries = sanction.deliveries.iter();
    pb::Sanction {
        name: sanction.name(),
        subject: Some(subject_to_proto(&sanction.subject)),
        kind: enums::sanction_kind(sanction.kind),
        state: enums::sanction_state(sanction.state),
        origin: enums::sanction_origin(sanction.origin),
        operator: sanction.operator.clone(),
        start_time: Some(time::to_proto(sanction.start_time)),
        end_time: sanction.end_time.map(time::to_proto),
        permanent: sanction.permanent,
        kick_online: sanction.kick_online,
        reason: sanction.reason.clone(),
        player_message: localized::to_proto(&sanction.player_message),
        remark: sanction.remark.clone(),
        content: sanction.content.clone(),
        ip: sanction.ip.clone(),
        callback_info: sanction.callback_info.clone(),
        sanction_rule: rule.unwrap_or_default(),
        revision: i64::try_from(sanction.revision).unwrap_or(i64::MAX),
        audit_records: sanction.audit_records.iter().map(record).collect(),
        deliveries: deliveries.map(|delivery| enforcement(delivery, tenant)).collect(),
        history: sanction.history.iter().map(history_entry).collect(),
        suppressed_by: sanction.suppressed_by.clone().unwrap_or_default(),
        etag: sanction.etag(),
        step: i32::try_from(sanction.step).unwrap_or(i32::MAX),
        total_recharge: sanction.total_recharge,
    }
}

fn enforcement(delivery: &Enforcement, tenant: &TenantId) -> pb::sanction::Enforcement {
    pb::sanction::Enforcement {
        enforcer: format!("tenants/{tenant}/enforcers/{}", delivery.enforcer),
        state: enums::enforcement_state(delivery.state),
        attempts: i32::try_from(delivery.attempts).unwrap_or(i32::MAX),
        last_error: delivery.last_error.clone(),
        next_attempt_time: delivery.next_attempt_time.map(time::to_proto),
        event: enums::notice(delivery.notice),
    }
}

fn history_entry(entry: &HistoryEntry) -> pb::sanction::HistoryEntry {
    pb::sanction::HistoryEntry {
        state: enums::sanction_state(entry.state),
        time: Some(time::to_proto(entry.time)),
        cause: entry.cause.clone(),
    }
}

/// What a sanction forbids its subject.
pub(crate) fn restriction_to_proto(sanction: &Sanction) -> pb::Restriction {
    pb::Restriction {
        sanction: sanction.name(),
        kind: enums::sanction_kind(sanction.kind),
        end_time: sanction.end_time.map(time::to_proto),
        permanent: sanction.permanent,
        player_message: localized::to_proto(&sanction.player_message),
        reason: sanction.reason.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Duration;
    use umpire_model::{LocalizedText, ResourceId, SanctionKind, Timestamp};
    use umpire_sanctions::{EnforcementState, Notice, Origin, State};

    fn subject() -> pb::Subject {
        pb::Subject {
            category: "chess".into(),
            channel: "store".into(),
            server_id: "s1".into(),
            user_id: "u1".into(),
            role_id: "r1".into(),
            role_name: "Rook".into(),
            server_name: "First".into(),
        }
    }

    fn sanction() -> Sanction {
        let id = SanctionId::parse("00000000-0000-8000-8000-000000000001").expect("a UUID");
        let (rule, game) = (ResourceId::new("abuse"), ResourceId::new("game"));
        Sanction {
            id,
            tenant: TenantId::operator(),
            subject: subject_from(Some(&subject())),
            kind: SanctionKind::Mute,
            state: State::Executing,
            origin: Origin::Automatic,
            operator: String::new(),
            start_time: Timestamp(0),
            end_time: Some(Timestamp(0).plus_seconds(60)),
            permanent: false,
            kick_online: true,
            reason: "abuse".into(),
            player_message: LocalizedText::default(),
            remark: String::new(),
            content: "***".into(),
            ip: String::new(),
            callback_info: "back".into(),
            sanction_rule: rule.ok(),
            revision: 7,
            audit_records: vec!["x".into()],
            deliveries: vec![Enforcement {
                enforcer: game.expect("valid"),
                state: EnforcementState::Pending,
                attempts: 1,
                last_error: "away".into(),
                next_attempt_time: None,
                notice: Notice::Apply,
            }],
            history: Vec::new(),
            suppressed_by: None,
            version: 3,
            step: 2,
            total_recharge: Some(5),
            cleared: Vec::new(),
            held_since: None,
            held_micros: 0,
            dispatch_time: None,
            released: false,
        }
    }

    #[test]
    fn ids_become_names() {
        let mut made = sanction();
        made.enter(State::Done, Timestamp(0), "applied");
        let shown = to_proto(&made);
        let name = "tenants/default/sanctions/00000000-0000-8000-8000-000000000001";
        assert_eq!(shown.name, name);
        assert_eq!(super::name(&made.tenant, made.id), name);
        assert_eq!(shown.sanction_rule, "tenants/default/sanctionRules/abuse");
        assert_eq!(shown.audit_records, ["tenants/default/auditRecords/x"]);
        assert_eq!(shown.deliveries[0].enforcer, "tenants/default/enforcers/game");
        assert_eq!(shown.deliveries[0].event, pb::EnforcementEvent::Apply as i32);
        assert_eq!(shown.history[0].state, pb::SanctionState::Done as i32);
        assert_eq!(shown.subject, Some(subject()));
        assert_eq!((shown.suppressed_by.as_str(), shown.etag.as_str()), ("", "s3"));
        assert_eq!((shown.player_message, shown.step, shown.revision), (None, 2, 7));
        let restriction = restriction_to_proto(&made);
        assert_eq!((restriction.sanction.as_str(), restriction.end_time), (name, shown.end_time));
    }

    #[test]
    fn a_sanction_by_hand_is_what_a_person_may_choose() {
        let asked = pb::CreateSanctionRequest {
            sanction: Some(pb::Sanction {
                subject: Some(subject()),
                kind: pb::SanctionKind::LoginBan as i32,
                reason: "bot".into(),
                kick_online: true,
                // The server's own; what is asked for is not looked at.
                operator: "somebody".into(),
                revision: 9,
                ..<_>::default()
            }),
            duration: Some(Duration { seconds: 60, nanos: 0 }),
            ..<_>::default()
        };
        let draft = draft_from(&asked).expect("sound");
        assert_eq!(subject_to_proto(&draft.subject), subject());
        assert_eq!((draft.kind, draft.duration), (Some(SanctionKind::LoginBan), Some(60)));
        assert!(draft.kick_online && !draft.permanent);
        let wrong = pb::CreateSanctionRequest {
            sanction: Some(pb::Sanction {
                kind: 99,
                end_time: Some(prost_types::Timestamp { seconds: 0, nanos: -1 }),
                ..<_>::default()
            }),
            duration: Some(Duration { seconds: -60, nanos: 0 }),
            ..<_>::default()
        };
        let paths = |request: &pb::CreateSanctionRequest| {
            let violations = draft_from(request).err().unwrap_or_default();
            violations.into_iter().map(|violation| violation.path).collect::<Vec<_>>()
        };
        assert_eq!(paths(&wrong), ["sanction.kind", "duration", "sanction.end_time"]);
        assert_eq!(paths(&<_>::default()), ["sanction"]);
    }
}

//! A sanction to tell of.

use umpire_model::{LocalizedText, ResourceId, SanctionId, SanctionKind, TenantId, Timestamp};
use umpire_sanctions::{Notice, Origin, Sanction, State, Subject, Told};
use uuid::Uuid;

/// The third attempt to tell of it, under `key-1`.
pub(crate) fn told(sanction: &Sanction, notice: Notice) -> Told<'_> {
    let time = sanction.start_time;
    let time = Timestamp(time.0 + 2_500_000);
    Told { key: "key-1".into(), sanction, notice, attempt: 3, time }
}

/// A mute for an hour.
pub(crate) fn sanction() -> Sanction {
    let start_time = Timestamp::parse_rfc3339("2026-11-22T03:00:00Z").expect("a time");
    Sanction {
        id: SanctionId(Uuid::from_u128(0x018f_4e8a_0000_8000_8000_0000_0000_0001)),
        tenant: TenantId::new("acme").expect("an id"),
        subject: Subject {
            server_id: "s1".into(),
            user_id: "u-1".into(),
            role_name: "Rover".into(),
            ..Subject::default()
        },
        kind: SanctionKind::Mute,
        state: State::Executing,
        origin: Origin::Automatic,
        operator: String::new(),
        start_time,
        end_time: Some(start_time.plus_seconds(3_600)),
        permanent: false,
        kick_online: true,
        reason: "spam".into(),
        player_message: LocalizedText {
            by_locale: [("en".to_owned(), "Muted.".to_owned())].into(),
            fallback: "禁言".into(),
        },
        remark: String::new(),
        content: "buy ** now".into(),
        ip: "203.0.113.7".into(),
        callback_info: r#"{"x":1}"#.into(),
        sanction_rule: Some(ResourceId::new("spam").expect("an id")),
        revision: 7,
        audit_records: vec!["r-1".into()],
        deliveries: Vec::new(),
        history: Vec::new(),
        suppressed_by: None,
        version: 2,
        step: 2,
        total_recharge: None,
        cleared: Vec::new(),
        held_since: None,
        held_micros: 0,
        dispatch_time: None,
        released: false,
    }
}

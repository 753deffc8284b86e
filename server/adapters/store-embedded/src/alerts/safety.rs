//! What the journal of sanctions says that people should know.

use umpire_model::{ResourceId, TenantId, Timestamp, new_uuid};
use umpire_notify::{Call, Event, Person, Place};
use umpire_sanctions::{AlertEvent, AlertKind};

/// Characters of a title that serves as a key, which has at most 512 bytes.
const KEY_CHARS: usize = 512 / 4;

/// An entry of that journal, as an event for the inbox.
pub(crate) fn event_of(tenant: &TenantId, time: Timestamp, alert: &AlertEvent) -> Event {
    let rule = alert.rule.as_ref();
    Event {
        id: new_uuid(),
        tenant: tenant.clone(),
        time,
        kind: match alert.kind {
            AlertKind::Safety => umpire_notify::AlertKind::Safety,
            AlertKind::Sanction => umpire_notify::AlertKind::Sanction,
        },
        level: alert.level,
        key: key_of(alert),
        rule: rule.map_or_else(String::new, |id| format!("tenants/{tenant}/sanctionRules/{id}")),
        rule_name: rule.map_or("", ResourceId::as_str).to_owned(),
        labels: Vec::new(),
        title: alert.title.clone(),
        keyword: String::new(),
        excerpt: String::new(),
        audit_record: String::new(),
        place: Place::default(),
        sender: Person::default(),
        confidence: None,
        done: Vec::new(),
        call: Call { alert: true, ..Call::default() },
        not_to: Vec::new(),
    }
}

/// The switch is one matter for each rule that turned it; a sanction is one of its own.
fn key_of(alert: &AlertEvent) -> String {
    match (alert.kind, &alert.rule, alert.sanction) {
        (AlertKind::Safety, Some(rule), _) => format!("safety/{rule}"),
        (AlertKind::Safety, None, _) => "safety".to_owned(),
        (AlertKind::Sanction, _, Some(sanction)) => format!("sanction/{sanction}"),
        (AlertKind::Sanction, _, None) => alert.title.chars().take(KEY_CHARS).collect(),
    }
}

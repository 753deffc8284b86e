//! Alerts, as they are shown; and samples of them, as they are asked about.

use super::{enums, time};
use std::collections::BTreeMap;
use umpire_model::{TenantId, Timestamp, Violation};
use umpire_notify::{Alert, AlertKind, Call, Event, Fate, Person, Place};
use umpire_proto::v1 as pb;

pub(crate) fn to_proto(alert: &Alert) -> pb::Alert {
    pb::Alert {
        name: alert.name(),
        state: enums::alert_state(alert.state),
        kind: enums::alert_kind(alert.kind),
        level: enums::level(alert.level),
        key: alert.key.clone(),
        labels: alert.labels.clone(),
        title: alert.title.clone(),
        summary: alert.excerpt.clone(),
        audit_records: alert.audit_records.clone(),
        conversation: conversation(&alert.place),
        sender: sender(&alert.sender),
        camera: alert.place.camera.clone(),
        snapshot: String::new(),
        count: signed(alert.count),
        first_time: Some(time::to_proto(alert.first_time)),
        last_time: Some(time::to_proto(alert.last_time)),
        level_history: level_history(alert),
        assignee: alert.assignee.clone(),
        suppressed_by: alert.suppressed_by.clone(),
        etag: alert.etag(),
        scene: alert.place.scene.clone(),
        rule: alert.rule.clone(),
        keyword: alert.keyword.clone(),
        acknowledgement: acknowledgement(alert),
        resolution: resolution(alert),
        fates: fates(&alert.fates),
        receivers: crate::names::ids_of(&alert.tenant, "receivers", &alert.told),
        confidence: alert.confidence,
    }
}

fn level_history(alert: &Alert) -> Vec<pb::alert::LevelChange> {
    let change = |change: &umpire_notify::LevelChange| pb::alert::LevelChange {
        time: Some(time::to_proto(change.time)),
        level: enums::level(change.level),
        cause: cause(&alert.tenant, &change.cause),
    };
    alert.level_history.iter().map(change).collect()
}

/// `event`, or the name of the policy.
fn cause(tenant: &TenantId, cause: &str) -> String {
    if cause == "event" {
        return cause.into();
    }
    format!("tenants/{tenant}/escalationPolicies/{cause}")
}

fn acknowledgement(alert: &Alert) -> Option<pb::alert::Acknowledgement> {
    let given = alert.acknowledgement.as_ref()?;
    Some(pb::alert::Acknowledgement {
        operator: given.operator.clone(),
        time: Some(time::to_proto(given.time)),
        expire_time: Some(time::to_proto(given.expire_time)),
        note: given.note.clone(),
    })
}

fn resolution(alert: &Alert) -> Option<pb::alert::Resolution> {
    let given = alert.resolution.as_ref()?;
    Some(pb::alert::Resolution {
        operator: given.operator.clone(),
        time: Some(time::to_proto(given.time)),
        note: given.note.clone(),
    })
}

fn conversation(place: &Place) -> Option<pb::Conversation> {
    let known = !place.conversation_id.is_empty() || !place.conversation_name.is_empty();
    known.then(|| pb::Conversation {
        id: place.conversation_id.clone(),
        name: place.conversation_name.clone(),
        ..pb::Conversation::default()
    })
}

fn sender(person: &Person) -> Option<pb::Sender> {
    (*person != Person::default()).then(|| pb::Sender {
        user_id: person.user_id.clone(),
        display_name: person.display_name.clone(),
        department: person.department.clone(),
        server_id: person.server_id.clone(),
        ..pb::Sender::default()
    })
}

fn fates(fates: &BTreeMap<Fate, u64>) -> BTreeMap<String, i64> {
    let name = |fate: Fate| if fate == Fate::Notified { "NOTIFIED" } else { fate.name() };
    let known = fates.iter().filter(|(_, count)| **count > 0);
    known.map(|(fate, count)| (name(*fate).to_owned(), signed(*count))).collect()
}

pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The event that a sample in field `sample` could have been raised by.
pub(crate) fn sample(
    sample: &pb::Alert,
    tenant: &TenantId,
    now: Timestamp,
) -> Result<Event, Vec<Violation>> {
    let refused = &mut Vec::new();
    let kind = enums::known(enums::alert_kind_from(sample.kind), "sample.kind", refused);
    let level = enums::required(enums::level_from(sample.level), "sample.level", refused);
    let Some(level) = level.filter(|_| refused.is_empty()) else {
        return Err(std::mem::take(refused));
    };
    let (conversation, sender) = (sample.conversation.as_ref(), sample.sender.as_ref());
    let of = |text: Option<&String>| text.cloned().unwrap_or_default();
    Ok(Event {
        id: umpire_model::new_uuid(),
        tenant: tenant.clone(),
        time: now,
        kind: kind.unwrap_or(AlertKind::Text),
        level,
        key: if sample.key.is_empty() { "sample".into() } else { sample.key.clone() },
        rule: rule_name(&sample.rule, tenant),
        rule_name: sample.rule.rsplit('/').next().unwrap_or_default().into(),
        labels: sample.labels.clone(),
        title: sample.title.clone(),
        keyword: sample.keyword.clone(),
        excerpt: sample.summary.clone(),
        audit_record: String::new(),
        place: Place {
            scene: sample.scene.clone(),
            conversation_id: of(conversation.map(|it| &it.id)),
            conversation_name: of(conversation.map(|it| &it.name)),
            camera: sample.camera.clone(),
        },
        sender: Person {
            user_id: of(sender.map(|it| &it.user_id)),
            display_name: of(sender.map(|it| &it.display_name)),
            department: of(sender.map(|it| &it.department)),
            server_id: of(sender.map(|it| &it.server_id)),
        },
        confidence: sample.confidence,
        done: Vec::new(),
        call: Call { alert: true, ..Call::default() },
        not_to: Vec::new(),
    })
}

/// An event that would have raised an alert like this one.
pub(crate) fn event_like(alert: &Alert, now: Timestamp) -> Event {
    Event {
        id: umpire_model::new_uuid(),
        tenant: alert.tenant.clone(),
        time: now,
        kind: alert.kind,
        level: alert.level,
        key: alert.key.clone(),
        rule: alert.rule.clone(),
        rule_name: alert.rule_name.clone(),
        labels: alert.labels.clone(),
        title: alert.title.clone(),
        keyword: alert.keyword.clone(),
        excerpt: alert.excerpt.clone(),
        audit_record: String::new(),
        place: alert.place.clone(),
        sender: alert.sender.clone(),
        confidence: alert.confidence,
        done: alert.done.clone(),
        call: alert.call.clone(),
        not_to: alert.not_to.clone(),
    }
}

/// A rule by its id alone is one of the tenant's.
fn rule_name(rule: &str, tenant: &TenantId) -> String {
    if rule.is_empty() || rule.contains('/') {
        return rule.into();
    }
    format!("tenants/{tenant}/rules/{rule}")
}

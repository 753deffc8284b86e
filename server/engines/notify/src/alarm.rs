//! What the server itself has to say goes the way of everything else: as an event.

use crate::{AlertKind, Call, Event, Person, Place, port::Turn};
use umpire_model::{Level, ResourceId, StoreError, TenantId, Timestamp, new_uuid};
use uuid::Uuid;

/// Keys of alarms about receivers: what tells of them raises no further ones.
const ABOUT_RECEIVER: &str = "receiver/";

/// Longest detail, in characters.
const MAX_DETAIL_CHARS: usize = 100;

/// Something that people have to know of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alarm {
    /// How urgent.
    pub level: Level,
    /// What makes it the same matter as another of the tenant's.
    pub key: String,
    /// What happened, in a few words; no text of users.
    pub title: String,
    /// What came of it, in the words of a vendor perhaps: hostile, at most 100 characters.
    pub detail: String,
    /// Receivers that it is about.
    pub not_to: Vec<ResourceId>,
}

/// The key of alarms about a receiver.
pub(crate) fn receiver_key(receiver: &ResourceId) -> String {
    format!("{ABOUT_RECEIVER}{receiver}")
}

/// Whether an alert of the kind SYSTEM is an alarm about a receiver.
pub(crate) fn is_about_receiver(key: &str) -> bool {
    key.starts_with(ABOUT_RECEIVER)
}

/// Puts an alarm into the inbox, as an event of the kind SYSTEM that routes are followed for.
pub(crate) fn raise(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    alarm: Alarm,
    now: Timestamp,
) -> Result<(), StoreError> {
    raise_as(turn, tenant, new_uuid(), alarm, now)
}

/// As [`raise`], of something that may be raised again under the same id: then it is once.
pub(crate) fn raise_as(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    id: Uuid,
    alarm: Alarm,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Alarm { level, key, title, detail, not_to } = alarm;
    turn.accept(&Event {
        id,
        tenant: tenant.clone(),
        time: now,
        kind: AlertKind::System,
        level,
        key,
        rule: String::new(),
        rule_name: String::new(),
        labels: Vec::new(),
        title,
        keyword: String::new(),
        excerpt: detail.chars().take(MAX_DETAIL_CHARS).collect(),
        audit_record: String::new(),
        place: Place::default(),
        sender: Person::default(),
        confidence: None,
        done: Vec::new(),
        call: Call { alert: true, ..Call::default() },
        not_to,
    })
}

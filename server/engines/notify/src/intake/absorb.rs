//! What an event adds to its alert.

use super::matter::Matter;
use crate::{Alert, AlertId, AlertKind, AlertState, Call, Event, Fate, HappeningKind, LevelChange};
use std::collections::BTreeMap;
use umpire_model::{Timestamp, new_uuid};

/// Most labels of an alert, and most people and receivers that its rules name.
const MAX_LABELS: usize = 32;
const MAX_NAMED: usize = 100;
/// Most audit records that an alert names: the last.
const MAX_RECORDS: usize = 10;
/// Most times of events that an alert knows: the last.
const MAX_RECENT: usize = 1_000;

impl Matter {
    /// Adds new events.
    pub(super) fn absorb(&mut self, events: &[Event], now: Timestamp) {
        for event in events {
            absorb(&mut self.alert, event, now);
        }
        self.fresh += events.len() as u64;
        let kind = if self.is_new() { HappeningKind::Created } else { HappeningKind::Repeated };
        self.note(kind, "");
    }
}

/// The alert that an event makes, of version 0, when there is none of its key.
pub(crate) fn alert_of(event: &Event, now: Timestamp) -> Alert {
    let mut alert = Alert {
        id: AlertId(new_uuid()),
        tenant: event.tenant.clone(),
        key: event.key.clone(),
        state: AlertState::Open,
        version: 0,
        kind: event.kind,
        level: event.level,
        level_history: vec![LevelChange { time: now, level: event.level, cause: "event".into() }],
        rule: event.rule.clone(),
        rule_name: event.rule_name.clone(),
        labels: Vec::new(),
        title: event.title.clone(),
        keyword: String::new(),
        excerpt: String::new(),
        audit_records: Vec::new(),
        place: event.place.clone(),
        sender: event.sender.clone(),
        confidence: None,
        done: Vec::new(),
        call: Call::default(),
        not_to: Vec::new(),
        count: 0,
        first_time: event.time.min(now),
        last_time: event.time.min(now),
        assignee: String::new(),
        acknowledgement: None,
        resolution: None,
        suppressed_by: String::new(),
        fates: BTreeMap::new(),
        threads: Vec::new(),
        told: Vec::new(),
        escalations: Vec::new(),
        recent: Vec::new(),
    };
    absorb(&mut alert, event, now);
    alert
}

fn absorb(alert: &mut Alert, event: &Event, now: Timestamp) {
    count(alert, event.time.min(now));
    alert.raise(event.level, "event", now);
    if event.kind == AlertKind::System {
        // What the server says of a receiver changes: it is away, it lost a notice.
        alert.title.clone_from(&event.title);
    }
    alert.keyword.clone_from(&event.keyword);
    alert.excerpt.clone_from(&event.excerpt);
    alert.place.clone_from(&event.place);
    alert.sender.clone_from(&event.sender);
    alert.confidence = event.confidence;
    alert.done.clone_from(&event.done);
    if !event.audit_record.is_empty() {
        alert.audit_records.push(event.audit_record.clone());
    }
    keep_last(&mut alert.audit_records, MAX_RECORDS);
    join(&mut alert.labels, &event.labels, MAX_LABELS);
    join(&mut alert.not_to, &event.not_to, MAX_NAMED);
    call(&mut alert.call, &event.call);
}

/// One event more. What becomes of it is not decided: so far it is only recorded.
fn count(alert: &mut Alert, time: Timestamp) {
    alert.count += 1;
    *alert.fates.entry(Fate::RecordedOnly).or_default() += 1;
    alert.first_time = alert.first_time.min(time);
    alert.last_time = alert.last_time.max(time);
    let place = alert.recent.partition_point(|earlier| *earlier <= time);
    alert.recent.insert(place, time);
    keep_last(&mut alert.recent, MAX_RECENT);
}

fn call(all: &mut Call, one: &Call) {
    join(&mut all.receivers, &one.receivers, MAX_NAMED);
    join(&mut all.mentions, &one.mentions, MAX_NAMED);
    all.ticket |= one.ticket;
    all.alert |= one.alert;
}

/// Adds what is not there yet, as long as there is room.
fn join<T: PartialEq + Clone>(all: &mut Vec<T>, more: &[T], most: usize) {
    for one in more {
        if all.len() < most && !all.contains(one) {
            all.push(one.clone());
        }
    }
}

fn keep_last<T>(list: &mut Vec<T>, most: usize) {
    list.drain(..list.len().saturating_sub(most));
}

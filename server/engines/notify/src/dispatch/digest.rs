//! One notice in the place of many that a vendor would not take.

use super::Who;
use crate::{
    Delivery, DeliveryId, DeliveryState, Mention, Notice, Part, Person, Place, Reason, port::Turn,
};
use std::collections::HashSet;
use umpire_model::{StoreError, Timestamp, new_uuid};

/// More than any queue holds.
const ALL: usize = 100_000;
/// Most alerts that a digest is found by.
const ALERTS: usize = 100;
/// Most alerts that it lists.
const PARTS: usize = 20;
/// Most labels, and most people to mention.
const NAMES: usize = 32;
/// Most audit records.
const RECORDS: usize = 10;

/// Puts all that a receiver's queue holds beside `but` into one delivery, which is not kept
/// yet, and suppresses it; `None` when that is not worth it. What somebody is at is left
/// alone.
pub(super) fn of_rest(
    turn: &mut dyn Turn,
    (tenant, receiver): &Who,
    but: &[Delivery],
    now: Timestamp,
) -> Result<Option<Delivery>, StoreError> {
    let mut rest = turn.queued(tenant, receiver, ALL)?;
    rest.retain(|one| !one.leased && but.iter().all(|other| other.id != one.id));
    let Some(digest) = merged(&rest, now) else { return Ok(None) };
    let name = digest.name();
    for mut one in rest {
        one.suppress(&name, now);
        turn.put_delivery(&one)?;
    }
    Ok(Some(digest))
}

fn merged(rest: &[Delivery], now: Timestamp) -> Option<Delivery> {
    if rest.len() < 2 {
        return None;
    }
    let first = rest.iter().min_by_key(|one| one.notice.level)?;
    let id = DeliveryId(new_uuid());
    let alerts = distinct(rest.iter().flat_map(|one| one.alerts.iter().copied()), ALERTS);
    Some(Delivery {
        id,
        tenant: first.tenant.clone(),
        receiver: first.receiver.clone(),
        channel: first.channel,
        alerts,
        notice: notice(rest, &first.notice, id),
        state: DeliveryState::Queued,
        suppressed_by: String::new(),
        leased: false,
        attempts: 0,
        due: now,
        deadline: rest.iter().map(|one| one.deadline).max().unwrap_or(now),
        fence: 0,
        create_time: now,
        done_time: None,
        log: Vec::new(),
        vendor_id: String::new(),
        failed_recipients: Vec::new(),
        failover_of: None,
        failover: None,
    })
}

/// Says what they have in common, and lists the first of them; what is of one alone is left
/// out.
fn notice(rest: &[Delivery], first: &Notice, id: DeliveryId) -> Notice {
    let all = || rest.iter().map(|one| &one.notice);
    let parts: Vec<Part> = all().flat_map(|one| one.parts.iter().cloned()).take(PARTS).collect();
    let told = all().map(|one| one.more_parts.saturating_add(one.parts.len() as u64));
    let more_parts = sum(told).saturating_sub(parts.len() as u64);
    let records: Vec<_> = all().flat_map(|one| one.audit_records.iter().cloned()).collect();
    Notice {
        reason: Reason::Digest,
        previous_level: None,
        rule: shared(rest, |one| &one.rule),
        rule_name: shared(rest, |one| &one.rule_name),
        keyword: shared(rest, |one| &one.keyword),
        labels: distinct(all().flat_map(|one| one.labels.iter().cloned()), NAMES),
        excerpt: String::new(),
        place: Place::default(),
        sender: Person::default(),
        confidence: None,
        done: Vec::new(),
        count: sum(all().map(|one| one.count)),
        stands_for: sum(all().map(|one| one.stands_for)),
        first_time: all().map(|one| one.first_time).min().unwrap_or(first.first_time),
        last_time: all().map(|one| one.last_time).max().unwrap_or(first.last_time),
        mentions: distinct(all().flat_map(|one| one.mentions.iter().cloned()), NAMES),
        mention: mention(rest),
        urgent: all().any(|one| one.urgent),
        operator: String::new(),
        parts,
        more_parts,
        audit_records: records[records.len().saturating_sub(RECORDS)..].to_vec(),
        thread: format!("digest-{id}"),
        end_time: all().map(|one| one.end_time).max().unwrap_or(first.end_time),
        ..first.clone()
    }
}

fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

fn mention(rest: &[Delivery]) -> Mention {
    let any = |mention| rest.iter().any(|one| one.notice.mention == mention);
    [Mention::All, Mention::Named].into_iter().find(|one| any(*one)).unwrap_or_default()
}

/// What all of them say, or nothing.
fn shared(rest: &[Delivery], of: impl Fn(&Notice) -> &String) -> String {
    let mut said = rest.iter().map(|one| of(&one.notice));
    let first = said.next().cloned().unwrap_or_default();
    if said.all(|other| *other == first) { first } else { String::new() }
}

/// The first so many, each once.
fn distinct<T: Clone + Eq + std::hash::Hash>(all: impl Iterator<Item = T>, most: usize) -> Vec<T> {
    let mut seen = HashSet::new();
    all.filter(|one| seen.insert(one.clone())).take(most).collect()
}

//! Who is told what next.

use super::{Batch, Who, again, breaker::health_of, digest, ending, failover, window};
use crate::{
    Delivery, Health, Rate, Receiver, World,
    port::Turn,
    queue::{RECEIVER_DELETED, RECEIVER_DISABLED, later},
};
use std::{collections::HashSet, iter::repeat_n};
use umpire_catalog::Kept;
use umpire_model::{StoreError, TenantId, Timestamp};

/// Most deliveries of a batch.
const BATCH: usize = 8;
/// Deliveries of a receiver that are looked at: a batch, and what may be under way.
const LOOKED_AT: usize = 64;
/// Receivers that are looked at in a turn.
const RECEIVERS: usize = 2_000;
/// Receivers of one tenant that are told at once.
const PER_TENANT: usize = 64;
/// Deliveries of a receiver that end in a turn because it is not told any more.
const ENDED: usize = 500;

/// What can be sent now.
#[derive(Debug, Default)]
pub(crate) struct Leased {
    /// To one receiver each.
    pub batches: Vec<Batch>,
    /// Something ended, or was queued for another receiver: it is worth looking again.
    pub more: bool,
    /// When the first of those that wait may be told.
    pub next: Option<Timestamp>,
}

impl Leased {
    fn wait(&mut self, until: Timestamp) {
        self.next = Some(self.next.map_or(until, |next| next.min(until)));
    }
}

/// What a receiver's queue comes to.
enum Found {
    Ready(Box<Batch>),
    /// Nothing can be sent before.
    Waits(Timestamp),
    /// As long, because it failed too often.
    Broken(Timestamp),
    /// Some came to an end.
    Ended,
}

impl Found {
    fn ended(count: usize, now: Timestamp) -> Self {
        // Without one all that is looked at is under way.
        if count > 0 { Self::Ended } else { Self::Waits(now.plus_seconds(1)) }
    }
}

/// Leases what can be sent now to receivers that are not `busy`, at most so many of them.
/// The order of a receiver's queue is kept strictly: what has to wait holds up the rest.
pub(crate) fn lease(
    turn: &mut dyn Turn,
    world: &World,
    now: Timestamp,
    receivers_at_once: usize,
    busy: &HashSet<Who>,
) -> Result<Leased, StoreError> {
    let (mut leased, mut broken) = (Leased::default(), false);
    for who in turn.due_receivers(now, RECEIVERS)? {
        if busy.contains(&who) {
            continue;
        }
        if leased.batches.len() >= receivers_at_once {
            break;
        }
        // Vendors that hang hold up their own tenant alone.
        let own = |tenant: &TenantId| *tenant == who.0;
        let at_work = busy.iter().filter(|(tenant, _)| own(tenant)).count()
            + leased.batches.iter().filter(|batch| own(&batch.tenant)).count();
        if at_work >= PER_TENANT {
            leased.wait(now.plus_seconds(1));
            continue;
        }
        match look_at(turn, world, &who, now)? {
            Found::Ready(batch) => leased.batches.push(*batch),
            Found::Waits(until) => leased.wait(until),
            Found::Broken(until) => {
                broken = true;
                leased.wait(until);
            }
            Found::Ended => leased.more = true,
        }
    }
    if broken {
        leased.more |= failover::of_urgent(turn, world, now)? > 0;
    }
    Ok(leased)
}

fn look_at(
    turn: &mut dyn Turn,
    world: &World,
    who: &Who,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let (tenant, id) = who;
    let Some(kept) = world.receivers.get(tenant, id) else {
        let count = ending::suppress_all(turn, who, RECEIVER_DELETED, now, ENDED)?;
        return Ok(Found::ended(count, now));
    };
    if kept.item.disabled {
        let count = ending::suppress_all(turn, who, RECEIVER_DISABLED, now, ENDED)?;
        return Ok(Found::ended(count, now));
    }
    let health = health_of(turn, tenant, &kept)?;
    if health.gone.is_some() {
        let count = ending::dead_letter_all(turn, world, who, now, ENDED)?;
        return Ok(Found::ended(count, now));
    }
    let queued = turn.queued(tenant, id, LOOKED_AT)?;
    if again::end_leases(turn, world, &queued, now)? > 0 {
        return Ok(Found::Ended);
    }
    if let Some(waits) = waits(&queued, &health, now) {
        return Ok(waits);
    }
    take(turn, world, &kept, who, queued, health, now)
}

/// Why nothing can be sent at present, if so.
fn waits(queued: &[Delivery], health: &Health, now: Timestamp) -> Option<Found> {
    if let Some(under_way) = queued.iter().find(|one| one.leased) {
        return Some(Found::Waits(under_way.due));
    }
    if let Some(until) = health.broken_until(now) {
        return Some(Found::Broken(until));
    }
    let first = queued.first().map_or(now.plus_seconds(1), |first| first.due);
    let until = health.paused_until(now).unwrap_or(first);
    (now < until).then_some(Found::Waits(until))
}

/// Leases the first of a queue that nothing holds up.
fn take(
    turn: &mut dyn Turn,
    world: &World,
    kept: &Kept<Receiver>,
    who: &Who,
    mut queued: Vec<Delivery>,
    mut health: Health,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let rates = window::rates(&kept.item, &world.policy);
    let most = if health.is_probed() { 1 } else { BATCH };
    let ready = queued.iter().take_while(|one| one.due <= now).count();
    queued.truncate(ready);
    let mut deliveries = match window::slots(&rates, &health.sent, now) {
        None => first(queued, most),
        Some(0) => return Ok(Found::Waits(window::free_at(&rates, &health.sent, now))),
        Some(slots) => within(turn, who, queued, slots, most, now)?,
    };
    if deliveries.is_empty() {
        return Ok(Found::Waits(now.plus_seconds(1)));
    }
    for delivery in &mut deliveries {
        delivery.leased = true;
        delivery.fence += 1;
        delivery.due = later(now, world.policy.lease);
        turn.put_delivery(delivery)?;
    }
    reserve(turn, who, &mut health, &rates, deliveries.len(), now)?;
    let (tenant, receiver_id) = who.clone();
    let receiver = kept.item.clone();
    Ok(Found::Ready(Box::new(Batch { tenant, receiver_id, receiver, deliveries })))
}

fn first(mut queued: Vec<Delivery>, most: usize) -> Vec<Delivery> {
    queued.truncate(most);
    queued
}

/// What fits into the slots that a vendor leaves: when more waits, the last slot is for a
/// digest of all the rest.
fn within(
    turn: &mut dyn Turn,
    who: &Who,
    queued: Vec<Delivery>,
    slots: usize,
    most: usize,
    now: Timestamp,
) -> Result<Vec<Delivery>, StoreError> {
    if turn.queued_count(&who.0, &who.1)? <= slots as u64 {
        return Ok(first(queued, most.min(slots)));
    }
    let singly = slots - 1;
    let mut chosen = first(queued, most.min(singly));
    if chosen.len() == singly && singly < most {
        chosen.extend(digest::of_rest(turn, who, &chosen, now)?);
    }
    Ok(chosen)
}

/// Counts what is about to be sent against the vendor's limits, so that it is counted even
/// if this process ends before it can say when it was.
fn reserve(
    turn: &mut dyn Turn,
    (tenant, receiver): &Who,
    health: &mut Health,
    rates: &[Rate],
    count: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    if rates.is_empty() {
        return Ok(());
    }
    health.sent.extend(repeat_n(now, count));
    window::tidy(rates, &mut health.sent, now);
    turn.put_health(tenant, receiver, Some(health))
}

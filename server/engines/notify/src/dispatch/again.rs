//! What is to be tried again, or was tried in vain once too often.

use super::ending;
use crate::{Attempt, Delivery, Outcome, Report, World, port::Turn, queue::stand_alone};
use umpire_model::{StoreError, Timestamp};

/// Calls of a vendor that a delivery remembers.
const LOG: usize = 20;
/// Most characters of what a vendor said.
pub(super) const DETAIL: usize = 500;

/// Puts deliveries back whose lease ran out: the process that had them ended, and nobody
/// knows what the vendor got. That costs no attempt: it says nothing of the vendor, and a
/// server that is killed often must not give up what it was sending. Gives how many there
/// were.
pub(super) fn end_leases(
    turn: &mut dyn Turn,
    world: &World,
    queued: &[Delivery],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut count = 0;
    for delivery in queued.iter().filter(|one| one.leased && one.due <= now) {
        let mut delivery = delivery.clone();
        log(&mut delivery, &unknown("the server ended while it was sent"), 0, now);
        go_back(turn, world, delivery, now, now)?;
        count += 1;
    }
    Ok(count)
}

/// Nobody knows what the vendor got.
pub(crate) fn unknown(detail: &str) -> Report {
    Report {
        outcome: Outcome::Unknown,
        status: 0,
        vendor_code: String::new(),
        detail: detail.into(),
        vendor_id: String::new(),
    }
}

/// Tries it again at `due` if an attempt is left.
pub(super) fn tried_in_vain(
    turn: &mut dyn Turn,
    world: &World,
    mut delivery: Delivery,
    counts: bool,
    due: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !counts {
        return go_back(turn, world, delivery, due, now);
    }
    delivery.attempts = delivery.attempts.saturating_add(1);
    if delivery.attempts >= world.policy.attempts {
        return ending::dead_letter(turn, world, delivery, now);
    }
    go_back(turn, world, delivery, due, now)
}

/// Puts it back into the queue until `due`. If something newer was queued about the same
/// alert meanwhile, that tells of it, too: it must not be told after it.
pub(super) fn go_back(
    turn: &mut dyn Turn,
    world: &World,
    mut delivery: Delivery,
    due: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    delivery.leased = false;
    delivery.due = due;
    stand_alone(turn, &mut delivery, &world.policy, now)?;
    turn.put_delivery(&delivery)
}

/// Notes a call that was made.
pub(super) fn log(delivery: &mut Delivery, report: &Report, latency_ms: u64, end: Timestamp) {
    if delivery.log.len() >= LOG {
        delivery.log.remove(0);
    }
    delivery.log.push(Attempt {
        time: before(end, latency_ms),
        latency_ms,
        class: report.outcome.class().into(),
        status: report.status,
        vendor_code: report.vendor_code.clone(),
        detail: report.detail.chars().take(DETAIL).collect(),
    });
}

/// So much earlier.
pub(super) fn before(time: Timestamp, millis: u64) -> Timestamp {
    let micros = i64::try_from(millis).unwrap_or(i64::MAX).saturating_mul(1_000);
    Timestamp(time.0.saturating_sub(micros))
}

//! What comes with time.

use super::{Who, breaker::health_of, ending, failover, rehearsal};
use crate::{Receiver, World, port::Turn, queue::RECEIVER_DELETED};
use umpire_catalog::Kept;
use umpire_model::{StoreError, Timestamp};

/// Later than anything is due.
const NEVER: Timestamp = Timestamp(i64::MAX);
/// Receivers that are looked at in a turn.
const RECEIVERS: usize = 2_000;

/// Gives up what is overdue, fails over what is urgent and does not arrive, sees to receivers
/// that were changed or deleted, and queues tests whose time has come. At most `limit` of
/// each; gives how many in all, so that as many as `limit` mean that there may be more.
pub(crate) fn back(
    turn: &mut dyn Turn,
    world: &World,
    now: Timestamp,
    limit: usize,
) -> Result<usize, StoreError> {
    let expired = give_up(turn, now, limit)?;
    let failed_over = failover::of_urgent(turn, world, now)?;
    let mut seen_to = 0;
    for who in turn.due_receivers(NEVER, RECEIVERS)? {
        seen_to += match world.receivers.get(&who.0, &who.1) {
            Some(kept) => renew(turn, &who, &kept, now, limit)?,
            None => forsake(turn, &who, now, limit)?,
        };
    }
    let tests = rehearsal::queue_due(turn, world, now)?;
    Ok(expired + failed_over + seen_to + tests)
}

fn give_up(turn: &mut dyn Turn, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let mut count = 0;
    for delivery in turn.overdue(now, limit)? {
        // What is under way may arrive yet.
        if !delivery.is_under_way(now) {
            ending::expire(turn, delivery, now)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Suppresses what waits for a receiver that is not there any more, whether due or not.
fn forsake(
    turn: &mut dyn Turn,
    who: &Who,
    now: Timestamp,
    limit: usize,
) -> Result<usize, StoreError> {
    let count = ending::suppress_all(turn, who, RECEIVER_DELETED, now, limit)?;
    if turn.queued_count(&who.0, &who.1)? == 0 {
        turn.put_health(&who.0, &who.1, None)?;
    }
    Ok(count)
}

/// A receiver was changed: what waits because it failed, or wanted to be left alone, is tried
/// at once, and as if it had not been tried before.
fn renew(
    turn: &mut dyn Turn,
    who: &Who,
    kept: &Kept<Receiver>,
    now: Timestamp,
    limit: usize,
) -> Result<usize, StoreError> {
    let health = health_of(turn, &who.0, kept)?;
    if turn.health(&who.0, &who.1)?.version == health.version {
        return Ok(0);
    }
    turn.put_health(&who.0, &who.1, Some(&health))?;
    let mut count = 0;
    for mut delivery in turn.queued(&who.0, &who.1, limit)? {
        if !delivery.leased && (now < delivery.due || delivery.attempts > 0) {
            (delivery.due, delivery.attempts) = (delivery.due.min(now), 0);
            turn.put_delivery(&delivery)?;
            count += 1;
        }
    }
    Ok(count)
}

//! What becomes of what was sent.

use super::{
    Landed, Tried,
    again::{DETAIL, before, go_back, log, tried_in_vain},
    breaker::health_of,
    ending, failover, window,
};
use crate::{
    Delivery, DeliveryId, DeliveryState, Health, Outcome, Report, World,
    port::Turn,
    queue::{RECEIVER_DELETED, later},
};
use umpire_model::{StoreError, TenantId, Timestamp};

/// A vendor that asks for a longer pause, in seconds, does not mean it: what waits has ended
/// long before.
const LONGEST_PAUSE: u64 = 31 * 24 * 3_600;

/// The breaker opened so often in a row, some minutes after the first failure: people should
/// know before what waits is given up.
const ALARMING: u32 = 3;

/// A call that was made.
struct Call {
    report: Report,
    latency_ms: u64,
    /// When the vendor answered.
    end: Timestamp,
    jitter: f64,
}

/// Notes what has become of a batch. Deliveries that were given to somebody else since, or
/// have come to an end, are left alone.
pub(crate) fn settle(
    turn: &mut dyn Turn,
    world: &World,
    landed: Landed,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Landed { tenant, receiver, results, jitter } = landed;
    let Some(kept) = world.receivers.get(&tenant, &receiver) else {
        return forsaken(turn, &tenant, results, now);
    };
    let mut health = health_of(turn, &tenant, &kept)?;
    let openings = health.openings;
    let ends = ends(&results, now);
    let rates = window::rates(&kept.item, &world.policy);
    if !rates.is_empty() {
        note_sent(&mut health, &results, &ends);
        window::tidy(&rates, &mut health.sent, now);
    }
    for ((id, fence, tried), end) in results.into_iter().zip(ends) {
        let Some(delivery) = held(turn, &tenant, id, fence)? else { continue };
        match tried {
            None => go_back(turn, world, delivery, now, now)?,
            Some((report, latency_ms)) => {
                let call = Call { report, latency_ms, end, jitter };
                note(turn, world, delivery, call, &mut health, now)?;
            }
        }
    }
    turn.put_health(&tenant, &receiver, Some(&health))?;
    if openings < ALARMING && health.openings >= ALARMING {
        ending::cannot_be_reached(turn, &tenant, &receiver, now)?;
    }
    if health.broken_until(now).is_some() {
        failover::of_urgent(turn, world, now)?;
    }
    Ok(())
}

/// When each call ended: they were made one after the other, and the last ended just now.
fn ends(results: &[Tried], now: Timestamp) -> Vec<Timestamp> {
    let mut end = now;
    let mut ends: Vec<_> = results
        .iter()
        .rev()
        .map(|(_, _, tried)| {
            let this = end;
            if let Some((_, latency_ms)) = tried {
                end = before(end, *latency_ms);
            }
            this
        })
        .collect();
    ends.reverse();
    ends
}

/// Puts the moments at which the vendor was called in the place of those that were reserved.
fn note_sent(health: &mut Health, results: &[Tried], ends: &[Timestamp]) {
    health.sent.truncate(health.sent.len().saturating_sub(results.len()));
    let called = results.iter().zip(ends).filter(|((_, _, tried), _)| tried.is_some());
    health.sent.extend(called.map(|(_, end)| *end));
}

/// A delivery, if it is still the business of who leased it under this fence.
fn held(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    id: DeliveryId,
    fence: u64,
) -> Result<Option<Delivery>, StoreError> {
    let delivery = turn.delivery(tenant, id)?;
    let is_held =
        |one: &Delivery| one.state == DeliveryState::Queued && one.leased && one.fence == fence;
    Ok(delivery.filter(is_held))
}

fn note(
    turn: &mut dyn Turn,
    world: &World,
    mut delivery: Delivery,
    call: Call,
    health: &mut Health,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Call { report, latency_ms, end, jitter } = call;
    log(&mut delivery, &report, latency_ms, end);
    match report.outcome {
        Outcome::Delivered => delivered(turn, delivery, health, Vec::new(), report.vendor_id, end),
        Outcome::Partial(failed) => {
            delivered(turn, delivery, health, failed, report.vendor_id, end)
        }
        Outcome::Throttled(seconds) => {
            let until = later(end, seconds.min(LONGEST_PAUSE));
            health.pause(until);
            go_back(turn, world, delivery, until, now)
        }
        Outcome::Transient | Outcome::Unknown => {
            let counts = !health.is_probed();
            health.failed(&world.policy, now);
            let attempts = delivery.attempts.saturating_add(u32::from(counts));
            let due = now.0.saturating_add(world.policy.delay(attempts, jitter, 0));
            tried_in_vain(turn, world, delivery, counts, Timestamp(due), now)
        }
        Outcome::Permanent => {
            health.answered();
            delivery.attempts = delivery.attempts.saturating_add(1);
            ending::dead_letter(turn, world, delivery, now)
        }
        Outcome::Gone => {
            health.gone = Some(report.detail.chars().take(DETAIL).collect());
            delivery.attempts = delivery.attempts.saturating_add(1);
            ending::dead_letter(turn, world, delivery, now)
        }
    }
}

fn delivered(
    turn: &mut dyn Turn,
    mut delivery: Delivery,
    health: &mut Health,
    failed_recipients: Vec<String>,
    vendor_id: String,
    end: Timestamp,
) -> Result<(), StoreError> {
    health.answered();
    delivery.attempts = delivery.attempts.saturating_add(1);
    delivery.failed_recipients = failed_recipients;
    delivery.vendor_id = vendor_id;
    delivery.end(DeliveryState::Delivered, end);
    turn.put_delivery(&delivery)
}

/// Notes what has become of a batch whose receiver was deleted meanwhile.
fn forsaken(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    results: Vec<Tried>,
    now: Timestamp,
) -> Result<(), StoreError> {
    for (id, fence, tried) in results {
        let Some(mut delivery) = held(turn, tenant, id, fence)? else { continue };
        let mut arrived = false;
        if let Some((report, latency_ms)) = tried {
            arrived = matches!(report.outcome, Outcome::Delivered | Outcome::Partial(_));
            log(&mut delivery, &report, latency_ms, now);
        }
        if arrived {
            delivery.end(DeliveryState::Delivered, now);
        } else {
            delivery.suppress(RECEIVER_DELETED, now);
        }
        turn.put_delivery(&delivery)?;
    }
    Ok(())
}

//! Another receiver is told in the place of one that fails.

use super::breaker::health_of;
use crate::{
    Delivery, DeliveryState, Reason, World,
    port::Turn,
    queue::{Order, later, queue},
};
use umpire_model::{Level, ResourceId, StoreError, TenantId, Timestamp};

/// Deliveries of a receiver that are looked at in a turn.
const LOOKED_AT: usize = 200;
/// Longest chain of receivers that stand in for one another.
const CHAIN: usize = 10;

/// Queues the same notice for the receiver that stands in, once for each delivery; says
/// whether it did. The caller keeps the delivery.
pub(super) fn fail_over(
    turn: &mut dyn Turn,
    world: &World,
    delivery: &mut Delivery,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // That a receiver fails its test is for the alarm to say, not for others to be tested by.
    if delivery.failover.is_some() || delivery.notice.reason == Reason::Test {
        return Ok(false);
    }
    let receiver = world.receiver(&delivery.tenant, &delivery.receiver);
    let Some(stand_in) = receiver.and_then(|receiver| receiver.failover) else {
        return Ok(false);
    };
    if had_its_turn(turn, delivery, &stand_in)? || is_left_out(turn, delivery, &stand_in)? {
        return Ok(false);
    }
    let order = Order {
        tenant: &delivery.tenant,
        receiver: &stand_in,
        alerts: delivery.alerts.clone(),
        notice: delivery.notice.clone(),
        failover_of: Some(delivery.id),
        suppressed_by: None,
    };
    let made = queue(turn, world, order, now)?;
    delivery.failover = made.map(|made| made.id);
    Ok(delivery.failover.is_some())
}

/// Fails over what is urgent and waits for a receiver that is broken, or waits for too long.
/// Gives how many.
pub(super) fn of_urgent(
    turn: &mut dyn Turn,
    world: &World,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut count = 0;
    for (tenant, receiver) in with_stand_ins(world) {
        for found in turn.queued(&tenant, &receiver, LOOKED_AT)? {
            if found.notice.level != Level::P0 {
                // P0 comes first.
                break;
            }
            // What stands in for one may have taken the place of another.
            let Some(mut delivery) = turn.delivery(&tenant, found.id)? else { continue };
            let needed =
                delivery.state == DeliveryState::Queued && is_needed(turn, world, &delivery, now)?;
            if needed && fail_over(turn, world, &mut delivery, now)? {
                turn.put_delivery(&delivery)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// The receivers that another stands in for.
fn with_stand_ins(world: &World) -> Vec<(TenantId, ResourceId)> {
    let mut found = Vec::new();
    for tenant in world.receivers.tenants() {
        let shelf = world.receivers_of(&tenant);
        let some = shelf.iter().filter(|kept| kept.item.failover.is_some());
        found.extend(some.map(|kept| (tenant.clone(), kept.id.clone())));
    }
    found
}

fn is_needed(
    turn: &mut dyn Turn,
    world: &World,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(kept) = world.receivers.get(&delivery.tenant, &delivery.receiver) else {
        return Ok(false);
    };
    if kept.item.failover.is_none() {
        return Ok(false);
    }
    let after = kept.item.failover_after;
    if after > 0 && later(delivery.create_time, after) <= now {
        return Ok(true);
    }
    Ok(health_of(turn, &delivery.tenant, &kept)?.broken_until(now).is_some())
}

/// Whether a receiver is one of those that this delivery stands in for.
fn had_its_turn(
    turn: &mut dyn Turn,
    delivery: &Delivery,
    receiver: &ResourceId,
) -> Result<bool, StoreError> {
    if delivery.receiver == *receiver {
        return Ok(true);
    }
    let mut before = delivery.failover_of;
    for _ in 0..CHAIN {
        let Some(id) = before else { return Ok(false) };
        let Some(link) = turn.delivery(&delivery.tenant, id)? else { return Ok(false) };
        if link.receiver == *receiver {
            return Ok(true);
        }
        before = link.failover_of;
    }
    Ok(true)
}

/// Whether what it tells of is about that receiver.
fn is_left_out(
    turn: &mut dyn Turn,
    delivery: &Delivery,
    receiver: &ResourceId,
) -> Result<bool, StoreError> {
    for id in &delivery.alerts {
        let alert = turn.alert(&delivery.tenant, *id)?;
        if alert.is_some_and(|alert| alert.not_to.contains(receiver)) {
            return Ok(true);
        }
    }
    Ok(false)
}

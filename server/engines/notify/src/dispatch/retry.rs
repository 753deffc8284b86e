//! A person has a delivery that failed queued again.

use crate::{
    Delivery, DeliveryId, DeliveryState, World, desk::DeskError, port::Turn, queue::later,
};
use umpire_model::{TenantId, Timestamp};

/// Queues a delivery that is DEAD_LETTERED or EXPIRED again, with all attempts and a new
/// deadline. Its log stays.
///
/// # Errors
/// [`DeskError::NotFound`]; [`DeskError::WrongState`].
pub(crate) fn retry(
    turn: &mut dyn Turn,
    world: &World,
    tenant: &TenantId,
    id: DeliveryId,
    now: Timestamp,
) -> Result<Delivery, DeskError> {
    let name = || format!("tenants/{tenant}/deliveries/{id}");
    let mut delivery = turn.delivery(tenant, id)?.ok_or_else(|| DeskError::NotFound(name()))?;
    if !matches!(delivery.state, DeliveryState::DeadLettered | DeliveryState::Expired) {
        return Err(DeskError::WrongState(name()));
    }
    if world.receiver(tenant, &delivery.receiver).is_none() {
        let receiver = format!("tenants/{tenant}/receivers/{}", delivery.receiver);
        return Err(DeskError::NotFound(receiver));
    }
    delivery.state = DeliveryState::Queued;
    delivery.attempts = 0;
    delivery.due = now;
    delivery.deadline = later(now, world.policy.deadline(delivery.notice.level));
    delivery.done_time = None;
    // Another may stand in for it again.
    delivery.failover = None;
    turn.put_delivery(&delivery)?;
    Ok(delivery)
}

//! How a notice gets into a receiver's queue, and what it takes the place of.

#[cfg(test)]
mod tests;

use crate::{
    AlertId, Delivery, DeliveryId, DeliveryState, Notice, Policy, Receiver, World, port::Turn,
};
use umpire_model::{ResourceId, StoreError, TenantId, Timestamp, new_uuid};

/// Why a delivery is not sent: a newer one tells of it.
pub(crate) const SUPERSEDED: &str = "SUPERSEDED";
/// Why a delivery is not sent: its receiver is switched off.
pub(crate) const RECEIVER_DISABLED: &str = "RECEIVER_DISABLED";
/// Why a delivery is not sent: its receiver is not there any more.
pub(crate) const RECEIVER_DELETED: &str = "RECEIVER_DELETED";

/// A notice for one receiver.
#[derive(Debug)]
pub(crate) struct Order<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// For whom.
    pub receiver: &'a ResourceId,
    /// The alerts it tells of; empty for tests.
    pub alerts: Vec<AlertId>,
    /// What it says.
    pub notice: Notice,
    /// It stands in for one to another receiver.
    pub failover_of: Option<DeliveryId>,
    /// It is not sent, and its delivery only says why.
    pub suppressed_by: Option<String>,
}

/// Queues a notice, or notes why it is not sent; gives what is kept of it. There is none for
/// a receiver that is not there.
///
/// Of one alert a receiver has one unsent delivery: an older one that nobody is at is
/// SUPPRESSED, and the new one tells of what it stood for.
pub(crate) fn queue(
    turn: &mut dyn Turn,
    world: &World,
    mut order: Order<'_>,
    now: Timestamp,
) -> Result<Option<Delivery>, StoreError> {
    let Some(receiver) = world.receiver(order.tenant, order.receiver) else { return Ok(None) };
    let suppressed_by = order.suppressed_by.take();
    let mut delivery = fresh(order, &receiver, &world.policy, now);
    if let Some(by) = suppressed_by {
        delivery.suppress(&by, now);
    } else if receiver.disabled {
        delivery.suppress(RECEIVER_DISABLED, now);
    } else {
        stand_alone(turn, &mut delivery, &world.policy, now)?;
    }
    turn.put_delivery(&delivery)?;
    Ok(Some(delivery))
}

/// Sees to it that no other delivery that nobody is at tells the receiver of the same alert:
/// the one with older news is SUPPRESSED. The caller keeps the delivery.
pub(crate) fn stand_alone(
    turn: &mut dyn Turn,
    delivery: &mut Delivery,
    policy: &Policy,
    now: Timestamp,
) -> Result<(), StoreError> {
    let [alert] = delivery.alerts[..] else { return Ok(()) };
    let mut others = turn.queued_about(&delivery.tenant, &delivery.receiver, alert)?;
    others.retain(|other| !other.leased && other.id != delivery.id);
    for mut other in others {
        if delivery.written() < other.written() {
            supersede(delivery, &mut other, policy, now);
            return turn.put_delivery(&other);
        }
        supersede(&mut other, delivery, policy, now);
        turn.put_delivery(&other)?;
    }
    Ok(())
}

fn fresh(order: Order<'_>, receiver: &Receiver, policy: &Policy, now: Timestamp) -> Delivery {
    Delivery {
        id: DeliveryId(new_uuid()),
        tenant: order.tenant.clone(),
        receiver: order.receiver.clone(),
        channel: receiver.channel.kind(),
        alerts: order.alerts,
        deadline: later(now, policy.deadline(order.notice.level)),
        notice: order.notice,
        state: DeliveryState::Queued,
        suppressed_by: String::new(),
        leased: false,
        attempts: 0,
        due: now,
        fence: 0,
        create_time: now,
        done_time: None,
        log: Vec::new(),
        vendor_id: String::new(),
        failed_recipients: Vec::new(),
        failover_of: order.failover_of,
        failover: None,
    }
}

/// Has `newer` tell of what `older` stood for. People wait since the older one was queued:
/// the newer one counts its time from then, so that a matter that keeps happening is given
/// up, and fails over, no later than one that happened once.
fn supersede(older: &mut Delivery, newer: &mut Delivery, policy: &Policy, now: Timestamp) {
    let notice = &mut newer.notice;
    notice.stands_for = notice.stands_for.saturating_add(older.notice.stands_for);
    if let [part] = &mut notice.parts[..] {
        part.stands_for = notice.stands_for;
    }
    // What a person queued again has a later deadline than its age says.
    let deadline = later(older.create_time, policy.deadline(notice.level)).max(older.deadline);
    newer.create_time = newer.create_time.min(older.create_time);
    newer.deadline = newer.deadline.min(deadline);
    older.suppress(SUPERSEDED, now);
}

/// So many seconds later.
pub(crate) fn later(time: Timestamp, seconds: u64) -> Timestamp {
    time.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

impl Delivery {
    /// The one for which its notice was written: what stands in for another is as old as that.
    fn written(&self) -> DeliveryId {
        self.failover_of.unwrap_or(self.id)
    }

    /// It is not sent.
    pub(crate) fn suppress(&mut self, by: &str, now: Timestamp) {
        by.clone_into(&mut self.suppressed_by);
        self.end(DeliveryState::Suppressed, now);
    }

    /// Nothing more is done about it.
    pub(crate) fn end(&mut self, state: DeliveryState, now: Timestamp) {
        self.state = state;
        self.leased = false;
        self.done_time = Some(now);
    }
}

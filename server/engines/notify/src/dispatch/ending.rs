//! Deliveries that come to an end which somebody has to look at, and those that end with
//! their receiver.

use super::{Who, failover};
use crate::{
    Alert, AlertKind, Delivery, DeliveryState, Happening, HappeningKind, World,
    alarm::{self, Alarm},
    port::Turn,
};
use umpire_model::{Level, ResourceId, StoreError, TenantId, Timestamp};

/// The vendor refused it, or no attempt is left: another receiver is told in its place.
pub(super) fn dead_letter(
    turn: &mut dyn Turn,
    world: &World,
    mut delivery: Delivery,
    now: Timestamp,
) -> Result<(), StoreError> {
    delivery.end(DeliveryState::DeadLettered, now);
    failover::fail_over(turn, world, &mut delivery, now)?;
    turn.put_delivery(&delivery)?;
    report(turn, &delivery, now)
}

/// Its deadline came first.
pub(super) fn expire(
    turn: &mut dyn Turn,
    mut delivery: Delivery,
    now: Timestamp,
) -> Result<(), StoreError> {
    delivery.end(DeliveryState::Expired, now);
    turn.put_delivery(&delivery)?;
    report(turn, &delivery, now)
}

/// A receiver has been away for minutes: people hear of it before what waits is given up.
pub(super) fn cannot_be_reached(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    receiver: &ResourceId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tracing::warn!(%tenant, %receiver, "a receiver cannot be reached");
    let alarm = Alarm {
        level: Level::P1,
        key: alarm::receiver_key(receiver),
        title: format!("Receiver {receiver} cannot be reached"),
        detail: String::new(),
        not_to: vec![receiver.clone()],
    };
    alarm::raise(turn, tenant, alarm, now)
}

/// Ends what waits for a receiver that will never take it; at most `limit`. Gives how many.
pub(super) fn dead_letter_all(
    turn: &mut dyn Turn,
    world: &World,
    (tenant, receiver): &Who,
    now: Timestamp,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut ended = 0;
    for delivery in turn.queued(tenant, receiver, limit)? {
        if !delivery.is_under_way(now) {
            dead_letter(turn, world, delivery, now)?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Suppresses what waits for a receiver that is not to be told; at most `limit`. Gives how
/// many.
pub(super) fn suppress_all(
    turn: &mut dyn Turn,
    (tenant, receiver): &Who,
    by: &str,
    now: Timestamp,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut ended = 0;
    for mut delivery in turn.queued(tenant, receiver, limit)? {
        if !delivery.is_under_way(now) {
            delivery.suppress(by, now);
            turn.put_delivery(&delivery)?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Says of a delivery that failed so: to the consoles, and to people by way of an alarm.
fn report(turn: &mut dyn Turn, delivery: &Delivery, now: Timestamp) -> Result<(), StoreError> {
    let (tenant, receiver) = (&delivery.tenant, &delivery.receiver);
    let alerts = alerts_of(turn, delivery)?;
    for alert in &alerts {
        let (kind, cause) = (HappeningKind::DeliveryFailed, delivery.name());
        let alert = Alert { recent: Vec::new(), escalations: Vec::new(), ..alert.clone() };
        let happening = Happening { kind, alert: Box::new(alert), cause };
        turn.append(tenant, now, &happening)?;
    }
    let state = match delivery.state {
        DeliveryState::Expired => "EXPIRED",
        _ => "DEAD_LETTERED",
    };
    tracing::warn!(%tenant, %receiver, delivery = %delivery.id, state, "a delivery failed");
    if is_about_receivers(delivery, &alerts) {
        return Ok(());
    }
    let alarm = Alarm {
        level: Level::P1,
        key: alarm::receiver_key(receiver),
        title: format!("Receiver {receiver}: a notice ended {state}"),
        detail: why(delivery),
        not_to: vec![receiver.clone()],
    };
    alarm::raise(turn, tenant, alarm, now)
}

/// What was not told, and what the vendor said last.
fn why(delivery: &Delivery) -> String {
    let last = delivery.log.last().map_or("", |attempt| &*attempt.detail);
    let title: String = delivery.notice.title.chars().take(40).collect();
    if last.is_empty() { title } else { format!("{title}: {last}") }
}

fn alerts_of(turn: &mut dyn Turn, delivery: &Delivery) -> Result<Vec<Alert>, StoreError> {
    let mut alerts = Vec::new();
    for id in &delivery.alerts {
        alerts.extend(turn.alert(&delivery.tenant, *id)?);
    }
    Ok(alerts)
}

/// It says nothing but that receivers fail: that it fails, too, is not said in the same way.
fn is_about_receivers(delivery: &Delivery, alerts: &[Alert]) -> bool {
    let is_one =
        |alert: &Alert| alert.kind == AlertKind::System && alarm::is_about_receiver(&alert.key);
    delivery.notice.kind == AlertKind::System && !alerts.is_empty() && alerts.iter().all(is_one)
}

impl Delivery {
    /// Somebody is at it, and has time left.
    pub(super) fn is_under_way(&self, now: Timestamp) -> bool {
        self.leased && now < self.due
    }
}

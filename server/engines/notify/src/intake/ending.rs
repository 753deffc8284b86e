//! An alert is over.

use super::{Round, groups::group_thread, matter::Matter, telling::Cause};
use crate::{
    Alert, AlertState, HappeningKind, Reason, Resolution, World,
    port::Turn,
    queue::{Order, SUPERSEDED, queue},
    routing::{Way, group_key, ways},
};
use umpire_model::{Level, ResourceId, StoreError, Timestamp};

/// Ends an alert, and tells those who heard of it and want to know. Nothing comes of it for
/// one that is over.
pub(crate) fn resolve(
    turn: &mut dyn Turn,
    world: &World,
    alert: &mut Alert,
    resolution: Resolution,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !alert.is_open() {
        return Ok(());
    }
    let mut round = Round::new(turn, world, now);
    let mut matter = Matter::of(alert.clone());
    round.end(&mut matter, resolution)?;
    *alert = round.close(matter)?;
    Ok(())
}

impl Round<'_> {
    pub(super) fn end(
        &mut self,
        matter: &mut Matter,
        resolution: Resolution,
    ) -> Result<(), StoreError> {
        // Routes may look at the state.
        let ways = ways(self.world, &matter.alert);
        matter.note(HappeningKind::Resolved, &resolution.operator);
        let alert = &mut matter.alert;
        alert.state = AlertState::Resolved;
        alert.acknowledgement = None;
        alert.resolution = Some(resolution);
        alert.escalations.iter_mut().for_each(|escalation| escalation.due = None);
        for receiver in &matter.alert.told {
            if self.wants_to_know(&matter.alert, receiver) {
                self.tell_end(&matter.alert, receiver, &ways)?;
            }
        }
        Ok(())
    }

    fn wants_to_know(&self, alert: &Alert, receiver: &ResourceId) -> bool {
        let kept = self.world.receivers.get(&alert.tenant, receiver);
        let wants = kept.is_some_and(|kept| kept.item.send_resolved && !kept.item.disabled);
        wants && !alert.not_to.contains(receiver)
    }

    fn tell_end(
        &mut self,
        alert: &Alert,
        receiver: &ResourceId,
        ways: &[Way],
    ) -> Result<(), StoreError> {
        if self.withdraw(alert, receiver)? {
            return Ok(());
        }
        let mut notice = self.notice(alert, Cause::of(Reason::Resolved), 0);
        if let Some(thread) = self.thread_of_group(alert, receiver, ways)? {
            notice.thread = thread;
        }
        let order = Order {
            tenant: &alert.tenant,
            receiver,
            alerts: vec![alert.id],
            notice,
            failover_of: None,
            suppressed_by: None,
        };
        queue(self.turn, self.world, order, self.now).map(drop)
    }

    /// Somebody settled a matter before a receiver heard of it: it need not. What merely
    /// went quiet it hears of, in one notice with the end.
    fn withdraw(&mut self, alert: &Alert, receiver: &ResourceId) -> Result<bool, StoreError> {
        if alert.resolution.as_ref().is_none_or(|resolution| resolution.operator.is_empty()) {
            return Ok(false);
        }
        let queued = self.turn.queued_about(&alert.tenant, receiver, alert.id)?;
        let is_unseen = queued
            .iter()
            .any(|one| one.notice.reason == Reason::First && one.fence == 0 && !one.leased);
        for mut delivery in queued.into_iter().filter(|one| is_unseen && !one.leased) {
            delivery.suppress(SUPERSEDED, self.now);
            self.turn.put_delivery(&delivery)?;
        }
        Ok(is_unseen)
    }

    /// What ties the end to what a receiver heard of the alert's group, when no other of the
    /// group goes on; `None`: it heard of the alert alone.
    fn thread_of_group(
        &mut self,
        alert: &Alert,
        receiver: &ResourceId,
        ways: &[Way],
    ) -> Result<Option<String>, StoreError> {
        let Some(way) = ways.iter().find(|way| way.receivers.contains(receiver)) else {
            return Ok(None);
        };
        if way.plan.group_by.is_empty() || alert.level == Level::P0 {
            return Ok(None);
        }
        let key = group_key(alert, &way.plan.group_by);
        let world = self.world;
        let mut others = self.open_alerts(&alert.tenant)?.iter();
        let goes_on = others.any(|other| is_of_group(world, other, alert, way, &key));
        Ok((!goes_on).then(|| group_thread(&alert.tenant, &way.route, &key)))
    }
}

/// Whether another alert would be told in the same group.
fn is_of_group(world: &World, other: &Alert, alert: &Alert, way: &Way, key: &str) -> bool {
    other.id != alert.id
        && group_key(other, &way.plan.group_by) == key
        && ways(world, other).iter().any(|of| of.route == way.route)
}

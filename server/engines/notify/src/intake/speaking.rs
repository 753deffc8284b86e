//! Telling the receivers of an alert, one by one.

use super::{Round, matter::Matter, telling::Cause};
use crate::{
    DeliveryState, Fate, HappeningKind, Notice,
    queue::{Order, queue},
    routing::Way,
};
use umpire_model::{ResourceId, StoreError, Timestamp};

/// What telling came to, over all receivers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spoken {
    /// Somebody hears of it.
    pub told: bool,
    /// When the first of those whose rate is exhausted may hear of it.
    pub free: Option<Timestamp>,
}

impl Round<'_> {
    /// Tells every receiver of a way, one by one.
    pub(super) fn speak(
        &mut self,
        matter: &mut Matter,
        at: usize,
        way: &Way,
        cause: Cause,
    ) -> Result<Spoken, StoreError> {
        let stands_for = if cause.carries { matter.waiting(at) } else { 0 };
        let notice = self.notice(&matter.alert, cause, stands_for);
        let mut spoken = Spoken::default();
        for receiver in &way.receivers {
            if matter.reached.contains(receiver) {
                spoken.told = true;
            } else if let Some(free) = self.exhausted(matter, receiver, cause)? {
                self.leave_out(matter, receiver, &notice, Fate::RateLimited.name())?;
                spoken.free = Some(spoken.free.map_or(free, |other| other.min(free)));
            } else {
                spoken.told |= self.send(matter, receiver, &notice)?;
            }
        }
        Ok(spoken)
    }

    fn exhausted(
        &mut self,
        matter: &Matter,
        receiver: &ResourceId,
        cause: Cause,
    ) -> Result<Option<Timestamp>, StoreError> {
        let alert = &matter.alert;
        if !cause.is_limited(alert.level) {
            return Ok(None);
        }
        self.exhausted_until(&alert.tenant, receiver, &alert.key)
    }

    /// Queues a notice; says whether it will be sent.
    pub(super) fn send(
        &mut self,
        matter: &mut Matter,
        receiver: &ResourceId,
        notice: &Notice,
    ) -> Result<bool, StoreError> {
        let is_sent = self.order(matter, receiver, notice, None)?;
        if is_sent {
            self.count_notice(&matter.alert.tenant, receiver, &matter.alert.key)?;
            matter.reach(receiver);
        }
        Ok(is_sent)
    }

    /// Notes why a receiver does not hear of an alert.
    pub(super) fn leave_out(
        &mut self,
        matter: &mut Matter,
        receiver: &ResourceId,
        notice: &Notice,
        why: &str,
    ) -> Result<(), StoreError> {
        matter.note(HappeningKind::Suppressed, why);
        self.order(matter, receiver, notice, Some(why.into())).map(drop)
    }

    fn order(
        &mut self,
        matter: &Matter,
        receiver: &ResourceId,
        notice: &Notice,
        suppressed_by: Option<String>,
    ) -> Result<bool, StoreError> {
        let order = Order {
            tenant: &matter.alert.tenant,
            receiver,
            alerts: vec![matter.alert.id],
            notice: notice.clone(),
            failover_of: None,
            suppressed_by,
        };
        let delivery = queue(self.turn, self.world, order, self.now)?;
        Ok(delivery.is_some_and(|delivery| delivery.state == DeliveryState::Queued))
    }
}

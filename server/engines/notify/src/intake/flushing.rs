//! Telling what waits in a group.

use super::{Round, matter::Matter, notices::Told};
use crate::{
    AlertId, AlertState, DeliveryState, Fate, Group, Notice, Pending,
    queue::{Order, queue},
    routing::Way,
};
use std::mem;
use umpire_model::{ResourceId, StoreError, Timestamp};

/// Most alerts that a delivery names.
const MAX_ALERTS: usize = 100;

/// An alert that is about to be told with others.
struct Ready {
    matter: Matter,
    at: usize,
    way: Way,
    pending: Pending,
}

impl Round<'_> {
    /// Tells what waits in a group, as far as it is still to be told.
    pub(super) fn flush(&mut self, mut group: Group) -> Result<(), StoreError> {
        let mut ready: Vec<Ready> = Vec::new();
        for pending in mem::take(&mut group.pending) {
            ready.extend(self.summon(&group, pending)?);
        }
        let Some(interval) = ready.first().map(|one| one.way.plan.group_interval) else {
            // Forgotten: it was told long enough ago, if ever.
            (group.due, group.told_time) = (None, None);
            return self.turn.put_group(&group);
        };
        if let Some(free) = self.all_exhausted(&group, &ready)? {
            group.pending = ready.into_iter().map(|one| one.pending).collect();
            group.due = Some(free);
            return self.turn.put_group(&group);
        }
        self.tell_together(&group, &mut ready)?;
        for one in ready {
            self.finish(one)?;
        }
        group.told_time = Some(self.now);
        group.rest(interval);
        self.turn.put_group(&group)
    }

    /// An alert that waits in a group, if nothing has come between.
    fn summon(&mut self, group: &Group, pending: Pending) -> Result<Option<Ready>, StoreError> {
        let Some(alert) = self.turn.alert(&group.tenant, pending.alert)? else { return Ok(None) };
        let mut matter = Matter::of(alert);
        let is_first = matter.thread(0).is_some_and(|thread| thread.route == group.route);
        if !matter.alert.is_open() {
            matter.wait_again(None, is_first, pending.stands_for);
            self.close(matter)?;
            return Ok(None);
        }
        let ways = self.align(&mut matter);
        let at = ways.iter().position(|way| way.route == group.route);
        matter.wait_again(at, is_first, pending.stands_for);
        if let Some((at, way)) = at.and_then(|at| Some((at, ways.get(at)?.clone())))
            && matter.alert.state == AlertState::Open
        {
            let Some(held) = self.held(&matter, &way)? else {
                return Ok(Some(Ready { matter, at, way, pending }));
            };
            self.hold_back(&mut matter, at, &way, pending.cause(), &held)?;
        }
        self.close(matter)?;
        Ok(None)
    }

    /// When the first of the receivers may hear of a group, if none may now.
    fn all_exhausted(
        &mut self,
        group: &Group,
        ready: &[Ready],
    ) -> Result<Option<Timestamp>, StoreError> {
        let thread = group.thread();
        let mut first: Option<Timestamp> = None;
        for receiver in receivers(ready) {
            let until = self.exhausted_until(&group.tenant, &receiver, &thread)?;
            let Some(until) = until else { return Ok(None) };
            first = Some(first.map_or(until, |first| first.min(until)));
        }
        Ok(first)
    }

    fn tell_together(&mut self, group: &Group, ready: &mut [Ready]) -> Result<(), StoreError> {
        let thread = group.thread();
        for receiver in receivers(ready) {
            let concerns = |one: &&mut Ready| one.way.receivers.contains(&receiver);
            let mut about: Vec<_> = ready.iter_mut().filter(concerns).collect();
            let Some(notice) = self.group_notice(&about, &thread) else { continue };
            let is_exhausted = self.exhausted_until(&group.tenant, &receiver, &thread)?.is_some();
            let why = is_exhausted.then(|| Fate::RateLimited.name().to_owned());
            if !self.order_group(group, &receiver, &about, notice, why)? {
                continue;
            }
            self.count_notice(&group.tenant, &receiver, &thread)?;
            about.iter_mut().for_each(|one| one.matter.reach(&receiver));
        }
        Ok(())
    }

    fn group_notice(&self, about: &[&mut Ready], thread: &str) -> Option<Notice> {
        let told = about.iter().map(|one| Told {
            alert: &one.matter.alert,
            cause: one.pending.cause(),
            stands_for: one.matter.waiting(one.at),
        });
        self.notice_of_all(&told.collect::<Vec<_>>(), thread)
    }

    /// Queues one notice of several alerts; says whether it will be sent.
    fn order_group(
        &mut self,
        group: &Group,
        receiver: &ResourceId,
        about: &[&mut Ready],
        notice: Notice,
        suppressed_by: Option<String>,
    ) -> Result<bool, StoreError> {
        let alerts: Vec<AlertId> =
            about.iter().map(|one| one.matter.alert.id).take(MAX_ALERTS).collect();
        let tenant = &group.tenant;
        let order = Order { tenant, receiver, alerts, notice, failover_of: None, suppressed_by };
        let delivery = queue(self.turn, self.world, order, self.now)?;
        Ok(delivery.is_some_and(|delivery| delivery.state == DeliveryState::Queued))
    }

    /// A group was told: what that comes to for one of its alerts.
    fn finish(&mut self, ready: Ready) -> Result<(), StoreError> {
        let Ready { mut matter, at, way, pending } = ready;
        if matter.reached.is_empty() {
            self.told_nobody(&mut matter, at, &way, pending.cause());
        } else {
            self.told(&mut matter, at, &way, pending.cause());
        }
        self.close(matter).map(drop)
    }
}

/// All receivers that something is told, each once.
fn receivers(ready: &[Ready]) -> Vec<ResourceId> {
    let mut all: Vec<ResourceId> = Vec::new();
    for receiver in ready.iter().flat_map(|one| &one.way.receivers) {
        if !all.contains(receiver) {
            all.push(receiver.clone());
        }
    }
    all
}

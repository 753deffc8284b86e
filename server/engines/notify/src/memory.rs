//! The port [`Turn`] in memory, for tests: nothing is undone. Tests may look at everything,
//! and change it, too: nothing in it is kept twice.

use crate::{
    Alert, AlertId, AlertState, Delivery, DeliveryId, DeliveryState, Event, Group, Happening,
    Health, Told, Turn,
};
use std::collections::{BTreeMap, BTreeSet};
use umpire_model::{Level, RequestRecord, ResourceId, StoreError, TenantId, Timestamp};
use uuid::Uuid;

/// All there is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    /// The inbox, in the order of accepting.
    pub(crate) events: Vec<Event>,
    /// Ids of all events that were ever accepted.
    pub(crate) accepted: BTreeSet<Uuid>,
    pub(crate) alerts: BTreeMap<(TenantId, AlertId), Alert>,
    /// When alerts are looked at again.
    pub(crate) due: BTreeMap<(TenantId, AlertId), Timestamp>,
    /// The sequence of an entry is its place, from 1.
    pub(crate) journal: Vec<Told>,
    /// By tenant, route and key.
    pub(crate) groups: BTreeMap<(TenantId, String, String), Group>,
    pub(crate) deliveries: BTreeMap<(TenantId, DeliveryId), Delivery>,
    pub(crate) healths: BTreeMap<(TenantId, ResourceId), Health>,
    pub(crate) requests: BTreeMap<(TenantId, String), RequestRecord>,
}

fn is_queued(delivery: &&Delivery) -> bool {
    delivery.state == DeliveryState::Queued
}

impl Memory {
    /// The QUEUED deliveries of a receiver: P0 first, then by id.
    fn queued_for(&self, tenant: &TenantId, receiver: &ResourceId) -> Vec<&Delivery> {
        let of = |one: &&Delivery| one.receiver == *receiver && one.tenant == *tenant;
        let mut queued: Vec<_> = self.deliveries.values().filter(is_queued).filter(of).collect();
        queued.sort_by_key(|one| (one.notice.level != Level::P0, one.id));
        queued
    }

    /// The QUEUED deliveries that are wanted, by what they are sorted by.
    fn sorted(
        &self,
        wanted: impl Fn(&Delivery) -> bool,
        key: impl Fn(&Delivery) -> Timestamp,
        limit: usize,
    ) -> Vec<Delivery> {
        let queued = self.deliveries.values().filter(is_queued);
        let mut wanted: Vec<_> = queued.filter(|one| wanted(one)).collect();
        wanted.sort_by_key(|one| (key(one), one.id));
        wanted.into_iter().take(limit).cloned().collect()
    }
}

impl Turn for Memory {
    fn accept(&mut self, event: &Event) -> Result<(), StoreError> {
        if self.accepted.insert(event.id) {
            self.events.push(event.clone());
        }
        Ok(())
    }

    fn take_events(&mut self, limit: usize) -> Result<Vec<Event>, StoreError> {
        // Stable: the oldest of a level come first.
        self.events.sort_by_key(|event| event.level != Level::P0);
        let count = limit.min(self.events.len());
        Ok(self.events.drain(..count).collect())
    }

    fn alert(&mut self, tenant: &TenantId, id: AlertId) -> Result<Option<Alert>, StoreError> {
        Ok(self.alerts.get(&(tenant.clone(), id)).cloned())
    }

    fn open_alert(&mut self, tenant: &TenantId, key: &str) -> Result<Option<Alert>, StoreError> {
        let is_it = |one: &&Alert| one.tenant == *tenant && one.key == key && one.is_open();
        Ok(self.alerts.values().find(is_it).cloned())
    }

    fn open_alerts(&mut self, tenant: &TenantId, limit: usize) -> Result<Vec<Alert>, StoreError> {
        let open = self.alerts.values().filter(|one| one.tenant == *tenant && one.is_open());
        Ok(open.rev().take(limit).cloned().collect())
    }

    fn put_alert(&mut self, alert: &Alert, due: Option<Timestamp>) -> Result<(), StoreError> {
        let key = (alert.tenant.clone(), alert.id);
        match due {
            Some(due) => self.due.insert(key.clone(), due),
            None => self.due.remove(&key),
        };
        self.alerts.insert(key, alert.clone());
        Ok(())
    }

    fn due_alerts(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Alert>, StoreError> {
        let mut due: Vec<_> = self.due.iter().filter(|(_, due)| **due <= now).collect();
        due.sort_by_key(|(key, due)| (**due, key.1));
        let due = due.into_iter().take(limit);
        Ok(due.filter_map(|(key, _)| self.alerts.get(key).cloned()).collect())
    }

    fn append(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        happening: &Happening,
    ) -> Result<u64, StoreError> {
        let sequence = self.journal.len() as u64 + 1;
        let (tenant, happening) = (tenant.clone(), happening.clone());
        self.journal.push(Told { sequence, tenant, time, happening });
        Ok(sequence)
    }

    fn group(
        &mut self,
        tenant: &TenantId,
        route: &str,
        key: &str,
    ) -> Result<Option<Group>, StoreError> {
        Ok(self.groups.get(&(tenant.clone(), route.into(), key.into())).cloned())
    }

    fn put_group(&mut self, group: &Group) -> Result<(), StoreError> {
        let key = (group.tenant.clone(), group.route.clone(), group.key.clone());
        if group.pending.is_empty() && group.told_time.is_none() {
            self.groups.remove(&key);
        } else {
            self.groups.insert(key, group.clone());
        }
        Ok(())
    }

    fn due_groups(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Group>, StoreError> {
        let is_due = |group: &&Group| group.due.is_some_and(|due| due <= now);
        let mut due: Vec<_> = self.groups.values().filter(is_due).cloned().collect();
        due.sort_by_key(|group| group.due);
        due.truncate(limit);
        Ok(due)
    }

    fn put_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        self.deliveries.insert((delivery.tenant.clone(), delivery.id), delivery.clone());
        Ok(())
    }

    fn delivery(
        &mut self,
        tenant: &TenantId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StoreError> {
        Ok(self.deliveries.get(&(tenant.clone(), id)).cloned())
    }

    fn due_receivers(
        &mut self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(TenantId, ResourceId)>, StoreError> {
        let mut first: BTreeMap<_, Timestamp> = BTreeMap::new();
        for one in self.deliveries.values().filter(is_queued).filter(|one| one.due <= now) {
            let due = first.entry((one.tenant.clone(), one.receiver.clone())).or_insert(one.due);
            *due = one.due.min(*due);
        }
        let mut first: Vec<_> = first.into_iter().collect();
        first.sort_by_key(|(_, due)| *due);
        Ok(first.into_iter().take(limit).map(|(who, _)| who).collect())
    }

    fn queued(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let queued = self.queued_for(tenant, receiver);
        Ok(queued.into_iter().take(limit).cloned().collect())
    }

    fn queued_about(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        alert: AlertId,
    ) -> Result<Vec<Delivery>, StoreError> {
        // In the order of ids, as the map is.
        let is_it = |one: &&Delivery| {
            one.alerts == [alert] && one.receiver == *receiver && one.tenant == *tenant
        };
        Ok(self.deliveries.values().filter(is_queued).filter(is_it).cloned().collect())
    }

    fn queued_count(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
    ) -> Result<u64, StoreError> {
        Ok(self.queued_for(tenant, receiver).len() as u64)
    }

    fn overdue(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        Ok(self.sorted(|one| one.deadline <= now, |one| one.deadline, limit))
    }

    fn slow(&mut self, before: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        let is_slow = |one: &Delivery| {
            one.notice.level == Level::P0 && one.failover.is_none() && one.create_time < before
        };
        Ok(self.sorted(is_slow, |one| one.create_time, limit))
    }

    fn health(&mut self, tenant: &TenantId, receiver: &ResourceId) -> Result<Health, StoreError> {
        let key = (tenant.clone(), receiver.clone());
        Ok(self.healths.get(&key).cloned().unwrap_or_default())
    }

    fn put_health(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        health: Option<&Health>,
    ) -> Result<(), StoreError> {
        let key = (tenant.clone(), receiver.clone());
        match health {
            Some(health) => self.healths.insert(key, health.clone()),
            None => self.healths.remove(&key),
        };
        Ok(())
    }

    fn forget(&mut self, before: Timestamp) -> Result<bool, StoreError> {
        let is_over = |one: &Alert| {
            one.state == AlertState::Resolved
                && one.resolution.as_ref().is_none_or(|resolution| resolution.time < before)
        };
        self.alerts.retain(|_, one| !is_over(one));
        self.deliveries.retain(|_, one| one.done_time.is_none_or(|done| before <= done));
        Ok(false)
    }

    fn request(
        &mut self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<RequestRecord>, StoreError> {
        Ok(self.requests.get(&(tenant.clone(), id.to_owned())).cloned())
    }

    fn keep_request(
        &mut self,
        tenant: &TenantId,
        request: &RequestRecord,
    ) -> Result<(), StoreError> {
        self.requests.insert((tenant.clone(), request.key.id.clone()), request.clone());
        Ok(())
    }
}

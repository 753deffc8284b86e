//! What a turn of the writer sees and changes of alerts.

use super::{deliveries, forget::forget, groups, healths, inbox, journal, rows};
use crate::{requests, sanctions::OpenTurn};
use umpire_model::{RequestRecord, ResourceId, StoreError, TenantId, Timestamp};
use umpire_notify::{Alert, AlertId, Delivery, DeliveryId, Event, Group, Happening, Health, Turn};

impl OpenTurn<'_> {
    /// Puts an event into the inbox, unless one of its id is or was there.
    pub fn admit(&mut self, event: &Event) -> rusqlite::Result<()> {
        let is_new = inbox::add(self.connection, event)?;
        self.added.events += u64::from(is_new);
        Ok(())
    }

    fn note(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        happening: &Happening,
    ) -> rusqlite::Result<u64> {
        let sequence = journal::append(self.connection, tenant, time, happening)?;
        self.added.entry = sequence;
        Ok(sequence)
    }
}

// Every error undoes the turn, whatever its work makes of it.
impl Turn for OpenTurn<'_> {
    fn accept(&mut self, event: &Event) -> Result<(), StoreError> {
        let admitted = self.admit(event);
        self.sure(admitted)
    }

    fn take_events(&mut self, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.sure(inbox::take(self.connection, limit))
    }

    fn alert(&mut self, tenant: &TenantId, id: AlertId) -> Result<Option<Alert>, StoreError> {
        self.sure(rows::find(self.connection, tenant, id))
    }

    fn open_alert(&mut self, tenant: &TenantId, key: &str) -> Result<Option<Alert>, StoreError> {
        self.sure(rows::open_of_key(self.connection, tenant, key))
    }

    fn open_alerts(&mut self, tenant: &TenantId, limit: usize) -> Result<Vec<Alert>, StoreError> {
        self.sure(rows::open(self.connection, tenant, limit))
    }

    fn put_alert(&mut self, alert: &Alert, due: Option<Timestamp>) -> Result<(), StoreError> {
        self.sure(rows::put(self.connection, alert, due))
    }

    fn due_alerts(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Alert>, StoreError> {
        self.sure(rows::due(self.connection, now, limit))
    }

    fn append(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        happening: &Happening,
    ) -> Result<u64, StoreError> {
        let noted = self.note(tenant, time, happening);
        self.sure(noted)
    }

    fn group(
        &mut self,
        tenant: &TenantId,
        route: &str,
        key: &str,
    ) -> Result<Option<Group>, StoreError> {
        self.sure(groups::find(self.connection, tenant, route, key))
    }

    fn put_group(&mut self, group: &Group) -> Result<(), StoreError> {
        self.sure(groups::put(self.connection, group))
    }

    fn due_groups(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Group>, StoreError> {
        self.sure(groups::due(self.connection, now, limit))
    }

    fn put_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        self.sure(deliveries::put(self.connection, delivery))
    }

    fn delivery(
        &mut self,
        tenant: &TenantId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StoreError> {
        self.sure(deliveries::find(self.connection, tenant, id))
    }

    fn due_receivers(
        &mut self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(TenantId, ResourceId)>, StoreError> {
        self.sure(deliveries::due_receivers(self.connection, now, limit))
    }

    fn queued(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.sure(deliveries::queued(self.connection, tenant, receiver, limit))
    }

    fn queued_about(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        alert: AlertId,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.sure(deliveries::queued_about(self.connection, tenant, receiver, alert))
    }

    fn queued_count(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
    ) -> Result<u64, StoreError> {
        self.sure(deliveries::queued_count(self.connection, tenant, receiver))
    }

    fn overdue(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        self.sure(deliveries::overdue(self.connection, now, limit))
    }

    fn slow(&mut self, before: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        self.sure(deliveries::slow(self.connection, before, limit))
    }

    fn health(&mut self, tenant: &TenantId, receiver: &ResourceId) -> Result<Health, StoreError> {
        self.sure(healths::find(self.connection, tenant, receiver))
    }

    fn put_health(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        health: Option<&Health>,
    ) -> Result<(), StoreError> {
        self.sure(healths::put(self.connection, tenant, receiver, health))
    }

    fn forget(&mut self, before: Timestamp) -> Result<bool, StoreError> {
        self.sure(forget(self.connection, before))
    }

    fn request(
        &mut self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<RequestRecord>, StoreError> {
        self.sure(requests::find(self.connection, tenant.as_str(), id))
    }

    fn keep_request(
        &mut self,
        tenant: &TenantId,
        request: &RequestRecord,
    ) -> Result<(), StoreError> {
        self.sure(requests::keep(self.connection, tenant.as_str(), Some(request)))
    }
}

//! What this engine needs of a store.

use crate::{
    Alert, AlertId, AlertQuery, Delivery, DeliveryId, DeliveryQuery, Event, Group, Happening,
    Health, Stats, StatsQuery, Told,
};
use std::any::Any;
use tokio::sync::watch;
use umpire_model::{
    Outcome, RequestRecord, ResourceId, StoreError, StoreFuture, TenantId, Timestamp,
};
use umpire_query::Page;

/// What one turn of the ledger's writer sees and changes of alerts. All that it changes
/// becomes durable together, or none of it; turns come one after the other.
pub trait Turn {
    /// Puts an event into the inbox; one whose id is or was there before is left out.
    ///
    /// # Errors
    /// [`StoreError`]; the turn is then undone. So with all of these.
    fn accept(&mut self, event: &Event) -> Result<(), StoreError>;

    /// Takes the oldest events of the inbox out of it, P0 before others.
    ///
    /// # Errors
    /// [`StoreError`].
    fn take_events(&mut self, limit: usize) -> Result<Vec<Event>, StoreError>;

    /// One alert.
    ///
    /// # Errors
    /// [`StoreError`].
    fn alert(&mut self, tenant: &TenantId, id: AlertId) -> Result<Option<Alert>, StoreError>;

    /// The alert of a key that is not RESOLVED.
    ///
    /// # Errors
    /// [`StoreError`].
    fn open_alert(&mut self, tenant: &TenantId, key: &str) -> Result<Option<Alert>, StoreError>;

    /// The alerts of a tenant that are not RESOLVED, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn open_alerts(&mut self, tenant: &TenantId, limit: usize) -> Result<Vec<Alert>, StoreError>;

    /// Keeps an alert as it is now, to be looked at again at `due`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn put_alert(&mut self, alert: &Alert, due: Option<Timestamp>) -> Result<(), StoreError>;

    /// Alerts of any tenant whose time has come, the longest due first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn due_alerts(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Alert>, StoreError>;

    /// Adds an entry to the journal that consoles follow; gives its sequence.
    ///
    /// # Errors
    /// [`StoreError`].
    fn append(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        happening: &Happening,
    ) -> Result<u64, StoreError>;

    /// One group.
    ///
    /// # Errors
    /// [`StoreError`].
    fn group(
        &mut self,
        tenant: &TenantId,
        route: &str,
        key: &str,
    ) -> Result<Option<Group>, StoreError>;

    /// Keeps a group as it is now; one that has neither something pending nor a
    /// `told_time` is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    fn put_group(&mut self, group: &Group) -> Result<(), StoreError>;

    /// Groups of any tenant whose time has come.
    ///
    /// # Errors
    /// [`StoreError`].
    fn due_groups(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Group>, StoreError>;

    /// Keeps a delivery as it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    fn put_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError>;

    /// One delivery.
    ///
    /// # Errors
    /// [`StoreError`].
    fn delivery(
        &mut self,
        tenant: &TenantId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, StoreError>;

    /// Receivers of any tenant with a QUEUED delivery that is due: not leased, or its lease
    /// is over.
    ///
    /// # Errors
    /// [`StoreError`].
    fn due_receivers(
        &mut self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(TenantId, ResourceId)>, StoreError>;

    /// The QUEUED deliveries of a receiver, whether due or not: P0 first, then by id.
    ///
    /// # Errors
    /// [`StoreError`].
    fn queued(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// The QUEUED deliveries of a receiver that tell of this alert and of no other, oldest
    /// first. Stores that keep an index over alerts do better than this.
    ///
    /// # Errors
    /// [`StoreError`].
    fn queued_about(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        alert: AlertId,
    ) -> Result<Vec<Delivery>, StoreError> {
        const ALL: usize = 100_000;
        let mut about = self.queued(tenant, receiver, ALL)?;
        about.retain(|delivery| delivery.alerts == [alert]);
        about.sort_by_key(|delivery| delivery.id);
        Ok(about)
    }

    /// How many deliveries of a receiver are QUEUED.
    ///
    /// # Errors
    /// [`StoreError`].
    fn queued_count(&mut self, tenant: &TenantId, receiver: &ResourceId)
    -> Result<u64, StoreError>;

    /// QUEUED deliveries of any tenant whose deadline has come.
    ///
    /// # Errors
    /// [`StoreError`].
    fn overdue(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError>;

    /// QUEUED P0 deliveries without a failover that were made before this.
    ///
    /// # Errors
    /// [`StoreError`].
    fn slow(&mut self, before: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError>;

    /// What is known of a receiver.
    ///
    /// # Errors
    /// [`StoreError`].
    fn health(&mut self, tenant: &TenantId, receiver: &ResourceId) -> Result<Health, StoreError>;

    /// Keeps what is known of a receiver; `None` forgets it.
    ///
    /// # Errors
    /// [`StoreError`].
    fn put_health(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        health: Option<&Health>,
    ) -> Result<(), StoreError>;

    /// Forgets, a few at once, RESOLVED alerts, ended deliveries and entries of the journal
    /// from before this; says whether there is more.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forget(&mut self, before: Timestamp) -> Result<bool, StoreError>;

    /// The mutation a request id of a tenant was used for.
    ///
    /// # Errors
    /// [`StoreError`].
    fn request(&mut self, tenant: &TenantId, id: &str)
    -> Result<Option<RequestRecord>, StoreError>;

    /// Keeps a request with its outcome.
    ///
    /// # Errors
    /// [`StoreError`].
    fn keep_request(
        &mut self,
        tenant: &TenantId,
        request: &RequestRecord,
    ) -> Result<(), StoreError>;
}

/// The work of a turn.
pub type Work = Box<dyn FnOnce(&mut dyn Turn) -> Result<Outcome, StoreError> + Send>;

/// Where alerts and deliveries are kept. See [`crate::turn()`] for a typed turn.
pub trait Alerts: Send + Sync {
    /// Takes a turn of the writer, and answers once what it did is durable.
    fn turn(&self, work: Work) -> StoreFuture<'_, Box<dyn Any + Send>>;

    /// Counts the events that were accepted since the start; changes when there is
    /// something in the inbox.
    fn accepted(&self) -> watch::Receiver<u64>;

    /// Name of this writer's journal of alerts.
    fn journal_name(&self) -> String;

    /// The sequence up to which the journal is settled.
    fn settled(&self) -> watch::Receiver<u64>;

    /// Entries of one tenant after a sequence and up to `until`, in order, at most `limit`.
    fn journal(
        &self,
        tenant: TenantId,
        after: u64,
        until: u64,
        limit: usize,
    ) -> StoreFuture<'_, Vec<Told>>;

    /// The sequence after which everything is kept; 0 when nothing was forgotten.
    fn forgotten(&self) -> StoreFuture<'_, u64>;

    /// One alert.
    fn alert<'a>(&'a self, tenant: &'a TenantId, id: AlertId) -> StoreFuture<'a, Option<Alert>>;

    /// A page of alerts, newest first.
    fn alerts(&self, query: AlertQuery) -> StoreFuture<'_, Page<Alert>>;

    /// One delivery.
    fn delivery<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: DeliveryId,
    ) -> StoreFuture<'a, Option<Delivery>>;

    /// A page of deliveries, newest first.
    fn deliveries(&self, query: DeliveryQuery) -> StoreFuture<'_, Page<Delivery>>;

    /// Counted over deliveries, by channel and level.
    fn stats(&self, query: StatsQuery) -> StoreFuture<'_, Vec<Stats>>;

    /// What waits at `now`, for metrics and for the notifier.
    fn waiting(&self, now: Timestamp) -> StoreFuture<'_, Waiting>;
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Events in the inbox.
    pub events: u64,
    /// Alerts that are not RESOLVED.
    pub open: u64,
    /// QUEUED deliveries.
    pub queued: u64,
    /// When the oldest of them was queued.
    pub oldest: Option<Timestamp>,
    /// DEAD_LETTERED and EXPIRED deliveries that are kept.
    pub dead: u64,
    /// When the next alert, group, delivery or deadline is due.
    pub due: Option<Timestamp>,
}

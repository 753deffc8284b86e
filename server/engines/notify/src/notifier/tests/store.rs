//! The port over a [`Memory`]: every turn is durable at once, or undone.

use crate::{
    Alert, AlertId, AlertQuery, Alerts, Delivery, DeliveryId, DeliveryQuery, DeliveryState, Stats,
    StatsQuery, Told, Turn, Waiting, Work, memory::Memory,
};
use std::{
    any::Any,
    future::ready,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, time::timeout};
use umpire_model::{Outcome, StoreError, StoreFuture, TenantId, Timestamp};
use umpire_query::Page;

/// Longer than anything takes that comes at all.
const LONG: Duration = Duration::from_secs(20);

#[derive(Default)]
pub(super) struct Store {
    memory: Mutex<Memory>,
    accepted: watch::Sender<u64>,
    turns: watch::Sender<u64>,
    /// So many turns fail.
    pub away: AtomicUsize,
    /// After some turn a delivery waited that nobody was at.
    pub idled: AtomicUsize,
}

fn waits(delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Queued && !delivery.leased
}

fn done<T: Send + 'static>(answer: T) -> StoreFuture<'static, T> {
    Box::pin(ready(Ok(answer)))
}

impl Store {
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no test panics in a turn")
    }

    /// Waits until turns have made it so.
    pub async fn until(&self, wanted: impl Fn(&Memory) -> bool) {
        let mut turns = self.turns.subscribe();
        let met = async {
            while !wanted(&self.memory()) {
                turns.changed().await.expect("the store is there");
            }
        };
        timeout(LONG, met).await.expect("it comes");
    }

    fn take(&self, work: Work) -> Result<Box<dyn Any + Send>, StoreError> {
        if let Some(left) = self.away.load(Ordering::SeqCst).checked_sub(1) {
            self.away.store(left, Ordering::SeqCst);
            return Err(StoreError::Unavailable("away".into()));
        }
        let mut memory = self.memory();
        let before = memory.clone();
        let answer = match work(&mut *memory) {
            Ok(Outcome::Keep(answer)) => return Ok(answer),
            Ok(Outcome::Undo(answer)) => Ok(answer),
            Err(error) => Err(error),
        };
        *memory = before;
        answer
    }
}

impl Alerts for Store {
    fn turn(&self, work: Work) -> StoreFuture<'_, Box<dyn Any + Send>> {
        let answer = self.take(work);
        let (accepted, idles) = {
            let memory = self.memory();
            (memory.accepted.len() as u64, memory.deliveries.values().any(waits))
        };
        self.idled.fetch_add(usize::from(idles), Ordering::SeqCst);
        self.accepted.send_if_modified(|known| std::mem::replace(known, accepted) != accepted);
        self.turns.send_modify(|turns| *turns += 1);
        Box::pin(ready(answer))
    }

    fn accepted(&self) -> watch::Receiver<u64> {
        self.accepted.subscribe()
    }

    fn waiting(&self, _: Timestamp) -> StoreFuture<'_, Waiting> {
        let memory = self.memory();
        let queued = || {
            memory.deliveries.values().filter(|delivery| delivery.state == DeliveryState::Queued)
        };
        let groups = memory.groups.values().filter_map(|group| group.due);
        let dues = memory.due.values().copied().chain(groups).chain(queued().map(|one| one.due));
        done(Waiting {
            events: memory.events.len() as u64,
            queued: queued().count() as u64,
            due: dues.min(),
            ..Waiting::default()
        })
    }

    fn journal_name(&self) -> String {
        "memory".into()
    }

    fn settled(&self) -> watch::Receiver<u64> {
        self.turns.subscribe()
    }

    fn journal(&self, _: TenantId, _: u64, _: u64, _: usize) -> StoreFuture<'_, Vec<Told>> {
        done(Vec::new())
    }

    fn forgotten(&self) -> StoreFuture<'_, u64> {
        done(0)
    }

    fn alert<'a>(&'a self, tenant: &'a TenantId, id: AlertId) -> StoreFuture<'a, Option<Alert>> {
        Box::pin(ready(self.memory().alert(tenant, id)))
    }

    fn alerts(&self, _: AlertQuery) -> StoreFuture<'_, Page<Alert>> {
        done(Page { items: Vec::new(), next: None })
    }

    fn delivery<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: DeliveryId,
    ) -> StoreFuture<'a, Option<Delivery>> {
        Box::pin(ready(self.memory().delivery(tenant, id)))
    }

    fn deliveries(&self, _: DeliveryQuery) -> StoreFuture<'_, Page<Delivery>> {
        done(Page { items: Vec::new(), next: None })
    }

    fn stats(&self, _: StatsQuery) -> StoreFuture<'_, Vec<Stats>> {
        done(Vec::new())
    }
}

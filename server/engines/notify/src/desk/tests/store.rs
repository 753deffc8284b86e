//! The port over a [`Memory`]: every turn is durable at once, or undone.

use crate::{
    Alert, AlertId, AlertQuery, Alerts, Delivery, DeliveryId, DeliveryQuery, Stats, StatsQuery,
    Told, Turn, Waiting, Work, meets, memory::Memory,
};
use std::{
    any::Any,
    future::ready,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::watch;
use umpire_model::{Outcome, StoreFuture, TenantId, Timestamp};
use umpire_query::Page;

#[derive(Default)]
pub(super) struct Store {
    memory: Mutex<Memory>,
    settled: watch::Sender<u64>,
    accepted: watch::Sender<u64>,
    forgotten: AtomicU64,
}

impl Store {
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no test panics in a turn")
    }

    /// Forgets the journal up to this entry.
    pub fn forget(&self, sequence: u64) {
        self.forgotten.store(sequence, Ordering::Relaxed);
    }
}

fn done<T: Send + 'static>(answer: T) -> StoreFuture<'static, T> {
    Box::pin(ready(Ok(answer)))
}

impl Alerts for Store {
    fn turn(&self, work: Work) -> StoreFuture<'_, Box<dyn Any + Send>> {
        let mut memory = self.memory();
        let before = memory.clone();
        let answer = match work(&mut *memory) {
            Ok(Outcome::Keep(answer)) => Ok(answer),
            Ok(Outcome::Undo(answer)) => {
                *memory = before;
                Ok(answer)
            }
            Err(error) => {
                *memory = before;
                Err(error)
            }
        };
        let settled = memory.journal.len() as u64;
        drop(memory);
        self.settled.send_replace(settled);
        Box::pin(ready(answer))
    }

    fn accepted(&self) -> watch::Receiver<u64> {
        self.accepted.subscribe()
    }

    fn journal_name(&self) -> String {
        "memory".into()
    }

    fn settled(&self) -> watch::Receiver<u64> {
        self.settled.subscribe()
    }

    fn journal(
        &self,
        tenant: TenantId,
        after: u64,
        until: u64,
        limit: usize,
    ) -> StoreFuture<'_, Vec<Told>> {
        let first = after.max(self.forgotten.load(Ordering::Relaxed)) + 1;
        let memory = self.memory();
        let told = memory
            .journal
            .iter()
            .filter(|told| told.tenant == tenant && (first..=until).contains(&told.sequence));
        done(told.take(limit).cloned().collect())
    }

    fn forgotten(&self) -> StoreFuture<'_, u64> {
        done(self.forgotten.load(Ordering::Relaxed))
    }

    fn alert<'a>(&'a self, tenant: &'a TenantId, id: AlertId) -> StoreFuture<'a, Option<Alert>> {
        Box::pin(ready(self.memory().alert(tenant, id)))
    }

    fn alerts(&self, query: AlertQuery) -> StoreFuture<'_, Page<Alert>> {
        let memory = self.memory();
        let wanted = memory
            .alerts
            .values()
            .rev()
            .filter(|alert| alert.tenant == query.tenant && meets(&query.filter, alert));
        done(Page::of(wanted.cloned(), query.size, |alert| alert.id.0.as_bytes().to_vec()))
    }

    fn delivery<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: DeliveryId,
    ) -> StoreFuture<'a, Option<Delivery>> {
        Box::pin(ready(self.memory().delivery(tenant, id)))
    }

    fn deliveries(&self, query: DeliveryQuery) -> StoreFuture<'_, Page<Delivery>> {
        let memory = self.memory();
        let wanted = memory.deliveries.values().rev().filter(|one| one.tenant == query.tenant);
        done(Page::of(wanted.cloned(), query.size, |one| one.id.0.as_bytes().to_vec()))
    }

    fn stats(&self, _: StatsQuery) -> StoreFuture<'_, Vec<Stats>> {
        done(Vec::new())
    }

    fn waiting(&self, _: Timestamp) -> StoreFuture<'_, Waiting> {
        done(Waiting::default())
    }
}

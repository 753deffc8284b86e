//! The ports over a [`Memory`]: every turn is durable at once, and none is undone.

use crate::{
    Counted, Entry, Sanction, SanctionQuery, Sanctions, StrikeQuery, Turn, Waiting, Work,
    memory::Memory,
};
use std::{
    any::Any,
    future::ready,
    sync::{Mutex, MutexGuard},
};
use tokio::sync::watch;
use umpire_catalog::{PutOutcome, Shelves, StoredItem};
use umpire_model::{
    Outcome, RequestRecord, ResourceId, SanctionId, StoreFuture, TenantId, Timestamp,
};
use umpire_query::Page;

#[derive(Default)]
pub(super) struct Store {
    memory: Mutex<Memory>,
    settled: watch::Sender<u64>,
}

impl Store {
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no test panics in a turn")
    }
}

fn done<T: Send + 'static>(answer: T) -> StoreFuture<'static, T> {
    Box::pin(ready(Ok(answer)))
}

impl Sanctions for Store {
    fn turn(&self, work: Work) -> StoreFuture<'_, Box<dyn Any + Send>> {
        let mut memory = self.memory();
        let outcome = work(&mut *memory);
        let answer = outcome.map(|outcome| match outcome {
            Outcome::Keep(answer) | Outcome::Undo(answer) => answer,
        });
        let settled = memory.journal.len() as u64;
        drop(memory);
        self.settled.send_replace(settled);
        Box::pin(ready(answer))
    }

    fn journal_name(&self) -> String {
        "memory".into()
    }

    fn settled(&self) -> watch::Receiver<u64> {
        self.settled.subscribe()
    }

    fn journal(&self, after: u64, limit: usize) -> StoreFuture<'_, Vec<Entry>> {
        let memory = self.memory();
        let entries = memory.journal.iter().filter(|entry| entry.sequence > after);
        done(entries.take(limit).cloned().collect())
    }

    fn oldest(&self) -> StoreFuture<'_, u64> {
        done(self.memory().journal.first().map_or(0, |entry| entry.sequence))
    }

    fn open(&self, tenant: Option<TenantId>) -> StoreFuture<'_, (u64, Vec<Sanction>)> {
        let memory = self.memory();
        let of = |one: &&Sanction| tenant.as_ref().is_none_or(|tenant| one.tenant == *tenant);
        let open = memory.sanctions.values().filter(|one| one.is_open()).filter(of);
        done((memory.journal.len() as u64, open.cloned().collect()))
    }

    fn sanction<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: SanctionId,
    ) -> StoreFuture<'a, Option<Sanction>> {
        Box::pin(ready(self.memory().sanction(tenant, id)))
    }

    fn sanctions(&self, query: SanctionQuery) -> StoreFuture<'_, Page<Sanction>> {
        Box::pin(ready(self.memory().matching(&query)))
    }

    fn counters(&self, _: StrikeQuery) -> StoreFuture<'_, Page<Counted>> {
        done(Page { items: Vec::new(), next: None })
    }

    fn waiting(&self, _: Timestamp) -> StoreFuture<'_, Waiting> {
        done(Waiting::default())
    }
}

/// Shelves that take everything and keep nothing; catalogs have it in memory.
pub(super) struct NoShelves;

impl Shelves for NoShelves {
    fn load(&self, _: &'static str) -> StoreFuture<'_, Vec<StoredItem>> {
        done(Vec::new())
    }

    fn put(
        &self,
        _: &'static str,
        _: StoredItem,
        _: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        done(PutOutcome::Done)
    }

    fn replace_body(&self, _: &'static str, _: StoredItem) -> StoreFuture<'_, PutOutcome> {
        done(PutOutcome::Done)
    }

    fn remove(
        &self,
        _: &'static str,
        _: TenantId,
        _: ResourceId,
        _: u64,
        _: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        done(PutOutcome::Done)
    }

    fn request<'a>(
        &'a self,
        _: &'a TenantId,
        _: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>> {
        done(None)
    }
}

//! The port in memory, with at most one item of each kind.

use crate::{PutOutcome, Shelves, StoredItem};
use std::{
    collections::BTreeMap,
    future::ready,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use umpire_model::{RequestRecord, ResourceId, StoreError, StoreFuture, TenantId};

#[derive(Default)]
pub(super) struct Memory {
    items: Mutex<BTreeMap<&'static str, StoredItem>>,
    requests: Mutex<Vec<RequestRecord>>,
    closed: AtomicBool,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let items = self.items.lock().expect("no test panics in a store");
        let bodies: Vec<_> = items.values().map(|item| &item.body).collect();
        write!(f, "{bodies:?} {:?}", self.requests)
    }
}

impl Memory {
    pub fn keep(&self, collection: &'static str, item: StoredItem) {
        self.items.lock().expect("no test panics in a store").insert(collection, item);
    }

    pub fn item(&self, collection: &str) -> StoredItem {
        self.items.lock().expect("no test panics in a store")[collection].clone()
    }

    pub fn body(&self, collection: &str) -> String {
        self.item(collection).body
    }

    /// Nothing can be written any more.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Keeps an item if the kept one is of this version; 0: if there is none.
    fn change(
        &self,
        collection: &'static str,
        item: StoredItem,
        version: u64,
    ) -> Result<PutOutcome, StoreError> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable("closed".into()));
        }
        let mut items = self.items.lock().expect("no test panics in a store");
        if items.get(collection).map_or(0, |kept| kept.version) != version {
            return Ok(PutOutcome::Conflict);
        }
        items.insert(collection, item);
        Ok(PutOutcome::Done)
    }
}

impl Shelves for Memory {
    fn load(&self, collection: &'static str) -> StoreFuture<'_, Vec<StoredItem>> {
        let items = self.items.lock().expect("no test panics in a store");
        Box::pin(ready(Ok(items.get(collection).cloned().into_iter().collect())))
    }

    fn put(
        &self,
        collection: &'static str,
        item: StoredItem,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        let before = item.version - 1;
        self.requests.lock().expect("no test panics in a store").extend(request);
        Box::pin(ready(self.change(collection, item, before)))
    }

    fn replace_body(
        &self,
        collection: &'static str,
        item: StoredItem,
    ) -> StoreFuture<'_, PutOutcome> {
        let version = item.version;
        Box::pin(ready(self.change(collection, item, version)))
    }

    fn remove(
        &self,
        _: &'static str,
        _: TenantId,
        _: ResourceId,
        _: u64,
        _: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome> {
        Box::pin(ready(Ok(PutOutcome::Conflict)))
    }

    fn request<'a>(
        &'a self,
        _: &'a TenantId,
        id: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>> {
        let requests = self.requests.lock().expect("no test panics in a store");
        Box::pin(ready(Ok(requests.iter().find(|record| record.key.id == id).cloned())))
    }
}

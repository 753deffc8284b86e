use std::fmt;
use umpire_model::{RequestRecord, ResourceId, StoreFuture, TenantId};

/// Where resources are kept, as documents.
pub trait Shelves: Send + Sync {
    /// All of one kind, of every tenant.
    fn load(&self, collection: &'static str) -> StoreFuture<'_, Vec<StoredItem>>;

    /// Makes a new or changed resource durable if the kept one is of the version before
    /// it (version 1: if there is none), and the request with it, in one commit.
    fn put(
        &self,
        collection: &'static str,
        item: StoredItem,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome>;

    /// Makes another form of the same content durable if the kept one is of this very
    /// version.
    fn replace_body(
        &self,
        collection: &'static str,
        item: StoredItem,
    ) -> StoreFuture<'_, PutOutcome>;

    /// Removes a resource if the kept one is of this version.
    fn remove(
        &self,
        collection: &'static str,
        tenant: TenantId,
        id: ResourceId,
        version: u64,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'_, PutOutcome>;

    /// The mutation a request id of a tenant was used for.
    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>>;
}

/// A resource as the store keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredItem {
    /// Whose.
    pub tenant: TenantId,
    /// Unique within tenant and kind.
    pub id: ResourceId,
    /// Counts its changes, from 1.
    pub version: u64,
    /// JSON, perhaps sealed, which only the catalog reads.
    pub body: String,
}

impl fmt::Debug for StoredItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may hold secrets.
        let Self { tenant, id, version, .. } = self;
        write!(f, "StoredItem({tenant}, {id}, version {version})")
    }
}

/// How a put ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// Durable.
    Done,
    /// The kept one is of another version; nothing was changed.
    Conflict,
}

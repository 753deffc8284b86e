use crate::{ApiKey, Tenant};
use umpire_model::{RequestRecord, ResourceId, StoreFuture, TenantId, Timestamp};

/// Where tenants and API keys are kept.
pub trait Settings: Send + Sync {
    /// Everything there is.
    fn load(&self) -> StoreFuture<'_, StoredDirectory>;

    /// Makes a tenant durable, if the kept one is of the version before it
    /// (version 1: if there is none). The request is kept under the tenant `scope`.
    fn put_tenant<'a>(
        &'a self,
        tenant: Tenant,
        scope: &'a TenantId,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'a, PutOutcome>;

    /// Makes a new or changed key durable, and the request under `scope`.
    fn put_key<'a>(
        &'a self,
        key: ApiKey,
        scope: &'a TenantId,
        request: Option<RequestRecord>,
    ) -> StoreFuture<'a, ()>;

    /// Notes that a key was used. Returns at once; may be lost in a crash.
    fn touch_key(&self, tenant: &TenantId, id: &ResourceId, time: Timestamp);

    /// The mutation a request id of a tenant was used for.
    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>>;
}

/// All tenants and keys.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct StoredDirectory {
    pub tenants: Vec<Tenant>,
    pub keys: Vec<ApiKey>,
}

/// How a put ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// Durable.
    Done,
    /// The kept one is of another version; nothing was changed.
    Conflict,
}

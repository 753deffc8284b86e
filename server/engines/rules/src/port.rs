use crate::{revision::Revision, rule::StoredRule};
use umpire_model::{RequestRecord, StoreFuture, TenantId};

/// Where rule sets and their revisions are kept.
pub trait RuleSets: Send + Sync {
    /// A tenant's newest set; revision 0 and no rules when it has none.
    fn load<'a>(&'a self, tenant: &'a TenantId) -> StoreFuture<'a, StoredSet>;

    /// Makes a revision durable, if the newest is still the one before it.
    fn commit<'a>(&'a self, tenant: &'a TenantId, commit: Commit)
    -> StoreFuture<'a, CommitOutcome>;

    /// One revision.
    fn revision<'a>(
        &'a self,
        tenant: &'a TenantId,
        number: u64,
    ) -> StoreFuture<'a, Option<Revision>>;

    /// Up to `limit` revisions below `before`, newest first.
    fn revisions<'a>(
        &'a self,
        tenant: &'a TenantId,
        before: u64,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Revision>>;

    /// The mutation a request id was used for.
    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>>;
}

/// A tenant's rules as of its newest revision, deleted ones included.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredSet {
    /// Number of the newest revision; 0 before the first.
    pub revision: u64,
    /// In no order.
    pub rules: Vec<StoredRule>,
}

/// A revision with the request that asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// Its number must be one above the newest.
    pub revision: Revision,
    /// Kept in the same commit.
    pub request: Option<RequestRecord>,
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitOutcome {
    /// Durable.
    Done,
    /// Somebody else's revision came first; nothing was changed.
    Conflict,
}

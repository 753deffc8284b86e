use crate::{
    lists::{Delta, List, StoredWordList},
    policy_test::PolicyTest,
    revision::Revision,
    rule::StoredRule,
};
use std::sync::Arc;
use umpire_model::{RequestRecord, ResourceId, StoreFuture, TenantId};

/// Where policies and their revisions are kept.
pub trait RuleSets: Send + Sync {
    /// A tenant's newest policy; revision 0 and nothing else when it has none.
    fn load<'a>(&'a self, tenant: &'a TenantId) -> StoreFuture<'a, StoredSet>;

    /// Makes a revision durable with all its deltas, if the newest is still the one
    /// before it.
    fn commit<'a>(
        &'a self,
        tenant: &'a TenantId,
        commit: Arc<Commit>,
    ) -> StoreFuture<'a, CommitOutcome>;

    /// Keeps a request that changed nothing.
    fn remember<'a>(&'a self, tenant: &'a TenantId, request: RequestRecord) -> StoreFuture<'a, ()>;

    /// One revision, without its deltas.
    fn revision<'a>(
        &'a self,
        tenant: &'a TenantId,
        number: u64,
    ) -> StoreFuture<'a, Option<Revision>>;

    /// Up to `limit` revisions below `before`, newest first, without their deltas.
    fn revisions<'a>(
        &'a self,
        tenant: &'a TenantId,
        before: u64,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Revision>>;

    /// What a revision did to the entries of a list.
    fn delta<'a>(
        &'a self,
        tenant: &'a TenantId,
        list: &'a ResourceId,
        revision: u64,
    ) -> StoreFuture<'a, Option<Delta>>;

    /// The mutation a request id was used for.
    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>>;
}

/// A tenant's policy as of its newest revision, deleted things included.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredSet {
    /// Number of the newest revision; 0 before the first.
    pub revision: u64,
    /// In no order.
    pub rules: Vec<StoredRule>,
    /// In no order.
    pub lists: Vec<StoredList>,
    /// In no order.
    pub tests: Vec<PolicyTest>,
}

/// A word list as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredList {
    /// Without its entries.
    pub head: StoredWordList,
    /// What makes its entries: the newest snapshot, then every delta since.
    pub deltas: Vec<Delta>,
}

/// A revision with the request that asked for it.
#[derive(Clone)]
pub struct Commit {
    /// Its number must be one above the newest.
    pub revision: Revision,
    /// Lists to be kept whole, as of this revision.
    pub snapshots: Vec<Arc<List>>,
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

//! What this engine needs of a store.

use crate::{Change, Entry, Job, SafetySwitch, Sanction, Strikes, Subject, query::SanctionQuery};
use std::any::Any;
use tokio::sync::watch;
use umpire_model::{
    Outcome, RequestRecord, ResourceId, SanctionId, StoreError, StoreFuture, TenantId, Timestamp,
};
use umpire_query::Page;

/// One counter: a subject under a rule.
#[derive(Debug, Clone, Copy)]
pub struct CounterOf<'a> {
    /// Whose rule.
    pub tenant: &'a TenantId,
    /// Which rule.
    pub rule: &'a ResourceId,
    /// Whose strikes.
    pub subject: &'a Subject,
}

/// Which automatic sanctions are counted that were let out.
#[derive(Debug, Clone, Copy, Default)]
pub struct LetOut<'a> {
    /// Of one tenant, or all.
    pub tenant: Option<&'a TenantId>,
    /// Of one rule, or all.
    pub rule: Option<&'a ResourceId>,
    /// Without those that a person let out of HELD.
    pub fresh: bool,
}

/// What one turn of the ledger's writer sees and changes. All that it changes becomes
/// durable together, or none of it; turns come one after the other, and each sees what
/// those before it did.
pub trait Turn {
    /// Adds an entry to the journal and brings the projections up to it; gives its
    /// sequence.
    ///
    /// # Errors
    /// [`StoreError`]; the turn is then undone.
    fn append(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        change: &Change,
    ) -> Result<u64, StoreError>;

    /// The strikes of a counter, those over their window perhaps still among them.
    ///
    /// # Errors
    /// [`StoreError`].
    fn strikes(&mut self, counter: CounterOf<'_>) -> Result<&Strikes, StoreError>;

    /// Until when a rule does not count a subject.
    ///
    /// # Errors
    /// [`StoreError`].
    fn grace(&mut self, counter: CounterOf<'_>) -> Result<Option<Timestamp>, StoreError>;

    /// A sanction as it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    fn sanction(
        &mut self,
        tenant: &TenantId,
        id: SanctionId,
    ) -> Result<Option<Sanction>, StoreError>;

    /// The open sanctions of a user, whatever server and channel, oldest first; warnings
    /// that are DONE may be left out.
    ///
    /// # Errors
    /// [`StoreError`].
    fn open_of(&mut self, tenant: &TenantId, user: &str) -> Result<Vec<Sanction>, StoreError>;

    /// When the sanctions of a rule for a subject were made that count for its ladder:
    /// neither suppressed nor lifted, made after `since`; ascending.
    ///
    /// # Errors
    /// [`StoreError`].
    fn earlier_sanctions(
        &mut self,
        counter: CounterOf<'_>,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError>;

    /// Sanctions of any tenant that wait to be told: PENDING, oldest first, but those that
    /// a person released after all others, for they may have to wait.
    ///
    /// # Errors
    /// [`StoreError`].
    fn pending(&mut self, limit: usize) -> Result<Vec<Sanction>, StoreError>;

    /// Open sanctions of any tenant whose end has come, the first to end first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn ended(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Sanction>, StoreError>;

    /// Sanctions of any tenant that are PENDING or EXECUTING and were made before this.
    ///
    /// # Errors
    /// [`StoreError`].
    fn unfinished(&mut self, before: Timestamp, limit: usize) -> Result<Vec<Sanction>, StoreError>;

    /// How many automatic sanctions were let out after `since`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn dispatched(&mut self, which: LetOut<'_>, since: Timestamp) -> Result<u32, StoreError>;

    /// Sanctions that meet a query, from its cursor on, up to its size.
    ///
    /// # Errors
    /// [`StoreError`].
    fn matching(&mut self, query: &SanctionQuery) -> Result<Page<Sanction>, StoreError>;

    /// A tenant's safety switch.
    ///
    /// # Errors
    /// [`StoreError`].
    fn switch(&mut self, tenant: &TenantId) -> Result<SafetySwitch, StoreError>;

    /// Keeps a job: a new one (id 0), or a known one as it is now. Gives its id.
    ///
    /// # Errors
    /// [`StoreError`].
    fn put_job(&mut self, job: &Job) -> Result<u64, StoreError>;

    /// One job.
    ///
    /// # Errors
    /// [`StoreError`].
    fn job(&mut self, id: u64) -> Result<Option<Job>, StoreError>;

    /// The jobs of a sanction that are neither done nor failed, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    fn open_jobs(
        &mut self,
        tenant: &TenantId,
        sanction: SanctionId,
    ) -> Result<Vec<Job>, StoreError>;

    /// The jobs of a stream enforcer that are neither done nor failed, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    fn jobs_of(&mut self, tenant: &TenantId, enforcer: &ResourceId)
    -> Result<Vec<Job>, StoreError>;

    /// Jobs of any tenant, by HTTP or over streams, that are due at `now` and have no
    /// unfinished one of the same enforcer and subject before them; the longest due
    /// first, at most `per_enforcer` of one enforcer.
    ///
    /// # Errors
    /// [`StoreError`].
    fn due_jobs(
        &mut self,
        webhook: bool,
        now: Timestamp,
        limit: usize,
        per_enforcer: usize,
    ) -> Result<Vec<Job>, StoreError>;

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

/// Where sanctions are kept. See [`crate::turn()`] for a typed turn.
pub trait Sanctions: Send + Sync {
    /// Takes a turn of the writer, and answers once what it did is durable.
    fn turn(&self, work: Work) -> StoreFuture<'_, Box<dyn Any + Send>>;

    /// Name of this writer's journal.
    fn journal_name(&self) -> String;

    /// The sequence up to which the journal is settled: every entry up to it is durable
    /// and can be read.
    fn settled(&self) -> watch::Receiver<u64>;

    /// Entries after a sequence, in order, at most `limit`.
    fn journal(&self, after: u64, limit: usize) -> StoreFuture<'_, Vec<Entry>>;

    /// The sequence of the oldest entry that is kept; 0 when there is none.
    fn oldest(&self) -> StoreFuture<'_, u64>;

    /// Every open sanction, of one tenant or all, with the sequence it is as of; warnings
    /// that are DONE may be left out.
    fn open(&self, tenant: Option<TenantId>) -> StoreFuture<'_, (u64, Vec<Sanction>)>;

    /// One sanction.
    fn sanction<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: SanctionId,
    ) -> StoreFuture<'a, Option<Sanction>>;

    /// A page of sanctions, newest first.
    fn sanctions(&self, query: SanctionQuery) -> StoreFuture<'_, Page<Sanction>>;

    /// A page of counters that hold a strike, in a fixed order.
    fn counters(&self, query: crate::query::StrikeQuery) -> StoreFuture<'_, Page<Counted>>;

    /// What waits at `now`, for metrics.
    fn waiting(&self, now: Timestamp) -> StoreFuture<'_, Waiting>;
}

/// A counter with its strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Which rule.
    pub rule: ResourceId,
    /// Whose.
    pub subject: Subject,
    /// All that are kept, those over their window among them.
    pub strikes: Strikes,
}

/// What waits to be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Sanctions that are PENDING or EXECUTING.
    pub pending: u64,
    /// Sanctions that are HELD.
    pub held: u64,
    /// When the oldest of the pending was made.
    pub oldest: Option<Timestamp>,
    /// Jobs that are neither done nor failed.
    pub jobs: u64,
    /// When the first of them is due.
    pub due: Option<Timestamp>,
    /// Sanctions that are PENDING.
    pub unsent: u64,
    /// Automatic sanctions that were let out in the last minute.
    pub dispatched: u64,
}

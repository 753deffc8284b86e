use crate::{
    chain::{Hash, Link},
    contents::Contents,
    decision::{Decision, MessageKey},
    query::RecordQuery,
    record::Record,
};
use umpire_model::{Judged, RecordId, StoreError, StoreFuture, TenantId, Timestamp};
use umpire_query::Page;

/// For how long a recorded verdict is replayed, in seconds.
const REPLAY_SECONDS: i64 = 24 * 60 * 60;

/// Where decisions are made durable, and records are read.
pub trait Ledger: Send + Sync {
    /// Makes a decision durable together with whatever else is waiting, and
    /// answers once it is. Its offence is counted in the same commit, once however often
    /// it is handed over, and the record says what that came to. Two decisions under one
    /// live replay key become one: the later gets [`Committed::Earlier`].
    fn commit(&self, decision: Decision) -> StoreFuture<'_, Committed>;

    /// Hands a decision over without waiting for it to be durable; gives
    /// [`Committed::Held`], or what is held under its replay key already.
    ///
    /// # Errors
    /// When the queue is full or closed; nothing was handed over.
    fn enqueue(&self, decision: Decision) -> Result<Committed, StoreError>;

    /// 32 random bytes of this installation, kept apart from the records.
    fn secret(&self) -> Hash;

    /// The decision recorded or held under a replay key, if it is younger than 24
    /// hours.
    fn earlier(&self, key: MessageKey, now: Timestamp) -> StoreFuture<'_, Option<Earlier>>;

    /// All replay keys that may still be replayed.
    fn replay_keys(&self, now: Timestamp) -> StoreFuture<'_, Vec<MessageKey>>;

    /// One record.
    fn record<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RecordId,
    ) -> StoreFuture<'a, Option<StoredRecord>>;

    /// A page of records.
    fn records(&self, query: RecordQuery) -> StoreFuture<'_, Page<StoredRecord>>;
}

/// How a commit ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Committed {
    /// It is durable in the store, with what counting it came to.
    Recorded(Judged),
    /// Held for writing: it was enqueued, or the store is away and the disk spool
    /// holds it.
    Held,
    /// The message was recorded before; nothing new was.
    Earlier(Box<Earlier>),
}

/// What was recorded under a replay key.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The record.
    pub record: Record,
    /// Digest of the content it was made for.
    pub content: Hash,
    /// It is in the store, not only held for writing.
    pub durable: bool,
}

impl Earlier {
    /// The oldest receive time that is still replayed at `now`.
    #[must_use]
    pub fn horizon(now: Timestamp) -> Timestamp {
        now.plus_seconds(-REPLAY_SECONDS)
    }
}

/// A record as the ledger keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// What was decided.
    pub record: Record,
    /// The masked texts; `None` once they are erased.
    pub contents: Option<Contents>,
    /// Its place in the chain.
    pub link: Link,
    /// Its leaf hash.
    pub leaf: Hash,
}

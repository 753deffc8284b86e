use crate::Timestamp;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// What a store answers, in time.
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A store could not do its work; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached or written at present.
    #[error("the store is unavailable: {0}")]
    Unavailable(Arc<str>),
    /// What it holds cannot be read.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(Arc<str>),
    /// It has more to do than it can queue.
    #[error("the store is overloaded")]
    Overloaded,
}

/// For how long a request id is remembered, in seconds.
pub const REQUEST_MEMORY_SECONDS: i64 = 24 * 60 * 60;

/// A mutation's `request_id` and what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The caller's UUID.
    pub id: String,
    /// Digest of method and request: the same id with another one is a mistake.
    pub fingerprint: String,
}

/// A mutation that was carried out, kept with its effect in one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// Which.
    pub key: RequestKey,
    /// What to answer when it is repeated, in a form only its engine reads.
    pub outcome: String,
    /// When.
    pub time: Timestamp,
}

/// `request_id` was used for another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request id was used for another request")]
pub struct RequestIdReused;

impl RequestRecord {
    /// The outcome to repeat for `key` at `now`; `None` when this is forgotten.
    ///
    /// # Errors
    /// [`RequestIdReused`] when the request differs.
    pub fn replay(
        self,
        key: &RequestKey,
        now: Timestamp,
    ) -> Result<Option<String>, RequestIdReused> {
        if self.time.plus_seconds(REQUEST_MEMORY_SECONDS) < now {
            return Ok(None);
        }
        if self.key.fingerprint != key.fingerprint {
            return Err(RequestIdReused);
        }
        Ok(Some(self.outcome))
    }
}

use umpire_model::{RequestIdReused, StoreError, Violation};
use umpire_query::InvalidPageToken;

/// Something about alerts cannot be done; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// Fields are wrong.
    #[error("the request is not valid")]
    Invalid(Vec<Violation>),
    /// There is nothing of this name.
    #[error("{0} was not found")]
    NotFound(String),
    /// What has this name changed since the etag was read.
    #[error("the etag of {0} is stale")]
    EtagMismatch(String),
    /// The alert of this name is RESOLVED.
    #[error("{0} is over")]
    Over(String),
    /// The delivery of this name is on its way, or arrived: only what is DEAD_LETTERED or
    /// EXPIRED is queued again.
    #[error("{0} is neither dead-lettered nor expired")]
    WrongState(String),
    /// The request id was used for another request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// The resume token is damaged, or belongs to another stream.
    #[error("the resume token is damaged, or belongs to another stream")]
    InvalidToken,
    /// What came after the resume token is forgotten.
    #[error("the resume token is too old: the oldest entry is {oldest}")]
    TokenExpired {
        /// Sequence of the oldest entry that is kept.
        oldest: u64,
    },
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Violation> for DeskError {
    fn from(violation: Violation) -> Self {
        Self::Invalid(vec![violation])
    }
}

impl From<InvalidPageToken> for DeskError {
    fn from(_: InvalidPageToken) -> Self {
        Self::InvalidToken
    }
}

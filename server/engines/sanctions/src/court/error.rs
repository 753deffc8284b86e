use umpire_model::{RequestIdReused, StoreError, Violation};
use umpire_query::InvalidPageToken;

/// Something about sanctions cannot be done; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CourtError {
    /// Fields are wrong.
    #[error("the request is not valid")]
    Invalid(Vec<Violation>),
    /// There is nothing of this name.
    #[error("{0} was not found")]
    NotFound(String),
    /// This name is taken.
    #[error("{0} exists already")]
    AlreadyExists(String),
    /// What has this name changed since the etag was read.
    #[error("the etag of {0} is stale")]
    EtagMismatch(String),
    /// The sanction of this name is lifted or over, or was never carried out.
    #[error("{0} is over")]
    Over(String),
    /// What has this name is of another kind: an enforcer that is no stream, a warning
    /// that has no end.
    #[error("{0} is of another kind")]
    WrongKind(String),
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

impl From<Violation> for CourtError {
    fn from(violation: Violation) -> Self {
        Self::Invalid(vec![violation])
    }
}

impl From<InvalidPageToken> for CourtError {
    fn from(_: InvalidPageToken) -> Self {
        Self::InvalidToken
    }
}

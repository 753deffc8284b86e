use umpire_model::{RequestIdReused, StoreError, Violation};

/// A resource cannot be changed; nothing was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// Fields are wrong.
    #[error("the request is not valid")]
    Invalid(Vec<Violation>),
    /// No such resource.
    #[error("not found")]
    NotFound,
    /// The id is taken.
    #[error("it exists already")]
    AlreadyExists,
    /// It changed since the etag was read.
    #[error("the etag is stale")]
    EtagMismatch,
    /// The tenant has as many as it may have.
    #[error("{0}")]
    Limit(String),
    /// The request id was used for another request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

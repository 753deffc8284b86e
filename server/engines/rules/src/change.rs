//! What every change of a policy carries, and how it can fail.

use crate::{compile::CompileError, policy_test::TestResult, quiet::BrokeOff};
use umpire_model::{RequestIdReused, RequestKey, StoreError, Timestamp, Violation};

/// Who changes a policy, when, why, and under which request id.
#[derive(Debug, Clone)]
pub struct Change {
    /// Name of the caller.
    pub author: String,
    /// In the author's words.
    pub reason: String,
    /// The moment of the change.
    pub time: Timestamp,
    /// Makes the change idempotent.
    pub request: Option<RequestKey>,
    /// Check everything, change nothing.
    pub validate_only: bool,
}

/// A policy cannot be changed; nothing was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// What is asked for is wrong.
    #[error("not valid")]
    Invalid(Vec<Violation>),
    /// No such thing, or it is deleted (or not deleted, for undelete).
    #[error("no such thing")]
    NotFound,
    /// The id is taken, perhaps by something deleted.
    #[error("it exists already")]
    AlreadyExists,
    /// It changed since the etag was read.
    #[error("the etag is stale")]
    EtagMismatch,
    /// Rules name the list.
    #[error("word list {list} is named by rules {}", rules.join(", "))]
    InUse {
        /// Its id.
        list: String,
        /// Theirs.
        rules: Vec<String>,
    },
    /// Kept test cases do not pass.
    #[error("{} test cases fail", .0.iter().filter(|result| !result.passed()).count())]
    TestsFailed(Vec<TestResult>),
    /// There would be too much of something.
    #[error("{0}")]
    Limit(String),
    /// The request id was used for another request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The change broke off.
    #[error(transparent)]
    BrokeOff(#[from] BrokeOff),
}

impl From<CompileError> for ChangeError {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Rule { violations, .. } => Self::Invalid(violations),
            CompileError::TooBig(what) => Self::Limit(what),
        }
    }
}

/// Drafts cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The draft with this index is wrong.
    #[error("draft {0} is not valid")]
    Invalid(usize, Vec<Violation>),
    /// All together are too big.
    #[error("{0}")]
    Limit(String),
    /// The live rules could not be loaded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

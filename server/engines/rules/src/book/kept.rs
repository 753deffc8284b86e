//! What rules and word lists have in common: an etag, and deletion that can be undone.

use crate::{change::ChangeError, lists::StoredWordList, revision::ChangeKind, rule::StoredRule};
use umpire_model::Timestamp;

/// Something that is kept under an id, deleted or not.
pub(super) trait Kept {
    fn etag(&self) -> String;
    fn delete_time(&self) -> Option<Timestamp>;
}

impl Kept for StoredRule {
    fn etag(&self) -> String {
        self.etag()
    }

    fn delete_time(&self) -> Option<Timestamp> {
        self.delete_time
    }
}

impl Kept for StoredWordList {
    fn etag(&self) -> String {
        self.etag()
    }

    fn delete_time(&self) -> Option<Timestamp> {
        self.delete_time
    }
}

/// What is there, deleted or not, if it has this etag; an empty one fits all.
fn existing<'k, K: Kept>(current: Option<&'k K>, etag: &str) -> Result<&'k K, ChangeError> {
    let current = current.ok_or(ChangeError::NotFound)?;
    if !etag.is_empty() && etag != current.etag() {
        return Err(ChangeError::EtagMismatch);
    }
    Ok(current)
}

/// What can be changed: not deleted, and with this etag.
pub(super) fn changeable<'k, K: Kept>(
    current: Option<&'k K>,
    etag: &str,
) -> Result<&'k K, ChangeError> {
    let current = existing(current, etag)?;
    if current.delete_time().is_some() { Err(ChangeError::NotFound) } else { Ok(current) }
}

/// What can be deleted, or undeleted, and which of both it is.
pub(super) fn deletable<'k, K: Kept>(
    current: Option<&'k K>,
    etag: &str,
    deleted: bool,
) -> Result<(ChangeKind, &'k K), ChangeError> {
    let current = existing(current, etag)?;
    match (current.delete_time().is_some(), deleted) {
        (false, true) => Ok((ChangeKind::Deleted, current)),
        (true, false) => Ok((ChangeKind::Undeleted, current)),
        (true, true) => Err(ChangeError::NotFound),
        (false, false) => Err(ChangeError::AlreadyExists),
    }
}

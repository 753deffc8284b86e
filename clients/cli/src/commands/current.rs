//! Changes that build on what was read.

use crate::failure::Failure;
use umpire_client::{Code, Error, v1::ErrorReason};

/// Most times it is read and changed.
const TRIES: u32 = 5;

/// Reads and changes, and does both again where somebody else was faster.
pub async fn until_current<A>(attempt: impl AsyncFn() -> Result<A, Failure>) -> Result<A, Failure> {
    let mut tries = 1;
    loop {
        match attempt().await {
            Err(failure) if tries < TRIES && is_stale(&failure) => tries += 1,
            done => return done,
        }
    }
}

/// What was found; nothing where it is not there.
pub fn if_there<T>(found: Result<T, Error>) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_stale(failure: &Failure) -> bool {
    failure.server().is_some_and(|error| error.reason() == ErrorReason::EtagMismatch)
}

//! What handlers have in common: a caller, an error turned into a status, and for
//! changes a life of their own and an idempotency key.

use crate::error::ApiError;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use umpire_model::{Clock, RequestKey};
use umpire_tenancy::{Caller, Directory};

/// The idempotency key of a mutation; `None` without a request id.
pub(crate) fn request_key(
    method: &str,
    id: &str,
    body: &[u8],
) -> Result<Option<RequestKey>, ApiError> {
    if id.is_empty() {
        return Ok(None);
    }
    if uuid::Uuid::try_parse(id).is_err() {
        return Err(ApiError::invalid("request_id", "must be a UUID"));
    }
    let digest = Sha256::new_with_prefix(method).chain_update([0]).chain_update(body).finalize();
    Ok(Some(RequestKey { id: id.to_ascii_lowercase(), fingerprint: HEXLOWER.encode(&digest) }))
}

/// Whether a stream's caller may go on.
pub(crate) fn recheck(
    directory: &Directory,
    clock: &dyn Clock,
    caller: &Caller,
) -> Result<(), ApiError> {
    if directory.is_current(caller, clock.now()) {
        return Ok(());
    }
    Err(ApiError::Unauthenticated("the credential or its tenant is no longer valid".into()))
}

/// Runs a handler with its caller and turns its error into a status.
macro_rules! answer {
    ($request:ident, $caller:ident, $body:ident => $result:expr) => {{
        let $caller = $crate::layers::caller_of(&$request)?;
        let locale = $crate::locale::Locale::of($request.metadata());
        let $body = $request.get_ref();
        let result: Result<_, $crate::error::ApiError> = async { $result }.await;
        result.map(tonic::Response::new).map_err(|error| error.status(locale))
    }};
}
pub(crate) use answer;

/// As `answer`, for changes: carried out in a task of its own, so that a caller
/// who goes away in the middle leaves nothing half done.
macro_rules! carry_out {
    ($service:ident, $request:ident, $this:ident, $caller:ident, $body:ident => $result:expr) => {{
        let $caller = $crate::layers::caller_of(&$request)?;
        let locale = $crate::locale::Locale::of($request.metadata());
        let ($this, $body) = ($service.clone(), $request.into_inner());
        let change = async move {
            let $body = &$body;
            let result: Result<_, $crate::error::ApiError> = async { $result }.await;
            result
        };
        let result = match tokio::spawn(change).await {
            Ok(result) => result,
            Err(panicked) => Err($crate::error::ApiError::Internal(panicked.to_string())),
        };
        result.map(tonic::Response::new).map_err(|error| error.status(locale))
    }};
}
pub(crate) use carry_out;

//! What every gRPC call passes before its handler, in this order: an id for the
//! request, admission, the caller, the caller's role and rate.

mod admission;
mod gate;
mod metrics;
mod rate;
mod roles;
mod tokens;

pub use admission::Admission;
pub use gate::{Gate, GateLayer, GateOptions};
pub use metrics::{Metrics, Verdicts};
pub use rate::Rate;
pub use roles::{METHODS, Method, method};
pub use tokens::{TokenOptions, Tokens};

use std::sync::Arc;
use tonic::{Request, Status};
use umpire_tenancy::Caller;

/// The caller the gate let in.
///
/// # Errors
/// UNAUTHENTICATED when a handler is reached past the gate.
pub(crate) fn caller_of<T>(request: &Request<T>) -> Result<Arc<Caller>, Status> {
    let caller = request.extensions().get::<Arc<Caller>>().cloned();
    caller.ok_or_else(|| Status::unauthenticated("no caller"))
}

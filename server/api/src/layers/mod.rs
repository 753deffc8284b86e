//! What every gRPC call passes before its handler, in this order: an id for the
//! request, admission, the caller, the caller's role.

mod admission;
mod gate;
mod metrics;
mod roles;

pub use admission::Admission;
pub use gate::{Gate, GateLayer};
pub use metrics::{Metrics, Verdicts};
pub use roles::{METHODS, Method, method};

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

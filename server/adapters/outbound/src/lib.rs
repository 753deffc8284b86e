//! The one way out: everything that the server calls by a URL or a host that somebody
//! configured is called through [`Outbound`].
//!
//! It connects to public addresses alone unless told otherwise, and judges the address it
//! really connects to, so that no name can lead it astray. It follows no redirect, takes
//! no proxy from its environment, and reads no more of an answer than it was told to.

mod address;
mod client;
mod destination;
mod error;
mod resolver;
mod retry_after;
pub mod standard_webhooks;
mod tcp;
mod tls;

pub use client::{Answer, Method, Options, Outbound};
pub use error::OutboundError;
pub use tls::tls_trusting;

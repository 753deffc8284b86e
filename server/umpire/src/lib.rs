//! The server put together: configuration, wiring, health, shutdown.
//!
//! [`Server::start`] is the composition root: the only place that knows every crate.

mod alerts;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
mod grpc;
mod http;
pub mod log;
mod sanctions;
mod server;

pub use config::Config;
pub use server::{Server, StartError};

/// The version in verdicts, records and `--version`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

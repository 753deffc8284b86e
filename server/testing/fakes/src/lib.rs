//! Services of others that Umpire calls, as faithful as tests need them. They share no
//! code with the adapters they judge.
//!
//! Test code: it panics instead of returning errors.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

pub mod enforcer;

pub use enforcer::{Answer, Effect, FakeEnforcer, Options, Received};

//! Everything against a real server, through gRPC. One module a promise.
#![allow(missing_docs, clippy::unwrap_used)]

mod architecture;
mod audit;
mod bad_input;
mod callers;
mod durability;
mod operation;
mod replay;
mod rules;
mod tenants;
mod tls;
mod verdicts;

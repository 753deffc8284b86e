//! Everything against a real server, through gRPC. One module a promise.
#![allow(missing_docs, clippy::unwrap_used)]

mod architecture;
mod audit;
mod bad_input;
mod callers;
mod client;
mod documents;
mod durability;
mod history;
mod including;
mod lists;
mod operation;
mod replay;
mod rules;
mod tenants;
mod tls;
mod tokens;
mod umpirectl;
mod verdicts;

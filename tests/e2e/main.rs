//! Everything against a real server, through gRPC. One module a promise.
#![allow(missing_docs, clippy::unwrap_used)]

mod across_messages;
mod architecture;
mod audit;
mod bad_input;
mod callers;
mod client;
mod combinations;
mod documents;
mod durability;
mod expressions;
mod history;
mod including;
mod lists;
mod masking;
mod operation;
mod replay;
mod rules;
mod tenants;
mod tls;
mod tokens;
mod transformations;
mod umpirectl;
mod verdicts;

//! What tests stand on: a server in this process with a clock of its own, a
//! server in a process that can be killed, clients, and shorthands.
//!
//! Test code: it panics instead of returning errors.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

mod alerts;
mod clients;
mod clock;
mod console;
mod http_get;
mod process;
mod raw;
mod reader;
mod sanctions;
mod server;
mod shorthand;

pub use alerts::{
    acknowledge_alert, alert, alerting_rule, alerts, alerts_with, delivered, deliveries,
    deliveries_with, dingtalk_receiver, fates, receiver, receiver_name, resolve_alert, route,
    so_many_alerts, the_alert, webhook_receiver,
};
pub use clients::{Clients, Keyed};
pub use clock::ManualClock;
pub use console::Console;
pub use http_get::http_get;
pub use process::ServerProcess;
pub use raw::call_raw;
pub use reader::{Reader, acknowledge};
pub use sanctions::{
    classed_rule, said_by, sanction, sanction_in, sanction_rule, sanctions, seconds,
    so_many_sanctions, stream_enforcer, strikes, subject, webhook_enforcer,
};
pub use server::TestServer;
pub use shorthand::{check, eventually, message, reason, rule_ids, violated, word_rule};
pub use umpire_model::Clock;

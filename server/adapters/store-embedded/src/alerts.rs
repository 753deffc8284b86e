//! Alerts: an inbox of events, what became of them, a journal for consoles, and the ledger
//! of deliveries.
//!
//! Turns see and change all of it through [`OpenTurn`](crate::sanctions::OpenTurn), the one
//! transaction of the writer. Decisions and the journal of sanctions put their events into
//! the inbox there, too. Every table keeps documents in JSON, beside columns that repeat
//! what is asked for.

mod bodies;
mod deliveries;
mod forget;
mod groups;
mod healths;
mod inbox;
mod journal;
mod port;
mod query;
mod rows;
mod safety;
mod signals;
mod stats;
#[cfg(test)]
mod tests;
mod turn;

pub(crate) use deliveries::release;
pub(crate) use query::add_functions;
pub(crate) use safety::event_of;
pub(crate) use signals::{Added, Signals, Watches};

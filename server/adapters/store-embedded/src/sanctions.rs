//! Strikes and sanctions: a journal, and tables that are projections of it.
//!
//! [`OpenTurn`] is what a turn of the writer sees. It adds to the [`Journal`] and projects
//! each entry in the same transaction; what the tables do not know yet when the file is
//! opened, [`catch_up`] projects then. Jobs are no projection: they have a table of their own.

mod counters;
mod jobs;
mod journal;
mod port;
mod project;
mod query;
mod rebuild;
mod rows;
mod strikes;
#[cfg(test)]
mod tests;
mod turn;

pub(crate) use counters::Counters;
pub(crate) use jobs::release;
pub(crate) use journal::Journal;
pub(crate) use rebuild::{catch_up, forget_projections};
pub(crate) use turn::OpenTurn;

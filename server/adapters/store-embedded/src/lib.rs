//! The store of a server that stands alone: one SQLite file in one data folder.
//!
//! One thread writes: whatever waits when it is free goes into one transaction
//! (group commit, `synchronous = FULL`), so a burst costs one fsync. Readers have
//! connections of their own. While the file cannot be written, decisions go to
//! a bounded [spool](crate::spool) on disk and are moved over later.

mod alerts;
mod batch;
mod folder;
mod held;
mod judging;
mod ledger;
mod query;
mod reader;
mod requests;
mod rule_sets;
mod sanctions;
mod schema;
mod settings;
mod shelves;
mod spool;
mod sql;
mod store;
mod word_lists;
mod writer;

pub use store::{EmbeddedStore, OpenError, Options};

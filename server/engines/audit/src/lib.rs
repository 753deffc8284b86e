//! The audit log: what a record is, how it is masked, chained, searched and kept.
//!
//! A [`Decision`] is made from a verdict and committed through the port
//! [`Ledger`]. Its record is a canonical CBOR [`Record`] plus erasable
//! [`Contents`]; the ledger's writer links it to the one before ([`Link`]), and counts
//! the strikes of its offence in the same commit.

mod chain;
mod contents;
mod covers;
mod decision;
mod events;
mod port;
mod query;
mod record;
mod tokens;

pub use chain::{Hash, Link};
pub use contents::Contents;
pub use covers::{RecordedCover, RecordedCovers};
pub use decision::{Decision, MessageKey, ReplayKey};
pub use port::{Committed, Earlier, Ledger, StoredRecord};
pub use query::{AuditField, RecordQuery};
pub use record::{
    ActionOutcome, Record, RecordKind, RecordedAction, RecordedConversation, RecordedMatch,
    RecordedSender, SCHEMA_VERSION,
};
pub use tokens::{TextTokens, label_token, record_tokens, rule_token, text_tokens};

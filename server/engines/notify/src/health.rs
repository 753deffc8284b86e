use serde::{Deserialize, Serialize};
use umpire_model::Timestamp;

/// What is known of a receiver: its circuit breaker, and what was sent of late.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Health {
    /// Calls that failed, since the last that did not.
    pub failures: u32,
    /// The breaker is open until then; one call is let through afterwards.
    pub open_until: Option<Timestamp>,
    /// How often it opened since the last success.
    pub openings: u32,
    /// The vendor asked to be left alone until then.
    pub throttled_until: Option<Timestamp>,
    /// The vendor said that it will never work again; until the receiver is changed.
    pub gone: Option<String>,
    /// When notices were sent, for the limits of vendors; those that still count.
    pub sent: Vec<Timestamp>,
    /// Those of one key, for the receiver's own limit; empty ones are dropped.
    pub sent_by_key: Vec<(String, Vec<Timestamp>)>,
    /// When its last test was queued.
    pub tested: Option<Timestamp>,
    /// When the receiver was changed into what this is about, in microseconds since the epoch;
    /// another change, or another receiver of the same id, starts anew but for what was sent.
    pub version: u64,
}

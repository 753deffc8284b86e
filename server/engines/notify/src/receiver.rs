use crate::{Channel, Language};
use serde::{Deserialize, Serialize};
use umpire_model::ResourceId;

/// Somebody, or something, that is told of alerts, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Receiver`
pub struct Receiver {
    pub display_name: String,
    /// How it is told.
    pub channel: Channel,
    /// It is told, too, when a matter it was told of is over.
    pub send_resolved: bool,
    pub language: Language,
    /// Most notices of one key; more wait for the next one. The first of a P0 is exempt.
    pub rate: Option<Rate>,
    /// Most notices of all keys together; more wait, and become one digest. The vendor's own
    /// limit when `None`.
    pub vendor_rate: Option<Rate>,
    /// Told in its place when it fails.
    pub failover: Option<ResourceId>,
    /// Seconds without success after which a P0 goes to `failover`.
    pub failover_after: u64,
    /// Seconds between tests that it makes by itself; 0: none.
    pub test_interval: u64,
    /// It is not told anything: what is for it is suppressed.
    pub disabled: bool,
}

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In how many seconds; a sliding window.
    pub seconds: u64,
}

use crate::Alert;
use serde::{Deserialize, Serialize};
use umpire_model::{TenantId, Timestamp};

/// What happened to an alert: an entry of the journal that consoles follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Happening {
    /// What.
    pub kind: HappeningKind,
    /// The alert as it was right after.
    pub alert: Box<Alert>,
    /// Why, where the alert does not say: `DEDUPLICATED`, the name of a silence or of a
    /// delivery, an operator.
    pub cause: String,
}

/// As `AlertEventKind` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)]
pub enum HappeningKind {
    Created,
    /// More events; those handled in one turn make one happening.
    Repeated,
    /// Its level rose, or the next receivers were called.
    Escalated,
    /// Acknowledged, assigned, or the acknowledgement ended: see the alert.
    Acknowledged,
    /// Events were not told; `cause` says why.
    Suppressed,
    Resolved,
    /// A delivery ended EXPIRED or DEAD_LETTERED; `cause` is its name.
    DeliveryFailed,
}

/// An entry of the journal, as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its place, from 1, in the order of commits.
    pub sequence: u64,
    /// Whose.
    pub tenant: TenantId,
    /// When.
    pub time: Timestamp,
    /// What.
    pub happening: Happening,
}

use crate::{AlertId, ChannelKind, Notice};
use serde::{Deserialize, Serialize};
use std::fmt;
use umpire_model::{ResourceId, TenantId, Timestamp};
use uuid::Uuid;

/// The last segment of a delivery's name: a UUIDv7, ascending in the order of queueing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeliveryId(pub Uuid);

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One notice on its way to one receiver: a job of the ledger, and afterwards an entry of
/// the delivery log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which.
    pub id: DeliveryId,
    /// Whose.
    pub tenant: TenantId,
    /// For whom.
    pub receiver: ResourceId,
    /// How the receiver was told when it was queued.
    pub channel: ChannelKind,
    /// The alerts it tells of; empty for tests.
    pub alerts: Vec<AlertId>,
    /// What it says.
    pub notice: Notice,
    /// How far it is.
    pub state: DeliveryState,
    /// Why it is SUPPRESSED: the name of a [`crate::Fate`], of a silence, of the digest that
    /// tells of it, `SUPERSEDED`, or `RECEIVER_DELETED`.
    pub suppressed_by: String,
    /// Somebody is at it until `due`.
    pub leased: bool,
    /// Attempts that count against the limit.
    pub attempts: u32,
    /// When it may be tried, or when its lease ends.
    pub due: Timestamp,
    /// It is EXPIRED if it is not delivered by then.
    pub deadline: Timestamp,
    /// Counts its leases: who holds an older one has lost it.
    pub fence: u64,
    /// When it was queued.
    pub create_time: Timestamp,
    /// When it came to its end.
    pub done_time: Option<Timestamp>,
    /// Every call of the vendor, oldest first; the last 20.
    pub log: Vec<Attempt>,
    /// What the vendor calls the message.
    pub vendor_id: String,
    /// Recipients the vendor did not take, where it took others.
    pub failed_recipients: Vec<String>,
    /// It stands in for one to another receiver that failed.
    pub failover_of: Option<DeliveryId>,
    /// The one that stands in for it.
    pub failover: Option<DeliveryId>,
}

impl Delivery {
    /// Resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("tenants/{}/deliveries/{}", self.tenant, self.id)
    }
}

/// How far a delivery is. All but QUEUED are ends; a person may queue a DEAD_LETTERED or
/// EXPIRED one again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryState {
    /// On its way.
    Queued,
    /// The vendor took it.
    Delivered,
    /// Held back; `suppressed_by` says why.
    Suppressed,
    /// Its deadline came first.
    Expired,
    /// Refused, or no attempt is left.
    DeadLettered,
}

/// One call of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub time: Timestamp,
    /// How long it took, in milliseconds.
    pub latency_ms: u64,
    /// What it came to: `DELIVERED`, `PARTIAL`, `THROTTLED`, `TRANSIENT`, `UNKNOWN`,
    /// `PERMANENT`.
    pub class: String,
    /// HTTP status, or 0.
    pub status: u16,
    /// The vendor's own code, such as `45009`.
    pub vendor_code: String,
    /// What the vendor said: at most 500 characters, without secrets.
    pub detail: String,
}

use crate::{AlertKind, Call, Escalation, Person, Place};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use umpire_model::{Level, ResourceId, TenantId, Timestamp};
use uuid::Uuid;

/// The last segment of an alert's name: a UUIDv7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlertId(pub Uuid);

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One matter that people were, or could have been, told of: all events of one key from
/// the first until it is resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Which.
    pub id: AlertId,
    /// Whose.
    pub tenant: TenantId,
    /// As in its events. At most one alert of a tenant and key is not RESOLVED.
    pub key: String,
    /// Whether somebody looks after it.
    pub state: AlertState,
    /// Counts its changes, from 1; the etag.
    pub version: u64,
    /// About what.
    pub kind: AlertKind,
    /// The most urgent of its events, or what it was raised to; never falls while open.
    pub level: Level,
    /// When and why the level was what; the first entry is the first event's.
    pub level_history: Vec<LevelChange>,
    /// As in the first event.
    pub rule: String,
    /// As in the first event.
    pub rule_name: String,
    /// Of all its events; at most 32.
    pub labels: Vec<String>,
    /// As in the first event.
    pub title: String,
    /// As in the last event.
    pub keyword: String,
    /// As in the last event. Hostile.
    pub excerpt: String,
    /// Of the last events; at most 10, newest last.
    pub audit_records: Vec<String>,
    /// As in the last event.
    pub place: Place,
    /// As in the last event.
    pub sender: Person,
    /// As in the last event.
    pub confidence: Option<f64>,
    /// As in the last event.
    pub done: Vec<String>,
    /// Of all its events together.
    pub call: Call,
    /// Receivers that are not told, because it is about them.
    pub not_to: Vec<ResourceId>,
    /// Events it stands for.
    pub count: u64,
    /// When the first happened.
    pub first_time: Timestamp,
    /// When the last happened.
    pub last_time: Timestamp,
    /// Who looks after it; empty: nobody was named.
    pub assignee: String,
    /// Set while ACKNOWLEDGED.
    pub acknowledgement: Option<Acknowledgement>,
    /// Who resolved it and when; `operator` is empty when it went quiet.
    pub resolution: Option<Resolution>,
    /// Why its last event was not told; empty when it was, or will be.
    pub suppressed_by: String,
    /// What has become of its events: the sum is `count`.
    pub fates: BTreeMap<Fate, u64>,
    /// How far telling is, for each route that it takes.
    pub threads: Vec<Thread>,
    /// Receivers that something was queued for.
    pub told: Vec<ResourceId>,
    /// The policies that run while nobody acknowledges it, as they were when they started.
    pub escalations: Vec<Escalation>,
    /// Times of the last events, for policies that count; at most 1,000, oldest first.
    pub recent: Vec<Timestamp>,
}

/// Whether somebody looks after an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertState {
    /// Nobody yet.
    Open,
    /// Somebody does, for a while.
    Acknowledged,
    /// It is over.
    Resolved,
}

/// A level an alert had from some moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelChange {
    /// From then.
    pub time: Timestamp,
    /// It was this.
    pub level: Level,
    /// Why: `event`, or the id of an escalation policy.
    pub cause: String,
}

/// Somebody looks after an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub operator: String,
    /// Since when.
    pub time: Timestamp,
    /// Until then: the alert is OPEN again after it.
    pub expire_time: Timestamp,
    /// What they say.
    pub note: String,
}

/// An alert is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// Who said so; empty when it went quiet.
    pub operator: String,
    /// Since when.
    pub time: Timestamp,
    /// What they say.
    pub note: String,
}

/// What has become of an event: exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fate {
    /// It stands in at least one delivery that was queued, or waits in a group.
    Notified,
    /// It waits for the end of a window; becomes [`Fate::Notified`] with the next notice,
    /// and stays this when the alert ends first.
    Deduplicated,
    /// A silence held it back.
    Silenced,
    /// Another alert held it back.
    Inhibited,
    /// Too many notices of one key; becomes [`Fate::Notified`] with the next one.
    RateLimited,
    /// Outside the active times of its route.
    Inactive,
    /// No route takes it, or the routes name no receiver: it is only recorded.
    RecordedOnly,
}

impl Fate {
    /// As deliveries and alerts show it in `suppressed_by`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Notified => "",
            Self::Deduplicated => "DEDUPLICATED",
            Self::Silenced => "SILENCED",
            Self::Inhibited => "INHIBITED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Inactive => "INACTIVE",
            Self::RecordedOnly => "RECORDED_ONLY",
        }
    }
}

/// How far telling of an alert is on one route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Id of the route; [`crate::DEFAULT_ROUTE`] where the tenant has none, and
    /// [`crate::CALLED`] for receivers that the rule itself names.
    pub route: String,
    /// Until then further events wait.
    pub window_end: Timestamp,
    /// Events that wait, by what they wait for.
    pub waiting: BTreeMap<Fate, u64>,
    /// When it is told again though nothing new happened; `None`: never.
    pub repeat_time: Option<Timestamp>,
}

impl Alert {
    /// Resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("tenants/{}/alerts/{}", self.tenant, self.id)
    }

    /// Changes with every change of it.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("a{}", self.version)
    }

    /// Whether it is not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != AlertState::Resolved
    }
}

//! What the journal of sanctions says: one entry for each thing that happened.
//!
//! Counters, the state of sanctions, graces and switches are projections of it.

use crate::{SafetySwitch, Sanction, Subject};
use serde::{Deserialize, Serialize};
use umpire_model::{Level, ResourceId, SanctionId, TenantId, Timestamp};

/// One entry, as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place in the journal of its writer, from 1, in the order of commits.
    pub sequence: u64,
    /// Whose.
    pub tenant: TenantId,
    /// When it happened.
    pub time: Timestamp,
    /// What.
    pub change: Change,
}

/// Something that happened. Its serialised form is kept for ever: fields are added, and
/// never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A message was counted.
    Counted {
        /// Who sent it.
        subject: Subject,
        /// Id of its record.
        record: String,
        /// Under these rules, in the order they were tried.
        strikes: Vec<Strike>,
    },
    /// The strikes of a counter were replaced by a person: reset or restored.
    Strikes {
        /// Whose.
        subject: Subject,
        /// Under which rule.
        rule: ResourceId,
        /// The counter's content now.
        times: Vec<Timestamp>,
        /// Who did it.
        operator: String,
        /// Why.
        reason: String,
    },
    /// A rule does not count a subject for a while.
    Grace {
        /// Whom.
        subject: Subject,
        /// Which.
        rule: ResourceId,
        /// Until then.
        until: Timestamp,
    },
    /// A sanction was made or changed; this is what it is now.
    Sanction {
        /// All of it.
        sanction: Box<Sanction>,
        /// Set when enforcers are to be told.
        telling: Option<Telling>,
    },
    /// The safety switch was changed.
    Safety(SafetySwitch),
    /// Somebody should know.
    Alert(AlertEvent),
    /// A sanction rule was deleted: its counters are forgotten.
    RuleDeleted {
        /// Which.
        rule: ResourceId,
    },
}

/// Strikes that a message counted under one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike {
    /// Which.
    pub rule: ResourceId,
    /// The rule's window, in seconds.
    pub window: u64,
    /// How many.
    pub weight: u32,
    /// The threshold was reached: the counter is empty after this.
    pub crossed: bool,
}

/// Whom a change of a sanction is told, over streams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// What.
    pub notice: crate::Notice,
    /// Ids of the stream enforcers, each with the number of the telling, from 1.
    pub streams: Vec<(ResourceId, u32)>,
}

/// Something that people on duty should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertEvent {
    /// How urgent.
    pub level: Level,
    /// About what.
    pub kind: AlertKind,
    /// For people; no text of users.
    pub title: String,
    /// The rule it is about.
    pub rule: Option<ResourceId>,
    /// The sanction it is about.
    pub sanction: Option<SanctionId>,
}

/// What an alert event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertKind {
    /// The safety switch.
    Safety,
    /// A sanction that is not carried out.
    Sanction,
}

use crate::{AlertId, AlertKind, Person, Place};
use serde::{Deserialize, Serialize};
use umpire_model::{Level, Timestamp};

/// What a delivery says: everything a template may show, as of when it was queued. Users'
/// text in it is hostile until a channel's escaping has been over it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Why it is sent.
    pub reason: Reason,
    /// About what.
    pub kind: AlertKind,
    /// How urgent.
    pub level: Level,
    /// The level before, when it rose.
    pub previous_level: Option<Level>,
    /// What happened, in a few words; no text of users.
    pub title: String,
    /// Resource name of the rule, or empty.
    pub rule: String,
    /// What people call it.
    pub rule_name: String,
    /// The rule's word.
    pub keyword: String,
    /// Of the matter.
    pub labels: Vec<String>,
    /// Hostile; at most 100 characters.
    pub excerpt: String,
    /// Hostile.
    pub place: Place,
    /// Hostile.
    pub sender: Person,
    /// 0 to 1.
    pub confidence: Option<f64>,
    /// What was done at once.
    pub done: Vec<String>,
    /// Events of the matter so far.
    pub count: u64,
    /// Events this notice tells of: those since the last one, and those held back.
    pub stands_for: u64,
    /// When the first happened.
    pub first_time: Timestamp,
    /// When the last happened.
    pub last_time: Timestamp,
    /// Who is mentioned by name, where a channel can.
    pub mentions: Vec<String>,
    /// Whom of its own people a receiver mentions.
    pub mention: Mention,
    /// The urgent look: P0, or a count over the threshold.
    pub urgent: bool,
    /// Who acknowledged or resolved it, for notices of that.
    pub operator: String,
    /// What it is about: one alert, or all of a group or digest.
    pub parts: Vec<Part>,
    /// Parts that are not listed, because there are too many.
    pub more_parts: u64,
    /// Names of audit records, newest last.
    pub audit_records: Vec<String>,
    /// What ties all notices of one matter together at the receiver: alert or group. Stable
    /// from the first to the resolving one, and safe in names.
    pub thread: String,
    /// Until when it holds unless something new happens, for peers that time out.
    pub end_time: Timestamp,
    /// The tenant's IANA time zone.
    pub time_zone: String,
    /// Which tenant's.
    pub tenant: String,
}

/// One alert of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub alert: AlertId,
    /// How urgent.
    pub level: Level,
    /// Its title.
    pub title: String,
    /// Where; hostile.
    pub place: String,
    /// Events that this notice tells of.
    pub stands_for: u64,
}

/// Why people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The first time.
    First,
    /// More happened, or `repeat_interval` passed.
    Repeated,
    /// The level rose.
    LevelUp,
    /// Nobody acknowledged it: the next receivers are called.
    Escalated,
    /// An acknowledgement ended.
    AckExpired,
    /// It is over.
    Resolved,
    /// What a limit of the vendor kept back, in one.
    Digest,
    /// Somebody tests the receiver, or it is time to.
    Test,
}

impl Reason {
    /// As deliveries and templates show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "FIRST",
            Self::Repeated => "REPEATED",
            Self::LevelUp => "LEVEL_UP",
            Self::Escalated => "ESCALATED",
            Self::AckExpired => "ACK_EXPIRED",
            Self::Resolved => "RESOLVED",
            Self::Digest => "DIGEST",
            Self::Test => "TEST",
        }
    }
}

/// Whom of the people it knows a receiver mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mention {
    /// Nobody.
    #[default]
    Nobody,
    /// Those its configuration names: P1.
    Named,
    /// Those, and everybody if its configuration says so: P0.
    All,
}

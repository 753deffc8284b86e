//! How alerts and deliveries are asked for, and what routes and silences match by.

use crate::{Alert, ChannelKind};
use umpire_model::{TenantId, Timestamp};
use umpire_query::{Choices, Expr, Field, Kind, LEVELS, Term, urgency};

/// What alerts can be filtered by; routes, silences and inhibitions, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum AlertField {
    Tenant,
    Kind,
    Level,
    State,
    Key,
    Rule,
    Label,
    Scene,
    Conversation,
    Sender,
    Department,
    Camera,
    Assignee,
    FirstTime,
    LastTime,
    Count,
    Suppressed,
}

/// Kinds of alerts.
pub const ALERT_KINDS: Choices =
    &[("TEXT", 0), ("FRAME", 1), ("SANCTION", 2), ("SAFETY", 3), ("SYSTEM", 4)];
/// States of alerts.
pub const ALERT_STATES: Choices = &[("OPEN", 0), ("ACKNOWLEDGED", 1), ("RESOLVED", 2)];
/// States of deliveries.
pub const DELIVERY_STATES: Choices =
    &[("QUEUED", 0), ("DELIVERED", 1), ("SUPPRESSED", 2), ("EXPIRED", 3), ("DEAD_LETTERED", 4)];
/// Yes and no.
const TRUTH: Choices = &[("false", 0), ("true", 1)];

impl Field for AlertField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "tenant" => Self::Tenant,
            "kind" => Self::Kind,
            "level" => Self::Level,
            "state" => Self::State,
            "key" => Self::Key,
            "rule" => Self::Rule,
            "label" | "labels" => Self::Label,
            "scene" => Self::Scene,
            "conversation" | "conversation.id" => Self::Conversation,
            "sender" | "sender.user_id" => Self::Sender,
            "department" | "sender.department" => Self::Department,
            "camera" => Self::Camera,
            "assignee" => Self::Assignee,
            "first_time" => Self::FirstTime,
            "last_time" => Self::LastTime,
            "count" => Self::Count,
            "suppressed" => Self::Suppressed,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Kind => Kind::Choice(ALERT_KINDS),
            Self::Level => Kind::Choice(LEVELS),
            Self::State => Kind::Choice(ALERT_STATES),
            Self::Label => Kind::Texts,
            Self::FirstTime | Self::LastTime => Kind::Time,
            Self::Count => Kind::Number,
            Self::Suppressed => Kind::Choice(TRUTH),
            Self::Tenant
            | Self::Key
            | Self::Rule
            | Self::Scene
            | Self::Conversation
            | Self::Sender
            | Self::Department
            | Self::Camera
            | Self::Assignee => Kind::Text,
        }
    }
}

/// Whether an alert meets a filter. `rule` takes an id or a name.
#[must_use]
pub fn meets(filter: &Expr<AlertField>, alert: &Alert) -> bool {
    filter.matches(&|term| test(term, alert))
}

fn test(term: &Term<AlertField>, alert: &Alert) -> bool {
    match term.field {
        AlertField::Tenant => term.test_text(alert.tenant.as_str()),
        AlertField::Kind => term.test_number(alert.kind as i64),
        AlertField::Level => term.test_number(urgency(alert.level)),
        AlertField::State => term.test_number(alert.state as i64),
        AlertField::Key => term.test_text(&alert.key),
        AlertField::Rule => test_rule(term, &alert.rule),
        AlertField::Label => term.test_texts(alert.labels.iter().map(String::as_str)),
        AlertField::Scene => term.test_text(&alert.place.scene),
        AlertField::Conversation => term.test_text(&alert.place.conversation_id),
        AlertField::Sender => term.test_text(&alert.sender.user_id),
        AlertField::Department => term.test_text(&alert.sender.department),
        AlertField::Camera => term.test_text(&alert.place.camera),
        AlertField::Assignee => term.test_text(&alert.assignee),
        AlertField::FirstTime => term.test_number(alert.first_time.0),
        AlertField::LastTime => term.test_number(alert.last_time.0),
        AlertField::Count => term.test_number(i64::try_from(alert.count).unwrap_or(i64::MAX)),
        AlertField::Suppressed => term.test_number(i64::from(!alert.suppressed_by.is_empty())),
    }
}

fn test_rule(term: &Term<AlertField>, rule: &str) -> bool {
    if term.value.as_text().contains('/') {
        return term.test_text(rule);
    }
    term.test_text(rule.rsplit('/').next().unwrap_or_default())
}

/// Which alerts of a tenant, newest first.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct AlertQuery {
    pub tenant: TenantId,
    pub filter: Expr<AlertField>,
    pub size: usize,
    /// Where the page before ended; only the store reads it.
    pub cursor: Option<Vec<u8>>,
}

/// What deliveries can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DeliveryField {
    State,
    Receiver,
    Channel,
    Alert,
    Level,
    Reason,
    CreateTime,
}

impl Field for DeliveryField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "state" => Self::State,
            "receiver" => Self::Receiver,
            "channel" => Self::Channel,
            "alert" => Self::Alert,
            "level" => Self::Level,
            "reason" => Self::Reason,
            "create_time" => Self::CreateTime,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::State => Kind::Choice(DELIVERY_STATES),
            Self::Level => Kind::Choice(LEVELS),
            Self::CreateTime => Kind::Time,
            Self::Receiver | Self::Channel | Self::Alert | Self::Reason => Kind::Text,
        }
    }
}

/// Which deliveries of a tenant, newest first.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct DeliveryQuery {
    pub tenant: TenantId,
    /// `receiver` and `alert` take an id or a name.
    pub filter: Expr<DeliveryField>,
    pub size: usize,
    pub cursor: Option<Vec<u8>>,
}

/// Which deliveries of a tenant are counted: those queued in `[from, to)`, tests left out.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct StatsQuery {
    pub tenant: TenantId,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Deliveries over one channel at one level.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Stats {
    pub channel: ChannelKind,
    pub level: umpire_model::Level,
    pub queued: u64,
    pub delivered: u64,
    pub suppressed: u64,
    pub expired: u64,
    pub dead_lettered: u64,
    /// Calls of the vendor.
    pub attempts: u64,
    /// From queueing to the vendor's yes, in milliseconds, of those delivered; the median
    /// and the 99th percentile.
    pub latency_ms_p50: u64,
    pub latency_ms_p99: u64,
    /// The vendor's codes, each with how often it came, most frequent first; at most 20.
    pub vendor_codes: Vec<(String, u64)>,
}

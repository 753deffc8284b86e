//! How lists of sanctions and strikes are asked for.

use umpire_model::TenantId;
use umpire_query::{Choices, Expr, Field, Kind};

/// What sanctions can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SanctionField {
    State,
    Kind,
    Origin,
    UserId,
    ServerId,
    Channel,
    Category,
    RoleId,
    Rule,
    Revision,
    StartTime,
    EndTime,
    Permanent,
    Suppressed,
    Active,
    Operator,
}

/// States, in the order of the contract.
pub const STATES: Choices = &[
    ("PENDING", 0),
    ("HELD", 1),
    ("EXECUTING", 2),
    ("DONE", 3),
    ("FAILED", 4),
    ("LIFTED", 5),
    ("EXPIRED", 6),
];
/// Kinds, the gravest last.
pub const KINDS: Choices = &[("WARN", 0), ("MUTE", 1), ("LOGIN_BAN", 2)];
/// Origins.
pub const ORIGINS: Choices = &[("AUTOMATIC", 0), ("MANUAL", 1)];
/// Yes and no.
pub const TRUTH: Choices = &[("false", 0), ("true", 1)];

impl Field for SanctionField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "state" => Self::State,
            "kind" => Self::Kind,
            "origin" => Self::Origin,
            "subject.user_id" => Self::UserId,
            "subject.server_id" => Self::ServerId,
            "subject.channel" => Self::Channel,
            "subject.category" => Self::Category,
            "subject.role_id" => Self::RoleId,
            "sanction_rule" => Self::Rule,
            "revision" => Self::Revision,
            "start_time" => Self::StartTime,
            "end_time" => Self::EndTime,
            "permanent" => Self::Permanent,
            "suppressed" => Self::Suppressed,
            "active" => Self::Active,
            "operator" => Self::Operator,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::State => Kind::Choice(STATES),
            Self::Kind => Kind::Choice(KINDS),
            Self::Origin => Kind::Choice(ORIGINS),
            Self::Revision => Kind::Number,
            Self::StartTime | Self::EndTime => Kind::Time,
            Self::Permanent | Self::Suppressed | Self::Active => Kind::Choice(TRUTH),
            Self::UserId
            | Self::ServerId
            | Self::Channel
            | Self::Category
            | Self::RoleId
            | Self::Rule
            | Self::Operator => Kind::Text,
        }
    }
}

/// Which sanctions of a tenant, newest first.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct SanctionQuery {
    pub tenant: TenantId,
    /// `sanction_rule` takes an id or a name.
    pub filter: Expr<SanctionField>,
    pub size: usize,
    /// Where the page before ended; only the store reads it.
    pub cursor: Option<Vec<u8>>,
}

/// What counters can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum StrikeField {
    Rule,
    UserId,
    ServerId,
}

impl Field for StrikeField {
    fn from_path(path: &str) -> Option<Self> {
        match path {
            "sanction_rule" => Some(Self::Rule),
            "subject.user_id" => Some(Self::UserId),
            "subject.server_id" => Some(Self::ServerId),
            _ => None,
        }
    }

    fn kind(self) -> Kind {
        Kind::Text
    }
}

/// Which counters of a tenant.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct StrikeQuery {
    pub tenant: TenantId,
    pub filter: Expr<StrikeField>,
    pub size: usize,
    pub cursor: Option<Vec<u8>>,
}

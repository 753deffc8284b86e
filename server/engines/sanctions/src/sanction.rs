use crate::Subject;
use serde::{Deserialize, Serialize};
use umpire_model::{LocalizedText, ResourceId, SanctionId, SanctionKind, TenantId, Timestamp};

/// A warning, mute or ban, with all that has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // most fields are those of `umpire.v1.Sanction`
pub struct Sanction {
    pub id: SanctionId,
    pub tenant: TenantId,
    pub subject: Subject,
    pub kind: SanctionKind,
    pub state: State,
    pub origin: Origin,
    pub operator: String,
    pub start_time: Timestamp,
    /// `None` when permanent, or a WARN.
    pub end_time: Option<Timestamp>,
    pub permanent: bool,
    pub kick_online: bool,
    pub reason: String,
    pub player_message: LocalizedText,
    pub remark: String,
    pub content: String,
    pub ip: String,
    pub callback_info: String,
    pub sanction_rule: Option<ResourceId>,
    pub revision: u64,
    /// Ids of records.
    pub audit_records: Vec<String>,
    pub deliveries: Vec<Enforcement>,
    pub history: Vec<HistoryEntry>,
    pub suppressed_by: Option<String>,
    /// Counts its changes, from 1.
    pub version: u64,
    pub step: u32,
    pub total_recharge: Option<i64>,
    /// When the strikes were counted that it cleared, the last message's left out.
    pub cleared: Vec<Timestamp>,
    /// Since when the safety switch holds it.
    pub held_since: Option<Timestamp>,
    /// Microseconds it was held before that.
    pub held_micros: u64,
    /// When the enforcers were first told, or would have been.
    pub dispatch_time: Option<Timestamp>,
    /// A person let it out of HELD: it goes whatever the switch says.
    pub released: bool,
}

/// The life of a sanction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)] // as `umpire.v1.SanctionState`
pub enum State {
    Pending,
    Held,
    Executing,
    Done,
    Failed,
    Lifted,
    Expired,
}

/// Who made a sanction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Origin {
    /// A sanction rule.
    Automatic,
    /// A person.
    Manual,
}

/// What an enforcer was last told, and what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // as `umpire.v1.Sanction.Enforcement`
pub struct Enforcement {
    pub enforcer: ResourceId,
    pub state: EnforcementState,
    pub attempts: u32,
    pub last_error: String,
    pub next_attempt_time: Option<Timestamp>,
    pub notice: Notice,
}

/// What has become of telling an enforcer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)] // as `umpire.v1.EnforcementState`
pub enum EnforcementState {
    Pending,
    Applied,
    Failed,
    Cancelled,
}

/// What an enforcer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)] // as `umpire.v1.EnforcementEvent`
pub enum Notice {
    Apply,
    Extend,
    Lift,
    Expire,
}

/// A step of a sanction's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct HistoryEntry {
    pub state: State,
    pub time: Timestamp,
    pub cause: String,
}

impl Sanction {
    /// Resource name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("tenants/{}/sanctions/{}", self.tenant, self.id)
    }

    /// Changes with every change of the sanction.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("s{}", self.version)
    }

    /// It is neither suppressed nor over, and could be lifted.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.suppressed_by.is_none() && !matches!(self.state, State::Lifted | State::Expired)
    }

    /// It restricts its subject at `now`: a mute or ban whose end did not come, and that a
    /// person made or the safety switch let out.
    #[must_use]
    pub fn restricts(&self, now: Timestamp) -> bool {
        let counts = self.origin == Origin::Manual || self.dispatch_time.is_some();
        self.is_open()
            && counts
            && self.state != State::Held
            && self.kind != SanctionKind::Warn
            && self.end_time.is_none_or(|end| now < end)
    }

    /// Enters a state, for a reason that people can read.
    pub fn enter(&mut self, state: State, time: Timestamp, cause: impl Into<String>) {
        if state == State::Held {
            self.held_since = Some(time);
        } else if let Some(since) = self.held_since.take() {
            self.held_micros = self.held_micros.saturating_add(time.micros_since(since));
        }
        self.state = state;
        self.history.push(HistoryEntry { state, time, cause: cause.into() });
    }
}

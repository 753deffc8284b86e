use serde::{Deserialize, Serialize};
use umpire_model::{LocalizedText, RiskClass, SanctionKind};

/// How many strikes of a kind bring which sanction, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.SanctionRule`
pub struct SanctionRule {
    pub display_name: String,
    pub risk_class: RiskClass,
    pub labels: Vec<String>,
    /// Minor units; the range is half-open, an absent end is open.
    pub charge_from: Option<i64>,
    pub charge_to: Option<i64>,
    pub servers: Vec<String>,
    pub channels: Vec<String>,
    pub threshold: u32,
    /// Seconds; 0 where the threshold is 1.
    pub window: u64,
    pub count_mode: CountMode,
    pub kind: SanctionKind,
    /// How long, in seconds; `None`: permanent, or a WARN.
    pub duration: Option<u64>,
    pub kick_online: bool,
    pub reason: String,
    pub player_message: LocalizedText,
    pub remark: String,
    pub priority: i32,
    pub ladder: Option<Ladder>,
    pub mode: RuleMode,
    pub max_per_minute: u32,
    /// Seconds.
    pub grace: u64,
}

/// What a message counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CountMode {
    /// One strike, whatever matched in it.
    #[default]
    PerMessage,
    /// One for each match that fits.
    PerMatch,
}

/// Whether a sanction rule has effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleMode {
    /// It has.
    #[default]
    Enforced,
    /// It records what it would have done.
    Shadow,
    /// It is not looked at.
    Off,
}

/// How repeat offenders climb.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ladder {
    /// The n-th sanction takes the n-th, later ones the last.
    pub steps: Vec<Step>,
    /// Without steps: each lasts so many times as long as the one before.
    pub factor: f64,
    /// Longest, in seconds, without steps.
    pub maximum: Option<u64>,
    /// Earlier sanctions count for so many seconds.
    pub memory: u64,
    /// Each so many seconds without a sanction take one step back.
    pub decay: Option<u64>,
}

/// One step of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The rule's when absent.
    pub kind: Option<SanctionKind>,
    /// Seconds; `None`: permanent, or a WARN.
    pub duration: Option<u64>,
}

impl SanctionRule {
    /// It gives a sanction without an end; a WARN has none to give.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.kind != SanctionKind::Warn && self.duration.is_none()
    }
}

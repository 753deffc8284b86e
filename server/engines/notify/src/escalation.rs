use serde::{Deserialize, Serialize};
use umpire_model::{Level, ResourceId, Timestamp};

/// What happens while a matter persists or nobody acknowledges it, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.EscalationPolicy`
pub struct EscalationPolicy {
    pub display_name: String,
    /// One after the other, each counted from the one before; at most 20.
    pub steps: Vec<EscalationStep>,
    /// How often the steps start again after the last one: at most 5.
    pub repeat: u32,
    /// Each raises an alert at most once.
    pub raises: Vec<Raise>,
}

/// Whom to call next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationStep {
    /// After so many seconds without an acknowledgement.
    pub wait: u64,
    /// Whom.
    pub receivers: Vec<ResourceId>,
    /// To this level, if it is lower now.
    pub raise_to: Option<Level>,
}

/// A level that a matter rises to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// When so many events, 2 to 1,000,
    pub count: u32,
    /// happened within so many seconds.
    pub seconds: u64,
    /// To this level, if it is lower now.
    pub to: Level,
}

/// A policy that runs for one alert, as it was when it started: later changes of the policy
/// do not reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Its id.
    pub policy: ResourceId,
    /// What it says.
    pub plan: EscalationPolicy,
    /// The step that comes next.
    pub step: usize,
    /// When; `None` when no step is left or somebody acknowledged the alert.
    pub due: Option<Timestamp>,
    /// How often it started again.
    pub rounds: u32,
    /// Which of the raises were made.
    pub raised: Vec<usize>,
}

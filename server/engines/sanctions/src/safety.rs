use serde::{Deserialize, Serialize};
use umpire_model::{ResourceId, Timestamp};

/// Automatic sanctions a minute before HOLD, unless a tenant chose.
pub const DEFAULT_BUDGET: u32 = 60;

/// Whether a tenant's automatic sanctions go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.SafetySwitch`
pub struct SafetySwitch {
    pub state: SafetyState,
    pub budget_per_minute: u32,
    pub operator: String,
    pub reason: String,
    pub update_time: Option<Timestamp>,
    pub probe_left: Option<u32>,
    pub surged_rule: Option<ResourceId>,
    /// When a person last turned it on: budgets are counted anew from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub armed_time: Option<Timestamp>,
    /// Counts its changes; 0 for one that nobody touched.
    pub version: u64,
}

/// Whether automatic sanctions go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SafetyState {
    /// They do.
    On,
    /// They are made and kept back.
    Hold,
    /// None is made.
    Off,
}

impl SafetySwitch {
    /// Changes with every change of the switch.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("w{}", self.version)
    }
}

impl Default for SafetySwitch {
    fn default() -> Self {
        Self {
            state: SafetyState::On,
            budget_per_minute: DEFAULT_BUDGET,
            operator: String::new(),
            reason: String::new(),
            update_time: None,
            probe_left: None,
            surged_rule: None,
            armed_time: None,
            version: 0,
        }
    }
}

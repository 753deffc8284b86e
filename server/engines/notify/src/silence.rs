use serde::{Deserialize, Serialize};
use umpire_model::Timestamp;

/// Alerts that nobody is told of for a while, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Silence`
pub struct Silence {
    /// A filter over alerts; required.
    pub matches: String,
    /// Required.
    pub reason: String,
    pub start_time: Timestamp,
    pub end_time: Timestamp,
}

impl Silence {
    /// Whether it is in force.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.start_time <= now && now < self.end_time
    }
}

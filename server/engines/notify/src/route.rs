use serde::{Deserialize, Serialize};
use umpire_model::{ActiveWindow, ResourceId};

/// Name of the routes a tenant has while it has written none: P0 to every receiver but those
/// of tickets; P1 to groups, people and machines; P2 to one of them; P3 to none.
pub const DEFAULT_ROUTE: &str = "(default)";
/// Name of what is told because a rule names the receiver itself.
pub const CALLED: &str = "(called)";

/// Who is told of which alerts, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Route`
pub struct Route {
    pub display_name: String,
    /// A filter over alerts; empty: all. See [`crate::AlertField`].
    pub matches: String,
    pub receivers: Vec<ResourceId>,
    pub escalation_policy: Option<ResourceId>,
    /// Alerts that are alike in these are told together; empty: each alone.
    pub group_by: Vec<GroupBy>,
    /// Seconds that the first of a group waits for others; P0 never waits.
    pub group_wait: u64,
    /// Seconds between notices of one group.
    pub group_interval: u64,
    /// Seconds after which a matter that is OPEN is told again; 0: never.
    pub repeat_interval: u64,
    /// Seconds in which a key is told once. The server's when `None`.
    pub dedupe_window: Option<u64>,
    /// When it tells anybody; otherwise events end as INACTIVE.
    pub active_window: Option<ActiveWindow>,
    /// Routes after this one are looked at, too.
    pub continue_matching: bool,
    /// Higher comes first; then by id.
    pub priority: i32,
    pub inhibitions: Vec<Inhibition>,
}

/// What makes alerts alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)]
pub enum GroupBy {
    Rule,
    Level,
    Kind,
    Scene,
    Conversation,
    Sender,
    Department,
    Camera,
}

/// While another alert is open, these are not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inhibition {
    /// A filter over the other alert. An alert never holds itself back.
    pub source: String,
    /// Both must be alike in these, and have them: an absent one holds nothing back.
    pub equal: Vec<GroupBy>,
}

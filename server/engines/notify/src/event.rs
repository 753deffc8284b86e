use serde::{Deserialize, Serialize};
use umpire_model::{Level, ResourceId, TenantId, Timestamp};
use uuid::Uuid;

/// Something that people on duty may have to know: what is accepted, durably, before
/// anybody is told. Its serialised form is what the store and the spool keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// A UUIDv7; accepted once, however often it is handed over.
    pub id: Uuid,
    /// Whose.
    pub tenant: TenantId,
    /// When it happened.
    pub time: Timestamp,
    /// About what.
    pub kind: AlertKind,
    /// How urgent.
    pub level: Level,
    /// What makes it the same matter as another of the tenant's: by default rule and
    /// conversation. At most 512 bytes.
    pub key: String,
    /// Resource name of the rule; empty when there is none.
    pub rule: String,
    /// What people call the rule.
    pub rule_name: String,
    /// Labels of what matched.
    pub labels: Vec<String>,
    /// What happened, in a few words; no text of users.
    pub title: String,
    /// The rule's word that was found first; not the user's text.
    pub keyword: String,
    /// What was said, masked as in the record; at most 100 characters. Hostile.
    pub excerpt: String,
    /// Resource name of the audit record; empty when there is none.
    pub audit_record: String,
    /// Where it happened.
    pub place: Place,
    /// Who did it.
    pub sender: Person,
    /// How sure a model is, 0 to 1.
    pub confidence: Option<f64>,
    /// What was done at once: names of actions and the decision, such as `BLOCK`.
    pub done: Vec<String>,
    /// Whom its rule names, beside what routes say.
    pub call: Call,
    /// Receivers that are not told, because it is about them.
    pub not_to: Vec<ResourceId>,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertKind {
    /// A message.
    Text,
    /// A camera's frame.
    Frame,
    /// A sanction that is not carried out.
    Sanction,
    /// The safety switch.
    Safety,
    /// The server itself: a receiver that cannot be reached, a silence that ended.
    System,
}

impl AlertKind {
    /// As the contract names it, without a prefix.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["TEXT", "FRAME", "SANCTION", "SAFETY", "SYSTEM"][self as usize]
    }
}

/// Where something happened. Ids and names are users' text: hostile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Place {
    pub scene: String,
    pub conversation_id: String,
    pub conversation_name: String,
    pub camera: String,
}

/// Who did something. Ids and names are users' text: hostile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Person {
    pub user_id: String,
    pub display_name: String,
    pub department: String,
    pub server_id: String,
}

/// Whom the actions of a rule name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Call {
    /// Targets of ALERT: receivers that are told beside those of the routes.
    pub receivers: Vec<ResourceId>,
    /// Targets of MENTION: who is mentioned where a channel can.
    pub mentions: Vec<String>,
    /// A TICKET is asked for: receivers of kind `jira` are told, those named in `receivers`
    /// or, if none is, all of them.
    pub ticket: bool,
    /// ALERT is asked for: routes are followed. Without it only tickets and mentions are.
    pub alert: bool,
}

use serde::{Deserialize, Serialize};
use umpire_model::{Message, Violation};

/// Most entries of one list.
const MAX_ENTRIES: usize = 1_000;

/// Where a rule watches; an empty list means everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Scope`
pub struct Scope {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conversations: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
}

impl Scope {
    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }

    /// Whether the rule watches this message.
    #[must_use]
    pub fn covers(&self, message: &Message<'_>) -> bool {
        let within =
            |list: &[String], value: &str| list.is_empty() || list.iter().any(|v| v == value);
        within(&self.scenes, message.scene)
            && within(&self.conversations, message.conversation.id)
            && within(&self.departments, message.sender.department)
            && within(&self.servers, message.sender.server_id)
            && within(&self.channels, message.sender.channel)
    }

    pub(crate) fn check(&self, path: &str, found: &mut Vec<Violation>) {
        for (name, list) in self.lists() {
            if list.len() > MAX_ENTRIES {
                found.push(Violation::too_large(format!("{path}.{name}"), MAX_ENTRIES));
            }
            if list.iter().any(String::is_empty) {
                found.push(Violation::invalid(
                    format!("{path}.{name}"),
                    "must not hold an empty id",
                ));
            }
        }
    }

    fn lists(&self) -> [(&'static str, &[String]); 5] {
        [
            ("scenes", &self.scenes),
            ("conversations", &self.conversations),
            ("departments", &self.departments),
            ("servers", &self.servers),
            ("channels", &self.channels),
        ]
    }
}

use crate::message_window::MessageWindow;
use serde::{Deserialize, Serialize};
use umpire_model::{ConversationKind, Message, TenantId, Violation};

/// Most conversations of an allow-list, and most scene switches.
const MAX_ENTRIES: usize = 10_000;
/// Most included tenants.
const MAX_INCLUDES: usize = 8;

/// What a tenant chose about checking and recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TenantSettings {
    /// Ids of the conversations that are watched; empty means all.
    pub conversation_scope: Vec<String>,
    /// Kinds that are watched; empty means all.
    pub monitored_kinds: Vec<ConversationKind>,
    /// A scene that is not listed is on.
    pub scenes: Vec<SceneSwitch>,
    /// What is recorded.
    pub record: RecordPolicy,
    /// Whether a verdict waits until its record is durable.
    pub wait_for_record: bool,
    /// Tenants whose rules judge this tenant's messages too, after its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<TenantId>,
    /// How far back a sender's messages are joined; not at all, when `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_window: Option<MessageWindow>,
}

/// Switches one scene on or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct SceneSwitch {
    pub id: String,
    pub enabled: bool,
}

/// Which checked messages are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecordPolicy {
    /// Those with a match.
    #[default]
    Matches,
    /// Every one.
    All,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            conversation_scope: Vec::new(),
            monitored_kinds: Vec::new(),
            scenes: Vec::new(),
            record: RecordPolicy::Matches,
            wait_for_record: true,
            includes: Vec::new(),
            message_window: None,
        }
    }
}

impl TenantSettings {
    /// Whether a message is watched at all.
    #[must_use]
    pub fn watches(&self, message: &Message<'_>) -> bool {
        let scene_off = |switch: &SceneSwitch| switch.id == message.scene && !switch.enabled;
        let kind_watched = |kind| self.monitored_kinds.contains(&kind);
        (self.conversation_scope.is_empty()
            || self
                .conversation_scope
                .binary_search_by(|id| id.as_str().cmp(message.conversation.id))
                .is_ok())
            && (self.monitored_kinds.is_empty()
                || message.conversation.kind.is_some_and(kind_watched))
            && !self.scenes.iter().any(scene_off)
    }

    /// Brings lists into the order [`TenantSettings::watches`] needs.
    pub(crate) fn normalize(&mut self) {
        self.conversation_scope.sort_unstable();
        self.conversation_scope.dedup();
    }

    pub(crate) fn check(&self, found: &mut Vec<Violation>) {
        let path = "tenant.settings";
        if self.conversation_scope.len() > MAX_ENTRIES {
            found.push(Violation::too_large(format!("{path}.conversation_scope"), MAX_ENTRIES));
        }
        if self.scenes.len() > MAX_ENTRIES {
            found.push(Violation::too_large(format!("{path}.scenes"), MAX_ENTRIES));
        }
        if self.includes.len() > MAX_INCLUDES {
            found.push(Violation::too_large(format!("{path}.includes"), MAX_INCLUDES));
        }
        if self.conversation_scope.iter().any(String::is_empty) {
            let path = format!("{path}.conversation_scope");
            found.push(Violation::invalid(path, "must not hold an empty id"));
        }
        if let Some(window) = &self.message_window {
            window.check(&format!("{path}.message_window"), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::Conversation;

    #[test]
    fn scope_kinds_and_scenes() {
        let message = |scene, id, kind| Message {
            scene,
            conversation: Conversation { id, name: "", kind },
            ..Message::default()
        };
        let group = Some(ConversationKind::Group);
        let open = TenantSettings::default();
        assert!(open.watches(&message("world", "", None)));

        let mut narrow = TenantSettings {
            conversation_scope: vec!["b".into(), "a".into()],
            monitored_kinds: vec![ConversationKind::Group],
            scenes: vec![SceneSwitch { id: "mail".into(), enabled: false }],
            ..TenantSettings::default()
        };
        narrow.normalize();
        for (watched, scene, id, kind) in [
            (true, "world", "a", group),
            (true, "world", "b", group),
            (false, "world", "c", group),
            (false, "world", "a", Some(ConversationKind::Direct)),
            (false, "world", "a", None),
            (false, "mail", "a", group),
        ] {
            assert_eq!(narrow.watches(&message(scene, id, kind)), watched, "{scene} {id} {kind:?}");
        }
    }
}

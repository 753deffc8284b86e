//! What alerts have in common.

use crate::{Alert, GroupBy};

fn name(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Rule => "rule",
        GroupBy::Level => "level",
        GroupBy::Kind => "kind",
        GroupBy::Scene => "scene",
        GroupBy::Conversation => "conversation",
        GroupBy::Sender => "sender",
        GroupBy::Department => "department",
        GroupBy::Camera => "camera",
    }
}

/// Empty when the alert has none.
fn value(alert: &Alert, by: GroupBy) -> &str {
    match by {
        GroupBy::Rule => &alert.rule,
        GroupBy::Level => alert.level.name(),
        GroupBy::Kind => alert.kind.name(),
        GroupBy::Scene => &alert.place.scene,
        GroupBy::Conversation => &alert.place.conversation_id,
        GroupBy::Sender => &alert.sender.user_id,
        GroupBy::Department => &alert.sender.department,
        GroupBy::Camera => &alert.place.camera,
    }
}

/// Whether both alerts have this, and it is the same.
pub(super) fn are_alike(one: &Alert, other: &Alert, by: GroupBy) -> bool {
    !value(one, by).is_empty() && value(one, by) == value(other, by)
}

/// What ties an alert to others of its group: `name=value` lines in the order of `by`;
/// empty when nothing does. Values are users' text, and cannot pass for two lines.
pub(crate) fn group_key(alert: &Alert, by: &[GroupBy]) -> String {
    let lines = by.iter().map(|by| {
        let value = value(alert, *by).replace('\\', "\\\\").replace('\n', "\\n");
        format!("{}={value}", name(*by))
    });
    lines.collect::<Vec<_>>().join("\n")
}

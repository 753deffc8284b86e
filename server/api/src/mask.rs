//! `update_mask`: which fields of a resource a change takes over.

use crate::error::ApiError;
use prost_types::FieldMask;
use umpire_proto::v1 as pb;

/// Copies the named fields; says which is unknown.
macro_rules! copy_fields {
    ($path:expr, $from:expr, $to:expr, { $($name:literal => $($field:ident).+),* $(,)? }) => {
        match $path {
            $($name => $to.$($field).+ = $from.$($field).+.clone(),)*
            _ => return false,
        }
    };
}

/// Fields of a rule that a change may name; `*` names them all.
const RULE_FIELDS: [&str; 14] = [
    "display_name",
    "text",
    "frame",
    "level",
    "risk_class",
    "labels",
    "actions",
    "scope",
    "exemptions",
    "mode",
    "rollout_percent",
    "priority",
    "active_window",
    "reply",
];

/// The rule that `change` makes of `current` under a mask; without one, every
/// field that is set in `change`, those inside `text` one by one.
pub(crate) fn apply_to_rule(
    current: pb::Rule,
    change: &pb::Rule,
    mask: Option<&FieldMask>,
) -> Result<pb::Rule, ApiError> {
    let paths = match mask {
        Some(mask) if !mask.paths.is_empty() => mask.paths.clone(),
        _ => rule_fields_set(change),
    };
    let mut merged = current;
    for path in &paths {
        let known = if path == "*" {
            RULE_FIELDS.iter().all(|field| copy_rule_field(field, change, &mut merged))
        } else {
            copy_rule_field(path, change, &mut merged)
        };
        if !known {
            return Err(ApiError::invalid("update_mask", format!("`{path}` cannot be changed")));
        }
    }
    Ok(merged)
}

fn copy_rule_field(path: &str, from: &pb::Rule, to: &mut pb::Rule) -> bool {
    if let Some(field) = path.strip_prefix("text.") {
        return copy_text_field(field, from, to);
    }
    copy_fields!(path, from, to, {
        "display_name" => display_name,
        "text" => condition,
        "frame" => condition,
        "behavior" => condition,
        "rate" => condition,
        "classifier" => condition,
        "expression" => condition,
        "level" => level,
        "risk_class" => risk_class,
        "labels" => labels,
        "actions" => actions,
        "scope" => scope,
        "exemptions" => exemptions,
        "mode" => mode,
        "rollout_percent" => rollout_percent,
        "priority" => priority,
        "active_window" => active_window,
        "reply" => reply,
    });
    true
}

fn copy_text_field(path: &str, from: &pb::Rule, to: &mut pb::Rule) -> bool {
    let (from, mut text) = (text_of(from), text_of(to));
    copy_fields!(path, from, text, {
        "words" => words,
        "word_list" => word_list,
        "regex" => regex,
        "detector" => detector,
        "tree" => tree,
        "match" => r#match,
        "normalize" => normalize,
        "transformations" => transformations,
        "exceptions" => exceptions,
        "allow_lists" => allow_lists,
        "across_messages" => across_messages,
    });
    to.condition = Some(pb::rule::Condition::Text(text));
    true
}

fn text_of(rule: &pb::Rule) -> pb::TextCondition {
    match &rule.condition {
        Some(pb::rule::Condition::Text(text)) => text.clone(),
        _ => pb::TextCondition::default(),
    }
}

fn rule_fields_set(rule: &pb::Rule) -> Vec<String> {
    let set = [
        ("display_name", !rule.display_name.is_empty()),
        ("text", matches!(&rule.condition, Some(condition) if !is_text(condition))),
        ("level", rule.level != 0),
        ("risk_class", rule.risk_class != 0),
        ("labels", !rule.labels.is_empty()),
        ("actions", !rule.actions.is_empty()),
        ("scope", rule.scope.is_some()),
        ("exemptions", !rule.exemptions.is_empty()),
        ("mode", rule.mode != 0),
        ("rollout_percent", rule.rollout_percent.is_some()),
        ("priority", rule.priority != 0),
        ("active_window", rule.active_window.is_some()),
        ("reply", rule.reply.is_some()),
    ];
    names(&set).into_iter().chain(text_fields_set(rule)).collect()
}

fn is_text(condition: &pb::rule::Condition) -> bool {
    matches!(condition, pb::rule::Condition::Text(_))
}

fn text_fields_set(rule: &pb::Rule) -> Vec<String> {
    let text = text_of(rule);
    names(&[
        ("text.words", !text.words.is_empty()),
        ("text.word_list", !text.word_list.is_empty()),
        ("text.regex", !text.regex.is_empty()),
        ("text.detector", !text.detector.is_empty()),
        ("text.tree", text.tree.is_some()),
        ("text.match", text.r#match != 0),
        ("text.normalize", text.normalize != 0),
        ("text.transformations", !text.transformations.is_empty()),
        ("text.exceptions", !text.exceptions.is_empty()),
        ("text.allow_lists", !text.allow_lists.is_empty()),
        ("text.across_messages", text.across_messages),
    ])
}

/// As [`apply_to_rule`], for word lists. The purpose stays.
pub(crate) fn apply_to_word_list(
    current: pb::WordList,
    change: &pb::WordList,
    mask: Option<&FieldMask>,
) -> Result<pb::WordList, ApiError> {
    let paths = match mask {
        Some(mask) if !mask.paths.is_empty() => mask.paths.clone(),
        _ => names(&[
            ("display_name", !change.display_name.is_empty()),
            ("all_rules", change.all_rules),
            ("scope", change.scope.is_some()),
        ]),
    };
    let mut merged = current;
    for path in &paths {
        let all = ["display_name", "all_rules", "scope"];
        let known = if path == "*" {
            all.iter().all(|field| copy_word_list_field(field, change, &mut merged))
        } else {
            copy_word_list_field(path, change, &mut merged)
        };
        if !known {
            return Err(ApiError::invalid("update_mask", format!("`{path}` cannot be changed")));
        }
    }
    Ok(merged)
}

fn copy_word_list_field(path: &str, from: &pb::WordList, to: &mut pb::WordList) -> bool {
    copy_fields!(path, from, to, {
        "display_name" => display_name,
        "all_rules" => all_rules,
        "scope" => scope,
    });
    true
}

fn names(fields: &[(&str, bool)]) -> Vec<String> {
    fields.iter().filter(|(_, set)| *set).map(|(name, _)| (*name).to_owned()).collect()
}

/// As [`apply_to_rule`], for tenants.
pub(crate) fn apply_to_tenant(
    current: pb::Tenant,
    change: &pb::Tenant,
    mask: Option<&FieldMask>,
) -> Result<pb::Tenant, ApiError> {
    let paths = match mask {
        Some(mask) if !mask.paths.is_empty() => mask.paths.clone(),
        _ => tenant_fields_set(change),
    };
    let mut merged = current;
    for path in &paths {
        let all = ["display_name", "time_zone", "currency", "settings"];
        let known = if path == "*" {
            all.iter().all(|field| copy_tenant_field(field, change, &mut merged))
        } else {
            copy_tenant_field(path, change, &mut merged)
        };
        if !known {
            return Err(ApiError::invalid("update_mask", format!("`{path}` cannot be changed")));
        }
    }
    Ok(merged)
}

fn copy_tenant_field(path: &str, from: &pb::Tenant, to: &mut pb::Tenant) -> bool {
    if let Some(field) = path.strip_prefix("settings.") {
        let from = from.settings.clone().unwrap_or_default();
        let to = to.settings.get_or_insert_default();
        copy_fields!(field, from, to, {
            "conversation_scope" => conversation_scope,
            "monitored_kinds" => monitored_kinds,
            "scenes" => scenes,
            "record" => record,
            "wait_for_record" => wait_for_record,
            "degraded_policy" => degraded_policy,
            "includes" => includes,
            "frame_alert_threshold" => frame_alert_threshold,
            "frame_alerts_enabled" => frame_alerts_enabled,
            "message_window" => message_window,
        });
        return true;
    }
    copy_fields!(path, from, to, {
        "display_name" => display_name,
        "time_zone" => time_zone,
        "currency" => currency,
        "settings" => settings,
    });
    true
}

fn tenant_fields_set(tenant: &pb::Tenant) -> Vec<String> {
    let set = [
        ("display_name", !tenant.display_name.is_empty()),
        ("time_zone", !tenant.time_zone.is_empty()),
        ("currency", !tenant.currency.is_empty()),
    ];
    names(&set).into_iter().chain(settings_set(tenant)).collect()
}

fn settings_set(tenant: &pb::Tenant) -> Vec<String> {
    let Some(settings) = &tenant.settings else { return Vec::new() };
    names(&[
        ("settings.conversation_scope", !settings.conversation_scope.is_empty()),
        ("settings.monitored_kinds", !settings.monitored_kinds.is_empty()),
        ("settings.scenes", !settings.scenes.is_empty()),
        ("settings.record", settings.record != 0),
        ("settings.wait_for_record", settings.wait_for_record.is_some()),
        ("settings.degraded_policy", settings.degraded_policy.is_some()),
        ("settings.includes", !settings.includes.is_empty()),
        ("settings.frame_alert_threshold", settings.frame_alert_threshold.is_some()),
        ("settings.frame_alerts_enabled", settings.frame_alerts_enabled.is_some()),
        ("settings.message_window", settings.message_window.is_some()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, words: &[&str]) -> pb::Rule {
        let words = words.iter().map(|&word| word.to_owned()).collect();
        let text = pb::TextCondition { words, ..<_>::default() };
        pb::Rule {
            display_name: name.into(),
            condition: Some(pb::rule::Condition::Text(text)),
            priority: 3,
            ..<_>::default()
        }
    }

    fn mask(paths: &[&str]) -> Option<FieldMask> {
        Some(FieldMask { paths: paths.iter().map(|&path| path.to_owned()).collect() })
    }

    #[test]
    fn only_named_fields_change() {
        let current = rule("old", &["a"]);
        let change = pb::Rule { priority: 0, ..rule("new", &["b"]) };
        let apply = |paths: &[&str]| apply_to_rule(current.clone(), &change, mask(paths).as_ref());
        assert_eq!(
            apply(&["display_name"]),
            Ok(pb::Rule { display_name: "new".into(), ..current.clone() })
        );
        assert_eq!(apply(&["text.words"]), Ok(rule("old", &["b"])));
        assert_eq!(apply(&["*"]), Ok(change.clone()));
        assert_eq!(apply(&[]), Ok(rule("new", &["b"])), "set fields only: priority stays");
        for bad in ["name", "etag", "text.color", "color"] {
            assert!(apply(&[bad]).is_err(), "{bad}");
        }
    }
}

use super::{merge, names, paths, refused};
use crate::error::ApiError;
use prost_types::FieldMask;
use umpire_proto::v1 as pb;

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
    let paths = paths(mask, || rule_fields_set(change));
    merge(current, change, &paths, &RULE_FIELDS, copy_rule_field).map_err(refused)
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

//! Rules and revisions.

use super::{
    enums::{self, known},
    time, verdict,
};
use umpire_model::{Action, Level, ResourceId, TenantId, Violation};
use umpire_proto::v1::{self as pb, rule::Condition as ProtoCondition};
use umpire_rules::{
    Condition, LocalizedText, Revision, Rule, RuleMode, Scope, StoredRule, TextCondition,
};

/// The rule a caller wrote, under `id`. Fields the server sets are ignored; what
/// this version cannot honour is refused.
pub(crate) fn from_proto(rule: &pb::Rule, id: ResourceId) -> Result<Rule, Vec<Violation>> {
    let mut refused = unsupported(rule);
    let condition = match &rule.condition {
        Some(ProtoCondition::Text(text)) => text_condition(text, &mut refused),
        Some(other) => {
            refused.push(Violation::unsupported(format!("rule.{}", condition_name(other))));
            TextCondition::default()
        }
        None => {
            refused.push(Violation::invalid("rule.text", "a rule needs a condition"));
            TextCondition::default()
        }
    };
    let actions = actions(rule, &mut refused);
    let level = known(enums::level_from(rule.level), "rule.level", &mut refused);
    let class = enums::risk_class_from(rule.risk_class);
    let risk_class = known(class, "rule.risk_class", &mut refused);
    let mode = known(enums::rule_mode_from(rule.mode), "rule.mode", &mut refused);
    if !refused.is_empty() {
        return Err(refused);
    }
    Ok(Rule {
        id,
        display_name: rule.display_name.clone(),
        condition: Condition::Text(condition),
        level: level.unwrap_or(Level::P3),
        risk_class,
        labels: rule.labels.iter().map(|label| label.as_str().into()).collect(),
        actions,
        scope: rule.scope.as_ref().map(scope_from).unwrap_or_default(),
        mode: mode.unwrap_or(RuleMode::Enforced),
        priority: rule.priority,
        reply: rule.reply.as_ref().map(localized_from).unwrap_or_default(),
    })
}

fn unsupported(rule: &pb::Rule) -> Vec<Violation> {
    let given = [
        ("exemptions", !rule.exemptions.is_empty()),
        ("rollout_percent", rule.rollout_percent.is_some()),
        ("active_window", rule.active_window.is_some()),
    ];
    let given = given.into_iter().filter(|(_, given)| *given);
    given.map(|(name, _)| Violation::unsupported(format!("rule.{name}"))).collect()
}

fn condition_name(condition: &ProtoCondition) -> &'static str {
    match condition {
        ProtoCondition::Text(_) => "text",
        ProtoCondition::Frame(_) => "frame",
        ProtoCondition::Behavior(_) => "behavior",
        ProtoCondition::Rate(_) => "rate",
        ProtoCondition::Classifier(_) => "classifier",
        ProtoCondition::Expression(_) => "expression",
    }
}

fn text_condition(text: &pb::TextCondition, refused: &mut Vec<Violation>) -> TextCondition {
    let given = [
        ("word_list", !text.word_list.is_empty()),
        ("tree", text.tree.is_some()),
        ("transformations", !text.transformations.is_empty()),
        ("allow_lists", !text.allow_lists.is_empty()),
    ];
    let given = given.into_iter().filter(|(_, given)| *given);
    refused.extend(given.map(|(name, _)| Violation::unsupported(format!("rule.text.{name}"))));
    let mode = known(enums::word_mode_from(text.r#match), "rule.text.match", refused);
    let set = enums::normalization_from(text.normalize);
    let normalize = known(set, "rule.text.normalize", refused);
    TextCondition {
        words: text.words.iter().map(|word| word.as_str().into()).collect(),
        regex: (!text.regex.is_empty()).then(|| text.regex.as_str().into()),
        detector: (!text.detector.is_empty()).then(|| text.detector.clone()),
        mode: mode.unwrap_or_default(),
        normalize: normalize.unwrap_or_default(),
        exceptions: text.exceptions.iter().map(|phrase| phrase.as_str().into()).collect(),
    }
}

fn actions(rule: &pb::Rule, refused: &mut Vec<Violation>) -> Vec<Action> {
    let mut actions = Vec::new();
    for (index, action) in rule.actions.iter().enumerate() {
        let path = format!("rule.actions[{index}].kind");
        match enums::action_kind_from(action.kind) {
            Ok(Some(kind)) => actions.push(Action {
                kind,
                target: action.target.clone(),
                text: action.text.clone(),
            }),
            Ok(None) => refused.push(Violation::invalid(path, "must be set")),
            Err(unknown) => refused.push(unknown.at(path)),
        }
    }
    actions
}

fn scope_from(scope: &pb::Scope) -> Scope {
    Scope {
        scenes: scope.scenes.clone(),
        conversations: scope.conversations.clone(),
        departments: scope.departments.clone(),
        servers: scope.servers.clone(),
        channels: scope.channels.clone(),
    }
}

fn localized_from(text: &pb::LocalizedText) -> LocalizedText {
    LocalizedText { by_locale: text.by_locale.clone(), fallback: text.fallback.clone() }
}

/// A rule as it is kept, in full.
pub(crate) fn stored_to_proto(stored: &StoredRule, tenant: &TenantId) -> pb::Rule {
    pb::Rule {
        name: format!("tenants/{tenant}/rules/{}", stored.rule.id),
        etag: stored.etag(),
        revision: i64::try_from(stored.revision).unwrap_or(i64::MAX),
        create_time: Some(time::to_proto(stored.create_time)),
        update_time: Some(time::to_proto(stored.update_time)),
        author: stored.author.clone(),
        delete_time: stored.delete_time.map(time::to_proto),
        ..to_proto(&stored.rule)
    }
}

/// What the author of a rule wrote, without name or anything the server sets.
#[must_use]
pub fn to_proto(rule: &Rule) -> pb::Rule {
    let Condition::Text(text) = &rule.condition;
    pb::Rule {
        display_name: rule.display_name.clone(),
        condition: Some(ProtoCondition::Text(text_to_proto(text))),
        level: enums::level(rule.level),
        risk_class: rule.risk_class.map_or(0, enums::risk_class),
        labels: rule.labels.iter().map(|label| label.as_ref().into()).collect(),
        actions: rule.actions.iter().map(verdict::action).collect(),
        scope: (!rule.scope.is_everywhere()).then(|| pb::Scope {
            scenes: rule.scope.scenes.clone(),
            conversations: rule.scope.conversations.clone(),
            departments: rule.scope.departments.clone(),
            servers: rule.scope.servers.clone(),
            channels: rule.scope.channels.clone(),
        }),
        mode: enums::rule_mode(rule.mode),
        priority: rule.priority,
        reply: (!rule.reply.is_empty()).then(|| pb::LocalizedText {
            by_locale: rule.reply.by_locale.clone(),
            fallback: rule.reply.fallback.clone(),
        }),
        ..pb::Rule::default()
    }
}

fn text_to_proto(text: &TextCondition) -> pb::TextCondition {
    pb::TextCondition {
        words: text.words.iter().map(|word| word.as_ref().into()).collect(),
        regex: text.regex.as_deref().unwrap_or_default().into(),
        detector: text.detector.clone().unwrap_or_default(),
        r#match: enums::word_mode(text.mode),
        normalize: enums::normalization(text.normalize),
        exceptions: text.exceptions.iter().map(|phrase| phrase.as_ref().into()).collect(),
        ..pb::TextCondition::default()
    }
}

pub(crate) fn revision_to_proto(revision: &Revision, tenant: &TenantId) -> pb::Revision {
    let changes = revision.changes.iter().map(|change| pb::revision::Change {
        rule: format!("tenants/{tenant}/rules/{}", change.after.rule.id),
        kind: enums::change_kind(change.kind),
        before: change.before.as_ref().map(|before| stored_to_proto(before, tenant)),
        after: Some(stored_to_proto(&change.after, tenant)),
    });
    pb::Revision {
        name: format!("tenants/{tenant}/revisions/{}", revision.number),
        number: i64::try_from(revision.number).unwrap_or(i64::MAX),
        content_hash: revision.content_hash.clone(),
        author: revision.author.clone(),
        reason: revision.reason.clone(),
        create_time: Some(time::to_proto(revision.time)),
        changes: changes.collect(),
    }
}

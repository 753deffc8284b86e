//! Rules.

use super::{
    enums::{self, known},
    localized, text_condition, time, verdict, window,
};
use umpire_model::{Action, Level, ResourceId, TenantId, Violation};
use umpire_proto::v1::{self as pb, rule::Condition as ProtoCondition};
use umpire_rules::{Condition, Exemption, ExpressionCondition, Rule, RuleMode, Scope, StoredRule};

/// The rule a caller of `tenant` wrote, under `id`. Fields the server sets are ignored;
/// what this version cannot honour is refused.
pub(crate) fn from_proto(
    rule: &pb::Rule,
    id: ResourceId,
    tenant: &TenantId,
) -> Result<Rule, Vec<Violation>> {
    let mut refused = unsupported(rule);
    let condition = match &rule.condition {
        Some(ProtoCondition::Text(text)) => {
            Some(Condition::Text(text_condition::from_proto(text, tenant, &mut refused)))
        }
        Some(ProtoCondition::Expression(expression)) => {
            Some(Condition::Expression(ExpressionCondition::new(&expression.cel)))
        }
        Some(other) => {
            refused.push(Violation::unsupported(format!("rule.{}", condition_name(other))));
            None
        }
        None => {
            refused.push(Violation::invalid("rule.text", "a rule needs a condition"));
            None
        }
    };
    let actions = actions(rule, &mut refused);
    let exemptions = exemptions(rule, &mut refused);
    let open = rule.active_window.as_ref();
    let active_window =
        open.map(|open| window::from_proto(open, "rule.active_window", &mut refused));
    let level = known(enums::level_from(rule.level), "rule.level", &mut refused);
    let class = enums::risk_class_from(rule.risk_class);
    let risk_class = known(class, "rule.risk_class", &mut refused);
    let mode = known(enums::rule_mode_from(rule.mode), "rule.mode", &mut refused);
    let Some(condition) = condition.filter(|_| refused.is_empty()) else {
        return Err(refused);
    };
    Ok(Rule {
        id,
        display_name: rule.display_name.clone(),
        condition,
        level: level.unwrap_or(Level::P3),
        risk_class,
        labels: rule.labels.iter().map(|label| label.as_str().into()).collect(),
        actions,
        scope: rule.scope.as_ref().map(scope_from).unwrap_or_default(),
        exemptions,
        mode: mode.unwrap_or(RuleMode::Enforced),
        active_window,
        priority: rule.priority,
        reply: localized::from_proto(rule.reply.as_ref()),
    })
}

fn unsupported(rule: &pb::Rule) -> Vec<Violation> {
    let given = rule.rollout_percent.is_some();
    given.then(|| Violation::unsupported("rule.rollout_percent")).into_iter().collect()
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

fn exemptions(rule: &pb::Rule, refused: &mut Vec<Violation>) -> Vec<Exemption> {
    use pb::exemption::Subject;
    let mut exemptions = Vec::new();
    for (index, exemption) in rule.exemptions.iter().enumerate() {
        let path = format!("rule.exemptions[{index}].end_time");
        let end_time = time::optional(exemption.end_time.as_ref(), &path, refused);
        let (mut sender, mut conversation, mut phrase) = (None, None, None);
        match &exemption.subject {
            Some(Subject::Sender(id)) => sender = Some(id.as_str().into()),
            Some(Subject::Conversation(id)) => conversation = Some(id.as_str().into()),
            Some(Subject::Phrase(text)) => phrase = Some(text.as_str().into()),
            // The engine says that one must be set.
            None => {}
        }
        let reason = exemption.reason.clone();
        exemptions.push(Exemption { sender, conversation, phrase, reason, end_time });
    }
    exemptions
}

fn exemption_to_proto(exemption: &Exemption) -> pb::Exemption {
    use pb::exemption::Subject;
    let text = |text: &std::sync::Arc<str>| text.as_ref().to_owned();
    let sender = exemption.sender.as_ref().map(|id| Subject::Sender(text(id)));
    let conversation = exemption.conversation.as_ref().map(|id| Subject::Conversation(text(id)));
    let phrase = exemption.phrase.as_ref().map(|phrase| Subject::Phrase(text(phrase)));
    pb::Exemption {
        subject: sender.or(conversation).or(phrase),
        reason: exemption.reason.clone(),
        end_time: exemption.end_time.map(time::to_proto),
    }
}

fn actions(rule: &pb::Rule, refused: &mut Vec<Violation>) -> Vec<Action> {
    let mut actions = Vec::new();
    for (index, action) in rule.actions.iter().enumerate() {
        let mask = enums::mask_strategy_from(action.mask);
        let mask = known(mask, &format!("rule.actions[{index}].mask"), refused);
        let path = format!("rule.actions[{index}].kind");
        match enums::action_kind_from(action.kind) {
            Ok(Some(kind)) => actions.push(Action {
                kind,
                target: action.target.clone(),
                text: action.text.clone(),
                mask,
            }),
            Ok(None) => refused.push(Violation::invalid(path, "must be set")),
            Err(unknown) => refused.push(unknown.at(path)),
        }
    }
    actions
}

pub(super) fn scope_from(scope: &pb::Scope) -> Scope {
    Scope {
        scenes: scope.scenes.clone(),
        conversations: scope.conversations.clone(),
        departments: scope.departments.clone(),
        servers: scope.servers.clone(),
        channels: scope.channels.clone(),
    }
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
        ..to_proto(&stored.rule, tenant)
    }
}

/// What the author of a rule wrote, without name or anything the server sets.
pub(crate) fn to_proto(rule: &Rule, tenant: &TenantId) -> pb::Rule {
    pb::Rule {
        display_name: rule.display_name.clone(),
        condition: Some(condition_to_proto(&rule.condition, tenant)),
        level: enums::level(rule.level),
        risk_class: rule.risk_class.map_or(0, enums::risk_class),
        labels: rule.labels.iter().map(|label| label.as_ref().into()).collect(),
        actions: rule.actions.iter().map(verdict::action).collect(),
        scope: scope_to_proto(&rule.scope),
        exemptions: rule.exemptions.iter().map(exemption_to_proto).collect(),
        active_window: rule.active_window.as_ref().map(window::to_proto),
        mode: enums::rule_mode(rule.mode),
        priority: rule.priority,
        reply: localized::to_proto(&rule.reply),
        ..pb::Rule::default()
    }
}

fn condition_to_proto(condition: &Condition, tenant: &TenantId) -> ProtoCondition {
    match condition {
        Condition::Text(text) => ProtoCondition::Text(text_condition::to_proto(text, tenant)),
        Condition::Expression(expression) => ProtoCondition::Expression(pb::ExpressionCondition {
            cel: expression.cel.as_ref().into(),
        }),
    }
}

pub(super) fn scope_to_proto(scope: &Scope) -> Option<pb::Scope> {
    (!scope.is_everywhere()).then(|| pb::Scope {
        scenes: scope.scenes.clone(),
        conversations: scope.conversations.clone(),
        departments: scope.departments.clone(),
        servers: scope.servers.clone(),
        channels: scope.channels.clone(),
    })
}

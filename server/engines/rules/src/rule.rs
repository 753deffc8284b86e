use crate::{
    conditions::{Condition, expression::ExpressionCondition, text::TextCondition},
    exemption::{self, Exemption},
    scope::Scope,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{
    Action, ActionKind, ActiveWindow, Level, LocalizedText, MaskStrategy, ResourceId, RiskClass,
    Timestamp, Violation,
};

/// Most labels of a rule.
const MAX_LABELS: usize = 32;
/// Longest label, in characters.
const MAX_LABEL_CHARS: usize = 64;
/// Most actions of a rule.
const MAX_ACTIONS: usize = 16;
/// Longest display name, in characters.
const MAX_DISPLAY_NAME_CHARS: usize = 200;
/// Longest text of a reply or an action, in bytes.
const MAX_TEXT_BYTES: usize = 4_096;
/// Longest text that MASK shows instead of a hit, in bytes.
const MAX_MASK_TEXT_BYTES: usize = 256;

/// What is matched and what follows, as its author wrote it. Its serialised form
/// is the form of policy documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Rule {
    /// Unique within the tenant.
    pub id: ResourceId,
    /// For people.
    pub display_name: String,
    /// What is matched.
    pub condition: Condition,
    /// How urgent a match is.
    pub level: Level,
    /// What a match counts as.
    pub risk_class: Option<RiskClass>,
    /// What a match is about.
    pub labels: Vec<Arc<str>>,
    /// What follows.
    pub actions: Vec<Action>,
    /// Where the rule watches.
    pub scope: Scope,
    /// Whom or what it lets through.
    pub exemptions: Vec<Exemption>,
    /// Whether it has consequences.
    pub mode: RuleMode,
    /// Higher goes first within a level.
    pub priority: i32,
    /// When it is in force; always, when `None`.
    pub active_window: Option<ActiveWindow>,
    /// Text of REPLY actions without text of their own.
    pub reply: LocalizedText,
}

/// How documents write a rule: the condition is a key of its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    id: ResourceId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    display_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<TextCondition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expression: Option<ExpressionCondition>,
    #[serde(default = "least_level")]
    level: Level,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    risk_class: Option<RiskClass>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Arc<str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Action>,
    #[serde(default, skip_serializing_if = "Scope::is_everywhere")]
    scope: Scope,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exemptions: Vec<Exemption>,
    #[serde(default)]
    mode: RuleMode,
    #[serde(default)]
    priority: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    active_window: Option<ActiveWindow>,
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    reply: LocalizedText,
}

/// A rule without a condition, or with several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rule needs exactly one condition: `text` or `expression`")]
struct NoCondition;

impl TryFrom<Form> for Rule {
    type Error = NoCondition;

    fn try_from(form: Form) -> Result<Self, NoCondition> {
        let condition = match (form.text, form.expression) {
            (Some(text), None) => Condition::Text(text),
            (None, Some(expression)) => Condition::Expression(expression),
            _ => return Err(NoCondition),
        };
        Ok(Self {
            id: form.id,
            display_name: form.display_name,
            condition,
            level: form.level,
            risk_class: form.risk_class,
            labels: form.labels,
            actions: form.actions,
            scope: form.scope,
            exemptions: form.exemptions,
            mode: form.mode,
            priority: form.priority,
            active_window: form.active_window,
            reply: form.reply,
        })
    }
}

impl From<Rule> for Form {
    fn from(rule: Rule) -> Self {
        let (text, expression) = match rule.condition {
            Condition::Text(text) => (Some(text), None),
            Condition::Expression(expression) => (None, Some(expression)),
        };
        Self {
            id: rule.id,
            display_name: rule.display_name,
            text,
            expression,
            level: rule.level,
            risk_class: rule.risk_class,
            labels: rule.labels,
            actions: rule.actions,
            scope: rule.scope,
            exemptions: rule.exemptions,
            mode: rule.mode,
            priority: rule.priority,
            active_window: rule.active_window,
            reply: rule.reply,
        }
    }
}

fn least_level() -> Level {
    Level::P3
}

/// Whether a rule has consequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleMode {
    /// It has.
    #[default]
    Enforced,
    /// Matched and recorded, without effect.
    Shadow,
    /// Not matched.
    Off,
}

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredRule {
    /// What its author wrote.
    pub rule: Rule,
    /// The revision that last changed it.
    pub revision: u64,
    /// When it was made.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
    /// Who last changed it.
    pub author: String,
    /// Set while it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_time: Option<Timestamp>,
}

impl StoredRule {
    /// Changes with every change of the rule.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("r{}", self.revision)
    }

    /// About how many bytes it takes in an answer.
    #[must_use]
    pub fn weight(&self) -> usize {
        let condition = &self.rule.condition;
        let exceptions = condition.text().into_iter().flat_map(|text| &text.exceptions);
        let source = match condition {
            Condition::Text(_) => 0,
            Condition::Expression(expression) => expression.cel.len(),
        };
        512 + source + condition.words().chain(exceptions).map(|word| word.len() + 8).sum::<usize>()
    }
}

impl Rule {
    /// The lists it names: the one it looks for, and those it lets through.
    #[must_use]
    pub fn lists(&self) -> (Option<&ResourceId>, &[ResourceId]) {
        match &self.condition {
            Condition::Text(text) => (text.word_list.as_ref(), text.allow_lists.as_slice()),
            Condition::Expression(_) => (None, &[]),
        }
    }

    /// Everything that is wrong with the rule; paths start with `rule.`.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let mut found = self.condition.violations("rule");
        if self.display_name.chars().count() > MAX_DISPLAY_NAME_CHARS {
            found.push(Violation::too_large("rule.display_name", MAX_DISPLAY_NAME_CHARS));
        }
        self.check_labels(&mut found);
        self.check_actions(&mut found);
        self.check_what_has_no_place(&mut found);
        self.scope.check("rule.scope", &mut found);
        exemption::check(&self.exemptions, "rule.exemptions", &mut found);
        if let Some(window) = &self.active_window {
            window.check("rule.active_window", &mut found);
        }
        let texts = self.reply.by_locale.values().chain([&self.reply.fallback]);
        if texts.into_iter().any(|text| text.len() > MAX_TEXT_BYTES) {
            found.push(Violation::too_large("rule.reply", MAX_TEXT_BYTES));
        }
        found
    }

    fn check_labels(&self, found: &mut Vec<Violation>) {
        if self.labels.len() > MAX_LABELS {
            found.push(Violation::too_large("rule.labels", MAX_LABELS));
        }
        for (index, label) in self.labels.iter().enumerate() {
            if label.trim().is_empty() || label.chars().count() > MAX_LABEL_CHARS {
                let message = format!("must have 1 to {MAX_LABEL_CHARS} characters");
                found.push(Violation::invalid(format!("rule.labels[{index}]"), message));
            }
        }
    }

    /// An expression is true of a message as a whole: there is no place in a text to
    /// cover, and none that a phrase could lie around.
    fn check_what_has_no_place(&self, found: &mut Vec<Violation>) {
        let Condition::Expression(_) = &self.condition else { return };
        for (index, action) in self.actions.iter().enumerate() {
            if action.kind == ActionKind::Mask {
                let message = "an expression has no place in a text that MASK could cover";
                found.push(Violation::invalid(format!("rule.actions[{index}].kind"), message));
            }
        }
        for (index, exemption) in self.exemptions.iter().enumerate() {
            if exemption.phrase.is_some() {
                let message = "an expression cannot let a phrase through";
                found.push(Violation::invalid(format!("rule.exemptions[{index}].phrase"), message));
            }
        }
    }

    fn check_actions(&self, found: &mut Vec<Violation>) {
        if self.actions.len() > MAX_ACTIONS {
            found.push(Violation::too_large("rule.actions", MAX_ACTIONS));
        }
        for (index, action) in self.actions.iter().enumerate() {
            if action.target.len() > MAX_TEXT_BYTES || action.text.len() > MAX_TEXT_BYTES {
                found.push(Violation::too_large(format!("rule.actions[{index}]"), MAX_TEXT_BYTES));
            }
            if action.kind == ActionKind::Reply && action.text.is_empty() && self.reply.is_empty() {
                let message = "a REPLY needs a text of its own or the rule's `reply`";
                found.push(Violation::invalid(format!("rule.actions[{index}].text"), message));
            }
            check_mask(action, &format!("rule.actions[{index}]"), found);
        }
    }
}

fn check_mask(action: &Action, path: &str, found: &mut Vec<Violation>) {
    if action.mask.is_some() && action.kind != ActionKind::Mask {
        found.push(Violation::invalid(format!("{path}.mask"), "is for MASK only"));
    }
    if action.kind == ActionKind::Mask
        && action.mask != Some(MaskStrategy::Fixed)
        && !action.text.is_empty()
    {
        let message = "a MASK shows a text with `mask: FIXED` only";
        found.push(Violation::invalid(format!("{path}.text"), message));
    }
    if action.mask == Some(MaskStrategy::Fixed) && action.text.len() > MAX_MASK_TEXT_BYTES {
        found.push(Violation::too_large(format!("{path}.text"), MAX_MASK_TEXT_BYTES));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_mask_has_a_strategy_and_only_fixed_a_short_text() {
        for (kind, mask, text_len, expected) in [
            (ActionKind::Mask, None, 0, ""),
            (ActionKind::Mask, Some(MaskStrategy::KeepEnds), 0, ""),
            (ActionKind::Mask, Some(MaskStrategy::Fixed), 256, ""),
            (ActionKind::Mask, Some(MaskStrategy::Fixed), 257, "rule.actions[0].text"),
            (ActionKind::Mask, Some(MaskStrategy::Grawlix), 3, "rule.actions[0].text"),
            (ActionKind::Mask, None, 3, "rule.actions[0].text"),
            (ActionKind::Log, Some(MaskStrategy::Full), 0, "rule.actions[0].mask"),
        ] {
            let text = "x".repeat(text_len);
            let mut found = Vec::new();
            check_mask(
                &Action { mask, text, ..Action::plain(kind) },
                "rule.actions[0]",
                &mut found,
            );
            let paths: Vec<_> = found.into_iter().map(|violation| violation.path).collect();
            assert_eq!(paths.join(" "), expected, "{kind:?} {mask:?} {text_len}");
        }
    }

    #[test]
    fn documents_leave_the_strategy_out_when_there_is_none() {
        let read = |json: &str| serde_json::from_str::<Action>(json).expect("an action");
        let plain = read(r#"{"kind": "MASK"}"#);
        assert_eq!(plain, Action::plain(ActionKind::Mask));
        assert_eq!(serde_json::to_string(&plain).expect("written"), r#"{"kind":"MASK"}"#);
        let named = r#"{"kind":"MASK","mask":"KEEP_ENDS"}"#;
        assert_eq!(read(named).mask, Some(MaskStrategy::KeepEnds));
        assert_eq!(serde_json::to_string(&read(named)).expect("written"), named);
    }
}

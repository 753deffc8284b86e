use super::*;
use crate::{
    LocalizedText, Rule, RuleMode, Scope,
    conditions::{Condition, text::TextCondition},
};
use umpire_model::{ActionKind::*, Attachment, Level, ResourceId, RiskClass, Sender, TenantId};
use umpire_text::Scratch;

fn rule(id: &str, words: &[&str], level: Level, actions: &[ActionKind]) -> Rule {
    Rule {
        id: ResourceId::new(id).expect("valid"),
        display_name: String::new(),
        condition: Condition::Text(TextCondition {
            words: words.iter().map(|&word| word.into()).collect(),
            ..TextCondition::default()
        }),
        level,
        risk_class: None,
        labels: vec![format!("label-{id}").into()],
        actions: actions.iter().map(|&kind| Action::plain(kind)).collect(),
        scope: Scope::default(),
        mode: RuleMode::Enforced,
        priority: 0,
        reply: LocalizedText::default(),
    }
}

fn judge(rules: &[Rule], message: &Message<'_>) -> Verdict {
    let set = RuleSet::compile(&TenantId::operator(), 7, rules).expect("valid rules");
    let scanned = set.scan(message, &mut Scratch::default());
    set.evaluate(message, &scanned, "test".into())
}

fn text(text: &str) -> Message<'_> {
    Message { text, ..Message::default() }
}

fn rules_of(verdict: &Verdict) -> Vec<&str> {
    verdict.matches.iter().filter_map(|found| found.rule.rsplit('/').next()).collect()
}

#[test]
fn decisions_follow_from_actions() {
    let table: [(&[ActionKind], Decision); 5] = [
        (&[], Decision::Pass),
        (&[Log, Alert, Mask], Decision::Pass),
        (&[Review], Decision::Review),
        (&[Intercept], Decision::Block),
        (&[Review, Intercept], Decision::Block),
    ];
    for (actions, decision) in table {
        let verdict = judge(&[rule("r", &["bad"], Level::P2, actions)], &text("so bad"));
        assert_eq!(verdict.decision, decision, "{actions:?}");
    }
}

#[test]
fn matches_are_ordered_by_level_then_priority_then_position() {
    let rules = [
        rule("late", &["dd"], Level::P1, &[]),
        rule("early", &["aa"], Level::P1, &[]),
        Rule { priority: 5, ..rule("preferred", &["cc"], Level::P1, &[]) },
        rule("hint", &["aa"], Level::P3, &[]),
        rule("urgent", &["dd"], Level::P0, &[]),
    ];
    let verdict = judge(&rules, &text("aa bb cc dd"));
    assert_eq!(rules_of(&verdict), ["urgent", "preferred", "early", "late", "hint"]);
    assert_eq!(verdict.level, Some(Level::P0));
    assert_eq!(verdict.revision, 7);
}

#[test]
fn shadow_rules_match_without_effect_and_off_rules_do_not_match() {
    let rules = [
        Rule { mode: RuleMode::Shadow, ..rule("shadow", &["bad"], Level::P0, &[Intercept, Mask]) },
        Rule { mode: RuleMode::Off, ..rule("off", &["bad"], Level::P0, &[Intercept]) },
    ];
    let verdict = judge(&rules, &text("bad"));
    assert_eq!(rules_of(&verdict), ["shadow"]);
    assert!(verdict.matches[0].shadow);
    assert_eq!((verdict.decision, verdict.level), (Decision::Pass, None));
    assert!(verdict.labels.is_empty() && verdict.actions.is_empty() && verdict.masks.is_empty());
}

#[test]
fn classes_and_labels_are_gathered() {
    let rules = [
        Rule { risk_class: Some(RiskClass::Fatal), ..rule("a", &["x"], Level::P3, &[]) },
        Rule { risk_class: Some(RiskClass::Sensitive), ..rule("b", &["x"], Level::P1, &[]) },
    ];
    let verdict = judge(&rules, &text("x"));
    assert_eq!(verdict.risk_class, Some(RiskClass::Fatal));
    let labels: Vec<_> = verdict.labels.iter().map(|label| &**label).collect();
    assert_eq!(labels, ["label-b", "label-a"]);
}

#[test]
fn masks_are_the_union_of_masking_rules() {
    let rules = [
        rule("a", &["微信"], Level::P3, &[Mask]),
        rule("b", &["加微"], Level::P3, &[Mask]),
        rule("c", &["聊"], Level::P3, &[Log]),
    ];
    let verdict = judge(&rules, &text("加微信聊"));
    assert_eq!(verdict.mask_of(FieldId::Text), [0..9]);
}

#[test]
fn scope_and_exceptions_are_told_apart() {
    let scoped = Scope { scenes: vec!["world".into()], ..Scope::default() };
    let mut excepted = rule("excepted", &["ass"], Level::P3, &[]);
    let Condition::Text(condition) = &mut excepted.condition;
    condition.exceptions = vec!["class".into()];
    let rules = [Rule { scope: scoped, ..rule("scoped", &["class"], Level::P3, &[]) }, excepted];
    let elsewhere = judge(&rules, &Message { scene: "guild", ..text("class") });
    assert!(elsewhere.matches.is_empty());
    let causes: Vec<_> = elsewhere.cancelled.iter().map(|cancelled| cancelled.cause).collect();
    assert_eq!(causes, [CancelCause::Scope, CancelCause::Exception]);
    let world = judge(&rules, &Message { scene: "world", ..text("class") });
    assert_eq!(rules_of(&world), ["scoped"]);
}

#[test]
fn replies_and_mentions_are_filled_in() {
    let mut rule = rule("r", &["refund"], Level::P3, &[Reply, Mention]);
    rule.reply.by_locale.insert("zh-CN".into(), "请稍候".into());
    let sender = Sender { user_id: "u1", ..Sender::default() };
    let verdict = judge(&[rule], &Message { locale: "zh-CN", sender, ..text("refund") });
    assert_eq!(verdict.actions[0].text, "请稍候");
    assert_eq!(verdict.actions[1].target, "u1");
}

#[test]
fn attachments_are_judged_under_their_own_field() {
    let attachments =
        vec![Attachment::default(), Attachment { text: "a bad", ..Attachment::default() }];
    let rules = [rule("r", &["bad"], Level::P3, &[])];
    let verdict = judge(&rules, &Message { attachments, ..text("so bad") });
    let fields: Vec<_> = verdict.matches.iter().map(|found| found.field.to_string()).collect();
    assert_eq!(fields, ["text", "attachments/1"]);
}

#[test]
fn spans_come_in_both_units_and_are_bounded() {
    let rules = [rule("r", &["b"], Level::P3, &[])];
    let verdict = judge(&rules, &text("😀微b"));
    let span = verdict.matches[0].spans[0];
    assert_eq!((span.byte_start, span.byte_end), (7, 8));
    assert_eq!((span.utf16_start, span.utf16_end), (3, 4));
    let flood = judge(&rules, &text(&"b".repeat(10_000)));
    assert_eq!(flood.matches[0].spans.len(), MAX_SPANS);
    assert!(flood.matches_truncated);
}

use super::*;
use crate::{
    ActiveWindow, Exemption, LocalizedText, Rule, RuleMode, Scope,
    conditions::{Condition, text::TextCondition},
    lists::{Entries, List, ListPurpose, StoredWordList, WordList},
    policy::Policy,
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
        exemptions: Vec::new(),
        mode: RuleMode::Enforced,
        priority: 0,
        active_window: None,
        reply: LocalizedText::default(),
    }
}

fn judge(rules: &[Rule], message: &Message<'_>) -> Verdict {
    let set = RuleSet::compile(&TenantId::operator(), 7, rules).expect("valid rules");
    judge_at("2026-11-22T03:00:00Z", &set, message)
}

fn judge_at(now: &str, set: &RuleSet, message: &Message<'_>) -> Verdict {
    let now = Timestamp::parse_rfc3339(now).expect("a time");
    let scanned = set.scan(message, now, &mut Scratch::default());
    let moment = Moment { now, wall: now.on_the_wall("Asia/Shanghai") };
    set.evaluate(message, &scanned, &moment, "test".into())
}

/// A set of rules with lists: id, purpose, whether for all rules, entries as in documents.
fn with_lists(rules: Vec<Rule>, lists: &[(&str, ListPurpose, bool, &str)]) -> RuleSet {
    with_lists_of("default", rules, lists)
}

fn with_lists_of(
    tenant: &str,
    rules: Vec<Rule>,
    lists: &[(&str, ListPurpose, bool, &str)],
) -> RuleSet {
    let mut policy = Policy::default();
    for &(id, purpose, all_rules, entries) in lists {
        let id = ResourceId::new(id).expect("valid");
        let list = WordList { all_rules, ..WordList::new(id.clone(), purpose) };
        let entries: Vec<Entry> = serde_json::from_str(entries).expect("entries");
        let stored = StoredWordList {
            list,
            entry_count: 0,
            revision: 1,
            create_time: Timestamp(0),
            update_time: Timestamp(0),
            author: String::new(),
            delete_time: None,
        };
        let list = List::new(stored, Arc::new(Entries::collect(entries).0), 0);
        policy.lists.insert(id, Arc::new(list));
    }
    let tenant = TenantId::new(tenant).expect("valid");
    let named = rules.iter().map(|rule| (crate::compile::rule_name(&tenant, rule), rule));
    RuleSet::compile_named(&tenant, 1, &policy, named).expect("valid rules")
}

fn list_rule(id: &str, list: &str) -> Rule {
    let text = TextCondition {
        word_list: Some(ResourceId::new(list).expect("valid")),
        ..TextCondition::default()
    };
    Rule { condition: Condition::Text(text), ..rule(id, &[], Level::P2, &[Log]) }
}

mod trees;

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
    assert_eq!(verdict.mask_of(FieldId::Text), [umpire_model::Mask::full(0..9)]);
}

#[test]
fn scope_and_exceptions_are_told_apart() {
    let scoped = Scope { scenes: vec!["world".into()], ..Scope::default() };
    let condition = TextCondition {
        words: vec!["ass".into()],
        exceptions: vec!["class".into()],
        ..TextCondition::default()
    };
    let condition = Condition::Text(condition);
    let excepted = Rule { condition, ..rule("excepted", &[], Level::P3, &[]) };
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

#[test]
fn entries_of_a_list_bring_their_category_and_level() {
    let entries = r#"["plain", {"word": "urgent", "category": "fraud", "level": "P0"}]"#;
    let set = with_lists(vec![list_rule("r", "l")], &[("l", ListPurpose::Match, false, entries)]);
    let verdict = judge_at("2026-11-22T03:00:00Z", &set, &text("plain and urgent"));
    assert_eq!(verdict.level, Some(Level::P0));
    assert_eq!(verdict.labels, ["label-r".into(), "fraud".into()] as [Arc<str>; 2]);
    let shown: Vec<_> = verdict
        .matches
        .iter()
        .map(|found| (&*found.word, found.level, found.labels.len()))
        .collect();
    assert_eq!(shown, [("urgent", Level::P0, 2), ("plain", Level::P2, 1)]);
}

#[test]
fn exemptions_let_through_until_they_end() {
    let exemption = |phrase: Option<&str>, sender: Option<&str>| Exemption {
        sender: sender.map(Into::into),
        conversation: None,
        phrase: phrase.map(Into::into),
        reason: "test".into(),
        end_time: Timestamp::parse_rfc3339("2026-12-01T00:00:00Z"),
    };
    let exemptions = vec![exemption(Some("so bad"), None), exemption(None, Some("gm"))];
    let rule = Rule { exemptions, ..rule("r", &["bad"], Level::P2, &[Intercept]) };
    let set = RuleSet::compile(&TenantId::operator(), 7, [&rule]).expect("valid");
    let from = |user_id| Message { sender: Sender { user_id, ..Sender::default() }, ..text("bad") };
    for (now, message, cause) in [
        ("2026-11-30T23:59:59Z", text("so bad"), Some(CancelCause::Exception)),
        ("2026-12-01T00:00:00Z", text("so bad"), None),
        ("2026-11-30T23:59:59Z", from("gm"), Some(CancelCause::Exemption)),
        ("2026-12-01T00:00:00Z", from("gm"), None),
        ("2026-11-30T23:59:59Z", from("player"), None),
    ] {
        let verdict = judge_at(now, &set, &message);
        assert_eq!(verdict.cancelled.first().map(|cancelled| cancelled.cause), cause, "{now}");
        assert_eq!(verdict.matches.is_empty(), cause.is_some(), "{now}");
    }
}

#[test]
fn windows_open_by_the_tenants_wall() {
    let window = ActiveWindow {
        daily_start: "09:00".into(),
        daily_end: "18:00".into(),
        ..ActiveWindow::default()
    };
    let rule = Rule { active_window: Some(window), ..rule("r", &["bad"], Level::P2, &[]) };
    let set = RuleSet::compile(&TenantId::operator(), 7, [&rule]).expect("valid");
    assert!(set.has_windows());
    let matches = |now| judge_at(now, &set, &text("bad")).matches.len();
    assert_eq!(matches("2026-11-22T00:59:00Z"), 0, "08:59 in Shanghai");
    assert_eq!(matches("2026-11-22T01:00:00Z"), 1, "09:00 in Shanghai");
    assert_eq!(matches("2026-11-22T10:00:00Z"), 0, "18:00 in Shanghai");
}

#[test]
fn included_rules_follow_and_bow_to_the_tenants_allow_lists() {
    let everywhere = [("ok", ListPurpose::Allow, true, r#"["not bad"]"#)];
    let own = with_lists(vec![rule("own", &["worse"], Level::P2, &[])], &everywhere);
    let shared = with_lists_of("shared", vec![rule("theirs", &["bad"], Level::P1, &[Review])], &[]);
    let both = own.including(&[Arc::new(shared)]);
    let verdict = judge_at("2026-11-22T03:00:00Z", &both, &text("worse than bad"));
    let names: Vec<_> = verdict.matches.iter().map(|found| &*found.rule).collect();
    assert_eq!(names, ["tenants/shared/rules/theirs", "tenants/default/rules/own"]);
    assert_eq!(verdict.decision, Decision::Review);
    assert_eq!(verdict.included_revisions, ["tenants/shared/revisions/1".into()] as [Arc<str>; 1]);
    let verdict = judge_at("2026-11-22T03:00:00Z", &both, &text("not bad"));
    assert_eq!(rules_of(&verdict), [] as [&str; 0]);
}

#[test]
fn what_is_grave_counts_even_where_something_else_is_shown() {
    let list = |entries: &str| {
        with_lists(vec![list_rule("r", "l")], &[("l", ListPurpose::Match, false, entries)])
    };
    let word = |word: &str, level: &str, category: &str| {
        format!(r#"{{"word": "{word}", "level": "{level}", "category": "{category}"}}"#)
    };
    for (words, text) in [
        ([("Bomb", "P3", "mild"), ("bomb", "P0", "grave")], "a bomb".to_owned()),
        ([("外挂群", "P3", "mild"), ("外挂", "P0", "grave")], "进外挂群".to_owned()),
        ([("xab", "P3", "mild"), ("abc", "P0", "grave")], "xabc".to_owned()),
        ([("a", "P3", "mild"), ("bomb", "P0", "grave")], "a ".repeat(1_001) + "bomb"),
    ] {
        let entries = words.map(|(w, level, category)| word(w, level, category)).join(",");
        let set = list(&format!("[{entries}]"));
        let verdict = judge_at("2026-11-22T03:00:00Z", &set, &self::text(&text));
        assert_eq!(verdict.level, Some(Level::P0), "{words:?}");
        let expected = ["label-r", "grave", "mild"].map(Arc::<str>::from);
        assert_eq!(verdict.labels, expected, "{words:?}");
    }
}

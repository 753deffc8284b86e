//! Combinations of words, among other rules.

use super::*;
use umpire_model::AttachmentText;

fn tree_rule(id: &str, tree: &str, actions: &[ActionKind]) -> Rule {
    excepted(id, tree, &[], actions)
}

fn excepted(id: &str, tree: &str, exceptions: &[&str], actions: &[ActionKind]) -> Rule {
    let tree = Some(serde_json::from_str(tree).expect("a tree"));
    let exceptions = exceptions.iter().map(|&phrase| phrase.into()).collect();
    let condition = TextCondition { tree, exceptions, ..TextCondition::default() };
    Rule { condition: Condition::Text(condition), ..rule(id, &[], Level::P2, actions) }
}

const LOW_PRICE: &str = r#"{"all": ["low", "price", {"none": ["not"]}]}"#;

fn words_of(verdict: &Verdict) -> Vec<(&str, &str)> {
    rules_of(verdict).into_iter().zip(verdict.matches.iter().map(|found| &*found.word)).collect()
}

#[test]
fn sources_of_several_rules_are_told_apart() {
    let rules = [
        rule("before", &["low", "not"], Level::P2, &[Log]),
        tree_rule("tree", LOW_PRICE, &[Review]),
        rule("after", &["price"], Level::P2, &[Log]),
    ];
    let verdict = judge(&rules, &text("low price"));
    let expected = [("before", "low"), ("tree", "low"), ("after", "price"), ("tree", "price")];
    assert_eq!(words_of(&verdict), expected);
    assert_eq!(verdict.decision, Decision::Review);
    let verdict = judge(&rules, &text("not a low price"));
    assert_eq!(rules_of(&verdict), ["before", "before", "after"]);
    assert!(verdict.cancelled.is_empty(), "a tree that is false is nothing to tell");
    assert_eq!(verdict.decision, Decision::Pass);
}

#[test]
fn each_text_stands_alone() {
    let rules = [tree_rule("tree", LOW_PRICE, &[])];
    let attachment = |text| Attachment { text, ..Attachment::default() };
    let apart = Message { attachments: vec![attachment("price")], ..text("low") };
    assert!(judge(&rules, &apart).matches.is_empty());
    let attachments = vec![attachment("not"), attachment("low price")];
    let verdict = judge(&rules, &Message { attachments, ..text("low price") });
    let fields: Vec<_> = verdict.matches.iter().map(|found| found.field).collect();
    let second = FieldId::Attachment(1, AttachmentText::Main);
    assert_eq!(fields, [FieldId::Text, FieldId::Text, second, second]);
}

#[test]
fn mask_covers_the_words_that_took_part() {
    let near = r#"{"within": {"words": ["加", "微"], "distance": 2}}"#;
    let tree = format!(r#"{{"any": [{near}, {{"all": ["q", "z"]}}]}}"#);
    let rules = [tree_rule("tree", &tree, &[Mask])];
    let verdict = judge(&rules, &text("加一微一二三四微q"));
    let masks = [0..3, 6..9, 21..24].map(umpire_model::Mask::full);
    assert_eq!(verdict.mask_of(FieldId::Text), masks);
    assert!(judge(&rules, &text("加一二三微q")).masks.is_empty());
}

#[test]
fn what_cancels_a_tree_is_told() {
    let excepted = excepted("tree", LOW_PRICE, &["so low"], &[Review]);
    let scope = Scope { scenes: vec!["world".into()], ..Scope::default() };
    let scoped = Rule { scope, ..tree_rule("scoped", LOW_PRICE, &[]) };
    for (said, scene, causes) in [
        ("so low a price", "", vec![CancelCause::Exception, CancelCause::Scope]),
        ("so low a price", "world", vec![CancelCause::Exception]),
        ("low price", "", vec![CancelCause::Scope]),
        ("low", "", vec![]),
        ("so low", "", vec![]),
    ] {
        let verdict = judge(&[excepted.clone(), scoped.clone()], &Message { scene, ..text(said) });
        let found: Vec<_> = verdict.cancelled.iter().map(|cancelled| cancelled.cause).collect();
        assert_eq!(found, causes, "{said} in {scene}");
    }
}

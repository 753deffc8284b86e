//! Combinations of words: when they hold, what they show, how they are written.

use prost_types::FieldMask;
use tonic::{Code, Status};
use umpire_proto::v1::{
    ActionKind::{Intercept, Log, Mask},
    ApplyRuleSetRequest, ApplyRuleSetResponse, Attachment, CheckMessageRequest, CreateRuleRequest,
    DiffRevisionsRequest, ExportRuleSetRequest, GetRuleRequest, ListRulesRequest, Message, Rule,
    TestRulesRequest, TextCondition, UpdateRuleRequest, VerdictView, WordTree, attachment,
    rule::Condition,
    word_tree::{Group, Node, Within},
};
use umpire_testkit::{Clients, TestServer, check, message, reason, rule_ids, violated, word_rule};

fn node(node: Node) -> WordTree {
    WordTree { node: Some(node) }
}

fn word(word: &str) -> WordTree {
    node(Node::Word(word.into()))
}

fn group(nodes: &[WordTree]) -> Group {
    Group { nodes: nodes.to_vec() }
}

fn all(nodes: &[WordTree]) -> WordTree {
    node(Node::All(group(nodes)))
}

fn any(nodes: &[WordTree]) -> WordTree {
    node(Node::Any(group(nodes)))
}

fn none(nodes: &[WordTree]) -> WordTree {
    node(Node::None(group(nodes)))
}

fn within(words: &[&str], distance: i32) -> WordTree {
    let words = words.iter().map(|&word| word.to_owned()).collect();
    node(Node::Within(Within { words, distance }))
}

/// A rule at P2 for a tree, with this done to its condition.
fn tree_rule(id: &str, tree: WordTree, edit: impl FnOnce(&mut TextCondition)) -> CreateRuleRequest {
    let mut request = word_rule(id, &[], &[Intercept, Mask]);
    let mut text = TextCondition { tree: Some(tree), ..<_>::default() };
    edit(&mut text);
    request.rule.as_mut().unwrap().condition = Some(Condition::Text(text));
    request
}

/// Cheap boosting, but not when it is unwanted.
fn boosting() -> WordTree {
    let offers = any(&[word("代练"), word("陪玩")]);
    all(&[offers, word("便宜"), none(&[word("勿扰"), word("谢绝")])])
}

async fn create(clients: &Clients, request: CreateRuleRequest) -> Rule {
    clients.rules.clone().create_rule(request).await.unwrap().into_inner().rule.unwrap()
}

async fn words(clients: &Clients, text: &str) -> Vec<String> {
    let verdict = check(clients, message(text)).await.unwrap();
    verdict.matches.into_iter().map(|found| found.word).collect()
}

async fn apply(clients: &Clients, document: &str) -> Result<ApplyRuleSetResponse, Status> {
    let request = ApplyRuleSetRequest { document: document.into(), ..<_>::default() };
    Ok(clients.rules.clone().apply_rule_set(request).await?.into_inner())
}

#[tokio::test]
async fn a_combination_matches_where_it_holds_and_shows_what_took_part() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    let made = create(&clients, tree_rule("boosting", boosting(), |_| {})).await;
    create(&clients, word_rule("other", &["便宜"], &[Log])).await;
    for _ in 0..2 {
        let clients = server.clients();
        for (text, expected) in [
            ("便宜代练", &["便宜", "代练"][..]),
            ("代练 陪玩 便宜", &["代练", "陪玩", "便宜"]),
            ("代练", &[]),
            ("便宜 勿扰", &[]),
            ("便宜代练，勿扰", &[]),
        ] {
            let verdict = check(&clients, message(text)).await.unwrap();
            let shown = verdict.matches.iter().filter(|found| found.rule == made.name);
            let shown: Vec<_> = shown.map(|found| found.word.as_str()).collect();
            assert_eq!(shown, expected, "{text}");
            let others = rule_ids(&verdict).iter().filter(|id| **id == "other").count();
            assert_eq!(others, usize::from(text.contains("便宜")), "{text}");
        }
        // Kept as it was written.
        let get = GetRuleRequest { name: made.name.clone() };
        let kept = clients.rules.clone().get_rule(get).await.unwrap().into_inner().rule.unwrap();
        let Some(Condition::Text(text)) = kept.condition else { panic!() };
        assert_eq!(text.tree, Some(boosting()));
        server.restart().await;
    }
}

#[tokio::test]
async fn words_near_one_another_are_masked_wherever_they_stand() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(&clients, tree_rule("contact", within(&["加", "vx"], 4), |_| {})).await;
    for (text, masked) in [
        ("加我vx", "*我**"),
        ("vx 这里加", "** 这里*"),
        ("加😀😀😀😀VX", "*😀😀😀😀**"),
        ("加一二三四五vx", ""),
        ("加加加", ""),
        ("加vx, 以后再也不会加", "***, 以后再也不会*"),
    ] {
        let verdict = check(&clients, message(text)).await.unwrap();
        assert_eq!(verdict.masked_text, masked, "{text}");
        assert_eq!(verdict.matches.len(), if masked.is_empty() { 0 } else { 2 }, "{text}");
    }
}

#[tokio::test]
async fn each_text_of_a_message_stands_alone() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(&clients, tree_rule("boosting", boosting(), |_| {})).await;
    let spoken = |transcript: &str| {
        let audio = attachment::Audio { transcript: transcript.into(), ..<_>::default() };
        Attachment { content: Some(attachment::Content::Audio(audio)) }
    };
    let apart = Message { attachments: vec![spoken("代练")], ..message("便宜") };
    assert!(check(&clients, apart).await.unwrap().matches.is_empty());
    let attachments = vec![spoken("勿扰"), spoken("便宜代练")];
    let verdict = check(&clients, Message { attachments, ..message("hello") }).await.unwrap();
    let fields: Vec<_> = verdict.matches.iter().map(|found| found.field.as_str()).collect();
    assert_eq!(fields, ["attachments/1", "attachments/1"]);
}

#[tokio::test]
async fn exceptions_take_words_away_before_the_tree_is_judged() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let except = |text: &mut TextCondition| text.exceptions = vec!["代练举报".into()];
    create(&clients, tree_rule("boosting", boosting(), except)).await;
    assert_eq!(words(&clients, "便宜代练").await, ["便宜", "代练"]);
    for (text, cancelled) in [("便宜 代练举报", true), ("代练举报", false), ("便宜", false)]
    {
        let request = CheckMessageRequest {
            message: Some(message(text)),
            view: VerdictView::Trace as i32,
            ..<_>::default()
        };
        let answer = clients.moderation.clone().check_message(request).await.unwrap();
        let verdict = answer.into_inner().verdict.unwrap();
        assert!(verdict.matches.is_empty(), "{text}");
        let causes = verdict.trace.unwrap().cancelled.into_iter().map(|cancelled| cancelled.cause);
        let expected = if cancelled { &["exception"][..] } else { &[] };
        assert_eq!(causes.collect::<Vec<_>>(), expected, "{text}");
    }
}

#[tokio::test]
async fn a_tree_is_changed_listed_compared_and_tried_like_words() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    let made = create(&clients, tree_rule("boosting", boosting(), |_| {})).await;
    let filter = ListRulesRequest { filter: r#"word = "勿扰""#.into(), ..<_>::default() };
    let found = clients.rules.list_rules(filter.clone()).await.unwrap().into_inner().rules;
    assert_eq!(found, std::slice::from_ref(&made), "words under `none` are found too");

    let rule = tree_rule("", word("外挂"), |_| {}).rule.unwrap();
    let request = UpdateRuleRequest {
        rule: Some(Rule { name: made.name.clone(), ..rule }),
        update_mask: Some(FieldMask { paths: vec!["text.tree".into()] }),
        ..<_>::default()
    };
    clients.rules.update_rule(request).await.unwrap();
    assert_eq!(words(&clients, "便宜代练 外挂").await, ["外挂"]);
    assert!(clients.rules.list_rules(filter).await.unwrap().into_inner().rules.is_empty());
    let request = DiffRevisionsRequest { from_revision: 1, to_revision: 2, ..<_>::default() };
    let diff = clients.rules.diff_revisions(request).await.unwrap().into_inner();
    let trees = [&diff.changes[0].before, &diff.changes[0].after].map(|rule| {
        match rule.clone().unwrap().condition {
            Some(Condition::Text(text)) => text.tree.unwrap(),
            _ => panic!(),
        }
    });
    assert_eq!(trees, [boosting(), word("外挂")]);

    let draft = tree_rule("", boosting(), |_| {}).rule.unwrap();
    let request = TestRulesRequest {
        rules: vec![draft],
        messages: vec![message("便宜代练")],
        ..<_>::default()
    };
    let tried = clients.rules.test_rules(request).await.unwrap().into_inner();
    assert_eq!(rule_ids(&tried.verdicts[0]), ["0", "0"]);
}

#[tokio::test]
async fn what_cannot_be_a_tree_is_refused() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let nested = |levels: usize| (1..levels).fold(word("a"), |inner, _| all(&[inner]));
    let many: Vec<_> = (0..257).map(|number| word(&format!("w{number}"))).collect();
    for (tree, expected, field) in [
        (WordTree::default(), "INVALID_FIELD", ""),
        (all(&[]), "INVALID_FIELD", ".all"),
        (any(&[word("a"), WordTree::default()]), "INVALID_FIELD", ".any.nodes[1]"),
        (any(&[word("a"), all(&[word(" ")])]), "INVALID_FIELD", ".any.nodes[1].all.nodes[0].word"),
        (none(&[word("a")]), "INVALID_FIELD", ""),
        (within(&["a"], 1), "INVALID_FIELD", ".within.words"),
        (within(&["a"; 17], 1), "INVALID_FIELD", ".within.words"),
        (within(&["a", "b"], 1_001), "INVALID_FIELD", ".within.distance"),
        (within(&["a", "b"], -1), "INVALID_FIELD", ".within.distance"),
        (word(&"x".repeat(10_001)), "TOO_LARGE", ".word"),
        (any(&many), "TOO_LARGE", ""),
        (nested(17), "TOO_LARGE", ""),
    ] {
        let request = tree_rule("r", tree, |_| {});
        let status = clients.rules.clone().create_rule(request).await.unwrap_err();
        assert_eq!((status.code(), &*reason(&status)), (Code::InvalidArgument, expected));
        assert_eq!(violated(&status)[0], format!("rule.text.tree{field}"));
    }
    let both = tree_rule("r", word("a"), |text| text.words = vec!["b".into()]);
    let status = clients.rules.clone().create_rule(both).await.unwrap_err();
    assert_eq!(violated(&status), ["rule.text"]);
    create(&clients, tree_rule("deepest", nested(16), |_| {})).await;
    create(&clients, tree_rule("widest", any(&many[..256]), |_| {})).await;
}

const DOCUMENT: &str = "api_version: umpire/v1
rules:
  - id: boosting
    text:
      tree:
        all:
          - any: [代练, {word: 陪玩}]
          - 便宜
          - none: [勿扰, 谢绝]
      match: CONTAINS
    actions: [{kind: INTERCEPT}]
  - id: contact
    text: {tree: {within: {words: [加, vx], distance: 4}}}
tests:
  - {id: cheap, message: {text: 便宜代练}, decision: BLOCK}
  - {id: unwanted, message: {text: '便宜代练，勿扰'}, decision: PASS}
";

#[tokio::test]
async fn documents_write_trees() {
    let server = TestServer::start().await;
    let clients = server.clients();
    apply(&clients, DOCUMENT).await.unwrap();
    assert_eq!(words(&clients, "便宜代练 加我VX").await.len(), 4);
    let get = GetRuleRequest { name: "tenants/default/rules/boosting".into() };
    let rule = clients.rules.clone().get_rule(get).await.unwrap().into_inner().rule.unwrap();
    let Some(Condition::Text(text)) = rule.condition else { panic!() };
    assert_eq!(text.tree, Some(boosting()));

    let request = ExportRuleSetRequest::default();
    let exported = clients.rules.clone().export_rule_set(request).await.unwrap().into_inner();
    let again = apply(&clients, &exported.document).await.unwrap();
    assert_eq!(again.changes, [], "{}", exported.document);
    for (from, to, field, told) in [
        ("便宜\n", "' '\n", "document.rules[0].text.tree.all.nodes[1].word", "blank"),
        ("none:", "non:", "document", "`non`"),
        ("distance: 4", "distance: -4", "document", ""),
        ("distance: 4", "distance: 4000", "document.rules[1].text.tree.within.distance", "1000"),
    ] {
        let status = apply(&clients, &DOCUMENT.replace(from, to)).await.unwrap_err();
        assert_eq!(violated(&status)[0], field, "{to}");
        assert!(format!("{status:?}").contains(told), "{to}: {status:?}");
    }
}

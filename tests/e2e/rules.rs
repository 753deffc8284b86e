//! Rules are kept, changed, listed, and live at once.

use prost_types::FieldMask;
use std::collections::BTreeSet;
use tonic::Code;
use umpire_proto::v1::{
    ActionKind::{Intercept, Log},
    CreateRuleRequest, Decision, DeleteRuleRequest, GetRevisionRequest, GetRuleRequest, Level,
    ListAuditRecordsRequest, ListRevisionsRequest, ListRulesRequest, LocalizedText, Rule, RuleMode,
    Scope, TestRulesRequest, UndeleteRuleRequest, UpdateRuleRequest,
    revision::ChangeKind,
    rule::Condition,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, rule_ids, violated, word_rule};

fn update(rule: Rule, paths: &[&str]) -> UpdateRuleRequest {
    let paths = paths.iter().map(|&path| path.to_owned()).collect();
    UpdateRuleRequest { rule: Some(rule), update_mask: Some(FieldMask { paths }), ..<_>::default() }
}

async fn created(clients: &Clients, request: CreateRuleRequest) -> Rule {
    clients.rules.clone().create_rule(request).await.unwrap().into_inner().rule.unwrap()
}

#[tokio::test]
async fn a_rule_lives_through_its_changes() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    let rule = created(&clients, word_rule("a", &["bad"], &[Log])).await;
    assert_eq!(
        (rule.name.as_str(), rule.revision, rule.author.as_str()),
        ("tenants/default/rules/a", 1, "local")
    );
    assert_eq!((rule.mode(), rule.level()), (RuleMode::Enforced, Level::P2));
    let blocks = async |clients: &Clients| check(clients, message("bad")).await.unwrap().decision();
    assert_eq!(blocks(&clients).await, Decision::Pass);

    let actions = word_rule("a", &[], &[Intercept]).rule.unwrap().actions;
    let stricter = Rule { actions, display_name: "ignored".into(), ..rule.clone() };
    let request = update(stricter.clone(), &["actions"]);
    let updated =
        clients.rules.update_rule(request.clone()).await.unwrap().into_inner().rule.unwrap();
    assert_eq!((updated.revision, updated.display_name.as_str()), (2, ""));
    assert_ne!(updated.etag, rule.etag);
    assert_eq!(blocks(&clients).await, Decision::Block);

    let stale = clients.rules.update_rule(request).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "ETAG_MISMATCH"));

    let name = rule.name.clone();
    let delete = DeleteRuleRequest { name: name.clone(), etag: updated.etag, ..<_>::default() };
    let deleted =
        clients.rules.delete_rule(delete.clone()).await.unwrap().into_inner().rule.unwrap();
    assert!(deleted.delete_time.is_some());
    assert!(check(&clients, message("bad")).await.unwrap().matches.is_empty());
    let again = DeleteRuleRequest { etag: String::new(), ..delete };
    assert_eq!(clients.rules.delete_rule(again).await.unwrap_err().code(), Code::NotFound);
    let exists = clients.rules.create_rule(word_rule("a", &["x"], &[])).await.unwrap_err();
    assert_eq!((exists.code(), reason(&exists).as_str()), (Code::AlreadyExists, "ALREADY_EXISTS"));

    let undelete = UndeleteRuleRequest { name: name.clone(), ..<_>::default() };
    clients.rules.undelete_rule(undelete.clone()).await.unwrap();
    let twice = clients.rules.undelete_rule(undelete).await.unwrap_err();
    assert_eq!(twice.code(), Code::AlreadyExists);
    let same = Rule { name: name.clone(), priority: 0, level: Level::P2 as i32, ..<_>::default() };
    let same = clients.rules.update_rule(update(same, &["priority", "level"])).await.unwrap();
    assert_eq!(same.into_inner().rule.unwrap().revision, 4, "nothing changed, no revision");
    assert_eq!(blocks(&clients).await, Decision::Block);
    let read = clients.rules.get_rule(GetRuleRequest { name }).await.unwrap().into_inner();
    assert_eq!(read.rule.unwrap().revision, 4);
}

#[tokio::test]
async fn every_change_is_a_revision_with_author_and_reason() {
    let mut server = TestServer::start().await;
    let mut clients = server.clients();
    let reasoned =
        CreateRuleRequest { reason: "spam wave".into(), ..word_rule("a", &["bad"], &[]) };
    let rule = created(&clients, reasoned).await;
    clients
        .rules
        .update_rule(update(Rule { priority: 7, ..rule.clone() }, &["priority"]))
        .await
        .unwrap();
    server.restart().await;
    let mut clients = server.clients();
    let listed = clients.rules.list_revisions(ListRevisionsRequest::default()).await.unwrap();
    let revisions = listed.into_inner().revisions;
    let numbers: Vec<_> = revisions.iter().map(|revision| revision.number).collect();
    assert_eq!(numbers, [2, 1]);
    let first = &revisions[1];
    assert_eq!((first.author.as_str(), first.reason.as_str()), ("local", "spam wave"));
    assert_eq!((first.content_hash.len(), first.changes[0].kind()), (64, ChangeKind::Created));
    assert_ne!(first.content_hash, revisions[0].content_hash);
    let change = &revisions[0].changes[0];
    let priorities = [&change.before, &change.after].map(|rule| rule.as_ref().unwrap().priority);
    assert_eq!(priorities, [0, 7]);
    let request = GetRevisionRequest { name: first.name.clone() };
    let read = clients.rules.get_revision(request).await.unwrap().into_inner().revision.unwrap();
    assert_eq!(&read, first);
    let missing = GetRevisionRequest { name: "tenants/default/revisions/9".into() };
    assert_eq!(clients.rules.get_revision(missing).await.unwrap_err().code(), Code::NotFound);
    let filter = "number >= 2 AND rule = a".into();
    let request = ListRevisionsRequest { filter, ..<_>::default() };
    assert_eq!(
        clients.rules.list_revisions(request).await.unwrap().into_inner().revisions.len(),
        1
    );
}

#[tokio::test]
async fn lists_have_filters_order_and_pages_without_gaps() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    for number in 0..25 {
        let mut request = word_rule(&format!("r{number:02}"), &["bad"], &[]);
        let rule = request.rule.as_mut().unwrap();
        rule.priority = number % 5;
        rule.labels = vec![if number % 2 == 0 { "even".into() } else { "odd".into() }];
        created(&clients, request).await;
    }
    let base = ListRulesRequest {
        filter: "label:even".into(),
        order_by: "priority desc".into(),
        page_size: 4,
        ..<_>::default()
    };
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let request = ListRulesRequest { page_token: token.clone(), ..base.clone() };
        let page = clients.rules.list_rules(request).await.unwrap().into_inner();
        assert!(page.rules.len() <= 4);
        seen.extend(page.rules.into_iter().map(|rule| (rule.priority, rule.name)));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
        // Rules that come in meanwhile do not disturb.
        created(&clients, word_rule(&format!("new{}", seen.len()), &["x"], &[])).await;
    }
    assert_eq!(seen.len(), 13);
    assert!(seen.is_sorted_by_key(|(priority, _)| -priority));
    assert_eq!(seen.iter().map(|(_, name)| name).collect::<BTreeSet<_>>().len(), 13);
    let foreign = ListRulesRequest { page_size: 1, ..<_>::default() };
    let token = clients.rules.list_rules(foreign).await.unwrap().into_inner().next_page_token;
    let status =
        clients.rules.list_rules(ListRulesRequest { page_token: token, ..base }).await.unwrap_err();
    assert_eq!(reason(&status), "INVALID_PAGE_TOKEN");
}

#[tokio::test]
async fn a_request_id_makes_a_mutation_idempotent() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    let request_id = "0193a7b2-5c1e-7cc0-8000-000000000001".to_owned();
    let mut request =
        CreateRuleRequest { request_id: request_id.clone(), ..word_rule("", &["bad"], &[]) };
    let locales = ["de", "en", "fr", "ja", "ko", "zh-CN"].map(|tag| (tag.into(), "hi".into()));
    let reply = LocalizedText { by_locale: locales.into(), ..<_>::default() };
    request.rule.as_mut().unwrap().reply = Some(reply);
    let first = created(&clients, request.clone()).await;
    let second = created(&clients, request.clone()).await;
    assert_eq!(first, second);
    let other = CreateRuleRequest { reason: "changed".into(), ..request.clone() };
    let status = clients.rules.create_rule(other).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::AlreadyExists, "REQUEST_ID_REUSED")
    );
    server.clock.advance_seconds(25 * 3_600);
    assert_ne!(created(&clients, request).await.name, first.name, "forgotten after a day");
    let bad = CreateRuleRequest { request_id: "7".into(), ..word_rule("b", &["bad"], &[]) };
    let status = clients.rules.create_rule(bad).await.unwrap_err();
    assert_eq!(violated(&status), ["request_id"]);
}

#[tokio::test]
async fn validate_only_changes_nothing() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    let request = CreateRuleRequest { validate_only: true, ..word_rule("a", &["bad"], &[]) };
    assert_eq!(created(&clients, request).await.name, "tenants/default/rules/a");
    let name = "tenants/default/rules/a".into();
    let status = clients.rules.get_rule(GetRuleRequest { name }).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "NOT_FOUND"));
}

#[tokio::test]
async fn scope_and_modes_hold() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut scoped = word_rule("scoped", &["bad"], &[Intercept]);
    scoped.rule.as_mut().unwrap().scope =
        Some(Scope { scenes: vec!["world".into()], ..<_>::default() });
    let mut shadow = word_rule("shadow", &["bad"], &[Intercept]);
    shadow.rule.as_mut().unwrap().mode = RuleMode::Shadow as i32;
    let mut off = word_rule("off", &["bad"], &[Intercept]);
    off.rule.as_mut().unwrap().mode = RuleMode::Off as i32;
    for rule in [scoped, shadow, off] {
        created(&clients, rule).await;
    }
    let elsewhere = check(&clients, message("bad")).await.unwrap();
    assert_eq!((rule_ids(&elsewhere), elsewhere.decision()), (vec!["shadow"], Decision::Pass));
    let world = umpire_proto::v1::Message { scene: "world".into(), ..message("bad") };
    let verdict = check(&clients, world).await.unwrap();
    assert_eq!(
        (rule_ids(&verdict), verdict.decision()),
        (vec!["scoped", "shadow"], Decision::Block)
    );
}

#[tokio::test]
async fn drafts_are_tried_beside_the_live_rules() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    created(&clients, word_rule("live", &["bad"], &[Log])).await;
    created(&clients, word_rule("other", &["worse"], &[Log])).await;
    let standing_in = Rule {
        name: "tenants/default/rules/live".into(),
        ..word_rule("", &["good"], &[Intercept]).rule.unwrap()
    };
    let fresh = word_rule("", &["worse"], &[Intercept]).rule.unwrap();
    let request = |include_live| TestRulesRequest {
        rules: vec![standing_in.clone(), fresh.clone()],
        include_live,
        messages: vec![message("bad, good, worse")],
        ..<_>::default()
    };
    let alone = clients.rules.test_rules(request(false)).await.unwrap().into_inner();
    assert_eq!(rule_ids(&alone.verdicts[0]), ["live", "1"]);
    let beside = clients.rules.test_rules(request(true)).await.unwrap().into_inner();
    assert_eq!(rule_ids(&beside.verdicts[0]), ["live", "1", "other"]);
    assert_eq!(beside.verdicts[0].matches[1].rule, "drafts/1");
    let listed = clients
        .audit
        .list_audit_records(ListAuditRecordsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(listed.audit_records.is_empty());
    let mut broken = fresh;
    let Some(Condition::Text(text)) = &mut broken.condition else { panic!() };
    text.regex = "(".into();
    text.words.clear();
    let request =
        TestRulesRequest { rules: vec![broken], messages: vec![message("x")], ..<_>::default() };
    let status = clients.rules.test_rules(request).await.unwrap_err();
    assert_eq!(
        (reason(&status).as_str(), violated(&status)),
        ("INVALID_REGEX", vec!["rules[0].text.regex".into()])
    );
}

#[tokio::test]
async fn checks_flow_while_rules_change() {
    let server = TestServer::start().await;
    let clients = server.clients();
    // Both words are always in one of two rules: every verdict has to show one revision whole.
    let rule = created(&clients, word_rule("pair", &["aa", "bb"], &[])).await;
    let checker = clients.clone();
    let checks = tokio::spawn(async move {
        for _ in 0..300 {
            let verdict = check(&checker, message("aa bb cc dd")).await.unwrap();
            let words: Vec<_> = verdict.matches.iter().map(|found| found.word.as_str()).collect();
            let expected = if verdict.revision % 2 == 1 { ["aa", "bb"] } else { ["cc", "dd"] };
            assert_eq!(words, expected, "revision {}", verdict.revision);
        }
    });
    for number in 0..60 {
        let words = if number % 2 == 0 { &["cc", "dd"] } else { &["aa", "bb"] };
        let change = Rule { name: rule.name.clone(), ..word_rule("", words, &[]).rule.unwrap() };
        clients.rules.clone().update_rule(update(change, &["text.words"])).await.unwrap();
    }
    checks.await.unwrap();
}

//! The policy as a document.

use tonic::Code;
use umpire_proto::v1::{
    ApplyRuleSetRequest, ApplyRuleSetResponse, Decision, DocumentFormat, ExportRuleSetRequest,
    TestRulesRequest, revision::ChangeKind,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, violated, word_rule};

const POLICY: &str = "api_version: umpire/v1
rules:
  - id: cheats
    text: {word_list: cheats, allow_lists: [fair]}
    labels: [cheating]
    actions: [{kind: INTERCEPT}]
    exemptions: [{sender: gm, reason: staff}]
  - id: night
    text: {words: [trade]}
    actions: [{kind: REVIEW}]
    active_window: {daily_start: '22:00', daily_end: '06:00'}
word_lists:
  - {id: cheats, entries: [外挂, {word: aimbot, category: aim, level: P1}]}
  - {id: fair, purpose: ALLOW, entries: [反外挂]}
tests:
  - id: cheat
    message: {text: 卖外挂, scene: world}
    decision: BLOCK
    labels: [cheating]
  - id: staff
    message: {text: 卖外挂, sender: {user_id: gm}}
    decision: PASS
    labels: []
  - id: at-night
    message: {text: trade}
    decision: REVIEW
    time: 2026-11-22T23:00:00Z
";

async fn apply(
    clients: &Clients,
    document: &str,
    with: impl FnOnce(&mut ApplyRuleSetRequest),
) -> Result<ApplyRuleSetResponse, tonic::Status> {
    let mut request = ApplyRuleSetRequest { document: document.into(), ..<_>::default() };
    with(&mut request);
    Ok(clients.rules.clone().apply_rule_set(request).await?.into_inner())
}

async fn export(clients: &Clients, format: DocumentFormat) -> (String, i64, String) {
    let request = ExportRuleSetRequest { format: format as i32, ..<_>::default() };
    let answer = clients.rules.clone().export_rule_set(request).await.unwrap().into_inner();
    (answer.document, answer.revision, answer.content_hash)
}

fn kinds(applied: &ApplyRuleSetResponse) -> Vec<(String, ChangeKind)> {
    let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let named = applied
        .changes
        .iter()
        .map(|change| (id(&change.rule) + &id(&change.word_list) + &change.test, change.kind()));
    named.collect()
}

#[tokio::test]
async fn a_document_becomes_the_policy_and_the_policy_the_document() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let dry = apply(&clients, POLICY, |request| request.validate_only = true).await.unwrap();
    assert_eq!((dry.revision, dry.changes.len(), dry.test_results.len()), (0, 7, 3));
    assert!(dry.test_results.iter().all(|result| result.passed), "{:?}", dry.test_results);
    assert_eq!(export(&clients, DocumentFormat::Yaml).await.1, 0, "nothing happened");

    let applied = apply(&clients, POLICY, |_| {}).await.unwrap();
    assert_eq!((applied.revision, applied.changes.len()), (1, 7), "one revision");
    let verdict = check(&clients, message("卖外挂")).await.unwrap();
    assert_eq!((verdict.decision(), verdict.revision), (Decision::Block, 1));
    assert_eq!(check(&clients, message("反外挂")).await.unwrap().decision(), Decision::Pass);

    for format in [DocumentFormat::Yaml, DocumentFormat::Json] {
        let (document, revision, hash) = export(&clients, format).await;
        let again = apply(&clients, &document, |_| {}).await.unwrap();
        assert_eq!((again.revision, again.changes.len()), (revision, 0), "{document}");
        assert_eq!(export(&clients, format).await.2, hash);
    }
    // The same document makes the same policy elsewhere.
    let (document, _, hash) = export(&clients, DocumentFormat::Yaml).await;
    let other = TestServer::start().await;
    apply(&other.clients(), &document, |_| {}).await.unwrap();
    assert_eq!(export(&other.clients(), DocumentFormat::Yaml).await.2, hash);
}

#[tokio::test]
async fn what_a_section_does_not_list_goes_unless_it_is_kept() {
    let server = TestServer::start().await;
    let clients = server.clients();
    apply(&clients, POLICY, |_| {}).await.unwrap();
    let rules_only = "api_version: umpire/v1\nrules: [{id: new, text: {words: [x]}}]\n";
    let merged = apply(&clients, rules_only, |request| request.keep_unlisted = true).await.unwrap();
    assert_eq!(kinds(&merged), [("new".into(), ChangeKind::Created)]);

    let without_night = POLICY.replace("id: night", "id: evening").replace("[外挂, ", "[外挂群, ");
    let planned = apply(&clients, &without_night, |request| request.validate_only = true).await;
    let planned = planned.unwrap();
    assert_eq!(
        kinds(&planned),
        [
            ("evening".to_owned(), ChangeKind::Created),
            ("new".to_owned(), ChangeKind::Deleted),
            ("night".to_owned(), ChangeKind::Deleted),
            ("cheats".to_owned(), ChangeKind::Updated),
        ]
        .map(|(id, kind)| (id, kind))
    );
    let entries = planned.changes[3].entries.as_ref().unwrap();
    assert_eq!((entries.added, entries.removed, entries.changes.len()), (1, 1, 2));
    let failed: Vec<_> =
        planned.test_results.iter().filter(|result| !result.passed).map(|r| &*r.test).collect();
    assert_eq!(failed, ["cheat"], "卖外挂 is no longer blocked");

    // A list a remaining rule names cannot go.
    let without_lists = "api_version: umpire/v1\nword_lists: []\n";
    let refused = apply(&clients, without_lists, |_| {}).await.unwrap_err();
    assert_eq!(reason(&refused), "IN_USE");
}

#[tokio::test]
async fn test_cases_guard_the_policy() {
    let server = TestServer::start().await;
    let clients = server.clients();
    apply(&clients, POLICY, |_| {}).await.unwrap();
    let broken = POLICY.replace("INTERCEPT", "LOG");
    let refused = apply(&clients, &broken, |_| {}).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::FailedPrecondition, "TESTS_FAILED"));
    assert!(refused.message().contains("cheat"));
    assert_eq!(check(&clients, message("卖外挂")).await.unwrap().decision(), Decision::Block);
    let no_reason = apply(&clients, &broken, |request| request.force = true).await.unwrap_err();
    assert_eq!(violated(&no_reason), ["reason"]);
    let forced = apply(&clients, &broken, |request| {
        request.force = true;
        request.reason = "the event is over".into();
    });
    let forced = forced.await.unwrap();
    assert_eq!(forced.test_results.iter().filter(|result| !result.passed).count(), 1);
    assert_eq!(check(&clients, message("卖外挂")).await.unwrap().decision(), Decision::Pass);

    // The kept cases can be run against drafts and against what is live.
    let run = |rules| TestRulesRequest { rules, run_tests: true, ..<_>::default() };
    let live = clients.rules.clone().test_rules(run(vec![])).await.unwrap().into_inner();
    let passed: Vec<_> = live.test_results.iter().map(|result| result.passed).collect();
    assert_eq!(passed, [true, false, true]);
}

#[tokio::test]
async fn drafts_stand_beside_the_live_rules() {
    let server = TestServer::start().await;
    let clients = server.clients();
    apply(&clients, POLICY, |_| {}).await.unwrap();
    let draft = word_rule("", &["aimbot"], &[]).rule.unwrap();
    let request = TestRulesRequest {
        rules: vec![draft],
        messages: vec![message("aimbot")],
        ..<_>::default()
    };
    let tried = clients.rules.clone().test_rules(request).await.unwrap().into_inner();
    let decisions = [tried.verdicts[0].decision(), tried.live_verdicts[0].decision()];
    assert_eq!(decisions, [Decision::Pass, Decision::Block]);
}

#[tokio::test]
async fn mistakes_are_named_and_change_nothing() {
    let server = TestServer::start().await;
    let clients = server.clients();
    for (document, field) in [
        ("", "document"),
        ("api_version: umpire/v2\n", "document.api_version"),
        ("api_version: umpire/v1\nsanctions: []\n", "document"),
        ("api_version: umpire/v1\nrules: [{id: a, text: {words: [x]}, lables: []}]", "document"),
        (
            "api_version: umpire/v1\nrules: [{id: a, text: {regex: '('}}]",
            "document.rules[0].text.regex",
        ),
        (
            "api_version: umpire/v1\nrules: [{id: a, text: {word_list: none}}]",
            "document.rules[0].text.word_list",
        ),
        (
            "api_version: umpire/v1\nword_lists: [{id: a, entries: [x, x]}]",
            "document.word_lists[0].entries[1]",
        ),
        ("{\"api_version\": \"umpire/v1\", \"rules\": [", "document"),
        ("a: &a [*a, *a]", "document"),
    ] {
        let status = apply(&clients, document, |_| {}).await.unwrap_err();
        assert_eq!((status.code(), &*violated(&status)[0]), (Code::InvalidArgument, field));
    }
    apply(&clients, POLICY, |_| {}).await.unwrap();
    let stale =
        apply(&clients, POLICY, |request| request.base_revision = Some(7)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let purpose = POLICY.replace("id: cheats, e", "id: cheats, purpose: ALLOW, e");
    let status = apply(&clients, &purpose, |_| {}).await.unwrap_err();
    assert_eq!(violated(&status), ["document.word_lists[0].purpose"]);
    assert_eq!(export(&clients, DocumentFormat::Json).await.1, 1);
}

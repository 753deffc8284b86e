//! The Rust client keeps its promises.

use futures_util::{StreamExt, TryStreamExt, stream};
use umpire_client::{
    Code, MatchExt, Message, Umpire, VerdictExt, chat,
    v1::{
        ActionKind::{self, Intercept, Mask},
        ApiKey, CreateApiKeyRequest, CreateTenantRequest, Decision, DocumentFormat, ErrorReason,
        Role, Rule, Tenant, Verdict, WordListEntry, WordListFormat, WordListPurpose,
        revision::ChangeKind,
        rule::Condition,
        watch_revisions_response::Event,
    },
};
use umpire_testkit::{TestServer, word_rule};

const POLICY: &str = "\
api_version: umpire/v1
rules:
  - id: gold
    text:
      words: [cheap gold]
    level: P1
    labels: [advert]
    actions:
      - kind: INTERCEPT
tests:
  - id: gold-is-blocked
    message:
      text: buy cheap gold
    decision: BLOCK
    labels: [advert]
";

async fn connect(server: &TestServer) -> Umpire {
    Umpire::connect(server.grpc().to_string()).await.unwrap()
}

fn rule(words: &[&str], actions: &[ActionKind]) -> Rule {
    word_rule("", words, actions).rule.unwrap()
}

#[tokio::test]
async fn a_verdict_says_what_to_show() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    umpire.rules().create("bad", rule(&["bad"], &[Intercept])).await.unwrap();
    umpire.rules().create("gold", rule(&["gold"], &[Mask])).await.unwrap();
    let said = "金币 gold";
    let verdict = umpire.check(chat(said).scene("world").sender("p-1")).await.unwrap();
    assert_eq!(verdict.text_to_show(said), Some("金币 ****"));
    let found = verdict.enforced_matches().next().unwrap();
    let hits: Vec<_> = found.ranges().map(|range| &said[range]).collect();
    assert_eq!((found.rule_id(), hits), ("gold", vec!["gold"]));
    let blocked = umpire.dry_run("bad").await.unwrap();
    assert!(blocked.is_blocked() && blocked.text_to_show("bad").is_none());
    assert!(blocked.audit_record.is_empty(), "a dry run is not recorded");
}

/// More than one call holds, in several conversations, one of them empty.
fn many() -> Vec<Message> {
    let text = |number: usize| match number {
        7 => String::new(),
        number if number % 10 == 0 => format!("{number} is bad"),
        number => format!("{number} is good"),
    };
    (0..1_234).map(|n| chat(text(n)).conversation(format!("c-{}", n % 9))).collect()
}

fn check_many(answers: &[Result<Verdict, umpire_client::Error>]) {
    assert_eq!(answers.len(), 1_234);
    for (number, answer) in answers.iter().enumerate() {
        match answer {
            Ok(verdict) => assert_eq!(verdict.is_blocked(), number % 10 == 0, "{number}"),
            Err(error) => {
                assert_eq!((number, error.reason()), (7, ErrorReason::EmptyMessage));
                assert_eq!(error.code(), Code::InvalidArgument);
            }
        }
    }
}

#[tokio::test]
async fn many_checks_keep_their_order() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    umpire.rules().create("bad", rule(&["bad"], &[Intercept])).await.unwrap();
    check_many(&umpire.check_all(many()).await);
    let answers: Vec<_> = umpire.check_stream(stream::iter(many())).collect().await;
    check_many(&answers);
    assert!(umpire.check_all(Vec::new()).await.is_empty());
}

#[tokio::test]
async fn errors_say_what_is_wrong_and_where() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    let mut bad = rule(&[], &[]);
    let Some(Condition::Text(text)) = &mut bad.condition else { panic!() };
    text.regex = "(".into();
    let error = umpire.rules().create("bad", bad).await.unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::InvalidArgument, ErrorReason::InvalidRegex));
    let fields: Vec<_> = error.violations().into_iter().map(|wrong| wrong.field).collect();
    assert_eq!(fields, ["rule.text.regex"]);
    let missing = umpire.rules().get("missing").await.unwrap_err();
    assert_eq!((missing.code(), missing.reason()), (Code::NotFound, ErrorReason::NotFound));
    let chinese = Umpire::builder(server.grpc().to_string()).locale("zh-CN").connect_lazy();
    let missing = chinese.unwrap().rules().get("missing").await.unwrap_err();
    assert!(missing.localized_message().is_some_and(|text| !text.is_ascii()));
}

#[tokio::test]
async fn a_change_is_made_once() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    let change = umpire.rules().create("", rule(&["bad"], &[])).reason("trial");
    let (first, again) = (change.clone().await.unwrap(), change.await.unwrap());
    assert_eq!(first, again);
    let listed = umpire.rules().list().order_by("id").page_size(1).all().await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&first));
    let deleted = umpire.rules().delete(first.name.as_str()).etag(&first.etag).await.unwrap();
    assert!(deleted.delete_time.is_some());
    assert!(umpire.rules().list().all().await.unwrap().is_empty());
    let kept = umpire.rules().list().show_deleted(true).all().await.unwrap();
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn a_file_of_words_comes_back() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    let file = "word,category,level\nboosting,service,P2\n代练,service,P1\nboosting,again,P3\n";
    let import = umpire.lists().import("boost", WordListFormat::Csv, file);
    let imported = import.purpose(WordListPurpose::Match).reason("trial").await.unwrap();
    assert_eq!((imported.added, imported.duplicates, imported.rejected_count), (2, 1, 0));
    let found = umpire.lists().entries("boost").filter("word:\"代\"").all().await.unwrap();
    let words: Vec<_> = found.iter().map(|entry| entry.word.as_str()).collect();
    assert_eq!(words, ["代练"]);
    let fresh = WordListEntry { word: "carry".into(), ..<_>::default() };
    let change = umpire.lists().change_entries("boost", vec![fresh]).remove(["boosting", "none"]);
    let changed = change.await.unwrap();
    assert_eq!((changed.added, changed.removed), (1, 1));
    assert_eq!(changed.unknown_words, ["none"]);
    let old = imported.word_list.unwrap().etag;
    let stale = umpire.lists().change_entries("boost", Vec::new()).remove(["carry"]).etag(old);
    assert_eq!(stale.await.unwrap_err().reason(), ErrorReason::EtagMismatch);
    let parts = umpire.lists().export("boost", WordListFormat::Plain);
    let file = parts.try_concat().await.unwrap();
    assert_eq!(String::from_utf8(file).unwrap(), "carry\n代练\n");
}

#[tokio::test]
async fn a_document_is_the_policy() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    let planned = umpire.policy().diff(POLICY).await.unwrap();
    let kinds: Vec<_> = planned.changes.iter().map(|change| change.kind()).collect();
    assert_eq!(kinds, [ChangeKind::Created; 2], "a rule and a test");
    assert!(planned.test_results.iter().all(|result| result.passed));
    assert_eq!(umpire.check("cheap gold").await.unwrap().decision(), Decision::Pass);
    let applied = umpire.policy().apply(POLICY).reason("first").await.unwrap();
    assert_eq!(applied.revision, 1);
    assert!(umpire.check("cheap gold").await.unwrap().is_blocked());
    let exported = umpire.policy().export(DocumentFormat::Yaml).await.unwrap();
    assert!(umpire.policy().diff(exported.document).await.unwrap().changes.is_empty());
    let broken = POLICY.replace("cheap gold]", "silver]");
    let error = umpire.policy().apply(broken).await.unwrap_err();
    assert_eq!(
        (error.code(), error.reason()),
        (Code::FailedPrecondition, ErrorReason::TestsFailed)
    );
    assert_eq!(error.preconditions().len(), 1);
    for base in [0, 7] {
        let stale = umpire.policy().apply("api_version: umpire/v1\nrules: []\ntests: []\n");
        let error = stale.base_revision(base).await.unwrap_err();
        assert_eq!(error.reason(), ErrorReason::EtagMismatch, "{base}");
    }
}

#[tokio::test]
async fn history_is_watched_and_rolled_back() {
    let server = TestServer::start().await;
    let umpire = connect(&server).await;
    let mut events = umpire.history().watch("");
    let begun = events.next().await.unwrap().unwrap();
    assert!(matches!(begun.event, Some(Event::Checkpoint(_))), "the watch has begun");
    umpire.policy().apply(POLICY).await.unwrap();
    let seen = async |from: &str| {
        let events =
            umpire.history().watch(from).filter_map(async |event| match event.unwrap().event {
                Some(Event::Revision(revision)) => Some(revision.number),
                _ => None,
            });
        events.take(2).collect::<Vec<_>>().await
    };
    let back = umpire.history().rollback(1, "nothing to do").await.unwrap();
    assert_eq!(back.number, 1, "it is that revision already");
    umpire.rules().create("bad", rule(&["bad"], &[])).await.unwrap();
    assert_eq!(seen(&begun.resume_token).await, [1, 2]);
    let back = umpire.history().rollback(1, "too strict").await.unwrap();
    assert_eq!((back.number, back.reason.as_str()), (3, "too strict"));
    let differing = umpire.history().diff(1, 0).await.unwrap();
    assert!(differing.changes.is_empty());
    let listed = umpire.history().list().filter("number >= 2").all().await.unwrap();
    assert_eq!(listed.iter().map(|revision| revision.number).collect::<Vec<_>>(), [3, 2]);
}

#[tokio::test]
async fn a_key_knows_its_tenant() {
    let server = TestServer::start_with_keys().await;
    let mut operator = server.operator();
    let tenant = CreateTenantRequest {
        tenant_id: "game-a".into(),
        tenant: Some(Tenant::default()),
        ..<_>::default()
    };
    operator.admin.create_tenant(tenant).await.unwrap();
    let key = CreateApiKeyRequest {
        parent: "tenants/game-a".into(),
        api_key: Some(ApiKey { role: Role::Admin as i32, ..<_>::default() }),
        ..<_>::default()
    };
    let secret = operator.admin.create_api_key(key).await.unwrap().into_inner().secret;
    let builder = Umpire::builder(server.grpc().to_string());
    let umpire = builder.clone().api_key(secret).connect().await.unwrap();
    umpire.rules().create("gold", rule(&["gold"], &[])).await.unwrap();
    assert_eq!(umpire.rules().get("gold").await.unwrap().name, "tenants/game-a/rules/gold");
    let wrong = builder.api_key("wrong").connect().await.unwrap();
    let error = wrong.check("hi").await.unwrap_err();
    assert_eq!(
        (error.code(), error.reason()),
        (Code::Unauthenticated, ErrorReason::Unauthenticated)
    );
}

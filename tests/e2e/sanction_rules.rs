//! Sanction rules and enforcers are kept and changed; the order they are tried in is told.

use prost_types::FieldMask;
use tonic::Code;
use umpire_proto::v1::{
    CreateEnforcerRequest, CreateSanctionRuleRequest, DeleteEnforcerRequest,
    DeleteSanctionRuleRequest, Enforcer, GetEnforcerRequest, GetSanctionRuleRequest,
    ListEffectiveOrderRequest, ListEffectiveOrderResponse, ListEnforcersRequest,
    ListSanctionRulesRequest, OrderFinding,
    RiskClass::{Fatal, HighRisk, Sensitive},
    SanctionKind::{LoginBan, Mute, Warn},
    SanctionRule, SanctionRuleMode, UpdateEnforcerRequest, UpdateSanctionRuleRequest, enforcer,
    order_finding::Kind as Odd,
    sanction_rule::{Ladder, ladder::Step},
};
use umpire_testkit::{
    Clients, TestServer, check, classed_rule, reason, said_by, sanction_rule, seconds,
    stream_enforcer, strikes, violated, webhook_enforcer,
};

const DAY: i64 = 86_400;
/// `whsec_` and 24 bytes.
const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

async fn created(clients: &Clients, request: CreateSanctionRuleRequest) -> SanctionRule {
    let answer = clients.sanctions.clone().create_sanction_rule(request).await.unwrap();
    answer.into_inner().sanction_rule.unwrap()
}

fn update(rule: SanctionRule, paths: &[&str]) -> UpdateSanctionRuleRequest {
    let paths = paths.iter().map(|&path| path.to_owned()).collect();
    UpdateSanctionRuleRequest {
        sanction_rule: Some(rule),
        update_mask: Some(FieldMask { paths }),
        ..<_>::default()
    }
}

async fn order(clients: &Clients) -> ListEffectiveOrderResponse {
    let request = ListEffectiveOrderRequest::default();
    clients.sanctions.clone().list_effective_order(request).await.unwrap().into_inner()
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_rule_lives_through_its_changes() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    let mut sanctions = clients.sanctions.clone();
    let rule = created(&clients, sanction_rule("insults", Sensitive, 3, Mute)).await;
    assert_eq!(rule.name, "tenants/default/sanctionRules/insults");
    assert_eq!((rule.mode(), rule.author.as_str()), (SanctionRuleMode::Enforced, "local"));
    assert!(
        !rule.etag.is_empty() && rule.create_time.is_some() && rule.create_time == rule.update_time
    );
    let again = sanctions.create_sanction_rule(sanction_rule("insults", Fatal, 1, Warn)).await;
    assert_eq!(reason(&again.unwrap_err()), "ALREADY_EXISTS");

    let stricter = SanctionRule { threshold: 2, reason: "ignored".into(), ..rule.clone() };
    let request = update(stricter, &["threshold"]);
    let updated = sanctions.update_sanction_rule(request.clone()).await.unwrap().into_inner();
    let updated = updated.sanction_rule.unwrap();
    assert_eq!((updated.threshold, updated.reason.as_str()), (2, "rule insults"));
    assert_ne!(updated.etag, rule.etag);
    let stale = sanctions.update_sanction_rule(request).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "ETAG_MISMATCH"));

    server.restart().await;
    let mut sanctions = server.clients().sanctions;
    let get = GetSanctionRuleRequest { name: rule.name.clone() };
    let read = sanctions.get_sanction_rule(get.clone()).await.unwrap().into_inner();
    assert_eq!(read.sanction_rule.as_ref(), Some(&updated));
    let delete = |etag: &str| DeleteSanctionRuleRequest {
        name: rule.name.clone(),
        etag: etag.into(),
        ..<_>::default()
    };
    let stale = sanctions.delete_sanction_rule(delete(&rule.etag)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    sanctions.delete_sanction_rule(delete(&updated.etag)).await.unwrap();
    let gone = sanctions.get_sanction_rule(get).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "NOT_FOUND"));
    let gone = sanctions.delete_sanction_rule(delete("")).await.unwrap_err();
    assert_eq!(reason(&gone), "NOT_FOUND");
}

#[tokio::test]
async fn a_request_id_makes_a_change_once_and_validate_only_none() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let tried =
        CreateSanctionRuleRequest { validate_only: true, ..sanction_rule("a", Sensitive, 3, Warn) };
    assert_eq!(id(&created(&clients, tried).await.name), "a");
    let listed = ListSanctionRulesRequest::default();
    let listed = clients.sanctions.clone().list_sanction_rules(listed).await.unwrap().into_inner();
    assert!(listed.sanction_rules.is_empty());

    let request = CreateSanctionRuleRequest {
        request_id: "0193a7b2-5c1e-7cc0-8000-000000000001".into(),
        ..sanction_rule("", Sensitive, 3, Warn)
    };
    let first = created(&clients, request.clone()).await;
    assert_eq!(created(&clients, request.clone()).await, first);
    let other = CreateSanctionRuleRequest { sanction_rule_id: "b".into(), ..request };
    let refused = clients.sanctions.clone().create_sanction_rule(other).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn rules_are_listed_by_id_with_filters_and_pages() {
    let server = TestServer::start().await;
    let clients = server.clients();
    for number in 0..5 {
        let kind = if number % 2 == 0 { Mute } else { Warn };
        created(&clients, sanction_rule(&format!("r{number}"), Sensitive, 3, kind)).await;
    }
    let mut labelled = sanction_rule("ads", HighRisk, 1, LoginBan);
    let rule = labelled.sanction_rule.as_mut().unwrap();
    (rule.labels, rule.display_name) = (vec!["advert".into()], "Gold sellers".into());
    rule.mode = SanctionRuleMode::Shadow as i32;
    created(&clients, labelled).await;
    for (filter, expected) in [
        ("", "ads r0 r1 r2 r3 r4"),
        ("kind = MUTE", "r0 r2 r4"),
        ("risk_class >= HIGH_RISK", "ads"),
        ("label = advert", "ads"),
        ("mode = SHADOW", "ads"),
        ("display_name:sellers", "ads"),
        ("id = r1 OR id = r3", "r1 r3"),
    ] {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListSanctionRulesRequest {
                filter: filter.into(),
                page_size: 2,
                page_token,
                ..<_>::default()
            };
            let page = clients.sanctions.clone().list_sanction_rules(request).await;
            let page = page.unwrap().into_inner();
            found.extend(page.sanction_rules.iter().map(|rule| id(&rule.name).to_owned()));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found.join(" "), expected, "{filter}");
    }
    let wrong = ListSanctionRulesRequest { filter: "colour = red".into(), ..<_>::default() };
    let refused = clients.sanctions.clone().list_sanction_rules(wrong).await.unwrap_err();
    assert_eq!(reason(&refused), "INVALID_FILTER");
}

#[tokio::test]
async fn what_a_rule_cannot_be_is_refused_by_field() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let good = sanction_rule("bad", Sensitive, 3, Mute).sanction_rule.unwrap();
    let with = |change: fn(&mut SanctionRule)| {
        let mut rule = good.clone();
        change(&mut rule);
        rule
    };
    let climbing = |ladder: Ladder| SanctionRule { ladder: Some(ladder), ..good.clone() };
    let ladder = Ladder { memory: seconds(DAY), ..<_>::default() };
    let step = Step { duration: seconds(60), ..<_>::default() };
    for (field, rule) in [
        ("risk_class", with(|rule| rule.risk_class = 0)),
        ("threshold", with(|rule| rule.threshold = 0)),
        ("threshold", with(|rule| rule.threshold = -1)),
        ("threshold", with(|rule| rule.threshold = 10_001)),
        ("window", with(|rule| rule.window = None)),
        ("window", with(|rule| rule.window = seconds(0))),
        ("window", with(|rule| rule.window = seconds(-60))),
        ("window", with(|rule| rule.window = seconds(367 * DAY))),
        ("charge_from", with(|rule| rule.charge_from = Some(-1))),
        ("charge", with(|rule| (rule.charge_from, rule.charge_to) = (Some(10), Some(5)))),
        ("charge", with(|rule| (rule.charge_from, rule.charge_to) = (Some(5), Some(5)))),
        ("kind", with(|rule| rule.kind = 0)),
        ("duration", with(|rule| rule.duration = seconds(-1))),
        ("duration", with(|rule| rule.duration = seconds(3_661 * DAY))),
        ("labels", with(|rule| rule.labels = vec!["x".into(); 33])),
        ("servers", with(|rule| rule.servers = vec!["s".into(); 1_001])),
        ("channels", with(|rule| rule.channels = vec!["c".into(); 1_001])),
        ("reason", with(|rule| rule.reason = "x".repeat(501))),
        ("remark", with(|rule| rule.remark = "x".repeat(2_001))),
        ("max_per_minute", with(|rule| rule.max_per_minute = -1)),
        ("grace", with(|rule| rule.grace = seconds(367 * DAY))),
        ("grace", with(|rule| rule.grace = seconds(-1))),
        ("mode", with(|rule| rule.mode = 77)),
        ("count_mode", with(|rule| rule.count_mode = 77)),
        ("ladder.memory", climbing(Ladder::default())),
        ("ladder.factor", climbing(Ladder { factor: 0.5, ..ladder.clone() })),
        ("ladder.factor", climbing(Ladder { factor: f64::NAN, ..ladder.clone() })),
        ("ladder.decay", climbing(Ladder { decay: seconds(-1), ..ladder.clone() })),
        ("ladder.steps", climbing(Ladder { steps: vec![step; 21], ..ladder })),
    ] {
        let sanction_rule = Some(rule);
        let request = CreateSanctionRuleRequest { sanction_rule, ..<_>::default() };
        let refused = clients.sanctions.clone().create_sanction_rule(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{field}: {refused}");
        let (fields, path) = (violated(&refused), format!("sanction_rule.{field}"));
        assert!(fields.iter().any(|found| found.starts_with(&path)), "{field}: {fields:?}");
    }
    let request = CreateSanctionRuleRequest {
        sanction_rule_id: "a b".into(),
        ..sanction_rule("", Sensitive, 3, Mute)
    };
    let refused = clients.sanctions.clone().create_sanction_rule(request).await.unwrap_err();
    assert_eq!(violated(&refused), ["sanction_rule_id"]);
    let nothing = CreateSanctionRuleRequest::default();
    let refused = clients.sanctions.clone().create_sanction_rule(nothing).await.unwrap_err();
    assert!(violated(&refused).iter().any(|field| field.starts_with("sanction_rule")));
    assert!(order(&clients).await.sanction_rules.is_empty(), "nothing was kept");
}

/// A sanction rule of threshold 2.
fn counted(id: &str, change: impl FnOnce(&mut SanctionRule)) -> CreateSanctionRuleRequest {
    let mut request = sanction_rule(id, Sensitive, 2, Mute);
    change(request.sanction_rule.as_mut().unwrap());
    request
}

#[tokio::test]
async fn nothing_is_permanent_by_mistake_and_no_enforcer_changes_its_kind() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut sanctions = clients.sanctions.clone();
    let forgotten = counted("r", |rule| rule.duration = None);
    let refused = sanctions.create_sanction_rule(forgotten).await.unwrap_err();
    assert_eq!(violated(&refused), ["sanction_rule.duration"]);
    for (id, permanent, duration) in [("said", true, None), ("zero", false, seconds(0))] {
        let rule = counted(id, |rule| (rule.permanent, rule.duration) = (permanent, duration));
        let made = created(&clients, rule).await;
        assert_eq!((made.permanent, made.duration), (true, None), "{id}");
    }
    let made = sanctions.create_enforcer(stream_enforcer("game")).await.unwrap().into_inner();
    let webhook = webhook_enforcer("game", "https://game.example/x", SECRET).enforcer.unwrap();
    let enforcer = Enforcer { kind: webhook.kind, ..made.enforcer.unwrap() };
    let request = UpdateEnforcerRequest { enforcer: Some(enforcer), ..<_>::default() };
    let refused = sanctions.update_enforcer(request).await.unwrap_err();
    assert_eq!(violated(&refused), ["enforcer.kind"]);
}

#[tokio::test]
async fn there_is_one_total_order() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let expected = [
        counted("a-fatal", |rule| {
            (rule.risk_class, rule.kind) = (Fatal as i32, Warn as i32);
            rule.duration = None;
        }),
        counted("b-risk", |rule| (rule.risk_class, rule.priority) = (HighRisk as i32, -5)),
        counted("c-first", |rule| rule.priority = 2),
        counted("d-ban", |rule| rule.kind = LoginBan as i32),
        counted("e-permanent", |rule| (rule.duration, rule.permanent) = (None, true)),
        counted("f-longer", |rule| rule.duration = seconds(7_200)),
        counted("g-narrow", |rule| (rule.charge_from, rule.charge_to) = (Some(0), Some(100))),
        counted("h-wider", |rule| (rule.charge_from, rule.charge_to) = (Some(100), Some(900))),
        counted("i-open", |rule| rule.charge_from = Some(900)),
        counted("j-all", |_| {}),
        counted("k-all", |_| {}),
        counted("l-warn", |rule| (rule.kind, rule.duration) = (Warn as i32, None)),
    ];
    for request in expected.iter().rev() {
        created(&clients, request.clone()).await;
    }
    created(&clients, counted("0-off", |rule| rule.mode = SanctionRuleMode::Off as i32)).await;
    let order = order(&clients).await;
    let ids: Vec<_> = order.sanction_rules.iter().map(|rule| id(&rule.name)).collect();
    let expected: Vec<_> = expected.iter().map(|rule| rule.sanction_rule_id.as_str()).collect();
    assert_eq!(ids, expected);
}

fn about(findings: &[OrderFinding], kind: Odd) -> Vec<String> {
    let of_kind = findings.iter().filter(|finding| finding.kind() == kind);
    let ids = |finding: &OrderFinding| {
        assert!(!finding.message.is_empty());
        let mut ids: Vec<_> = finding.sanction_rules.iter().map(|name| id(name)).collect();
        ids.sort_unstable();
        ids.join(" ")
    };
    let mut told: Vec<_> = of_kind.map(ids).collect();
    told.sort_unstable();
    told
}

#[tokio::test]
async fn what_is_odd_is_told() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut words = classed_rule("insults", &["bad"], Sensitive);
    words.rule.as_mut().unwrap().labels = vec!["insult".into()];
    clients.rules.clone().create_rule(words).await.unwrap();
    let ranged = |id: &str, from, to| {
        counted(id, |rule| {
            (rule.charge_from, rule.charge_to) = (from, to);
            rule.labels = vec!["insult".into()];
        })
    };
    for request in [
        ranged("poor", None, Some(100)),
        ranged("some", Some(50), Some(200)),
        ranged("rich", Some(1_000), None),
        counted("unknown", |rule| rule.labels = vec!["nobody-gives-this".into()]),
        counted("classless", |rule| rule.risk_class = HighRisk as i32),
        counted("off", |rule| rule.mode = SanctionRuleMode::Off as i32),
        counted("at-once", |rule| (rule.threshold, rule.priority) = (1, 10)),
    ] {
        created(&clients, request).await;
    }
    let findings = order(&clients).await.findings;
    assert_eq!(about(&findings, Odd::Overlap), ["poor some"]);
    assert_eq!(about(&findings, Odd::Gap).len(), 1, "between 200 and 1,000");
    let sourceless = about(&findings, Odd::NoSource).join(" ");
    assert!(sourceless.contains("unknown") && sourceless.contains("classless"), "{sourceless}");
    assert!(!sourceless.contains("poor"), "{sourceless}");
    assert_eq!(about(&findings, Odd::Off), ["off"]);
    let shadowed = about(&findings, Odd::Shadowed).join(" ");
    for covered in ["poor", "some", "rich"] {
        assert!(shadowed.contains(covered), "{covered}: {shadowed}");
    }
}

#[tokio::test]
async fn a_changed_rule_keeps_its_strikes_and_a_deleted_one_forgets_them() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut sanctions = clients.sanctions.clone();
    clients.rules.clone().create_rule(classed_rule("w", &["bad"], Sensitive)).await.unwrap();
    let rule = created(&clients, sanction_rule("r", Sensitive, 5, Mute)).await;
    let said = async || strikes(&check(&clients, said_by("p", "bad")).await.unwrap());
    assert_eq!((said().await, said().await), (vec!["r 1/5".into()], vec!["r 2/5".into()]));
    let changed = SanctionRule { threshold: 4, ..rule.clone() };
    sanctions.update_sanction_rule(update(changed, &["threshold"])).await.unwrap();
    assert_eq!(said().await, ["r 3/4"]);
    let delete = DeleteSanctionRuleRequest { name: rule.name, ..<_>::default() };
    sanctions.delete_sanction_rule(delete).await.unwrap();
    assert!(said().await.is_empty());
    created(&clients, sanction_rule("r", Sensitive, 5, Mute)).await;
    assert_eq!(said().await, ["r 1/5"]);
}

#[tokio::test]
async fn enforcers_are_kept_and_their_secrets_never_shown() {
    let mut server = TestServer::start_with(|config| config.outbound.allow_private = true).await;
    let mut sanctions = server.clients().sanctions;
    let request = webhook_enforcer("gate", "http://127.0.0.1:9/hook", SECRET);
    let made = sanctions.create_enforcer(request).await.unwrap().into_inner().enforcer.unwrap();
    assert_eq!(made.name, "tenants/default/enforcers/gate");
    let webhook = |enforcer: &Enforcer| match &enforcer.kind {
        Some(enforcer::Kind::Webhook(webhook)) => webhook.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((webhook(&made).secret.as_str(), webhook(&made).secret_set), ("", true));
    sanctions.create_enforcer(stream_enforcer("chat")).await.unwrap();

    // Without a secret it keeps the one it has.
    let mut changed = made.clone();
    changed.display_name = "Gate".into();
    changed.servers = vec!["s1".into()];
    let request = UpdateEnforcerRequest { enforcer: Some(changed), ..<_>::default() };
    let updated = sanctions.update_enforcer(request.clone()).await.unwrap().into_inner();
    let updated = updated.enforcer.unwrap();
    assert_eq!((updated.display_name.as_str(), webhook(&updated).secret_set), ("Gate", true));
    let stale = sanctions.update_enforcer(request).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    server.restart().await;
    let mut sanctions = server.clients().sanctions;
    let get = GetEnforcerRequest { name: made.name.clone() };
    let read = sanctions.get_enforcer(get.clone()).await.unwrap().into_inner().enforcer;
    assert_eq!(read.as_ref(), Some(&updated));
    let listed = sanctions.list_enforcers(ListEnforcersRequest::default()).await.unwrap();
    let listed = listed.into_inner().enforcers;
    assert_eq!(listed.iter().map(|one| id(&one.name)).collect::<Vec<_>>(), ["chat", "gate"]);
    let delete = DeleteEnforcerRequest { name: made.name, ..<_>::default() };
    sanctions.delete_enforcer(delete).await.unwrap();
    assert_eq!(reason(&sanctions.get_enforcer(get).await.unwrap_err()), "NOT_FOUND");
}

#[tokio::test]
async fn what_an_enforcer_cannot_be_is_refused_by_field() {
    let server = TestServer::start_with(|config| config.outbound.allow_private = true).await;
    let clients = server.clients();
    let late = |deadline| {
        let mut request = stream_enforcer("e");
        request.enforcer.as_mut().unwrap().ack_deadline = deadline;
        request
    };
    let mut kindless = stream_enforcer("e");
    kindless.enforcer.as_mut().unwrap().kind = None;
    let mut crowded = stream_enforcer("e");
    crowded.enforcer.as_mut().unwrap().servers = vec!["s".into(); 1_001];
    let cases: Vec<(&str, CreateEnforcerRequest)> = vec![
        ("webhook.url", webhook_enforcer("e", "", SECRET)),
        ("webhook.url", webhook_enforcer("e", "no url", SECRET)),
        ("webhook.url", webhook_enforcer("e", "ftp://games.example/hook", SECRET)),
        ("webhook.secret", webhook_enforcer("e", "https://games.example/hook", "")),
        ("webhook.secret", webhook_enforcer("e", "https://games.example/hook", "geheim")),
        ("webhook.secret", webhook_enforcer("e", "https://games.example/hook", "whsec_c2hvcnQ=")),
        ("ack_deadline", late(seconds(-1))),
        ("ack_deadline", late(seconds(3_601))),
        ("servers", crowded),
        ("", kindless),
    ];
    for (field, request) in cases {
        let refused = clients.sanctions.clone().create_enforcer(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{field}: {refused}");
        let (fields, path) = (violated(&refused), format!("enforcer.{field}"));
        let path = path.trim_end_matches('.');
        assert!(fields.iter().any(|found| found.starts_with(path)), "{field}: {fields:?}");
    }
}

//! MASK shows what the rule's strategy says and nothing else, and the log shows less.

use umpire_proto::v1::{
    Action, ActionKind, ApplyRuleSetRequest, AuditRecord, CreateRuleRequest, ExportRuleSetRequest,
    GetAuditRecordRequest, MaskStrategy, Message, TextCondition, rule::Condition,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, violated, word_rule};

/// A rule of words that masks.
fn masking(id: &str, words: &[&str], mask: MaskStrategy, text: &str) -> CreateRuleRequest {
    let mut request = word_rule(id, words, &[]);
    let kind = ActionKind::Mask as i32;
    let action = Action { kind, mask: mask as i32, text: text.into(), ..Action::default() };
    request.rule.as_mut().unwrap().actions = vec![action];
    request
}

/// The same with another condition.
fn looking_for(mut request: CreateRuleRequest, text: TextCondition) -> CreateRuleRequest {
    request.rule.as_mut().unwrap().condition = Some(Condition::Text(text));
    request
}

async fn create(clients: &Clients, rules: Vec<CreateRuleRequest>) {
    for rule in rules {
        clients.rules.clone().create_rule(rule).await.unwrap();
    }
}

async fn masked(clients: &Clients, text: &str) -> String {
    check(clients, message(text)).await.unwrap().masked_text
}

async fn record(clients: &Clients, name: &str) -> AuditRecord {
    let request = GetAuditRecordRequest { name: name.into() };
    let answer = clients.audit.clone().get_audit_record(request).await.unwrap();
    answer.into_inner().audit_record.unwrap()
}

#[tokio::test]
async fn every_strategy_shows_what_it_promises() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let phone = TextCondition { detector: "mobile_phone".into(), ..<_>::default() };
    let joined = TextCondition { regex: "k[^!]+".into(), ..<_>::default() };
    create(
        &clients,
        vec![
            masking("plain", &["secret"], MaskStrategy::Unspecified, ""),
            masking("full", &["外挂"], MaskStrategy::Full, ""),
            masking("grawlix", &["badword"], MaskStrategy::Grawlix, ""),
            masking("fixed", &["gold"], MaskStrategy::Fixed, "[广告]"),
            masking("stars", &["silver"], MaskStrategy::Fixed, ""),
            masking("ends", &["加我微信"], MaskStrategy::KeepEnds, ""),
            looking_for(masking("phone", &[], MaskStrategy::KeepEnds, ""), phone),
            looking_for(masking("joined", &[], MaskStrategy::KeepEnds, ""), joined),
        ],
    )
    .await;
    for (text, expected) in [
        ("a secret 😀", "a ****** 😀"),
        ("卖外挂。", "卖**。"),
        ("you badword!", "you @#$%&!@!"),
        ("买gold吗，gold", "买[广告]吗，[广告]"),
        ("silver 😀", "*** 😀"),
        ("请加我微信吧", "请加**信吧"),
        ("打13800138000。", "打138****8000。"),
        ("打１３８００１３８０００。", "打１３８****８０００。"),
        ("say k😀e\u{301}! ok", "say k***! ok"),
        ("say k😀ye\u{301}! ok", "say k**e\u{301}! ok"),
        ("nothing", ""),
    ] {
        assert_eq!(masked(&clients, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn where_rules_meet_the_one_that_hides_more_wins() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(
        &clients,
        vec![
            masking("ends", &["加微信"], MaskStrategy::KeepEnds, ""),
            masking("full", &["信号"], MaskStrategy::Full, ""),
            masking("grawlix", &["号外"], MaskStrategy::Grawlix, ""),
            masking("fixed", &["外挂"], MaskStrategy::Fixed, "#"),
        ],
    )
    .await;
    for (text, expected) in [
        ("加微信 号外", "加** @#"),
        ("加微信号外", "*****"),
        ("加微信号 外挂", "**** #"),
        ("看号外挂了", "看#了"),
        ("号外加微信", "@#$%&"),
    ] {
        assert_eq!(masked(&clients, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn the_log_shows_stars_and_a_repeated_check_the_same_mask() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    create(
        &clients,
        vec![
            masking("ends", &["badword"], MaskStrategy::KeepEnds, ""),
            masking("fixed", &["gold"], MaskStrategy::Fixed, "[ad]"),
        ],
    )
    .await;
    let said = || Message { message_id: "1".into(), ..message("badword, gold") };
    let first = check(&clients, said()).await.unwrap();
    assert_eq!(first.masked_text, "b*****d, [ad]");
    let recorded = record(&clients, &first.audit_record).await;
    assert_eq!(recorded.content, "*******, ****");
    let strategies: Vec<_> = recorded.actions.iter().map(|action| action.mask()).collect();
    assert_eq!(strategies, [MaskStrategy::KeepEnds, MaskStrategy::Fixed]);
    for round in ["live", "restarted"] {
        let again = check(&server.clients(), said()).await.unwrap();
        assert!(again.replayed, "{round}");
        assert_eq!((&again.masked_text, &again.actions), (&first.masked_text, &first.actions));
        server.restart().await;
    }
}

#[tokio::test]
async fn what_cannot_be_honoured_is_refused() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let with = |edit: fn(&mut Action)| {
        let mut request = masking("r", &["bad"], MaskStrategy::Full, "");
        edit(&mut request.rule.as_mut().unwrap().actions[0]);
        request
    };
    let log = with(|action| action.kind = ActionKind::Log as i32);
    let long = with(|action| {
        action.mask = MaskStrategy::Fixed as i32;
        action.text = "x".repeat(257);
    });
    let unknown = with(|action| action.mask = 99);
    for (request, told, field) in [
        (log, "INVALID_FIELD", "rule.actions[0].mask"),
        (long, "TOO_LARGE", "rule.actions[0].text"),
        (unknown, "UNSUPPORTED", "rule.actions[0].mask"),
    ] {
        let status = clients.rules.clone().create_rule(request).await.unwrap_err();
        assert_eq!((reason(&status).as_str(), violated(&status)), (told, vec![field.to_owned()]));
    }
}

#[tokio::test]
async fn documents_name_the_strategy() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let document = "api_version: umpire/v1
rules:
  - id: phone
    text: {detector: mobile_phone}
    actions: [{kind: MASK, mask: KEEP_ENDS}]
  - id: advert
    text: {words: [gold]}
    actions: [{kind: MASK, mask: FIXED, text: '[ad]'}]
";
    let apply = ApplyRuleSetRequest { document: document.into(), ..<_>::default() };
    clients.rules.clone().apply_rule_set(apply.clone()).await.unwrap();
    assert_eq!(masked(&clients, "gold 13800138000").await, "[ad] 138****8000");
    let exported = clients.rules.clone().export_rule_set(ExportRuleSetRequest::default()).await;
    let exported = exported.unwrap().into_inner().document;
    assert!(exported.contains("KEEP_ENDS") && exported.contains("FIXED"), "{exported}");
    let again = ApplyRuleSetRequest { document: exported, ..apply };
    let applied = clients.rules.clone().apply_rule_set(again).await.unwrap().into_inner();
    assert!(applied.changes.is_empty(), "{:?}", applied.changes);
}

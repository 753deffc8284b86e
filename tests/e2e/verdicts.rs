//! The same message gets the same verdict through every door, and the verdict says
//! what the contract promises.

use umpire_proto::v1::{
    ActionKind::{Intercept, Log, Mask, Review},
    AuditState, BatchCheckMessagesRequest, CheckMessageRequest, CheckMode, Conversation,
    ConversationKind, Decision, Level, ListAuditRecordsRequest, Message, StreamMessagesRequest,
    Tenant, TenantSettings, Transformation, UncheckedReason, UpdateTenantRequest, Verdict,
    VerdictView, attachment, check_result, stream_messages_response, tenant_settings,
};
use umpire_testkit::{Clients, TestServer, check, message, rule_ids, word_rule};

async fn create(
    clients: &Clients,
    rules: impl IntoIterator<Item = umpire_proto::v1::CreateRuleRequest>,
) {
    for rule in rules {
        clients.rules.clone().create_rule(rule).await.unwrap();
    }
}

/// What may differ between two checks of the same text.
fn comparable(mut verdict: Verdict) -> Verdict {
    verdict.audit_record.clear();
    verdict.elapsed = None;
    verdict
}

async fn in_a_batch(clients: &Clients, messages: &[Message]) -> Vec<Verdict> {
    let request = BatchCheckMessagesRequest { messages: messages.to_vec(), ..<_>::default() };
    let answer = clients.moderation.clone().batch_check_messages(request).await.unwrap();
    let results = answer.into_inner().results.into_iter();
    results
        .map(|result| match result.result {
            Some(check_result::Result::Verdict(verdict)) => verdict,
            other => panic!("{other:?}"),
        })
        .collect()
}

async fn in_a_stream(clients: &Clients, messages: &[Message]) -> Vec<Verdict> {
    let asked: Vec<_> = messages
        .iter()
        .cloned()
        .zip(0..)
        .map(|(message, client_seq)| StreamMessagesRequest {
            client_seq,
            check: Some(CheckMessageRequest { message: Some(message), ..<_>::default() }),
        })
        .collect();
    let answer =
        clients.moderation.clone().stream_messages(tokio_stream::iter(asked)).await.unwrap();
    let mut answers = answer.into_inner();
    let mut verdicts = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        assert_eq!(answer.client_seq, i64::try_from(verdicts.len()).unwrap());
        match answer.result {
            Some(stream_messages_response::Result::Verdict(verdict)) => verdicts.push(verdict),
            other => panic!("{other:?}"),
        }
    }
    verdicts
}

#[tokio::test]
async fn three_doors_one_verdict() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut detector = word_rule("phone", &[], &[Mask]);
    let mut regex = word_rule("regex", &[], &[Review]);
    set_text(&mut detector, |text| text.detector = "mobile_phone".into());
    set_text(&mut regex, |text| text.regex = r"(?:vx|wx)\d{3,}".into());
    let words = word_rule("words", &["外挂", "gold"], &[Intercept]);
    create(&clients, [detector, regex, words]).await;
    let texts = [
        "hello there",
        "卖外挂",
        "买ＧＯＬＤ加vx1234",
        "打13800138000",
        "gold gold 外挂 😀 外挂",
        "vx12",
        "电话１３８００１３８０００，外挂",
        " ",
    ];
    // Many of each, so that chunks and commits are shared.
    let messages: Vec<_> = texts.iter().cycle().take(400).map(|text| message(text)).collect();
    let batch = in_a_batch(&clients, &messages).await;
    let stream = in_a_stream(&clients, &messages).await;
    assert_eq!((batch.len(), stream.len()), (400, 400));
    for (index, message) in messages.into_iter().enumerate() {
        let unary = comparable(check(&clients, message.clone()).await.unwrap());
        assert_eq!(comparable(batch[index].clone()), unary, "{}", message.text);
        assert_eq!(comparable(stream[index].clone()), unary, "{}", message.text);
    }
}

fn set_text(
    request: &mut umpire_proto::v1::CreateRuleRequest,
    edit: impl FnOnce(&mut umpire_proto::v1::TextCondition),
) {
    let rule = request.rule.as_mut().unwrap();
    let Some(umpire_proto::v1::rule::Condition::Text(text)) = &mut rule.condition else { panic!() };
    edit(text);
}

#[tokio::test]
async fn a_verdict_tells_everything() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let mut rule = word_rule("gold", &["金币"], &[Mask, Review]);
    rule.rule.as_mut().unwrap().labels = vec!["advert".into()];
    rule.rule.as_mut().unwrap().level = Level::P1 as i32;
    create(&clients, [rule]).await;
    let asked = Message { callback_info: "back".into(), ..message("😀出售金币!") };
    let verdict = check(&clients, asked).await.unwrap();
    assert_eq!(verdict.decision(), Decision::Review);
    assert_eq!(verdict.level(), Level::P1);
    assert_eq!(verdict.labels, ["advert"]);
    assert_eq!(verdict.masked_text, "😀出售**!");
    assert_eq!(verdict.audit_state(), AuditState::Recorded);
    assert!(verdict.audit_record.starts_with("tenants/default/auditRecords/"));
    assert_eq!((verdict.revision, verdict.callback_info.as_str()), (1, "back"));
    let span = &verdict.matches[0].spans[0];
    assert_eq!((span.byte_start, span.byte_end), (10, 16));
    assert_eq!((span.utf16_start, span.utf16_end), (4, 6));
    assert_eq!(verdict.matches[0].rule, "tenants/default/rules/gold");
    assert_eq!(verdict.matches[0].field, "text");
    let wide = check(&clients, message("ＧＯＬＤ")).await.unwrap();
    assert_eq!(wide.audit_state(), AuditState::Skipped);
    assert!(wide.audit_record.is_empty());
}

#[tokio::test]
async fn views_show_more_or_less() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(&clients, [word_rule("a", &["bad"], &[Log])]).await;
    let ask = async |view: VerdictView| {
        let request = CheckMessageRequest {
            message: Some(message("bad")),
            view: view as i32,
            ..CheckMessageRequest::default()
        };
        let answer = clients.moderation.clone().check_message(request).await.unwrap();
        assert_eq!(answer.metadata().get("x-umpire-revision").unwrap(), "1");
        assert!(answer.metadata().get("x-request-id").is_some());
        answer.into_inner().verdict.unwrap()
    };
    let basic = ask(VerdictView::Basic).await;
    assert!(basic.matches.is_empty() && basic.trace.is_none() && basic.level() == Level::P2);
    let plain = ask(VerdictView::Unspecified).await;
    assert!(!plain.matches.is_empty() && plain.trace.is_none());
    let trace = ask(VerdictView::Trace).await.trace.unwrap();
    assert!(trace.commit.is_some_and(|time| time.nanos > 0 || time.seconds > 0));
}

#[tokio::test]
async fn folding_is_reported() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(&clients, [word_rule("a", &["vx"], &[])]).await;
    let verdict = check(&clients, message("ＶＸ")).await.unwrap();
    let taken: Vec<_> = verdict.matches[0].transformations().collect();
    assert_eq!(taken, [Transformation::Case, Transformation::Width]);
}

#[tokio::test]
async fn attachments_are_judged() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(&clients, [word_rule("a", &["bad"], &[])]).await;
    let audio = attachment::Audio { transcript: "so bad".into(), ..<_>::default() };
    let link = attachment::Link { url: "https://x.org".into(), title: "bad link".into() };
    let contents = [attachment::Content::Audio(audio), attachment::Content::Link(link)];
    let attachments =
        contents.map(|content| umpire_proto::v1::Attachment { content: Some(content) });
    let asked = Message { attachments: attachments.into(), ..message("") };
    let verdict = check(&clients, asked).await.unwrap();
    let fields: Vec<_> = verdict.matches.iter().map(|found| found.field.as_str()).collect();
    assert_eq!(fields, ["attachments/0", "attachments/1/title"]);
    assert_eq!(verdict.audit_state(), AuditState::Recorded);
}

#[tokio::test]
async fn what_is_not_watched_passes_and_says_why() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(&clients, [word_rule("a", &["bad"], &[Intercept])]).await;
    let from_self = Message { from_self: true, ..message("bad") };
    let settings = TenantSettings {
        conversation_scope: vec!["room".into()],
        monitored_kinds: vec![ConversationKind::Group as i32],
        scenes: vec![tenant_settings::SceneSwitch { id: "mail".into(), enabled: false }],
        ..TenantSettings::default()
    };
    let tenant =
        Tenant { name: "tenants/default".into(), settings: Some(settings), ..<_>::default() };
    let request = UpdateTenantRequest { tenant: Some(tenant), ..<_>::default() };
    clients.admin.clone().update_tenant(request).await.unwrap();
    let said = |scene: &str, id: &str, kind: ConversationKind| Message {
        scene: scene.into(),
        conversation: Some(Conversation { id: id.into(), kind: kind as i32, ..<_>::default() }),
        ..message("bad")
    };
    let none = UncheckedReason::Unspecified;
    let out = UncheckedReason::OutOfScope;
    for (asked, reason) in [
        (from_self, UncheckedReason::FromSelf),
        (said("world", "room", ConversationKind::Group), none),
        (said("world", "other", ConversationKind::Group), out),
        (said("world", "room", ConversationKind::Direct), out),
        (said("mail", "room", ConversationKind::Group), out),
        (message("bad"), out),
    ] {
        let verdict = check(&clients, asked.clone()).await.unwrap();
        assert_eq!(verdict.reason(), reason, "{asked:?}");
        let passed = reason != none;
        assert_eq!(verdict.decision() == Decision::Pass, passed, "{asked:?}");
        assert_eq!(verdict.audit_state() == AuditState::Skipped, passed, "{asked:?}");
    }
}

#[tokio::test]
async fn a_dry_run_leaves_no_trace() {
    let server = TestServer::start().await;
    let clients = server.clients();
    create(&clients, [word_rule("a", &["bad"], &[Intercept])]).await;
    let asked = Message { message_id: "1".into(), ..message("bad") };
    let request = CheckMessageRequest {
        message: Some(asked.clone()),
        mode: CheckMode::DryRun as i32,
        ..CheckMessageRequest::default()
    };
    let dry = clients.moderation.clone().check_message(request).await.unwrap().into_inner();
    let dry = dry.verdict.unwrap();
    assert_eq!((dry.decision(), dry.audit_state()), (Decision::Block, AuditState::Skipped));
    let listed =
        clients.audit.clone().list_audit_records(ListAuditRecordsRequest::default()).await.unwrap();
    assert!(listed.into_inner().audit_records.is_empty());
    let real = check(&clients, asked).await.unwrap();
    assert!(!real.replayed);
    assert_eq!(rule_ids(&real), rule_ids(&dry));
}

#[tokio::test]
async fn all_may_be_recorded_and_waiting_may_be_declined() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let settings = TenantSettings {
        record: tenant_settings::RecordPolicy::All as i32,
        wait_for_record: Some(false),
        ..TenantSettings::default()
    };
    let tenant =
        Tenant { name: "tenants/default".into(), settings: Some(settings), ..<_>::default() };
    let request = UpdateTenantRequest { tenant: Some(tenant), ..<_>::default() };
    clients.admin.clone().update_tenant(request).await.unwrap();
    let verdict = check(&clients, message("harmless")).await.unwrap();
    assert_eq!(verdict.audit_state(), AuditState::Queued);
    assert!(verdict.degraded.is_empty());
    // The next commit is behind it in the writer's queue.
    create(&clients, [word_rule("a", &["bad"], &[])]).await;
    let name = verdict.audit_record;
    let request = umpire_proto::v1::GetAuditRecordRequest { name };
    let record = clients.audit.clone().get_audit_record(request).await.unwrap().into_inner();
    assert_eq!(record.audit_record.unwrap().content, "harmless");
}

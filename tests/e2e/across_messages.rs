//! Words written in pieces, one message after another, are found where a tenant wants it:
//! of one sender in one conversation, within a bounded window, and told once.

use crate::callers::make_key;
use prost_types::{Duration, FieldMask};
use umpire_proto::v1::{
    ActionKind::{Mask, Review},
    AuditState, BatchCheckMessagesRequest, CheckMessageRequest, CheckMode, Conversation,
    CreateRuleRequest, CreateTenantRequest, Decision, ExportRuleSetRequest, GetAuditRecordRequest,
    Message, Role, Sender, StreamMessagesRequest, Tenant, TenantSettings, UpdateTenantRequest,
    Verdict, check_result,
    rule::Condition,
    stream_messages_response,
    tenant_settings::MessageWindow,
};
use umpire_testkit::{Clients, TestServer, check, message, rule_ids, violated, word_rule};

/// A rule of words that looks across messages, masks and asks for a review.
fn across(id: &str, words: &[&str]) -> CreateRuleRequest {
    let mut request = word_rule(id, words, &[Mask, Review]);
    let condition = request.rule.as_mut().unwrap().condition.as_mut();
    let Some(Condition::Text(text)) = condition else { panic!("a text rule") };
    text.across_messages = true;
    request
}

fn window(max_messages: i32, max_age_seconds: i64, max_chars: i32) -> MessageWindow {
    let max_age = Some(Duration { seconds: max_age_seconds, nanos: 0 });
    MessageWindow { max_messages, max_age, max_chars }
}

/// Sets the window of `tenants/default`, or takes it away.
async fn set(
    clients: &Clients,
    message_window: Option<MessageWindow>,
) -> Result<Tenant, tonic::Status> {
    let settings = TenantSettings { message_window, ..TenantSettings::default() };
    let name = "tenants/default".into();
    let tenant = Tenant { name, settings: Some(settings), ..Tenant::default() };
    let paths = vec!["settings.message_window".to_owned()];
    let request = UpdateTenantRequest {
        tenant: Some(tenant),
        update_mask: Some(FieldMask { paths }),
        ..<_>::default()
    };
    Ok(clients.admin.clone().update_tenant(request).await?.into_inner().tenant.unwrap())
}

/// A server whose tenant has a window, with a rule that looks for 加我微信.
async fn server_with(message_window: MessageWindow) -> (TestServer, Clients) {
    let server = TestServer::start().await;
    let clients = server.clients();
    set(&clients, Some(message_window)).await.unwrap();
    clients.rules.clone().create_rule(across("contact", &["加我微信"])).await.unwrap();
    (server, clients)
}

fn said(id: &str, text: &str) -> Message {
    Message {
        message_id: id.into(),
        scene: "world".into(),
        conversation: Some(Conversation { id: "room".into(), ..<_>::default() }),
        sender: Some(Sender { user_id: "u".into(), ..<_>::default() }),
        ..message(text)
    }
}

async fn found(clients: &Clients, message: Message) -> usize {
    check(clients, message).await.unwrap().matches.len()
}

async fn dry(clients: &Clients, message: Message) -> Verdict {
    let mode = CheckMode::DryRun as i32;
    let request = CheckMessageRequest { message: Some(message), mode, ..<_>::default() };
    let answer = clients.moderation.clone().check_message(request).await.unwrap();
    answer.into_inner().verdict.unwrap()
}

#[tokio::test]
async fn a_word_in_pieces_is_found_and_its_spans_name_the_messages() {
    let (_server, clients) = server_with(MessageWindow::default()).await;
    for (id, text) in [("1", "好加"), ("2", "我"), ("3", "微")] {
        let verdict = check(&clients, said(id, text)).await.unwrap();
        assert_eq!((verdict.matches.len(), verdict.audit_state()), (0, AuditState::Skipped));
    }
    let verdict = check(&clients, said("4", "信吧")).await.unwrap();
    assert_eq!(rule_ids(&verdict), ["contact"]);
    assert_eq!((verdict.decision(), verdict.masked_text.as_str()), (Decision::Review, "*吧"));
    let spans = &verdict.matches[0].spans;
    let spans: Vec<_> = spans
        .iter()
        .map(|s| {
            let bytes = (s.byte_start, s.byte_end);
            (s.message_id.as_str(), bytes, (s.utf16_start, s.utf16_end))
        })
        .collect();
    let expected =
        [("1", (3, 6), (1, 2)), ("2", (0, 3), (0, 1)), ("3", (0, 3), (0, 1)), ("", (0, 3), (0, 1))];
    assert_eq!(spans, expected);

    let request = GetAuditRecordRequest { name: verdict.audit_record.clone() };
    let record = clients.audit.clone().get_audit_record(request).await.unwrap().into_inner();
    let record = record.audit_record.unwrap();
    assert_eq!((&record.matches, record.content.as_str()), (&verdict.matches, "*吧"));
    let again = check(&clients, said("4", "信吧")).await.unwrap();
    assert!(again.replayed);
    assert_eq!((again.matches, again.masked_text), (verdict.matches, verdict.masked_text));
}

#[tokio::test]
async fn what_is_too_old_or_too_far_back_is_not_joined() {
    let (server, clients) = server_with(window(3, 10, 100)).await;
    for (waits, expected) in [([4, 5], 1), ([6, 6], 0), ([0, 11], 0)] {
        check(&clients, said("", "加我")).await.unwrap();
        server.clock.advance_seconds(waits[0]);
        check(&clients, said("", "微")).await.unwrap();
        server.clock.advance_seconds(waits[1]);
        assert_eq!(found(&clients, said("", "信")).await, expected, "{waits:?}");
        server.clock.advance_seconds(60);
    }
    for text in ["加", "我", "微"] {
        check(&clients, said("", text)).await.unwrap();
    }
    assert_eq!(found(&clients, said("", "信")).await, 0, "three messages, not four");
}

#[tokio::test]
async fn only_one_sender_in_one_conversation_is_joined() {
    let (_server, clients) = server_with(MessageWindow::default()).await;
    check(&clients, said("", "加我")).await.unwrap();
    let other = Sender { user_id: "v".into(), ..<_>::default() };
    let elsewhere = Conversation { id: "other".into(), ..<_>::default() };
    let nobody = |text| Message { sender: None, ..said("", text) };
    check(&clients, nobody("加我")).await.unwrap();
    for (name, message) in [
        ("other sender", Message { sender: Some(other), ..said("", "微信") }),
        ("other conversation", Message { conversation: Some(elsewhere), ..said("", "微信") }),
        ("other scene", Message { scene: "guild".into(), ..said("", "微信") }),
        ("no sender", nobody("微信")),
    ] {
        assert_eq!(found(&clients, message).await, 0, "{name}");
    }
    assert_eq!(found(&clients, said("", "微信")).await, 1);
}

/// An administrator of a new tenant.
async fn tenant(server: &TestServer, id: &str) -> Clients {
    let operator = server.operator();
    let settings =
        TenantSettings { message_window: Some(MessageWindow::default()), ..<_>::default() };
    let tenant = Tenant { settings: Some(settings), ..<_>::default() };
    let request =
        CreateTenantRequest { tenant_id: id.into(), tenant: Some(tenant), ..<_>::default() };
    operator.admin.clone().create_tenant(request).await.unwrap();
    server.clients_with(&make_key(&operator, id, "k", Role::Admin).await)
}

#[tokio::test]
async fn tenants_are_told_apart() {
    let server = TestServer::start_with_keys().await;
    let (one, two) = (tenant(&server, "one").await, tenant(&server, "two").await);
    for clients in [&one, &two] {
        clients.rules.clone().create_rule(across("contact", &["加我微信"])).await.unwrap();
    }
    check(&one, said("", "加我")).await.unwrap();
    assert_eq!(found(&two, said("", "微信")).await, 0);
    assert_eq!(found(&one, said("", "微信")).await, 1);
}

#[tokio::test]
async fn it_is_off_unless_rule_and_tenant_want_it() {
    let server = TestServer::start().await;
    let clients = server.clients();
    clients.rules.clone().create_rule(across("contact", &["加我微信"])).await.unwrap();
    let silent = word_rule("silent", &["加我微信"], &[]);
    clients.rules.clone().create_rule(silent).await.unwrap();
    let joined = async |expected: &[&str], when: &str| {
        check(&clients, said("", "加我")).await.unwrap();
        let verdict = check(&clients, said("", "微信")).await.unwrap();
        assert_eq!(rule_ids(&verdict), expected, "{when}");
    };
    joined(&[], "by default").await;
    let tenant = set(&clients, Some(MessageWindow::default())).await.unwrap();
    let settings = tenant.settings.unwrap();
    assert_eq!(settings.message_window, Some(window(5, 60, 128)), "the defaults");
    joined(&["contact"], "switched on").await;
    set(&clients, None).await.unwrap();
    joined(&[], "switched off").await;
}

#[tokio::test]
async fn what_was_found_is_told_once() {
    let (_server, clients) = server_with(MessageWindow::default()).await;
    let longer = across("longer", &["加我微信号"]);
    clients.rules.clone().create_rule(longer).await.unwrap();
    for (text, expected) in [("加我", 0), ("微信", 1), ("号", 0), ("好加我", 0), ("微信", 1)]
    {
        assert_eq!(found(&clients, said("", text)).await, expected, "{text}");
    }
    // What follows the word can begin the next one.
    for (text, expected) in [("加我", 0), ("微信加", 1), ("我微信", 1)] {
        assert_eq!(found(&clients, said("", text)).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_dry_run_looks_and_leaves_no_trace() {
    let (_server, clients) = server_with(MessageWindow::default()).await;
    dry(&clients, said("1", "加我")).await;
    assert_eq!(found(&clients, said("2", "微信")).await, 0, "nothing was kept");
    check(&clients, said("3", "加我")).await.unwrap();
    for _ in 0..2 {
        let verdict = dry(&clients, said("4", "微信")).await;
        assert_eq!((verdict.matches.len(), verdict.audit_state()), (1, AuditState::Skipped));
    }
    assert_eq!(found(&clients, said("4", "微信")).await, 1, "nothing was used up");
}

#[tokio::test]
async fn a_repeated_message_counts_once() {
    let server = TestServer::start().await;
    let clients = server.clients();
    set(&clients, Some(MessageWindow::default())).await.unwrap();
    clients.rules.clone().create_rule(across("twice", &["左右左右"])).await.unwrap();
    assert_eq!(found(&clients, said("1", "左右")).await, 0);
    assert_eq!(found(&clients, said("1", "左右")).await, 0, "the same message");
    let verdict = check(&clients, said("2", "左右")).await.unwrap();
    assert_eq!((verdict.matches.len(), verdict.replayed), (1, false));
    let verdict = check(&clients, said("2", "左右")).await.unwrap();
    assert_eq!((verdict.matches.len(), verdict.replayed), (1, true));
    assert_eq!(found(&clients, said("3", "左右")).await, 0, "all of it was used");
}

#[tokio::test]
async fn batches_and_streams_keep_the_order_of_their_messages() {
    let (_server, clients) = server_with(MessageWindow::default()).await;
    let other = |text: &str| Message {
        sender: Some(Sender { user_id: "v".into(), ..<_>::default() }),
        ..said("", text)
    };
    let messages =
        [said("", "加"), other("我"), said("", "我"), said("", "微"), other("信"), said("", "信")];
    let expected = [0, 0, 0, 0, 0, 1];

    let request = BatchCheckMessagesRequest { messages: messages.to_vec(), ..<_>::default() };
    let answer = clients.moderation.clone().batch_check_messages(request).await.unwrap();
    let counts = answer.into_inner().results.into_iter().map(|one| match one.result.unwrap() {
        check_result::Result::Verdict(verdict) => verdict.matches.len(),
        check_result::Result::Status(status) => panic!("{status:?}"),
    });
    assert_eq!(counts.collect::<Vec<_>>(), expected);

    let asked = messages.into_iter().map(|message| StreamMessagesRequest {
        client_seq: 0,
        check: Some(CheckMessageRequest { message: Some(message), ..<_>::default() }),
    });
    let asked = tokio_stream::iter(asked.collect::<Vec<_>>());
    let mut answers = clients.moderation.clone().stream_messages(asked).await.unwrap().into_inner();
    let mut counts = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        match answer.result.unwrap() {
            stream_messages_response::Result::Verdict(verdict) => {
                counts.push(verdict.matches.len());
            }
            stream_messages_response::Result::Status(status) => panic!("{status:?}"),
        }
    }
    assert_eq!(counts, expected);
}

#[tokio::test]
async fn limits_are_checked_and_documents_name_the_switch() {
    let (_server, clients) = server_with(MessageWindow::default()).await;
    for (wrong, field) in [
        (window(1, 60, 10), "max_messages"),
        (window(17, 60, 10), "max_messages"),
        (window(5, 0, 10), "max_age"),
        (window(5, 601, 10), "max_age"),
        (window(5, 60, -1), "max_chars"),
        (window(5, 60, 513), "max_chars"),
    ] {
        let status = set(&clients, Some(wrong)).await.unwrap_err();
        assert_eq!(violated(&status), [format!("tenant.settings.message_window.{field}")]);
    }
    let exported = clients.rules.clone().export_rule_set(ExportRuleSetRequest::default()).await;
    let document = exported.unwrap().into_inner().document;
    assert!(document.contains("across_messages: true"), "{document}");
}

//! Bad input gets a clear, typed error that names the field; memory stays flat.

use prost::Message as _;
use tonic::Code;
use umpire_proto::v1::{
    ActionKind::{Mask, Reply},
    BatchCheckMessagesRequest, CheckMessageRequest, CreateRuleRequest, ListRevisionsRequest,
    Message, NormalizationSet, Rule, RuleMode, Sender, StreamMessagesRequest, TextCondition,
    UpdateRuleRequest, check_result,
    rule::Condition,
    stream_messages_response,
};
use umpire_testkit::{Clients, TestServer, call_raw, check, message, reason, violated, word_rule};

#[tokio::test]
async fn messages() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let long = "x".repeat(1_025);
    let sender = Sender { user_id: long.clone(), ..<_>::default() };
    let time = prost_types::Timestamp { seconds: i64::MAX, nanos: 0 };
    for (asked, expected, field) in [
        (message(""), "EMPTY_MESSAGE", "message.text"),
        (message(&"x".repeat(65_537)), "TOO_LARGE", "message.text"),
        (Message { message_id: long.clone(), ..message("x") }, "TOO_LARGE", "message.message_id"),
        (Message { scene: long, ..message("x") }, "TOO_LARGE", "message.scene"),
        (Message { sender: Some(sender), ..message("x") }, "TOO_LARGE", "message.sender"),
        (Message { send_time: Some(time), ..message("x") }, "INVALID_FIELD", "message.send_time"),
        (
            Message { attachments: vec![<_>::default(); 33], ..message("x") },
            "TOO_LARGE",
            "message.attachments",
        ),
    ] {
        let status = check(&clients, asked).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, expected));
        assert_eq!(violated(&status), [field]);
    }
    assert!(check(&clients, message(&"x".repeat(65_536))).await.is_ok());
    let unknown = CheckMessageRequest { message: Some(message("x")), mode: 77, ..<_>::default() };
    let status = clients.moderation.clone().check_message(unknown).await.unwrap_err();
    assert_eq!((reason(&status).as_str(), violated(&status)), ("UNSUPPORTED", vec!["mode".into()]));
    let nothing = CheckMessageRequest::default();
    let status = clients.moderation.clone().check_message(nothing).await.unwrap_err();
    assert_eq!(violated(&status), ["message"]);
}

#[tokio::test]
async fn errors_speak_the_callers_language() {
    let server = TestServer::start().await;
    let mut request =
        tonic::Request::new(CheckMessageRequest { message: Some(message("")), ..<_>::default() });
    request.metadata_mut().insert("accept-language", "zh-CN".parse().unwrap());
    let status = server.clients().moderation.check_message(request).await.unwrap_err();
    use tonic_types::StatusExt;
    let details = status.get_error_details();
    let localized = details.localized_message().unwrap();
    assert_eq!(
        (localized.locale.as_str(), localized.message.as_str()),
        ("zh-CN", "消息没有可检测的内容。")
    );
}

#[tokio::test]
async fn undecodable_bytes() {
    let server = TestServer::start().await;
    let channel = server.clients().channel;
    let path = "/umpire.v1.ModerationService/CheckMessage";
    let mut invalid_utf8 =
        CheckMessageRequest { message: Some(message("aXa")), ..<_>::default() }.encode_to_vec();
    let place = invalid_utf8.iter().position(|byte| *byte == b'X').unwrap();
    invalid_utf8[place] = 0xff;
    for body in [invalid_utf8, vec![0xff; 20], vec![0x0a, 0x50]] {
        let status = call_raw(channel.clone(), path, body).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::InvalidArgument, "UNDECODABLE")
        );
    }
    let status = call_raw(channel.clone(), path, vec![0; 9 << 20]).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "TOO_LARGE"));
    let status =
        call_raw(channel, "/umpire.v1.ModerationService/Nothing", vec![]).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

#[tokio::test]
async fn a_bad_message_harms_no_other() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    clients.rules.create_rule(word_rule("a", &["bad"], &[])).await.unwrap();
    let messages = vec![message("bad"), message(""), message("bad")];
    let request = BatchCheckMessagesRequest { messages: messages.clone(), ..<_>::default() };
    let answer = clients.moderation.batch_check_messages(request).await.unwrap().into_inner();
    let codes: Vec<_> =
        answer.results.iter().map(|result| code_of(result.result.as_ref())).collect();
    assert_eq!(codes, [0, Code::InvalidArgument as i32, 0]);
    let status = match answer.results[1].result.as_ref().unwrap() {
        check_result::Result::Status(status) => status,
        other => panic!("{other:?}"),
    };
    assert_eq!(status.details.len(), 3, "ErrorInfo, BadRequest, LocalizedMessage");

    let asked = messages.into_iter().map(|message| StreamMessagesRequest {
        client_seq: 7,
        check: Some(CheckMessageRequest { message: Some(message), ..<_>::default() }),
    });
    let asked: Vec<_> = asked.chain([StreamMessagesRequest::default()]).collect();
    let mut answers =
        clients.moderation.stream_messages(tokio_stream::iter(asked)).await.unwrap().into_inner();
    let mut codes = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        codes.push(match answer.result.unwrap() {
            stream_messages_response::Result::Verdict(_) => 0,
            stream_messages_response::Result::Status(status) => status.code,
        });
    }
    assert_eq!(codes, [0, 3, 0, 3]);
    for count in [0, 1_001] {
        let request =
            BatchCheckMessagesRequest { messages: vec![message("x"); count], ..<_>::default() };
        let status = clients.moderation.batch_check_messages(request).await.unwrap_err();
        assert_eq!(violated(&status), ["messages"]);
    }
}

fn code_of(result: Option<&check_result::Result>) -> i32 {
    match result.unwrap() {
        check_result::Result::Verdict(_) => 0,
        check_result::Result::Status(status) => status.code,
    }
}

fn text_rule(edit: impl FnOnce(&mut TextCondition)) -> Rule {
    let mut text = TextCondition::default();
    edit(&mut text);
    Rule { condition: Some(Condition::Text(text)), ..<_>::default() }
}

/// That a rule is refused for this reason, with this field named first.
async fn refused(clients: &mut Clients, rule: Rule, expected: &str, field: &str) {
    let request = CreateRuleRequest { rule: Some(rule), ..<_>::default() };
    let status = clients.rules.create_rule(request).await.unwrap_err();
    let told = (status.code(), reason(&status));
    assert_eq!(told, (Code::InvalidArgument, expected.to_owned()), "{field}");
    assert_eq!(violated(&status)[0], field);
}

#[tokio::test]
async fn conditions_of_rules() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    let regex = |pattern: &str| {
        let pattern = pattern.to_owned();
        text_rule(|text| text.regex = pattern)
    };
    for (rule, expected, field) in [
        (Rule::default(), "INVALID_FIELD", "rule.text"),
        (text_rule(|_| {}), "INVALID_FIELD", "rule.text"),
        (
            text_rule(|text| text.words = vec!["a".into(), " ".into()]),
            "INVALID_FIELD",
            "rule.text.words[1]",
        ),
        (text_rule(|text| text.detector = "dowsing".into()), "INVALID_FIELD", "rule.text.detector"),
        (regex("a("), "INVALID_REGEX", "rule.text.regex"),
        (regex("(?=a)b"), "INVALID_REGEX", "rule.text.regex"),
        (regex("x*"), "INVALID_REGEX", "rule.text.regex"),
        (regex(r"((\w{1,90}){1,90}){1,90}"), "INVALID_REGEX", "rule.text.regex"),
        (regex(&"a".repeat(5_000)), "INVALID_REGEX", "rule.text.regex"),
        (
            regex(&format!("{}a{}", "(".repeat(200), ")".repeat(200))),
            "INVALID_REGEX",
            "rule.text.regex",
        ),
        (text_rule(|text| text.tree = Some(<_>::default())), "INVALID_FIELD", "rule.text.tree"),
        (
            text_rule(|text| {
                text.regex = "x".into();
                text.normalize = NormalizationSet::Aggressive as i32;
            }),
            "INVALID_FIELD",
            "rule.text.normalize",
        ),
        (
            text_rule(|text| {
                text.words = vec!["x".into()];
                text.normalize = 77;
            }),
            "UNSUPPORTED",
            "rule.text.normalize",
        ),
        (
            text_rule(|text| text.words = vec!["长".repeat(10_001)]),
            "TOO_LARGE",
            "rule.text.words[0]",
        ),
    ] {
        refused(&mut clients, rule, expected, field).await;
    }
}

#[tokio::test]
async fn rules() {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    let word = || text_rule(|text| text.words = vec!["x".into()]);
    for (rule, expected, field) in [
        (Rule { rollout_percent: Some(5), ..word() }, "UNSUPPORTED", "rule.rollout_percent"),
        (
            Rule { condition: Some(Condition::Rate(<_>::default())), ..word() },
            "UNSUPPORTED",
            "rule.rate",
        ),
        (Rule { mode: 77, ..word() }, "UNSUPPORTED", "rule.mode"),
        (Rule { level: 77, ..word() }, "UNSUPPORTED", "rule.level"),
        (
            text_rule(|text| {
                text.regex = "x".into();
                text.r#match = 3;
            }),
            "INVALID_FIELD",
            "rule.text.match",
        ),
        (
            Rule { actions: word_rule("", &[], &[Reply]).rule.unwrap().actions, ..word() },
            "INVALID_FIELD",
            "rule.actions[0].text",
        ),
        (Rule { labels: vec![String::new()], ..word() }, "INVALID_FIELD", "rule.labels[0]"),
        (Rule { labels: vec!["a".into(); 33], ..word() }, "TOO_LARGE", "rule.labels"),
        (Rule { actions: vec![<_>::default()], ..word() }, "INVALID_FIELD", "rule.actions[0].kind"),
        (Rule { display_name: "x".repeat(201), ..word() }, "TOO_LARGE", "rule.display_name"),
    ] {
        refused(&mut clients, rule, expected, field).await;
    }
    for id in ["a b", "-a", &"x".repeat(64)] {
        let request = CreateRuleRequest { rule_id: id.into(), ..word_rule("", &["x"], &[]) };
        assert_eq!(violated(&clients.rules.create_rule(request).await.unwrap_err()), ["rule_id"]);
    }
    let unknown = Rule {
        name: "tenants/default/rules/none".into(),
        mode: RuleMode::Off as i32,
        ..<_>::default()
    };
    let request = UpdateRuleRequest { rule: Some(unknown), ..<_>::default() };
    assert_eq!(reason(&clients.rules.update_rule(request).await.unwrap_err()), "NOT_FOUND");
    let listed =
        clients.rules.list_revisions(ListRevisionsRequest::default()).await.unwrap().into_inner();
    assert!(listed.revisions.is_empty(), "nothing was half done");
}

#[tokio::test]
async fn any_normal_form_with_exact_spans() {
    let server = TestServer::start().await;
    let clients = server.clients();
    clients.rules.clone().create_rule(word_rule("a", &["café", "가격"], &[Mask])).await.unwrap();
    for (text, found) in [
        ("un café!", "café"),
        ("un cafe\u{301}!", "cafe\u{301}"),
        ("가격?", "가격"),
        ("\u{1100}\u{1161}\u{1100}\u{1167}\u{11a8}?", "\u{1100}\u{1161}\u{1100}\u{1167}\u{11a8}"),
    ] {
        let verdict = check(&clients, message(text)).await.unwrap();
        let span = &verdict.matches[0].spans[0];
        let start = usize::try_from(span.byte_start).unwrap();
        assert_eq!(&text[start..usize::try_from(span.byte_end).unwrap()], found);
        let units: Vec<u16> = text.encode_utf16().collect();
        let start = usize::try_from(span.utf16_start).unwrap();
        let cut = &units[start..usize::try_from(span.utf16_end).unwrap()];
        assert_eq!(String::from_utf16(cut).unwrap(), found);
    }
}

#[tokio::test]
async fn ten_thousand_matches_are_bounded() {
    let server = TestServer::start().await;
    let clients = server.clients();
    let words: Vec<String> = (0..60).map(|length| "a".repeat(length + 1)).collect();
    for (number, word) in words.iter().enumerate() {
        let rule = word_rule(&format!("r{number}"), &[word], &[Mask]);
        clients.rules.clone().create_rule(rule).await.unwrap();
    }
    let verdict = check(&clients, message(&"a".repeat(60_000))).await.unwrap();
    assert_eq!(verdict.matches.len(), 60, "every rule is there");
    assert!(verdict.matches_truncated);
    assert!(verdict.matches.iter().all(|found| found.spans.len() <= 100));
    assert_eq!(verdict.masked_text, "*".repeat(60_000), "all of it is masked");
    assert!(verdict.encoded_len() < 256 * 1_024);
}

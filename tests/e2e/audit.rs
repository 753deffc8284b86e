//! The log is complete, masked, searchable, chained.

use std::collections::BTreeSet;
use umpire_proto::v1::{
    ActionKind::{Intercept, Mask},
    AuditRecord, AuditState, Conversation, Decision, GetAuditRecordRequest, Level,
    ListAuditRecordsRequest, Message, Sender,
};
use umpire_testkit::{Clients, TestServer, check, message, reason, violated, word_rule};

fn said(scene: &str, room: &str, user: &str, text: &str) -> Message {
    Message {
        scene: scene.into(),
        conversation: Some(Conversation { id: room.into(), ..<_>::default() }),
        sender: Some(Sender { user_id: user.into(), ..<_>::default() }),
        ..message(text)
    }
}

async fn server_with_rules() -> TestServer {
    let server = TestServer::start().await;
    let mut urgent = word_rule("urgent", &["转账"], &[Intercept]);
    urgent.rule.as_mut().unwrap().level = Level::P0 as i32;
    urgent.rule.as_mut().unwrap().labels = vec!["fraud".into()];
    let mut hint = word_rule("hint", &["hi"], &[]);
    hint.rule.as_mut().unwrap().level = Level::P3 as i32;
    hint.rule.as_mut().unwrap().labels = vec!["greeting".into(), "soft".into()];
    for rule in [urgent, hint, word_rule("masked", &["secret"], &[Mask])] {
        server.clients().rules.create_rule(rule).await.unwrap();
    }
    server
}

async fn list(clients: &Clients, filter: &str) -> Vec<AuditRecord> {
    let request = ListAuditRecordsRequest { filter: filter.into(), ..<_>::default() };
    clients.audit.clone().list_audit_records(request).await.unwrap().into_inner().audit_records
}

#[tokio::test]
async fn every_filter_field_works() {
    let server = server_with_rules().await;
    let clients = server.clients();
    let mut middle = String::new();
    for (number, asked) in [
        said("world", "r1", "u1", "请转账给我"),
        said("world", "r2", "u1", "hi there, Gold"),
        said("guild", "r1", "u2", "hi 转账"),
    ]
    .into_iter()
    .enumerate()
    {
        if number == 2 {
            server.clock.advance_seconds(60);
            middle = "2026-11-22T03:00:30Z".into();
        }
        let asked = Message { message_id: format!("m{number}"), ..asked };
        assert_eq!(check(&clients, asked).await.unwrap().audit_state(), AuditState::Recorded);
    }
    for (filter, expected) in [
        ("", "m2 m1 m0"),
        ("scene = world", "m1 m0"),
        ("scene != world", "m2"),
        ("conversation.id = \"r1\"", "m2 m0"),
        ("sender.user_id = u1", "m1 m0"),
        ("message_id = m1", "m1"),
        ("level >= P1", "m2 m0"),
        ("level = P3", "m1"),
        ("level < P0", "m1"),
        ("label:soft", "m2 m1"),
        ("label = fraud AND scene = guild", "m2"),
        ("rule = urgent", "m2 m0"),
        ("rule = \"tenants/default/rules/hint\"", "m2 m1"),
        ("rule = \"tenants/other/rules/hint\"", ""),
        ("decision = BLOCK", "m2 m0"),
        ("decision = DECISION_PASS", "m1"),
        ("kind = MESSAGE", "m2 m1 m0"),
        ("text:\"转账\"", "m2 m0"),
        ("text:账", "m2 m0"),
        ("text:\"给我\"", "m0"),
        ("text:GOLD", "m1"),
        ("text:\"Re, g\"", "m1"),
        ("NOT text:转账", "m1"),
        ("text:nothing", ""),
        ("scene = guild OR label:soft", "m2 m1"),
        ("NOT (scene = guild OR label:fraud)", "m1"),
    ] {
        let ids: Vec<_> = list(&clients, filter).await.iter().map(id).collect();
        assert_eq!(ids.join(" "), expected, "{filter}");
    }
    let since = format!("receive_time >= {middle}");
    assert_eq!(list(&clients, &since).await.iter().map(id).collect::<Vec<_>>(), ["m2"]);
}

fn id(record: &AuditRecord) -> String {
    match record.subject_id.as_ref().unwrap() {
        umpire_proto::v1::audit_record::SubjectId::MessageId(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_record_tells_what_was_decided_without_personal_data() {
    let server = server_with_rules().await;
    let clients = server.clients();
    let asked = said(
        "world",
        "r",
        "u",
        "secret 转账 13800138000 a@b.com 4111111111111111 11010519491231002X",
    );
    let verdict = check(&clients, asked).await.unwrap();
    let request = GetAuditRecordRequest { name: verdict.audit_record.clone() };
    let record = clients.audit.clone().get_audit_record(request).await.unwrap().into_inner();
    let record = record.audit_record.unwrap();
    let stars = |count| "*".repeat(count);
    let expected =
        format!("{} 转账 {} {} {} {}", stars(6), stars(11), stars(7), stars(16), stars(18));
    assert_eq!(record.content, expected);
    assert_eq!(record.matches, verdict.matches);
    assert_eq!(
        (record.decision(), record.level(), record.revision),
        (Decision::Block, Level::P0, 3)
    );
    assert_eq!((record.tenant.as_str(), record.caller.as_str()), ("tenants/default", "local"));
    let bytes = std::fs::read(server.folder().join("umpire.db-wal")).unwrap();
    let kept = [&bytes[..], &std::fs::read(server.folder().join("umpire.db")).unwrap()].concat();
    for secret in ["13800138000", "4111111111111111", "11010519491231002X", "a@b.com"] {
        let found = kept.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} is on disk");
    }
}

#[tokio::test]
async fn pages_have_no_gaps_and_no_repeats_while_records_come_in() {
    let server = server_with_rules().await;
    let clients = server.clients();
    for number in 0..90 {
        let asked = Message { message_id: format!("old{number}"), ..said("s", "r", "u", "hi") };
        check(&clients, asked).await.unwrap();
    }
    for order_by in ["", "receive_time"] {
        let (mut seen, mut token) = (Vec::new(), String::new());
        loop {
            let request = ListAuditRecordsRequest {
                filter: "message_id:old AND text:hi".into(),
                order_by: order_by.into(),
                page_size: 7,
                page_token: token,
                ..<_>::default()
            };
            let page =
                clients.audit.clone().list_audit_records(request).await.unwrap().into_inner();
            seen.extend(page.audit_records.iter().map(id));
            check(&clients, said("s", "r", "u", "hi again")).await.unwrap();
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(seen.len(), 90, "{order_by:?}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 90, "{order_by:?}");
    }
}

#[tokio::test]
async fn records_are_chained() {
    let mut server = server_with_rules().await;
    for round in 0..3 {
        for number in 0..20 {
            check(&server.clients(), message(&format!("hi {round} {number}"))).await.unwrap();
        }
        server.restart().await;
    }
    let request = ListAuditRecordsRequest {
        order_by: "receive_time".into(),
        page_size: 1_000,
        ..<_>::default()
    };
    let listed = server.clients().audit.list_audit_records(request).await.unwrap();
    let mut records = listed.into_inner().audit_records;
    records.sort_by_key(|record| record.sequence);
    let mut previous = "0".repeat(64);
    for (record, sequence) in records.iter().zip(1..) {
        assert_eq!((record.sequence, &record.previous_hash), (sequence, &previous));
        assert_eq!(record.writer, records[0].writer);
        previous.clone_from(&record.hash);
    }
    assert_eq!(records.len(), 60);
}

#[tokio::test]
async fn bad_queries_say_what_is_wrong() {
    let server = TestServer::start().await;
    let ask = async |filter: &str, order_by: &str, page_size, page_token: &str| {
        let request = ListAuditRecordsRequest {
            parent: String::new(),
            filter: filter.into(),
            order_by: order_by.into(),
            page_size,
            page_token: page_token.into(),
        };
        let status = server.clients().audit.list_audit_records(request).await.unwrap_err();
        (reason(&status), violated(&status).join(" "))
    };
    let told = |reason: &str, field: &str| (reason.to_owned(), field.to_owned());
    assert_eq!(ask("colour = red", "", 0, "").await, told("INVALID_FILTER", "filter"));
    assert_eq!(ask("scene = ", "", 0, "").await, told("INVALID_FILTER", "filter"));
    assert_eq!(ask("", "scene", 0, "").await, told("INVALID_FIELD", "order_by"));
    assert_eq!(ask("", "", -1, "").await, told("INVALID_FIELD", "page_size"));
    assert_eq!(ask("", "", 0, "nonsense").await, told("INVALID_PAGE_TOKEN", "page_token"));
}

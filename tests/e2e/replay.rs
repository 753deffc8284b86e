//! Checks can be repeated by message id.

use futures_util::future::join_all;
use tonic::Code;
use umpire_proto::v1::{
    ActionKind::{Intercept, Mask},
    AuditState, BatchCheckMessagesRequest, DeleteRuleRequest, ListAuditRecordsRequest, Message,
    Sender, check_result,
};
use umpire_testkit::{TestServer, check, message, reason, word_rule};

fn said(id: &str, scene: &str, text: &str) -> Message {
    Message { message_id: id.into(), scene: scene.into(), ..message(text) }
}

async fn server_with_rule() -> TestServer {
    let server = TestServer::start().await;
    let rule = word_rule("a", &["bad"], &[Intercept, Mask]);
    server.clients().rules.create_rule(rule).await.unwrap();
    server
}

#[tokio::test]
async fn same_content_replays_even_when_the_rule_is_gone_and_the_server_restarted() {
    let mut server = server_with_rule().await;
    let clients = server.clients();
    let first = check(&clients, said("1", "world", "so bad")).await.unwrap();
    assert_eq!((first.replayed, first.audit_state()), (false, AuditState::Recorded));
    let delete = DeleteRuleRequest { name: "tenants/default/rules/a".into(), ..<_>::default() };
    clients.rules.clone().delete_rule(delete).await.unwrap();
    for round in ["live", "restarted"] {
        let again = check(&server.clients(), said("1", "world", "so bad")).await.unwrap();
        assert!(again.replayed, "{round}");
        let mut expected = first.clone();
        expected.replayed = true;
        expected.elapsed = again.elapsed;
        assert_eq!(again, expected, "{round}");
        server.restart().await;
    }
}

#[tokio::test]
async fn other_content_is_refused_whether_it_matches_or_not() {
    let server = server_with_rule().await;
    let clients = server.clients();
    check(&clients, said("1", "world", "so bad")).await.unwrap();
    for text in ["bad too", "harmless"] {
        let status = check(&clients, said("1", "world", text)).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::AlreadyExists, "MESSAGE_ID_REUSED")
        );
    }
    let sender = Sender { user_id: "somebody else".into(), ..Sender::default() };
    let other = Message { sender: Some(sender), ..said("1", "world", "so bad") };
    assert_eq!(reason(&check(&clients, other).await.unwrap_err()), "MESSAGE_ID_REUSED");
    assert!(
        !check(&clients, said("1", "guild", "so bad")).await.unwrap().replayed,
        "another scene"
    );
    assert!(!check(&clients, said("", "world", "so bad")).await.unwrap().replayed, "no id");
}

#[tokio::test]
async fn ids_are_forgotten_after_a_day() {
    let server = server_with_rule().await;
    let clients = server.clients();
    let first = check(&clients, said("1", "world", "bad")).await.unwrap();
    server.clock.advance_seconds(24 * 3_600 - 60);
    assert!(check(&clients, said("1", "world", "bad")).await.unwrap().replayed);
    server.clock.advance_seconds(120);
    let later = check(&clients, said("1", "world", "other bad")).await.unwrap();
    assert!(!later.replayed);
    assert_ne!(later.audit_record, first.audit_record);
}

#[tokio::test]
async fn messages_without_a_match_are_evaluated_again() {
    let server = server_with_rule().await;
    let clients = server.clients();
    assert!(!check(&clients, said("1", "world", "fine")).await.unwrap().replayed);
    assert!(!check(&clients, said("1", "world", "fine")).await.unwrap().replayed);
    assert!(!check(&clients, said("1", "world", "bad")).await.unwrap().replayed);
}

#[tokio::test]
async fn concurrent_duplicates_become_one_record() {
    let server = server_with_rule().await;
    let clients = server.clients();
    let asked = (0..64).map(|_| check(&clients, said("1", "world", "bad")));
    let verdicts: Vec<_> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(verdicts.iter().filter(|verdict| !verdict.replayed).count(), 1);
    assert!(verdicts.iter().all(|v| v.audit_record == verdicts[0].audit_record));
    assert!(verdicts.iter().all(|v| v.masked_text == "***"));
    let listed =
        clients.audit.clone().list_audit_records(ListAuditRecordsRequest::default()).await.unwrap();
    assert_eq!(listed.into_inner().audit_records.len(), 1);
}

#[tokio::test]
async fn duplicates_within_a_batch_are_told_apart() {
    let server = server_with_rule().await;
    let mut clients = server.clients();
    let messages = vec![
        said("1", "world", "bad"),
        said("1", "world", "bad"),
        said("1", "world", "harmless"),
        said("2", "world", "harmless"),
    ];
    let request = BatchCheckMessagesRequest { messages, ..<_>::default() };
    let answer = clients.moderation.batch_check_messages(request).await.unwrap().into_inner();
    let told: Vec<_> = answer
        .results
        .into_iter()
        .map(|result| match result.result.unwrap() {
            check_result::Result::Verdict(verdict) => format!("replayed {}", verdict.replayed),
            check_result::Result::Status(status) => format!("code {}", status.code),
        })
        .collect();
    assert_eq!(told, ["replayed false", "replayed true", "code 6", "replayed false"]);
}

//! What was said to be recorded is recorded, whatever happens to the process.

use rusqlite::Connection;
use std::collections::BTreeSet;
use tempfile::TempDir;
use umpire_proto::v1::{
    ActionKind::Log, AuditState, CheckMessageRequest, Degraded, ListAuditRecordsRequest,
    ListRevisionsRequest, ListRulesRequest, Message, StreamMessagesRequest,
    stream_messages_response,
};
use umpire_testkit::{Clients, ServerProcess, TestServer, check, message, word_rule};

/// How often the server is killed.
const KILLS: usize = 50;

/// A reproducible sequence of numbers below a limit.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_recorded_is_lost_when_the_server_is_killed() {
    let folder = TempDir::new().unwrap();
    let mut server = ServerProcess::start(folder.path());
    server.clients().rules.create_rule(word_rule("a", &["bad"], &[Log])).await.unwrap();
    let (mut recorded, mut dice) = (BTreeSet::new(), Dice(7));
    for round in 0..KILLS {
        let after = dice.below(120);
        let told = stream_until(&server.clients(), round, after).await;
        server.kill();
        recorded.extend(told);
        server = ServerProcess::start(folder.path());
    }
    let found = all_records(&server.clients()).await;
    let lost: Vec<_> = recorded.difference(&found).collect();
    assert!(lost.is_empty(), "{} of {} are lost", lost.len(), recorded.len());
    assert!(recorded.len() > KILLS, "only {} verdicts came through", recorded.len());
    assert!(server.terminate().success());
}

/// Streams matching messages; gives the records of the verdicts that came before
/// number `after`, while many more are under way.
async fn stream_until(clients: &Clients, round: usize, after: u64) -> Vec<String> {
    let asked = (0..5_000).map(move |client_seq| {
        let message = Message { message_id: format!("{round}-{client_seq}"), ..message("bad") };
        let check = CheckMessageRequest { message: Some(message), ..<_>::default() };
        StreamMessagesRequest { client_seq, check: Some(check) }
    });
    let stream = clients.moderation.clone().stream_messages(tokio_stream::iter(asked)).await;
    let mut answers = stream.unwrap().into_inner();
    let mut told = Vec::new();
    while (told.len() as u64) < after {
        let answer = answers.message().await.unwrap().unwrap();
        match answer.result.unwrap() {
            stream_messages_response::Result::Verdict(verdict) => {
                assert_eq!(verdict.audit_state(), AuditState::Recorded);
                told.push(verdict.audit_record);
            }
            other => panic!("{other:?}"),
        }
    }
    told
}

/// Names of all records; checks the chain on the way.
async fn all_records(clients: &Clients) -> BTreeSet<String> {
    let (mut links, mut names, mut page_token) = (Vec::new(), BTreeSet::new(), String::new());
    loop {
        let request = ListAuditRecordsRequest { page_size: 1_000, page_token, ..<_>::default() };
        let page = clients.audit.clone().list_audit_records(request).await.unwrap().into_inner();
        for record in page.audit_records {
            assert!(names.insert(record.name), "listed twice");
            links.push((record.sequence, record.previous_hash, record.hash));
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    links.sort();
    for (pair, sequence) in links.windows(2).zip(1..) {
        assert_eq!(pair[0].0, sequence);
        assert_eq!(pair[0].2, pair[1].1, "the chain breaks after {sequence}");
    }
    names
}

#[tokio::test]
async fn while_the_database_is_locked_decisions_are_spooled_and_recorded_later() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    clients.rules.clone().create_rule(word_rule("a", &["bad"], &[Log])).await.unwrap();
    let first = check(&clients, message("bad")).await.unwrap();
    assert_eq!(first.audit_state(), AuditState::Recorded);

    let lock = Connection::open(server.folder().join("umpire.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = |id: &str| Message { message_id: id.into(), ..message("bad") };
    let spooled = check(&clients, said("1")).await.unwrap();
    assert_eq!(spooled.audit_state(), AuditState::Queued);
    assert_eq!(spooled.degraded().collect::<Vec<_>>(), [Degraded::Ledger]);
    let again = check(&clients, said("1")).await.unwrap();
    assert_eq!((again.replayed, again.audit_state()), (true, AuditState::Queued));
    assert_eq!(again.audit_record, spooled.audit_record);
    let refused = clients.rules.clone().create_rule(word_rule("b", &["x"], &[])).await.unwrap_err();
    assert_eq!(umpire_testkit::reason(&refused), "STORE_UNAVAILABLE");
    let (status, body) = umpire_testkit::http_get(server.http(), "/ready").await;
    assert_eq!(status, 503, "{body}");
    // Stopped while the store is away: the spool carries over.
    lock.execute_batch("ROLLBACK").unwrap();
    server.restart().await;

    let clients = server.clients();
    let names = all_records(&clients).await;
    assert!(names.contains(&first.audit_record) && names.contains(&spooled.audit_record));
    assert_eq!(names.len(), 2, "the repeated message is recorded once");
    let again = check(&clients, said("1")).await.unwrap();
    assert_eq!((again.replayed, again.audit_record), (true, spooled.audit_record));
    assert!(clients.rules.clone().create_rule(word_rule("b", &["x"], &[])).await.is_ok());
}

#[tokio::test]
async fn a_stop_writes_what_is_queued() {
    let mut server = TestServer::start().await;
    server.clients().rules.create_rule(word_rule("a", &["bad"], &[Log])).await.unwrap();
    let settings =
        umpire_proto::v1::TenantSettings { wait_for_record: Some(false), ..<_>::default() };
    let tenant = umpire_proto::v1::Tenant {
        name: "tenants/default".into(),
        settings: Some(settings),
        ..<_>::default()
    };
    let request = umpire_proto::v1::UpdateTenantRequest { tenant: Some(tenant), ..<_>::default() };
    server.clients().admin.update_tenant(request).await.unwrap();
    let mut queued = BTreeSet::new();
    for _ in 0..200 {
        queued.insert(check(&server.clients(), message("bad")).await.unwrap().audit_record);
    }
    server.restart().await;
    assert_eq!(all_records(&server.clients()).await, queued);
}

#[tokio::test]
async fn a_change_whose_caller_went_away_is_whole() {
    let server = TestServer::start().await;
    let clients = server.clients();
    clients.rules.clone().create_rule(word_rule("a", &["bad"], &[])).await.unwrap();
    let lock = Connection::open(server.folder().join("umpire.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut rules = clients.rules.clone();
    let abandoned = rules.create_rule(word_rule("abandoned", &["worse"], &[]));
    let patience = std::time::Duration::from_millis(50);
    assert!(tokio::time::timeout(patience, abandoned).await.is_err(), "the database is locked");
    lock.execute_batch("ROLLBACK").unwrap();
    // Waits behind the abandoned change, which by now holds or does not. The store may
    // still be taken for away.
    while clients.rules.clone().create_rule(word_rule("next", &["x"], &[])).await.is_err() {}
    let listed = clients.rules.clone().list_rules(ListRulesRequest::default()).await.unwrap();
    let live: BTreeSet<_> = listed.into_inner().rules.into_iter().map(|rule| rule.name).collect();
    let revisions = clients.rules.clone().list_revisions(ListRevisionsRequest::default()).await;
    let kept = revisions.unwrap().into_inner().revisions;
    let kept: BTreeSet<_> =
        kept.into_iter().map(|revision| revision.changes[0].rule.clone()).collect();
    assert_eq!(live, kept);
    let judged = check(&clients, message("worse")).await.unwrap();
    let abandoned = live.contains("tenants/default/rules/abandoned");
    assert_eq!(judged.matches.len(), usize::from(abandoned));
}

#[tokio::test]
async fn spooled_ids_are_known_after_a_restart_with_the_store_still_away() {
    let mut server = TestServer::start().await;
    server.clients().rules.create_rule(word_rule("a", &["bad"], &[Log])).await.unwrap();
    let path = server.folder().join("umpire.db");
    let lock = Connection::open(path).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = || Message { message_id: "1".into(), ..message("bad") };
    let first = check(&server.clients(), said()).await.unwrap();
    assert_eq!(first.audit_state(), AuditState::Queued);
    server.restart().await;
    let again = check(&server.clients(), said()).await.unwrap();
    assert_eq!((again.replayed, &again.audit_record), (true, &first.audit_record));
    lock.execute_batch("ROLLBACK").unwrap();
    server.restart().await;
    assert_eq!(all_records(&server.clients()).await, BTreeSet::from([first.audit_record]));
}

//! A game that reads a stream learns everything once, in order, and its word counts.

use crate::callers::{make_key, make_tenant};
use tonic::Code;
use umpire_proto::v1::{
    AckResult::{self, Already, Applied, Failed, UnknownSubject},
    AckSanctionsRequest, AlertKind, EnforcementEvent, EnforcementState, ExtendSanctionRequest,
    Level, LiftSanctionRequest,
    RiskClass::Sensitive,
    Role, Sanction,
    SanctionKind::Mute,
    SanctionState,
    ack_sanctions_request::Ack,
    extend_sanction_request,
};
use umpire_testkit::{
    Clients, Reader, TestServer, acknowledge, check, classed_rule, reason, said_by, sanction,
    sanction_in, sanction_rule, seconds, so_many_alerts, stream_enforcer, the_alert,
    webhook_enforcer,
};

/// A server that mutes whoever says `bad`, and the stream enforcer `game`.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    set_up(&server.clients()).await;
    server
}

async fn set_up(clients: &Clients) {
    clients.rules.clone().create_rule(classed_rule("w", &["bad"], Sensitive)).await.unwrap();
    let mut sanctions = clients.sanctions.clone();
    sanctions.create_sanction_rule(sanction_rule("r", Sensitive, 1, Mute)).await.unwrap();
    sanctions.create_enforcer(stream_enforcer("game")).await.unwrap();
}

/// Says what a user is muted for, and gives the sanction's name.
async fn offend(clients: &Clients, user: &str) -> String {
    check(clients, said_by(user, "bad")).await.unwrap().sanctions.remove(0)
}

async fn lift(clients: &Clients, name: &str) {
    let request =
        LiftSanctionRequest { name: name.into(), reason: "a mistake".into(), ..<_>::default() };
    clients.sanctions.clone().lift_sanction(request).await.unwrap();
}

async fn extend(clients: &Clients, name: &str, by: i64) -> Sanction {
    let end = seconds(by).map(extend_sanction_request::End::ExtendBy);
    let request =
        ExtendSanctionRequest { name: name.into(), reason: "again".into(), end, ..<_>::default() };
    clients.sanctions.clone().extend_sanction(request).await.unwrap().into_inner().sanction.unwrap()
}

/// How the delivery to the only enforcer stands: its state and the attempts made.
fn delivered(sanction: &Sanction) -> (EnforcementState, i32) {
    let [delivery] = &sanction.deliveries[..] else { panic!("{:?}", sanction.deliveries) };
    (delivery.state(), delivery.attempts)
}

#[tokio::test]
async fn a_snapshot_and_then_what_changes() {
    let server = server().await;
    let clients = server.clients();
    let (a, b) = (offend(&clients, "a").await, offend(&clients, "b").await);
    for name in [&a, &b] {
        sanction_in(&clients, name, SanctionState::Executing).await;
    }
    let mut reader = Reader::open(&clients, "tenants/default/enforcers/game", "").await.unwrap();
    let mut snapshot = reader.told_all(2).await;
    snapshot.sort();
    assert_eq!(snapshot, ["sanction a 1", "sanction b 1"]);
    assert_eq!(reader.token, "", "none within a snapshot");
    assert_eq!(reader.told().await, "end");
    assert_ne!(reader.token, "");
    reader.acknowledge(&a, Applied).await.unwrap();
    reader.acknowledge(&b, Already).await.unwrap();
    for name in [&a, &b] {
        let done = sanction(&clients, name).await.unwrap();
        assert_eq!(
            (done.state(), delivered(&done).0),
            (SanctionState::Done, EnforcementState::Applied)
        );
    }

    let c = offend(&clients, "c").await;
    let told = reader.sanction().await;
    assert_eq!(told.name, c);
    assert_eq!((told.kind(), told.reason.as_str(), told.content.as_str()), (Mute, "rule r", "bad"));
    reader.acknowledge(&c, Applied).await.unwrap();
    lift(&clients, &a).await;
    assert_eq!(reader.told().await, "lifted a");
    reader.acknowledge(&a, Applied).await.unwrap();
    let longer = extend(&clients, &b, 7_200).await;
    let told = reader.sanction().await;
    assert_eq!((told.name, told.end_time), (longer.name, longer.end_time));
    reader.acknowledge(&b, Applied).await.unwrap();
    sanction_in(&clients, &b, SanctionState::Done).await;
    server.clock.advance_seconds(3_601);
    assert_eq!(reader.told().await, "expired c");
    sanction_in(&clients, &c, SanctionState::Expired).await;
    server.clock.advance_seconds(7_200);
    assert_eq!(reader.told().await, "expired b");
    let mut late = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(late.told().await, "end", "nothing is in force any more");
}

#[tokio::test]
async fn a_game_that_comes_late_learns_what_holds_already() {
    let server = TestServer::start().await;
    let clients = server.clients();
    clients.rules.clone().create_rule(classed_rule("w", &["bad"], Sensitive)).await.unwrap();
    let mut sanctions = clients.sanctions.clone();
    sanctions.create_sanction_rule(sanction_rule("r", Sensitive, 1, Mute)).await.unwrap();
    let before = offend(&clients, "early").await;
    sanction_in(&clients, &before, SanctionState::Done).await;
    let mut elsewhere = stream_enforcer("elsewhere");
    elsewhere.enforcer.as_mut().unwrap().categories = vec!["cards".into()];
    for enforcer in [stream_enforcer("late"), elsewhere] {
        sanctions.create_enforcer(enforcer).await.unwrap();
    }
    let mut late = Reader::open(&clients, "late", "").await.unwrap();
    assert_eq!(late.told_all(2).await, ["sanction early 1", "end"]);
    late.acknowledge(&before, Applied).await.unwrap();
    let known = sanction(&clients, &before).await.unwrap();
    let first = known.deliveries.iter().find(|one| one.enforcer.ends_with("late")).unwrap();
    assert_eq!(first.state(), EnforcementState::Applied);
    lift(&clients, &before).await;
    assert_eq!(late.told().await, "lifted early", "who knows of it hears that it is over");
}

#[tokio::test]
async fn an_answer_about_a_mute_is_none_about_its_lift() {
    let server = server().await;
    let clients = server.clients();
    let name = offend(&clients, "p").await;
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    while reader.told().await != "sanction p 1" {}
    lift(&clients, &name).await;
    while reader.told().await != "lifted p" {}
    let ack = |event: EnforcementEvent, result: AckResult| AckSanctionsRequest {
        enforcer: "game".into(),
        acks: vec![Ack {
            sanction: name.clone(),
            result: result as i32,
            error: String::new(),
            event: event as i32,
        }],
        ..<_>::default()
    };
    let mut sanctions = clients.sanctions.clone();
    for _twice in 0..2 {
        sanctions.ack_sanctions(ack(EnforcementEvent::Apply, Applied)).await.unwrap();
    }
    let told = delivered(&sanction(&clients, &name).await.unwrap()).0;
    assert_eq!(told, EnforcementState::Pending, "nobody said that it is undone");
    sanctions.ack_sanctions(ack(EnforcementEvent::Lift, Applied)).await.unwrap();
    let told = delivered(&sanction(&clients, &name).await.unwrap()).0;
    assert_eq!(told, EnforcementState::Applied);
}

#[tokio::test]
async fn who_comes_back_with_a_token_misses_nothing_and_hears_nothing_twice() {
    let mut server = server().await;
    let clients = server.clients();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    let mut names = Vec::new();
    for number in 0..30 {
        names.push(offend(&clients, &format!("p{number}")).await);
    }
    for number in 0..10 {
        assert_eq!(reader.told().await, format!("sanction p{number} 1"));
    }
    let token = reader.token.clone();
    drop(reader);
    sanction_in(&clients, &names[29], SanctionState::Executing).await;
    lift(&clients, &names[3]).await;
    server.restart().await;
    let clients = server.clients();
    for number in 30..40 {
        offend(&clients, &format!("p{number}")).await;
    }
    let mut expected: Vec<_> = (10..30).map(|number| format!("sanction p{number} 1")).collect();
    expected.push("lifted p3".into());
    expected.extend((30..40).map(|number| format!("sanction p{number} 1")));
    // The same token gives the same events, as often as it is used.
    for _ in 0..2 {
        let mut reader = Reader::open(&clients, "game", &token).await.unwrap();
        assert_eq!(reader.told_all(expected.len()).await, expected);
    }
    // Every event has a token to go on after it.
    let mut reader = Reader::open(&clients, "game", &token).await.unwrap();
    for seen in &expected {
        assert_eq!(&reader.told().await, seen);
        reader = Reader::open(&clients, "game", &reader.token.clone()).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_that_were_not_given_are_refused() {
    let server = server().await;
    let clients = server.clients();
    let mut sanctions = clients.sanctions.clone();
    sanctions.create_enforcer(stream_enforcer("other")).await.unwrap();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    reader.told().await;
    let token = reader.token.clone();
    let flipped: String = token.chars().rev().collect();
    for (enforcer, token) in [
        ("game", "x"),
        ("game", flipped.as_str()),
        ("other", token.as_str()),
        ("game", &token[1..]),
    ] {
        let refused = refusal(&clients, enforcer, token).await;
        assert_eq!(
            (refused.code(), &*reason(&refused)),
            (Code::InvalidArgument, "INVALID_RESUME_TOKEN")
        );
    }
    // A page token is none, though it is made in the same way.
    for user in ["p", "q"] {
        let name = offend(&clients, user).await;
        sanction_in(&clients, &name, SanctionState::Executing).await;
    }
    let list = umpire_proto::v1::ListSanctionsRequest { page_size: 1, ..<_>::default() };
    let page = sanctions.list_sanctions(list).await.unwrap().into_inner();
    let refused = refusal(&clients, "game", &page.next_page_token).await;
    assert_eq!(reason(&refused), "INVALID_RESUME_TOKEN");
    assert_eq!(reason(&refusal(&clients, "nobody", "").await), "NOT_FOUND");
    let secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    let webhook = webhook_enforcer("hook", "https://games.example/hook", secret);
    sanctions.create_enforcer(webhook).await.unwrap();
    let refused = refusal(&clients, "hook", "").await;
    assert_eq!(
        (refused.code(), &*reason(&refused)),
        (Code::FailedPrecondition, "WRONG_ENFORCER_KIND")
    );
    // Of the journal of another data folder.
    let another = self::server().await;
    let refused = refusal(&another.clients(), "game", &token).await;
    assert_eq!(reason(&refused), "INVALID_RESUME_TOKEN");
}

async fn refusal(clients: &Clients, enforcer: &str, token: &str) -> tonic::Status {
    match Reader::open(clients, enforcer, token).await {
        Err(status) => status,
        Ok(mut reader) => reader.event().await.expect_err("refused"),
    }
}

#[tokio::test]
async fn tenants_hear_nothing_of_each_other() {
    let server = TestServer::start_with_keys().await;
    let operator = server.operator();
    let mut clients = Vec::new();
    for tenant in ["one", "two"] {
        make_tenant(&operator, tenant).await;
        let key = make_key(&operator, tenant, "k", Role::Admin).await;
        clients.push(server.clients_with(&key));
        set_up(&clients[clients.len() - 1]).await;
    }
    let [one, two] = &clients[..] else { panic!() };
    let mut reader = Reader::open(one, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    let foreign = refusal(two, "game", &reader.token).await;
    assert_eq!(reason(&foreign), "INVALID_RESUME_TOKEN");
    let named = refusal(two, "tenants/one/enforcers/game", "").await;
    assert_eq!(reason(&named), "TENANT_FORBIDDEN");

    let theirs = offend(two, "p").await;
    let mine = offend(one, "p").await;
    assert_eq!(reader.sanction().await.name, mine);
    sanction_in(two, &theirs, SanctionState::Executing).await;
    let refused = acknowledge(one, "game", &[&theirs], Applied).await.unwrap_err();
    assert!(["TENANT_FORBIDDEN", "NOT_FOUND"].contains(&&*reason(&refused)), "{refused}");
    let same_id = theirs.replace("tenants/two", "tenants/one");
    let refused = acknowledge(one, "game", &[&same_id], Applied).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::NotFound, "NOT_FOUND"));
    assert_eq!(sanction(two, &theirs).await.unwrap().state(), SanctionState::Executing);
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again_and_then_fails() {
    let server = server().await;
    let clients = server.clients();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    let name = offend(&clients, "p").await;
    for attempt in 1..=3 {
        assert_eq!(reader.told().await, format!("sanction p {attempt}"));
        server.clock.advance_seconds(31);
    }
    let failed = sanction_in(&clients, &name, SanctionState::Failed).await;
    assert_eq!(delivered(&failed), (EnforcementState::Failed, 3));
    assert!(!failed.deliveries[0].last_error.is_empty());
    let raised = the_alert(&clients, "").await;
    assert_eq!((raised.level(), raised.kind()), (Level::P1, AlertKind::Sanction));
    assert!(raised.title.contains("game"), "{}", raised.title);
    // It holds all the same, and a late word makes it good.
    reader.acknowledge(&name, Applied).await.unwrap();
    let done = sanction_in(&clients, &name, SanctionState::Done).await;
    assert_eq!(delivered(&done).0, EnforcementState::Applied);
    let states: Vec<_> = done.history.iter().map(|entry| entry.state()).collect();
    assert!(states.ends_with(&[SanctionState::Failed, SanctionState::Done]), "{states:?}");
}

#[tokio::test]
async fn a_deadline_is_the_enforcers_own() {
    let server = TestServer::start().await;
    let clients = server.clients();
    set_up(&clients).await;
    let mut slow = stream_enforcer("slow");
    slow.enforcer.as_mut().unwrap().ack_deadline = seconds(3_600);
    clients.sanctions.clone().create_enforcer(slow).await.unwrap();
    let mut quick = Reader::open(&clients, "game", "").await.unwrap();
    let mut slow = Reader::open(&clients, "slow", "").await.unwrap();
    for reader in [&mut quick, &mut slow] {
        assert_eq!(reader.told().await, "end");
    }
    let name = offend(&clients, "p").await;
    for reader in [&mut quick, &mut slow] {
        assert_eq!(reader.told().await, "sanction p 1");
    }
    server.clock.advance_seconds(31);
    assert_eq!(quick.told().await, "sanction p 2");
    quick.acknowledge(&name, Applied).await.unwrap();
    let half = sanction(&clients, &name).await.unwrap();
    assert_eq!(half.state(), SanctionState::Executing, "slow has not answered");
    slow.acknowledge(&name, Applied).await.unwrap();
    let done = sanction(&clients, &name).await.unwrap();
    let attempts = |enforcer: &str| {
        let mut deliveries = done.deliveries.iter();
        deliveries.find(|one| one.enforcer.ends_with(enforcer)).unwrap().attempts
    };
    assert_eq!((done.state(), attempts("game"), attempts("slow")), (SanctionState::Done, 2, 1));
}

#[tokio::test]
async fn tries_are_not_used_up_while_nobody_reads() {
    let mut server = server().await;
    let clients = server.clients();
    let name = offend(&clients, "p").await;
    sanction_in(&clients, &name, SanctionState::Executing).await;
    server.clock.advance_seconds(600);
    server.restart().await;
    let clients = server.clients();
    server.clock.advance_seconds(600);
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told_all(2).await, ["sanction p 1", "end"]);
    reader.acknowledge(&name, Applied).await.unwrap();
    let done = sanction(&clients, &name).await.unwrap();
    assert_eq!(
        (done.state(), delivered(&done)),
        (SanctionState::Done, (EnforcementState::Applied, 1))
    );
}

#[tokio::test]
async fn what_an_enforcer_says_counts() {
    let server = server().await;
    let clients = server.clients();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    // There is no such player: it is not told again.
    let unknown = offend(&clients, "unknown").await;
    assert_eq!(reader.told().await, "sanction unknown 1");
    reader.acknowledge(&unknown, UnknownSubject).await.unwrap();
    let failed = sanction_in(&clients, &unknown, SanctionState::Failed).await;
    assert_eq!(delivered(&failed), (EnforcementState::Failed, 1));
    // It failed: it is told again after a while, three times in all.
    let failing = offend(&clients, "failing").await;
    for attempt in 1..=3 {
        assert_eq!(reader.told().await, format!("sanction failing {attempt}"));
        reader.acknowledge(&failing, Failed).await.unwrap();
        server.clock.advance_seconds(20);
    }
    let failed = sanction_in(&clients, &failing, SanctionState::Failed).await;
    assert_eq!(delivered(&failed), (EnforcementState::Failed, 3));
    assert!(failed.deliveries[0].last_error.contains("as the test says"));
    so_many_alerts(&clients, "kind = SANCTION AND level = P1", 2).await;
}

#[tokio::test]
async fn an_acknowledgement_that_is_not_the_enforcers_changes_nothing() {
    let server = TestServer::start().await;
    let clients = server.clients();
    set_up(&clients).await;
    let mut elsewhere = stream_enforcer("elsewhere");
    elsewhere.enforcer.as_mut().unwrap().servers = vec!["s9".into()];
    clients.sanctions.clone().create_enforcer(elsewhere).await.unwrap();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    let mut said = said_by("p", "bad");
    said.sender.as_mut().unwrap().server_id = "s1".into();
    let name = check(&clients, said).await.unwrap().sanctions.remove(0);
    let name = name.as_str();
    assert_eq!(reader.told().await, "sanction p 1");
    let executing = sanction_in(&clients, name, SanctionState::Executing).await;
    assert_eq!(executing.deliveries.len(), 1, "elsewhere is not addressed");

    let nothing = "tenants/default/sanctions/0193a7b2-5c1e-7cc0-8000-000000000001";
    for (enforcer, names, expected) in [
        ("elsewhere", vec![name], name),
        ("nobody", vec![name], "nobody"),
        ("game", vec![nothing], nothing),
        ("game", vec![name, nothing], nothing),
    ] {
        let refused = acknowledge(&clients, enforcer, &names, Applied).await.unwrap_err();
        assert_eq!((refused.code(), &*reason(&refused)), (Code::NotFound, "NOT_FOUND"));
        assert!(refused.message().contains(expected), "{refused}");
    }
    let malformed = acknowledge(&clients, "game", &["p"], Applied).await.unwrap_err();
    assert_eq!(malformed.code(), Code::InvalidArgument);
    let refused = acknowledge(&clients, "game", &[name; 1_001], Applied).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(sanction(&clients, name).await.unwrap(), executing, "all or none");
    for _ in 0..2 {
        acknowledge(&clients, "game", &[name], Applied).await.unwrap();
    }
    assert_eq!(sanction(&clients, name).await.unwrap().state(), SanctionState::Done);
}

#[tokio::test]
async fn a_deleted_enforcer_counts_as_not_addressed() {
    use umpire_proto::v1::DeleteEnforcerRequest;
    let server = server().await;
    let clients = server.clients();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    let name = offend(&clients, "p").await;
    assert_eq!(reader.told().await, "sanction p 1");
    let delete =
        DeleteEnforcerRequest { name: "tenants/default/enforcers/game".into(), ..<_>::default() };
    clients.sanctions.clone().delete_enforcer(delete).await.unwrap();
    server.clock.advance_seconds(31);
    let done = sanction_in(&clients, &name, SanctionState::Done).await;
    assert_eq!(delivered(&done).0, EnforcementState::Cancelled);
}

//! What was done can be undone: one sanction or a whole wave, strikes and all.

use tonic::{Code, Status};
use umpire_proto::v1::{
    AckResult::Applied,
    BatchLiftSanctionsRequest, BatchLiftSanctionsResponse, CreateSanctionRequest,
    ExtendSanctionRequest, LiftSanctionRequest, ListStrikesRequest,
    RiskClass::{HighRisk, Sensitive},
    Sanction,
    SanctionKind::{Mute, Warn},
    SanctionState, UpdateRuleRequest,
    batch_lift_sanctions_response::Result as Lifted,
    extend_sanction_request::End,
};
use umpire_testkit::{
    Clients, Reader, TestServer, check, classed_rule, eventually, reason, said_by, sanction,
    sanction_in, sanction_rule, sanctions, seconds, so_many_sanctions, stream_enforcer, strikes,
    subject, violated,
};

/// A server that mutes at the third `bad`, and at the first `worse`.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    let mut clients = server.clients();
    for (id, word, class, threshold) in
        [("spam", "bad", Sensitive, 3), ("fraud", "worse", HighRisk, 1)]
    {
        clients.rules.create_rule(classed_rule(id, &[word], class)).await.unwrap();
        let rule = sanction_rule(id, class, threshold, Mute);
        clients.sanctions.create_sanction_rule(rule).await.unwrap();
    }
    server
}

async fn says(clients: &Clients, user: &str, text: &str) -> Vec<String> {
    check(clients, said_by(user, text)).await.unwrap().sanctions
}

fn lift(name: &str) -> LiftSanctionRequest {
    LiftSanctionRequest { name: name.into(), reason: "a mistake".into(), ..<_>::default() }
}

async fn lifted(clients: &Clients, request: LiftSanctionRequest) -> Result<Sanction, Status> {
    let answer = clients.sanctions.clone().lift_sanction(request).await?;
    Ok(answer.into_inner().sanction.unwrap())
}

async fn strikes_of(clients: &Clients, user: &str) -> i32 {
    let filter = format!("subject.user_id = {user}");
    let request = ListStrikesRequest { filter, ..<_>::default() };
    let answer = clients.sanctions.clone().list_strikes(request).await.unwrap().into_inner();
    answer.strikes.iter().map(|counter| counter.count).sum()
}

#[tokio::test]
async fn a_lift_ends_a_sanction_and_tells_who_knows_of_it() {
    let server = server().await;
    let clients = server.clients();
    clients.sanctions.clone().create_enforcer(stream_enforcer("game")).await.unwrap();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    let name = says(&clients, "p", "worse").await.remove(0);
    assert_eq!(reader.told().await, "sanction p 1");
    reader.acknowledge(&name, Applied).await.unwrap();
    let done = sanction_in(&clients, &name, SanctionState::Done).await;

    let unreasoned = LiftSanctionRequest { reason: String::new(), ..lift(&name) };
    assert_eq!(violated(&lifted(&clients, unreasoned).await.unwrap_err()), ["reason"]);
    let long = LiftSanctionRequest { grace: seconds(367 * 86_400), ..lift(&name) };
    assert_eq!(violated(&lifted(&clients, long).await.unwrap_err()), ["grace"]);
    let stale = LiftSanctionRequest { etag: "another".into(), ..lift(&name) };
    let stale = lifted(&clients, stale).await.unwrap_err();
    assert_eq!((stale.code(), &*reason(&stale)), (Code::Aborted, "ETAG_MISMATCH"));
    let tried = LiftSanctionRequest { validate_only: true, ..lift(&name) };
    assert_eq!(lifted(&clients, tried).await.unwrap().state(), SanctionState::Lifted);
    assert_eq!(sanction(&clients, &name).await.unwrap(), done, "nothing changed");

    let request = LiftSanctionRequest {
        etag: done.etag,
        request_id: "0193a7b2-5c1e-7cc0-8000-000000000001".into(),
        ..lift(&name)
    };
    let first = lifted(&clients, request.clone()).await.unwrap();
    assert_eq!(first.state(), SanctionState::Lifted);
    assert!(first.history.last().unwrap().cause.contains("a mistake"));
    assert_eq!(lifted(&clients, request).await.unwrap(), first, "the same request, made again");
    assert_eq!(reader.told().await, "lifted p");
    let over = lifted(&clients, lift(&name)).await.unwrap_err();
    assert_eq!((over.code(), &*reason(&over)), (Code::FailedPrecondition, "SANCTION_OVER"));
    let nothing = "tenants/default/sanctions/0193a7b2-5c1e-7cc0-8000-000000000001";
    assert_eq!(reason(&lifted(&clients, lift(nothing)).await.unwrap_err()), "NOT_FOUND");
}

#[tokio::test]
async fn strikes_come_back_where_that_is_wanted() {
    let server = server().await;
    let clients = server.clients();
    for (user, restore_strikes, left) in [("restored", true, 2), ("forgotten", false, 0)] {
        for _ in 0..2 {
            assert!(says(&clients, user, "bad").await.is_empty());
        }
        let name = says(&clients, user, "bad").await.remove(0);
        assert_eq!(strikes_of(&clients, user).await, 0);
        lifted(&clients, LiftSanctionRequest { restore_strikes, ..lift(&name) }).await.unwrap();
        assert_eq!(strikes_of(&clients, user).await, left, "all but the last message's");
    }
    let verdict = check(&clients, said_by("restored", "bad")).await.unwrap();
    assert_eq!(strikes(&verdict), ["spam 3/3 crossed"]);
    // They come back with the times they had.
    let restored = verdict.sanctions[0].clone();
    server.clock.advance_seconds(1_800);
    let request = LiftSanctionRequest { restore_strikes: true, ..lift(&restored) };
    lifted(&clients, request).await.unwrap();
    server.clock.advance_seconds(72 * 3_600 - 1_790);
    assert_eq!(strikes_of(&clients, "restored").await, 0);
}

fn batch(filter: &str) -> BatchLiftSanctionsRequest {
    let (filter, reason) = (filter.into(), "the rule was wrong".into());
    BatchLiftSanctionsRequest { filter, reason, ..<_>::default() }
}

/// Every answer, the last of which holds the result.
async fn undone(
    clients: &Clients,
    request: BatchLiftSanctionsRequest,
) -> Result<(Vec<BatchLiftSanctionsResponse>, Lifted), Status> {
    let mut stream = clients.sanctions.clone().batch_lift_sanctions(request).await?.into_inner();
    let mut answers = Vec::new();
    while let Some(answer) = stream.message().await? {
        answers.push(answer);
    }
    let result = answers.last().and_then(|last| last.result.clone()).expect("a result at the end");
    Ok((answers, result))
}

/// One offender for each server, the odd ones paying.
async fn wave(clients: &Clients, count: i64) {
    for number in 0..count {
        let mut said = said_by(&format!("p{number}"), "worse");
        let sender = said.sender.as_mut().unwrap();
        sender.server_id = format!("s{}", number % 5);
        sender.total_recharge = (number % 2 == 1).then_some(100);
        check(clients, said).await.unwrap();
    }
}

#[tokio::test]
async fn a_wave_is_shown_and_then_undone() {
    let server = server().await;
    let clients = server.clients();
    let other = says(&clients, "other", "worse").await.remove(0);
    server.clock.advance_seconds(600);
    wave(&clients, 25).await;
    so_many_sanctions(&clients, "state = DONE", 26).await;
    let filter = "sanction_rule = fraud AND start_time >= \"2026-11-22T03:05:00Z\"";
    let preview = BatchLiftSanctionsRequest { validate_only: true, ..batch(filter) };
    let (_, shown) = undone(&clients, preview).await.unwrap();
    assert_eq!((shown.count, shown.sample.len(), shown.payers), (25, 10, 12));
    assert!(sanctions(&clients, "state = LIFTED").await.is_empty(), "it was only shown");

    let by_server = BatchLiftSanctionsRequest {
        restore_strikes: true,
        ..batch(&format!("{filter} AND subject.server_id = s3"))
    };
    let (_, result) = undone(&clients, by_server).await.unwrap();
    assert_eq!(result.count, 5);
    let (answers, result) = undone(&clients, batch(filter)).await.unwrap();
    assert_eq!((result.count, result.sample.len()), (20, 10));
    let last = answers.last().unwrap();
    assert_eq!((last.done, last.total), (20, 20));
    assert!(answers.is_sorted_by_key(|answer| answer.done));
    let lifted = sanctions(&clients, "state = LIFTED").await;
    assert_eq!(lifted.len(), 25);
    assert!(lifted.iter().all(|one| one.history.last().unwrap().cause.contains("was wrong")));
    assert_eq!(sanction(&clients, &other).await.unwrap().state(), SanctionState::Done);
    let (_, nothing) = undone(&clients, batch(filter)).await.unwrap();
    assert_eq!((nothing.count, nothing.sample.len()), (0, 0));
}

#[tokio::test]
async fn a_wave_is_what_one_revision_of_the_rules_brought() {
    let server = server().await;
    let clients = server.clients();
    says(&clients, "before", "worse").await;
    let mut rule = classed_rule("fraud", &["worse", "harmless"], HighRisk).rule.unwrap();
    rule.name = "tenants/default/rules/fraud".into();
    let update = UpdateRuleRequest { rule: Some(rule), ..<_>::default() };
    let updated = clients.rules.clone().update_rule(update).await.unwrap().into_inner();
    let revision = updated.rule.unwrap().revision;
    for user in ["a", "b", "c"] {
        says(&clients, user, "harmless").await;
    }
    let filter = format!("revision = {revision}");
    let (_, result) = undone(&clients, batch(&filter)).await.unwrap();
    assert_eq!(result.count, 3);
    let left = sanctions(&clients, "active = true").await;
    let users: Vec<_> = left.iter().map(|one| &*one.subject.as_ref().unwrap().user_id).collect();
    assert_eq!(users, ["before"]);
}

#[tokio::test]
async fn enforcers_hear_of_a_wave_that_is_undone() {
    let server = server().await;
    let clients = server.clients();
    clients.sanctions.clone().create_enforcer(stream_enforcer("game")).await.unwrap();
    let mut reader = Reader::open(&clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    wave(&clients, 3).await;
    assert_eq!(reader.told_all(3).await, ["sanction p0 1", "sanction p1 1", "sanction p2 1"]);
    undone(&clients, batch("state != LIFTED")).await.unwrap();
    let mut told = reader.told_all(3).await;
    told.sort();
    assert_eq!(told, ["lifted p0", "lifted p1", "lifted p2"]);
}

#[tokio::test]
async fn what_a_batch_cannot_be_is_refused() {
    let server = server().await;
    let clients = server.clients();
    let name = says(&clients, "p", "worse").await.remove(0);
    let refused = undone(&clients, batch("")).await.unwrap_err();
    assert_eq!(violated(&refused), ["filter"]);
    let refused = undone(&clients, batch("colour = red")).await.unwrap_err();
    assert_eq!(reason(&refused), "INVALID_FILTER");
    let unreasoned =
        BatchLiftSanctionsRequest { reason: String::new(), ..batch("state != LIFTED") };
    assert_eq!(violated(&undone(&clients, unreasoned).await.unwrap_err()), ["reason"]);
    let foreign =
        BatchLiftSanctionsRequest { parent: "tenants/other".into(), ..batch("state != LIFTED") };
    assert_eq!(reason(&undone(&clients, foreign).await.unwrap_err()), "TENANT_FORBIDDEN");
    sanction_in(&clients, &name, SanctionState::Done).await;
}

fn extend(name: &str, end: End) -> ExtendSanctionRequest {
    let (name, reason) = (name.into(), "again".into());
    ExtendSanctionRequest { name, reason, end: Some(end), ..<_>::default() }
}

async fn extended(clients: &Clients, request: ExtendSanctionRequest) -> Result<Sanction, Status> {
    let answer = clients.sanctions.clone().extend_sanction(request).await?;
    Ok(answer.into_inner().sanction.unwrap())
}

#[tokio::test]
async fn an_end_is_moved_further_and_nearer() {
    let server = server().await;
    let clients = server.clients();
    let name = says(&clients, "p", "worse").await.remove(0);
    let end = sanction(&clients, &name).await.unwrap().end_time.unwrap();
    let by = |seconds| End::ExtendBy(prost_types::Duration { seconds, nanos: 0 });
    let at = |seconds| End::EndTime(prost_types::Timestamp { seconds, nanos: 0 });
    let longer = extended(&clients, extend(&name, by(600))).await.unwrap();
    assert_eq!(longer.end_time.unwrap().seconds, end.seconds + 600);
    let shorter = extended(&clients, extend(&name, by(-1_200))).await.unwrap();
    assert_eq!(shorter.end_time.unwrap().seconds, end.seconds - 600);
    let refused = extended(&clients, extend(&name, by(-7_200))).await.unwrap_err();
    assert_eq!(violated(&refused), ["extend_by"]);
    let refused = extended(&clients, extend(&name, at(0))).await.unwrap_err();
    assert_eq!(violated(&refused), ["end_time"]);
    let endless = ExtendSanctionRequest { end: None, ..extend(&name, by(1)) };
    assert_eq!(extended(&clients, endless).await.unwrap_err().code(), Code::InvalidArgument);
    let forever = extended(&clients, extend(&name, End::Permanent(true))).await.unwrap();
    assert_eq!((forever.permanent, forever.end_time), (true, None));
    let refused = extended(&clients, extend(&name, by(60))).await.unwrap_err();
    assert_eq!(violated(&refused), ["extend_by"], "there is no end to add to");
    // Permanent is no far date: it holds after twenty years, and may get an end after all.
    let long = 20 * 366 * 86_400;
    server.clock.advance_seconds(long);
    let ended = extended(&clients, extend(&name, at(end.seconds + long))).await.unwrap();
    assert!(!ended.permanent);
    server.clock.advance_seconds(3_601);
    sanction_in(&clients, &name, SanctionState::Expired).await;
    let over = extended(&clients, extend(&name, by(60))).await.unwrap_err();
    assert_eq!(reason(&over), "SANCTION_OVER");
    let over = lifted(&clients, lift(&name)).await.unwrap_err();
    assert_eq!(reason(&over), "SANCTION_OVER");
}

#[tokio::test]
async fn a_warning_has_no_end_to_move_and_can_be_taken_back() {
    let server = server().await;
    let clients = server.clients();
    let warning = Sanction {
        subject: Some(subject("p")),
        kind: Warn as i32,
        reason: "mind your words".into(),
        ..<_>::default()
    };
    let request = CreateSanctionRequest { sanction: Some(warning), ..<_>::default() };
    let made = clients.sanctions.clone().create_sanction(request).await.unwrap().into_inner();
    let name = made.sanction.unwrap().name;
    let refused = extended(&clients, extend(&name, End::Permanent(true))).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    lifted(&clients, lift(&name)).await.unwrap();
    eventually("nothing is active", async || {
        sanctions(&clients, "active = true").await.is_empty().then_some(())
    })
    .await;
}

//! Whenever the server is killed, no sanction is lost and none is carried out twice.

use crate::durability::Dice;
use futures_util::future::join_all;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;
use tonic::Status;
use umpire_fakes::{Effect, FakeEnforcer, Options};
use umpire_proto::v1::{
    AckResult::Applied,
    BatchCheckMessagesRequest, CheckMessageRequest, GetSafetySwitchRequest, LiftSanctionRequest,
    ListStrikesRequest, Message,
    RiskClass::{HighRisk, Sensitive},
    SafetySwitch, Sanction,
    SanctionKind::Mute,
    SanctionState, StreamMessagesRequest, StrikeCounter, UpdateSafetySwitchRequest, check_result,
    watch_sanctions_response::Event,
};
use umpire_sanctions::CRASH_POINTS;
use umpire_testkit::{
    Clients, Reader, ServerProcess, TestServer, check, classed_rule, eventually, reason, said_by,
    sanction, sanction_in, sanction_rule, sanctions, seconds, stream_enforcer, webhook_enforcer,
};

/// `whsec_` and 24 bytes.
const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
/// Fakes are on this machine, and these tests are a wave.
const ENVIRONMENT: [(&str, &str); 2] =
    [("UMPIRE_OUTBOUND__ALLOW_PRIVATE", "true"), ("UMPIRE_SANCTIONS__CEILING_PER_MINUTE", "10000")];

/// A data folder in which `bad` mutes for an hour and `brief` for a second. A fake game
/// is told of server `web` by webhook; server `stream` is told over a stream.
async fn set_up(folder: &TempDir, fake: &FakeEnforcer) {
    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    let clients = server.clients();
    let (mut rules, mut sanctions) = (clients.rules.clone(), clients.sanctions.clone());
    for (word, class, length) in [("bad", Sensitive, 3_600), ("brief", HighRisk, 1)] {
        rules.create_rule(classed_rule(word, &[word], class)).await.unwrap();
        let mut rule = sanction_rule(word, class, 1, Mute);
        rule.sanction_rule.as_mut().unwrap().duration = seconds(length);
        sanctions.create_sanction_rule(rule).await.unwrap();
    }
    let mut web = webhook_enforcer("web", &fake.url(), SECRET);
    web.enforcer.as_mut().unwrap().servers = vec!["web".into()];
    let mut stream = stream_enforcer("stream");
    stream.enforcer.as_mut().unwrap().servers = vec!["stream".into()];
    for enforcer in [web, stream] {
        sanctions.create_enforcer(enforcer).await.unwrap();
    }
    set_budget(&clients, 10_000).await.unwrap();
    assert!(server.terminate().success());
}

async fn set_budget(clients: &Clients, budget_per_minute: i32) -> Result<(), Status> {
    let switch = SafetySwitch { budget_per_minute, ..<_>::default() };
    let request = UpdateSafetySwitchRequest {
        safety_switch: Some(switch),
        reason: "the test wants it".into(),
        ..<_>::default()
    };
    clients.sanctions.clone().update_safety_switch(request).await.map(drop)
}

/// A message that is always the same, so that it can be sent again.
fn said(user: &str, place: &str, text: &str) -> Message {
    let mut said = Message { message_id: format!("of {user}"), ..said_by(user, text) };
    said.sender.as_mut().unwrap().server_id = place.into();
    said
}

/// How often the game on server `stream` was told to carry out each sanction.
type Told = BTreeMap<String, u32>;

/// A day on the servers, in which every crash point is passed. It breaks off when the
/// server does, and can be lived again: then it goes on where it was.
async fn live(clients: &Clients, told: &mut Told) -> Result<Vec<String>, Status> {
    let mut names = Vec::new();
    for number in 0..4 {
        names.push(offended(clients, &format!("w{number}"), "web", "bad").await?);
        settled(clients, &names[number]).await?;
    }
    lift(clients, &names[0]).await?;
    for number in 0..3 {
        names.push(offended(clients, &format!("s{number}"), "stream", "bad").await?);
    }
    play(clients, &names[4..], told).await?;
    names.push(offended(clients, "short", "web", "brief").await?);
    until(clients, &names[7], |state| state == SanctionState::Expired).await?;
    set_budget(clients, 1).await?;
    for number in 0..3 {
        names.push(offended(clients, &format!("h{number}"), "web", "bad").await?);
    }
    for name in &names[8..] {
        settled(clients, name).await?;
    }
    Ok(names)
}

/// The sanction that a message brings, or brought before.
async fn offended(
    clients: &Clients,
    user: &str,
    place: &str,
    text: &str,
) -> Result<String, Status> {
    let verdict = check(clients, said(user, place, text)).await?;
    Ok(verdict.sanctions.into_iter().next().expect("a sanction"))
}

async fn settled(clients: &Clients, name: &str) -> Result<(), Status> {
    let open = [SanctionState::Pending, SanctionState::Executing];
    until(clients, name, |state| !open.contains(&state)).await
}

async fn until(
    clients: &Clients,
    name: &str,
    is_so: impl Fn(SanctionState) -> bool,
) -> Result<(), Status> {
    eventually(name, async || match sanction(clients, name).await {
        Ok(sanction) => is_so(sanction.state()).then_some(Ok(())),
        Err(status) => Some(Err(status)),
    })
    .await
}

async fn lift(clients: &Clients, name: &str) -> Result<(), Status> {
    let request =
        LiftSanctionRequest { name: name.into(), reason: "a mistake".into(), ..<_>::default() };
    match clients.sanctions.clone().lift_sanction(request).await {
        // It was lifted before the server went away.
        Err(status) if status.code() == tonic::Code::FailedPrecondition => {
            assert_eq!(reason(&status), "SANCTION_OVER");
            Ok(())
        }
        answer => answer.map(drop),
    }
}

/// Reads the stream and acknowledges until all of these are applied.
async fn play(clients: &Clients, names: &[String], told: &mut Told) -> Result<(), Status> {
    let mut reader = Reader::open(clients, "stream", "").await?;
    while !done(clients, names).await? {
        if let (Event::Sanction(sanction), _) = reader.event().await? {
            *told.entry(sanction.name.clone()).or_default() += 1;
            reader.acknowledge(&sanction.name, Applied).await?;
        }
    }
    Ok(())
}

async fn done(clients: &Clients, names: &[String]) -> Result<bool, Status> {
    for name in names {
        if sanction(clients, name).await?.state() != SanctionState::Done {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How often each thing was carried out.
fn counts(effects: &[Effect]) -> BTreeMap<(&str, &str), usize> {
    let mut counts = BTreeMap::new();
    for effect in effects {
        *counts.entry((effect.user_id.as_str(), effect.kind.as_str())).or_default() += 1;
    }
    counts
}

async fn check_point(point: &str) {
    let (folder, fake) = (TempDir::new().unwrap(), game().await);
    set_up(&folder, &fake).await;
    let mut environment = ENVIRONMENT.to_vec();
    environment.push(("UMPIRE_CRASH_POINT", point));
    let mut server = ServerProcess::start_with(folder.path(), &environment);
    let mut told = Told::new();
    let broken_off = live(&server.clients(), &mut told).await;
    assert!(
        broken_off.is_err(),
        "{point} was not passed: was the server built with the feature `umpire/crash-points`?"
    );
    eventually(point, async || server.has_ended().then_some(())).await;

    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    let clients = server.clients();
    let names = live(&clients, &mut told).await.unwrap();
    let made = sanctions(&clients, "").await;
    assert_eq!(made.len(), names.len(), "{point}: every message brought one sanction");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for name in &names[1..4] {
        sanction_in(&clients, name, SanctionState::Done).await;
    }
    assert_eq!(sanction(&clients, &names[0]).await.unwrap().state(), SanctionState::Lifted);
    assert!(names[4..7].iter().all(|name| told.contains_key(name)), "{point}: {told:?}");
    eventually("the lift is told", async || {
        counts(&fake.effects()).contains_key(&("w0", "sanction.lift")).then_some(())
    })
    .await;
    let effects = fake.effects();
    let counts = counts(&effects);
    assert!(counts.values().all(|count| *count == 1), "{point}: {counts:?}");
    for user in ["w0", "w1", "w2", "w3"] {
        assert!(counts.contains_key(&(user, "sanction.apply")), "{point}: {user}: {counts:?}");
    }
    check_held(point, &clients, &names[8..], &counts).await;
    assert!(server.terminate().success());
}

/// At most one fits into the budget; what is held has no effect.
async fn check_held(
    point: &str,
    clients: &Clients,
    names: &[String],
    counts: &BTreeMap<(&str, &str), usize>,
) {
    let mut held = 0;
    for (number, name) in names.iter().enumerate() {
        let is_held = sanction(clients, name).await.unwrap().state() == SanctionState::Held;
        let told = counts.contains_key(&(format!("h{number}").as_str(), "sanction.apply"));
        assert_ne!(is_held, told, "{point}: h{number}");
        held += usize::from(is_held);
    }
    assert!(held >= 2, "{point}: {held} are held");
}

async fn game() -> FakeEnforcer {
    FakeEnforcer::start(Options::signed_with(SECRET)).await
}

/// All at once, for each takes a few starts of a server.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_crash_point() {
    join_all(CRASH_POINTS.iter().map(|point| Box::pin(check_point(point)))).await;
}

/// How often the server is killed.
const KILLS: u64 = 50;
/// How many offend before each time.
const OFFENDERS: u64 = 20;

fn of_round(round: u64) -> impl Iterator<Item = Message> {
    (0..OFFENDERS).map(move |number| said(&format!("p{round}-{number}"), "web", "bad"))
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments() {
    let (folder, fake) = (TempDir::new().unwrap(), game().await);
    set_up(&folder, &fake).await;
    let mut dice = Dice(11);
    for round in 0..KILLS {
        let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
        let verdicts = 1 + dice.below(OFFENDERS - 1);
        let requests = fake.received().len() as u64 + dice.below(verdicts);
        offend_until(&server.clients(), round, verdicts).await;
        eventually("some are told", async || {
            (fake.received().len() as u64 >= requests).then_some(())
        })
        .await;
        server.kill();
    }
    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    let clients = server.clients();
    let mut names = BTreeSet::new();
    for round in 0..KILLS {
        names.extend(again(&clients, of_round(round).collect()).await);
    }
    let everybody = (KILLS * OFFENDERS) as usize;
    assert_eq!(names.len(), everybody, "every message brought a sanction of its own");
    let made: BTreeSet<_> = sanctions(&clients, "").await.into_iter().map(|one| one.name).collect();
    assert_eq!(made, names);
    eventually("all are carried out", async || {
        sanctions(&clients, "state != DONE").await.is_empty().then_some(())
    })
    .await;
    let effects = fake.effects();
    assert_eq!(effects.len(), everybody, "none was carried out twice");
    let carried_out: BTreeSet<_> = effects.into_iter().map(|effect| effect.sanction).collect();
    assert_eq!(carried_out, names);
    assert!(server.terminate().success());
}

/// Streams the messages of a round until so many verdicts came; more are under way then.
async fn offend_until(clients: &Clients, round: u64, verdicts: u64) {
    let asked = (0..).zip(of_round(round)).map(|(client_seq, message)| {
        let check = CheckMessageRequest { message: Some(message), ..<_>::default() };
        StreamMessagesRequest { client_seq, check: Some(check) }
    });
    let asked: Vec<_> = asked.collect();
    let stream = clients.moderation.clone().stream_messages(tokio_stream::iter(asked)).await;
    let mut answers = stream.unwrap().into_inner();
    for _ in 0..verdicts {
        answers.message().await.unwrap().unwrap();
    }
}

/// Sends messages again, and gives the sanctions they bring or brought.
async fn again(clients: &Clients, messages: Vec<Message>) -> Vec<String> {
    let request = BatchCheckMessagesRequest { messages, ..<_>::default() };
    let answer = clients.moderation.clone().batch_check_messages(request).await.unwrap();
    let sanctions = answer.into_inner().results.into_iter().map(|result| match result.result {
        Some(check_result::Result::Verdict(verdict)) => verdict.sanctions,
        other => panic!("{other:?}"),
    });
    sanctions.flatten().collect()
}

/// All that is a projection of the journal, as far as it can be asked for.
async fn projections(clients: &Clients) -> (Vec<Sanction>, Vec<StrikeCounter>, SafetySwitch) {
    let mut service = clients.sanctions.clone();
    let strikes = service.list_strikes(ListStrikesRequest::default()).await.unwrap().into_inner();
    let switch = service.get_safety_switch(GetSafetySwitchRequest::default()).await.unwrap();
    (sanctions(clients, "").await, strikes.strikes, switch.into_inner().safety_switch.unwrap())
}

#[tokio::test]
async fn what_is_forgotten_but_for_the_journal_comes_back() {
    let mut server = TestServer::start().await;
    let clients = server.clients();
    for (word, class, threshold) in [("bad", Sensitive, 3), ("worse", HighRisk, 1)] {
        clients.rules.clone().create_rule(classed_rule(word, &[word], class)).await.unwrap();
        let rule = sanction_rule(word, class, threshold, Mute);
        clients.sanctions.clone().create_sanction_rule(rule).await.unwrap();
    }
    set_budget(&clients, 5).await.unwrap();
    for number in 0..40 {
        let (user, text) = (number % 7, if number % 3 == 0 { "worse" } else { "bad" });
        check(&clients, said_by(&format!("p{user}"), text)).await.unwrap();
    }
    for made in sanctions(&clients, "suppressed = false").await {
        settled(&clients, &made.name).await.unwrap();
    }
    let first = &sanctions(&clients, "state = DONE AND suppressed = false").await[0];
    lift(&clients, &first.name).await.unwrap();
    let before = projections(&clients).await;
    assert!(before.0.len() > 7 && !before.1.is_empty() && before.2.held > 0, "{before:?}");
    server
        .restart_after(|_, folder| {
            let database = Connection::open(folder.join("umpire.db")).unwrap();
            let forget = "DELETE FROM strikes; DELETE FROM counters; DELETE FROM graces;
                DELETE FROM sanctions; DELETE FROM switches; UPDATE projected SET sequence = 0;";
            database.execute_batch(forget).unwrap();
        })
        .await;
    assert_eq!(projections(&server.clients()).await, before);
}

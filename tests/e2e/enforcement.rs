//! Webhooks are told until they say that it is done, in order, and never without end.

use umpire_fakes::{Answer, FakeEnforcer, Options, Received};
use umpire_proto::v1::{
    AlertKind, CreateEnforcerRequest, CreateSanctionRequest, DeleteEnforcerRequest,
    DrainHeldSanctionsRequest, DrainMode, EnforcementState, Enforcer, ExtendSanctionRequest, Level,
    LiftSanctionRequest,
    RiskClass::{HighRisk, Sensitive},
    SafetySwitch, Sanction,
    SanctionKind::{LoginBan, Mute, Warn},
    SanctionState, UpdateSafetySwitchRequest,
    enforcer::Kind,
    extend_sanction_request::End,
    sanction::Enforcement,
};
use umpire_testkit::{
    Clients, Clock, TestServer, check, classed_rule, eventually, http_get, said_by, sanction,
    sanction_in, sanction_rule, sanctions, seconds, so_many_alerts, stream_enforcer, subject,
    the_alert, webhook_enforcer,
};

/// `whsec_` and 24 bytes.
const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
const DAY: i64 = 86_400;

/// A server that mutes for an hour who says `bad`, and bans for good who says `worse`.
async fn server_with(allow_private: bool) -> TestServer {
    let server =
        TestServer::start_with(|config| config.outbound.allow_private = allow_private).await;
    let mut clients = server.clients();
    let mut ban = sanction_rule("ban", HighRisk, 1, LoginBan);
    ban.sanction_rule.as_mut().unwrap().duration = seconds(0);
    for (word, class, rule) in
        [("bad", Sensitive, sanction_rule("mute", Sensitive, 1, Mute)), ("worse", HighRisk, ban)]
    {
        clients.rules.create_rule(classed_rule(word, &[word], class)).await.unwrap();
        clients.sanctions.create_sanction_rule(rule).await.unwrap();
    }
    server
}

/// Such a server with a webhook `hook` that leads to a fake game.
async fn server() -> (TestServer, FakeEnforcer) {
    let (server, fake) = (server_with(true).await, game().await);
    enforcer(&server.clients(), "hook", &fake, |_| {}).await;
    (server, fake)
}

async fn game() -> FakeEnforcer {
    FakeEnforcer::start(Options::signed_with(SECRET).at_any_time()).await
}

async fn enforcer(
    clients: &Clients,
    id: &str,
    fake: &FakeEnforcer,
    change: impl FnOnce(&mut Enforcer),
) {
    let mut request: CreateEnforcerRequest = webhook_enforcer(id, &fake.url(), SECRET);
    change(request.enforcer.as_mut().unwrap());
    clients.sanctions.clone().create_enforcer(request).await.unwrap();
}

async fn offend(server: &TestServer, user: &str, text: &str) -> String {
    let verdict = check(&server.clients(), said_by(user, text)).await.unwrap();
    verdict.sanctions.into_iter().next().expect("a sanction")
}

async fn lift(server: &TestServer, name: &str) {
    let request =
        LiftSanctionRequest { name: name.into(), reason: "a mistake".into(), ..<_>::default() };
    server.clients().sanctions.lift_sanction(request).await.unwrap();
}

fn only(sanction: &Sanction) -> &Enforcement {
    let [delivery] = &sanction.deliveries[..] else { panic!("{:?}", sanction.deliveries) };
    delivery
}

/// The delivery to the only enforcer, once so many attempts have failed.
async fn failed_attempts(server: &TestServer, name: &str, attempts: i32) -> Enforcement {
    let clients = server.clients();
    eventually(&format!("{attempts} attempts failed"), async || {
        let delivery = sanction(&clients, name).await.unwrap().deliveries.into_iter().next()?;
        let settled = delivery.attempts == attempts && !delivery.last_error.is_empty();
        settled.then_some(delivery)
    })
    .await
}

/// Seconds from now, rounded up, until an attempt is due.
fn due_in(server: &TestServer, delivery: &Enforcement) -> i64 {
    let next = delivery.next_attempt_time.expect("another attempt");
    next.seconds + 1 - server.clock.now().parts().0
}

fn attempts(received: &[Received]) -> Vec<u64> {
    received.iter().map(|one| one.body["data"]["attempt"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_sanction_is_told_signed_and_whole() {
    let (server, fake) = server().await;
    let name = offend(&server, "p", "bad").await;
    let effects = fake.wait_for(1).await;
    assert_eq!((effects[0].kind.as_str(), &effects[0].sanction), ("sanction.apply", &name));
    let done = sanction_in(&server.clients(), &name, SanctionState::Done).await;
    assert_eq!((only(&done).state(), only(&done).attempts), (EnforcementState::Applied, 1));
    let told = &fake.received()[0];
    assert_eq!(told.refused, None);
    let data = &told.body["data"];
    for (field, expected) in [
        ("event", "ENFORCEMENT_EVENT_APPLY"),
        ("kind", "SANCTION_KIND_MUTE"),
        ("reason", "rule mute"),
        ("content", "bad"),
        ("sanction_rule", "tenants/default/sanctionRules/mute"),
        ("start_time", "2026-11-22T03:00:00"),
        ("end_time", "2026-11-22T04:00:00"),
    ] {
        let said = data[field].as_str().unwrap_or_default();
        assert!(said.starts_with(expected), "{field}: {data}");
    }
    assert_eq!(data["subject"]["user_id"], "p");
    let id = name.rsplit('/').next().unwrap();
    assert!(told.key.starts_with(id) && data["idempotency_key"] == *told.key, "{}", told.key);
}

#[tokio::test]
async fn what_fails_is_tried_again_with_growing_pauses() {
    let (server, fake) = server().await;
    fake.answer_next([Answer::Status(500), Answer::Apply, Answer::Close]);
    let name = offend(&server, "p", "bad").await;
    let first = failed_attempts(&server, &name, 1).await;
    assert_eq!(first.last_error, "HTTP 500");
    let pause = due_in(&server, &first);
    assert!((2..=4).contains(&pause), "2 s and up to half of it: {pause}");
    // What is due later is not told sooner: another is told in between.
    server.clock.advance_seconds(1);
    offend(&server, "q", "bad").await;
    let received = fake.wait_for_requests(2).await;
    assert_eq!(received[1].user_id, "q");
    server.clock.advance_seconds(pause - 1);
    let second = failed_attempts(&server, &name, 2).await;
    let pause = due_in(&server, &second);
    assert!((4..=7).contains(&pause), "twice as much: {pause}");
    server.clock.advance_seconds(pause);
    sanction_in(&server.clients(), &name, SanctionState::Done).await;
    let of_p: Vec<_> = fake.received().into_iter().filter(|one| one.user_id == "p").collect();
    assert_eq!(attempts(&of_p), [1, 2, 3]);
    assert!(of_p.iter().all(|one| one.key == of_p[0].key), "one key for all attempts");
    assert_eq!(fake.effects().iter().filter(|effect| effect.user_id == "p").count(), 1);
}

#[tokio::test]
async fn the_third_failure_is_the_last_and_somebody_hears_of_it() {
    let (server, fake) = server().await;
    fake.answer_always(Answer::Fail("the shard is down".into()));
    let name = offend(&server, "p", "bad").await;
    for attempt in 1..=2 {
        let failed = failed_attempts(&server, &name, attempt).await;
        assert!(failed.last_error.contains("the shard is down"), "{}", failed.last_error);
        server.clock.advance_seconds(due_in(&server, &failed));
    }
    let failed = sanction_in(&server.clients(), &name, SanctionState::Failed).await;
    assert_eq!((only(&failed).state(), only(&failed).attempts), (EnforcementState::Failed, 3));
    let raised = the_alert(&server.clients(), "").await;
    assert_eq!((raised.level(), raised.kind()), (Level::P1, AlertKind::Sanction));
    assert!(raised.title.contains("hook"), "{}", raised.title);
    assert_eq!(fake.received().len(), 3);
}

#[tokio::test]
async fn an_enforcer_that_asks_for_time_gets_it() {
    let (server, fake) = server().await;
    fake.answer_next([Answer::RetryAfter(120)]);
    let name = offend(&server, "p", "bad").await;
    let failed = failed_attempts(&server, &name, 1).await;
    let pause = due_in(&server, &failed);
    assert!((120..=122).contains(&pause), "{pause}");
    server.clock.advance_seconds(100);
    offend(&server, "q", "bad").await;
    assert_eq!(fake.wait_for_requests(2).await[1].user_id, "q");
    server.clock.advance_seconds(pause - 100);
    sanction_in(&server.clients(), &name, SanctionState::Done).await;
}

#[tokio::test]
async fn only_the_documented_answer_is_success() {
    let (server, fake) = server().await;
    let answers = [
        Answer::Garbage,
        Answer::WrongBody,
        Answer::Status(204),
        Answer::Status(302),
        Answer::Fail("busy".into()),
        Answer::Close,
        Answer::ApplyThenClose,
    ];
    let count = answers.len();
    for (number, answer) in answers.into_iter().enumerate() {
        fake.answer_next([answer.clone()]);
        let name = offend(&server, &format!("p{number}"), "bad").await;
        let failed = failed_attempts(&server, &name, 1).await;
        assert_eq!(failed.state(), EnforcementState::Pending, "{answer:?}");
        server.clock.advance_seconds(due_in(&server, &failed));
        let done = sanction_in(&server.clients(), &name, SanctionState::Done).await;
        assert_eq!(only(&done).attempts, 2, "{answer:?}");
    }
    // The one that was carried out before its answer was lost was not carried out twice.
    assert_eq!(fake.effects().len(), count);
    fake.answer_next([Answer::UnknownSubject]);
    let name = offend(&server, "nobody", "bad").await;
    let failed = sanction_in(&server.clients(), &name, SanctionState::Failed).await;
    assert_eq!(only(&failed).attempts, 1, "nothing is gained by asking again");
}

#[tokio::test]
async fn private_destinations_are_refused_unless_allowed() {
    let (server, fake) = (server_with(false).await, game().await);
    enforcer(&server.clients(), "hook", &fake, |_| {}).await;
    let name = offend(&server, "p", "bad").await;
    let failed = sanction_in(&server.clients(), &name, SanctionState::Failed).await;
    assert!(only(&failed).last_error.contains("127.0.0.1"), "{}", only(&failed).last_error);
    assert!(fake.received().is_empty());
    assert_eq!(the_alert(&server.clients(), "").await.count, 1);
}

#[tokio::test]
async fn only_a_legacy_game_is_told_an_end_of_what_is_permanent() {
    let (server, modern) = server().await;
    let legacy = game().await;
    enforcer(&server.clients(), "legacy", &legacy, |enforcer| {
        let Some(Kind::Webhook(webhook)) = &mut enforcer.kind else { panic!() };
        webhook.legacy_end_time = true;
    })
    .await;
    let name = offend(&server, "p", "worse").await;
    for (fake, expected) in [(&modern, ""), (&legacy, "2036-11-22T03:00:00")] {
        let told = &fake.wait_for_requests(1).await[0].body["data"];
        assert_eq!(told["permanent"], true);
        let end = told["end_time"].as_str().unwrap_or_default();
        assert!(end.starts_with(expected) && end.is_empty() == expected.is_empty(), "{end}");
    }
    let kept = sanction_in(&server.clients(), &name, SanctionState::Done).await;
    assert_eq!((kept.permanent, kept.end_time), (true, None));
}

#[tokio::test]
async fn those_are_told_who_are_addressed_and_all_of_them_must_apply() {
    let server = server_with(true).await;
    let (clients, all, here, there, sea) =
        (server.clients(), game().await, game().await, game().await, game().await);
    enforcer(&clients, "all", &all, |_| {}).await;
    enforcer(&clients, "here", &here, |one| one.servers = vec!["s1".into(), "s3".into()]).await;
    enforcer(&clients, "there", &there, |one| one.servers = vec!["s2".into()]).await;
    enforcer(&clients, "sea", &sea, |one| one.categories = vec!["sea".into()]).await;
    here.answer_next([Answer::Status(503)]);
    let mut said = said_by("p", "bad");
    let sender = said.sender.as_mut().unwrap();
    (sender.server_id, sender.category) = ("s1".into(), "land".into());
    let name = check(&clients, said).await.unwrap().sanctions.remove(0);
    all.wait_for(1).await;
    here.wait_for_requests(1).await;
    let half = eventually("one applied and one did not", async || {
        let half = sanction(&clients, &name).await.unwrap();
        let applied = half.deliveries.iter().any(|one| one.state() == EnforcementState::Applied);
        let failed = half.deliveries.iter().any(|one| !one.last_error.is_empty());
        (applied && failed).then_some(half)
    })
    .await;
    assert_eq!(half.state(), SanctionState::Executing);
    let mut told: Vec<_> = half.deliveries.iter().map(|one| one.enforcer.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["tenants/default/enforcers/all", "tenants/default/enforcers/here"]);
    server.clock.advance_seconds(4);
    sanction_in(&clients, &name, SanctionState::Done).await;
    assert!(there.received().is_empty() && sea.received().is_empty());
    // Where nobody is addressed, there is nothing to wait for.
    for id in ["all", "here", "there", "sea"] {
        let name = format!("tenants/default/enforcers/{id}");
        let delete = DeleteEnforcerRequest { name, ..<_>::default() };
        clients.sanctions.clone().delete_enforcer(delete).await.unwrap();
    }
    let name = offend(&server, "q", "bad").await;
    assert!(sanction_in(&clients, &name, SanctionState::Done).await.deliveries.is_empty());
}

#[tokio::test]
async fn what_is_told_of_one_subject_keeps_its_order() {
    let (server, fake) = server().await;
    fake.answer_next([Answer::Hang]);
    let name = offend(&server, "p", "bad").await;
    fake.wait_for_requests(1).await;
    lift(&server, &name).await;
    // Another subject is not kept waiting; the lift waits for what is under way.
    offend(&server, "q", "bad").await;
    let others = fake.wait_for(1).await;
    assert_eq!(others[0].user_id, "q");
    fake.release();
    let effects = fake.wait_for(3).await;
    let of_p: Vec<_> = effects.iter().filter(|effect| effect.user_id == "p").collect();
    assert_eq!(
        of_p.iter().map(|effect| &*effect.kind).collect::<Vec<_>>(),
        ["sanction.apply", "sanction.lift"]
    );

    // Nor does a lift overtake what is still to be tried again.
    fake.answer_next([Answer::Status(500)]);
    let name = offend(&server, "r", "bad").await;
    failed_attempts(&server, &name, 1).await;
    lift(&server, &name).await;
    server.clock.advance_seconds(10);
    let kinds = eventually("r is told of the lift", async || {
        let effects = fake.effects();
        let of_r = effects.into_iter().filter(|effect| effect.user_id == "r");
        let kinds: Vec<_> = of_r.map(|effect| effect.kind).collect();
        kinds.iter().any(|kind| kind == "sanction.lift").then_some(kinds)
    })
    .await;
    assert_eq!(kinds.last().map(String::as_str), Some("sanction.lift"));
    let lifted = sanction(&server.clients(), &name).await.unwrap();
    assert_eq!(lifted.state(), SanctionState::Lifted);
}

#[tokio::test]
async fn changes_and_ends_are_told_too() {
    let (server, fake) = server().await;
    let name = offend(&server, "p", "bad").await;
    sanction_in(&server.clients(), &name, SanctionState::Done).await;
    let end = Some(End::ExtendBy(prost_types::Duration { seconds: 3_600, nanos: 0 }));
    let request =
        ExtendSanctionRequest { name: name.clone(), reason: "again".into(), end, ..<_>::default() };
    server.clients().sanctions.extend_sanction(request).await.unwrap();
    fake.wait_for(2).await;
    sanction_in(&server.clients(), &name, SanctionState::Done).await;
    let told = &fake.received()[1];
    assert_eq!(told.kind, "sanction.extend");
    assert!(told.body["data"]["end_time"].as_str().unwrap().starts_with("2026-11-22T05:00:00"));
    server.clock.advance_seconds(7_201);
    let effects = fake.wait_for(3).await;
    assert_eq!(effects[2].kind, "sanction.expire");
    assert_eq!(sanction(&server.clients(), &name).await.unwrap().state(), SanctionState::Expired);
}

#[tokio::test]
async fn a_dead_enforcer_delays_nobody_else() {
    let (server, dead) = server().await;
    let good = game().await;
    enforcer(&server.clients(), "good", &good, |_| {}).await;
    dead.answer_always(Answer::Hang);
    let mut names = Vec::new();
    for number in 0..10 {
        names.push(offend(&server, &format!("p{number}"), "bad").await);
    }
    good.wait_for(10).await;
    assert!(dead.received().len() <= 4, "so many at once and no more");
    dead.answer_always(Answer::Apply);
    dead.release();
    for name in names {
        sanction_in(&server.clients(), &name, SanctionState::Done).await;
    }
    assert_eq!((dead.effects().len(), good.effects().len()), (10, 10));
}

#[tokio::test]
async fn after_an_outage_everything_due_is_caught_up() {
    let (mut server, fake) = server().await;
    let short = offend(&server, "short", "bad").await;
    sanction_in(&server.clients(), &short, SanctionState::Done).await;
    fake.answer_always(Answer::Status(503));
    let mut names = Vec::new();
    for number in 0..5 {
        let name = offend(&server, &format!("p{number}"), "worse").await;
        failed_attempts(&server, &name, 1).await;
        names.push(name);
    }
    fake.answer_always(Answer::Apply);
    server.restart_after(|clock, _| clock.advance_seconds(2 * 3_600)).await;
    for name in &names {
        sanction_in(&server.clients(), name, SanctionState::Done).await;
    }
    sanction_in(&server.clients(), &short, SanctionState::Expired).await;
    let effects = fake.wait_for(7).await;
    assert!(
        effects.iter().any(|effect| effect.user_id == "short" && effect.kind == "sanction.expire")
    );
}

#[tokio::test]
async fn metrics_tell_what_waits() {
    let (server, fake) = server().await;
    fake.answer_next([Answer::Status(500)]);
    let name = offend(&server, "p", "bad").await;
    failed_attempts(&server, &name, 1).await;
    server.clock.advance_seconds(1);
    let (_, body) = http_get(server.http(), "/metrics").await;
    for line in [
        "umpire_sanctions_pending 1",
        "umpire_sanctions_held 0",
        "umpire_sanctions_jobs 1",
        "umpire_sanctions_oldest_seconds 1",
        "umpire_sanctions_budget_used 1",
        r#"umpire_enforcer_attempts_total{result="failed"} 1"#,
    ] {
        assert!(body.contains(line), "{line} is not in\n{body}");
    }
}

#[tokio::test]
async fn what_a_deleted_enforcer_was_to_do_is_not_missed() {
    let (server, fake) = server().await;
    fake.answer_next([Answer::Status(503)]);
    let name = offend(&server, "p", "worse").await;
    let failed = failed_attempts(&server, &name, 1).await;
    let delete =
        DeleteEnforcerRequest { name: "tenants/default/enforcers/hook".into(), ..<_>::default() };
    server.clients().sanctions.delete_enforcer(delete).await.unwrap();
    server.clock.advance_seconds(due_in(&server, &failed));
    let done = sanction_in(&server.clients(), &name, SanctionState::Done).await;
    assert_eq!(only(&done).state(), EnforcementState::Cancelled);
    assert_eq!(fake.received().len(), 1);
}

#[tokio::test]
async fn what_nobody_takes_for_a_day_is_stale_but_time_on_hold_does_not_count() {
    let server = server_with(true).await;
    let clients = server.clients();
    let mut service = clients.sanctions.clone();
    service.create_enforcer(stream_enforcer("nobody-reads")).await.unwrap();
    let safety_switch = Some(SafetySwitch { budget_per_minute: 1, ..<_>::default() });
    let reason = "the test wants it".to_owned();
    let request = UpdateSafetySwitchRequest { safety_switch, reason, ..<_>::default() };
    service.update_safety_switch(request).await.unwrap();
    let out = offend(&server, "out", "worse").await;
    let held = offend(&server, "held", "worse").await;
    sanction_in(&clients, &out, SanctionState::Executing).await;
    sanction_in(&clients, &held, SanctionState::Held).await;
    server.clock.advance_seconds(3 * DAY);
    let stale = sanction_in(&clients, &out, SanctionState::Failed).await;
    assert_eq!(only(&stale).last_error, "stale");
    let request = DrainHeldSanctionsRequest {
        mode: DrainMode::Apply as i32,
        reason: "looked at it".into(),
        ..<_>::default()
    };
    assert_eq!(service.drain_held_sanctions(request).await.unwrap().into_inner().count, 1);
    sanction_in(&clients, &held, SanctionState::Executing).await;
    let later = by_hand(&clients, "later").await;
    sanction_in(&clients, &later, SanctionState::Executing).await;
    assert_eq!(sanction(&clients, &held).await.unwrap().state(), SanctionState::Executing);
    server.clock.advance_seconds(DAY + 1);
    for name in [&held, &later] {
        sanction_in(&clients, name, SanctionState::Failed).await;
    }
    so_many_alerts(&clients, "kind = SANCTION AND level = P1", 3).await;
    assert_eq!(the_alert(&clients, "kind = SAFETY").await.level(), Level::P0);
    assert_eq!(sanctions(&clients, "state = FAILED").await.len(), 3, "never silently");
}

async fn by_hand(clients: &Clients, user: &str) -> String {
    let sanction = Sanction {
        subject: Some(subject(user)),
        kind: Warn as i32,
        reason: "by hand".into(),
        ..<_>::default()
    };
    let request = CreateSanctionRequest { sanction: Some(sanction), ..<_>::default() };
    let answer = clients.sanctions.clone().create_sanction(request).await.unwrap();
    answer.into_inner().sanction.unwrap().name
}

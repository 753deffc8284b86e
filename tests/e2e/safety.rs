//! A wave of sanctions stops at its budget: none is lost, and a person decides.

use crate::callers::{make_key, make_tenant};
use prost_types::FieldMask;
use tonic::{Code, Status};
use umpire_proto::v1::{
    AlertKind, CheckSubjectRequest, CreateSanctionRequest, DrainHeldSanctionsRequest,
    DrainHeldSanctionsResponse, DrainMode, GetSafetySwitchRequest, Level,
    RiskClass::{HighRisk, Sensitive},
    Role, SafetyState, SafetySwitch, Sanction,
    SanctionKind::Mute,
    SanctionState, UpdateSafetySwitchRequest, Verdict,
};
use umpire_testkit::{
    Clients, Reader, TestServer, check, classed_rule, eventually, reason, said_by, sanction,
    sanction_in, sanction_rule, sanctions, seconds, so_many_sanctions, stream_enforcer, strikes,
    subject, the_alert, violated,
};

/// Two words with a rule each that mutes at once.
async fn set_up(clients: &Clients) {
    for (id, word, class) in [("spam", "bad", Sensitive), ("fraud", "worse", HighRisk)] {
        clients.rules.clone().create_rule(classed_rule(id, &[word], class)).await.unwrap();
        let rule = sanction_rule(id, class, 1, Mute);
        clients.sanctions.clone().create_sanction_rule(rule).await.unwrap();
    }
}

async fn server_with_budget(budget: i32) -> TestServer {
    let server = TestServer::start().await;
    let clients = server.clients();
    set_up(&clients).await;
    set(&clients, budget_of(budget)).await.unwrap();
    server
}

fn budget_of(budget_per_minute: i32) -> UpdateSafetySwitchRequest {
    let switch = SafetySwitch { budget_per_minute, ..<_>::default() };
    update(switch, "budget_per_minute")
}

fn state_of(state: SafetyState) -> UpdateSafetySwitchRequest {
    update(SafetySwitch { state: state as i32, ..<_>::default() }, "state")
}

fn update(switch: SafetySwitch, path: &str) -> UpdateSafetySwitchRequest {
    UpdateSafetySwitchRequest {
        safety_switch: Some(switch),
        update_mask: Some(FieldMask { paths: vec![path.into()] }),
        reason: "the test wants it".into(),
        ..<_>::default()
    }
}

async fn set(
    clients: &Clients,
    request: UpdateSafetySwitchRequest,
) -> Result<SafetySwitch, Status> {
    let answer = clients.sanctions.clone().update_safety_switch(request).await?;
    Ok(answer.into_inner().safety_switch.unwrap())
}

async fn switch(clients: &Clients) -> SafetySwitch {
    let request = GetSafetySwitchRequest::default();
    let answer = clients.sanctions.clone().get_safety_switch(request).await.unwrap();
    answer.into_inner().safety_switch.unwrap()
}

async fn switch_in(clients: &Clients, state: SafetyState) -> SafetySwitch {
    eventually(&format!("the switch is {state:?}"), async || {
        let switch = switch(clients).await;
        (switch.state() == state).then_some(switch)
    })
    .await
}

async fn offend(clients: &Clients, user: &str) -> Verdict {
    check(clients, said_by(user, "bad")).await.unwrap()
}

/// Users `0` to `count` offend; gives the names of their sanctions, oldest first.
async fn wave(clients: &Clients, prefix: &str, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for number in 0..count {
        names.push(offend(clients, &format!("{prefix}{number}")).await.sanctions.remove(0));
    }
    names
}

async fn drain(
    clients: &Clients,
    mode: DrainMode,
    change: impl FnOnce(&mut DrainHeldSanctionsRequest),
) -> Result<DrainHeldSanctionsResponse, Status> {
    let mut request = DrainHeldSanctionsRequest {
        mode: mode as i32,
        reason: "looked at it".into(),
        ..<_>::default()
    };
    change(&mut request);
    Ok(clients.sanctions.clone().drain_held_sanctions(request).await?.into_inner())
}

async fn states(clients: &Clients, names: &[String]) -> Vec<SanctionState> {
    let mut states = Vec::new();
    for name in names {
        states.push(sanction(clients, name).await.unwrap().state());
    }
    states
}

async fn is_restricted(clients: &Clients, user: &str) -> bool {
    let request = CheckSubjectRequest { subject: Some(subject(user)), ..<_>::default() };
    let answer = clients.sanctions.clone().check_subject(request).await.unwrap().into_inner();
    !answer.restrictions.is_empty()
}

/// The memory may be a moment behind.
async fn becomes_restricted(clients: &Clients, user: &str) {
    let asked = async || is_restricted(clients, user).await.then_some(());
    eventually(&format!("{user} is restricted"), asked).await;
}

/// A reader of a new stream enforcer, patient about acknowledgements.
async fn reader(clients: &Clients) -> Reader {
    let mut request = stream_enforcer("game");
    request.enforcer.as_mut().unwrap().ack_deadline = seconds(3_600);
    clients.sanctions.clone().create_enforcer(request).await.unwrap();
    let mut reader = Reader::open(clients, "game", "").await.unwrap();
    assert_eq!(reader.told().await, "end");
    reader
}

#[tokio::test]
async fn a_wave_is_held_at_the_budget_and_none_is_lost() {
    let mut server = server_with_budget(3).await;
    let clients = server.clients();
    let names = wave(&clients, "p", 10).await;
    let held = so_many_sanctions(&clients, "state = HELD", 7).await;
    assert_eq!(sanctions(&clients, "state = DONE").await.len(), 3);
    let safety = switch_in(&clients, SafetyState::Hold).await;
    assert_eq!((safety.held, safety.budget_used, safety.budget_per_minute), (7, 3, 3));
    assert_eq!(safety.surged_rule, "tenants/default/sanctionRules/spam");
    assert!(!safety.operator.is_empty() && safety.reason.contains("budget"), "{}", safety.reason);
    let raised = the_alert(&clients, "").await;
    assert_eq!((raised.level(), raised.kind()), (Level::P0, AlertKind::Safety));
    assert_eq!(raised.rule, "tenants/default/sanctionRules/spam");

    // Held is not in force, and it does not pile up either.
    let last = &held[0];
    assert_eq!(last.name, names[9]);
    becomes_restricted(&clients, "p0").await;
    assert!(!is_restricted(&clients, "p9").await);
    let again = offend(&clients, "p9").await;
    assert_eq!(again.strikes[0].suppressed_by, names[9]);

    // Nothing goes out by itself, whatever time passes: not a day old, and not stale.
    server.clock.advance_seconds(30 * 60);
    server.restart().await;
    let clients = server.clients();
    let later = offend(&clients, "later").await.sanctions.remove(0);
    sanction_in(&clients, &later, SanctionState::Held).await;
    let safety = switch(&clients).await;
    assert_eq!((safety.state(), safety.held, safety.budget_used), (SafetyState::Hold, 8, 0));
}

#[tokio::test]
async fn the_rule_that_surged_is_named_among_others() {
    let server = server_with_budget(4).await;
    let clients = server.clients();
    check(&clients, said_by("f", "worse")).await.unwrap();
    wave(&clients, "p", 3).await;
    so_many_sanctions(&clients, "state = DONE", 4).await;
    check(&clients, said_by("g", "worse")).await.unwrap();
    let safety = switch_in(&clients, SafetyState::Hold).await;
    assert_eq!(safety.surged_rule, "tenants/default/sanctionRules/spam", "three of five");
}

#[tokio::test]
async fn a_minute_slides() {
    let server = server_with_budget(2).await;
    let clients = server.clients();
    for round in 0..4 {
        let name = offend(&clients, &format!("p{round}")).await.sanctions.remove(0);
        sanction_in(&clients, &name, SanctionState::Done).await;
        server.clock.advance_seconds(31);
    }
    assert_eq!(switch(&clients).await.state(), SafetyState::On);
    let names = wave(&clients, "q", 2).await;
    sanction_in(&clients, &names[1], SanctionState::Held).await;
}

#[tokio::test]
async fn a_rule_may_have_a_cap_of_its_own() {
    let server = TestServer::start().await;
    let clients = server.clients();
    clients.rules.clone().create_rule(classed_rule("w", &["bad"], Sensitive)).await.unwrap();
    let mut rule = sanction_rule("capped", Sensitive, 1, Mute);
    rule.sanction_rule.as_mut().unwrap().max_per_minute = 2;
    clients.sanctions.clone().create_sanction_rule(rule).await.unwrap();
    let names = wave(&clients, "p", 3).await;
    sanction_in(&clients, &names[2], SanctionState::Held).await;
    let safety = switch_in(&clients, SafetyState::Hold).await;
    assert_eq!(safety.surged_rule, "tenants/default/sanctionRules/capped");
    assert_eq!(safety.budget_used, 2);
}

#[tokio::test]
async fn only_a_reason_arms_it_again_and_a_probe_goes_first() {
    let server = server_with_budget(2).await;
    let clients = server.clients();
    let first = wave(&clients, "p", 4).await;
    switch_in(&clients, SafetyState::Hold).await;
    let unreasoned =
        UpdateSafetySwitchRequest { reason: String::new(), ..state_of(SafetyState::On) };
    let refused = set(&clients, unreasoned).await.unwrap_err();
    assert_eq!(
        (refused.code(), violated(&refused)),
        (Code::InvalidArgument, vec!["reason".into()])
    );
    assert_eq!(switch(&clients).await.state(), SafetyState::Hold);
    server.clock.advance_seconds(61);
    let armed = UpdateSafetySwitchRequest { probe: Some(1), ..state_of(SafetyState::On) };
    let armed = set(&clients, armed).await.unwrap();
    assert_eq!((armed.state(), armed.probe_left), (SafetyState::On, Some(1)));
    assert_eq!((armed.operator.as_str(), armed.reason.as_str()), ("local", "the test wants it"));
    assert_eq!(armed.surged_rule, "");
    assert_eq!(armed.held, 2, "what is held waits for a decision of its own");
    let second = wave(&clients, "q", 3).await;
    sanction_in(&clients, &second[0], SanctionState::Done).await;
    for name in &second[1..] {
        sanction_in(&clients, name, SanctionState::Held).await;
    }
    let safety = switch_in(&clients, SafetyState::Hold).await;
    assert!(safety.held == 4 && safety.reason.contains("probe"), "{safety:?}");
    let raised = the_alert(&clients, "count = 2").await;
    assert_eq!((raised.level(), raised.kind()), (Level::P0, AlertKind::Safety));
    assert_eq!(states(&clients, &first[2..]).await, [SanctionState::Held; 2]);
    // Armed without a probe it goes on.
    server.clock.advance_seconds(61);
    assert_eq!(set(&clients, state_of(SafetyState::On)).await.unwrap().probe_left, None);
    let third = wave(&clients, "r", 2).await;
    sanction_in(&clients, &third[1], SanctionState::Done).await;
}

#[tokio::test]
async fn what_is_held_is_shown_and_then_let_out_as_the_budget_allows() {
    let server = server_with_budget(2).await;
    let clients = server.clients();
    let mut reader = reader(&clients).await;
    let names = wave(&clients, "p", 7).await;
    so_many_sanctions(&clients, "state = HELD", 5).await;
    assert_eq!(reader.told_all(2).await, ["sanction p0 1", "sanction p1 1"]);

    let preview = drain(&clients, DrainMode::Apply, |request| {
        (request.validate_only, request.reason) = (true, String::new());
    });
    let preview = preview.await.unwrap();
    assert_eq!((preview.count, preview.sample.len(), preview.payers), (5, 5, 0));
    assert_eq!(switch(&clients).await.held, 5, "it was only shown");
    let one = drain(&clients, DrainMode::Sample, |request| request.sample_size = 1).await.unwrap();
    assert_eq!((one.count, one.sample[0].name.as_str()), (1, names[2].as_str()), "the oldest");
    server.clock.advance_seconds(61);
    assert_eq!(reader.told().await, "sanction p2 1");
    let filtered = drain(&clients, DrainMode::Drop, |request| {
        request.filter = "subject.user_id = p3".into();
    });
    assert_eq!(filtered.await.unwrap().count, 1);
    assert_eq!(drain(&clients, DrainMode::Apply, |_| {}).await.unwrap().count, 3);
    // One more fits into this minute, two into the next; nothing is held again.
    assert_eq!(reader.told().await, "sanction p4 1");
    server.clock.advance_seconds(61);
    assert_eq!(reader.told_all(2).await, ["sanction p5 1", "sanction p6 1"]);
    let safety = switch(&clients).await;
    assert_eq!((safety.state(), safety.held), (SafetyState::Hold, 0));
    assert_eq!(sanction(&clients, &names[3]).await.unwrap().state(), SanctionState::Lifted);
}

#[tokio::test]
async fn what_is_dropped_is_lifted_and_nobody_is_told() {
    let server = server_with_budget(1).await;
    let clients = server.clients();
    let mut reader = reader(&clients).await;
    wave(&clients, "p", 2).await;
    let mut payer = said_by("rich", "bad");
    payer.sender.as_mut().unwrap().total_recharge = Some(600);
    check(&clients, payer).await.unwrap();
    so_many_sanctions(&clients, "state = HELD", 2).await;
    let dropped = drain(&clients, DrainMode::Drop, |_| {}).await.unwrap();
    assert_eq!((dropped.count, dropped.payers), (2, 1));
    assert_eq!(sanctions(&clients, "state = LIFTED").await.len(), 2);
    // By hand goes out under HOLD; it is the next thing the game hears of.
    by_hand(&clients, "hand").await;
    assert_eq!(reader.told_all(2).await, ["sanction p0 1", "sanction hand 1"]);
}

async fn by_hand(clients: &Clients, user: &str) -> Sanction {
    let sanction = Sanction {
        subject: Some(subject(user)),
        kind: Mute as i32,
        permanent: true,
        reason: "by hand".into(),
        ..<_>::default()
    };
    let request = CreateSanctionRequest { sanction: Some(sanction), ..<_>::default() };
    let answer = clients.sanctions.clone().create_sanction(request).await.unwrap();
    answer.into_inner().sanction.unwrap()
}

#[tokio::test]
async fn off_makes_none_and_records_each() {
    let server = server_with_budget(60).await;
    let clients = server.clients();
    set(&clients, state_of(SafetyState::Off)).await.unwrap();
    let verdict = offend(&clients, "p").await;
    assert_eq!(strikes(&verdict), ["spam 1/1 crossed"]);
    assert_eq!(verdict.strikes[0].suppressed_by, "tenants/default/safetySwitch");
    assert!(verdict.sanctions.is_empty());
    let recorded = sanctions(&clients, "suppressed = true").await;
    assert_eq!((recorded.len(), recorded[0].state()), (1, SanctionState::Done));
    let made = by_hand(&clients, "q").await;
    sanction_in(&clients, &made.name, SanctionState::Done).await;
    becomes_restricted(&clients, "q").await;
    assert!(!is_restricted(&clients, "p").await);
}

#[tokio::test]
async fn the_configuration_may_only_stop() {
    let server = TestServer::start_with(|config| config.sanctions.enabled = false).await;
    let clients = server.clients();
    set_up(&clients).await;
    let safety = switch(&clients).await;
    assert_eq!((safety.state(), safety.stopped_by_configuration), (SafetyState::On, true));
    set(&clients, state_of(SafetyState::On)).await.unwrap();
    let verdict = offend(&clients, "p").await;
    assert_eq!(verdict.strikes[0].suppressed_by, "tenants/default/safetySwitch");
    let made = by_hand(&clients, "q").await;
    sanction_in(&clients, &made.name, SanctionState::Done).await;
}

#[tokio::test]
async fn what_a_switch_cannot_be_is_refused() {
    let server = server_with_budget(60).await;
    let clients = server.clients();
    let before = switch(&clients).await;
    assert_eq!(
        (before.name.as_str(), before.ceiling_per_minute),
        ("tenants/default/safetySwitch", 500)
    );
    for (request, expected) in [
        (budget_of(0), "safety_switch.budget_per_minute"),
        (budget_of(-1), "safety_switch.budget_per_minute"),
        (budget_of(501), "safety_switch.budget_per_minute"),
        (state_of(SafetyState::Unspecified), "safety_switch.state"),
        (update(<_>::default(), "held"), "update_mask"),
        (UpdateSafetySwitchRequest { probe: Some(3), ..state_of(SafetyState::Off) }, "probe"),
        (
            UpdateSafetySwitchRequest { reason: "x".repeat(501), ..state_of(SafetyState::Off) },
            "reason",
        ),
    ] {
        let refused = set(&clients, request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{expected}: {refused}");
        assert_eq!(violated(&refused), [expected]);
    }
    let mut stale = state_of(SafetyState::Off);
    stale.safety_switch.as_mut().unwrap().etag = "another".into();
    assert_eq!(reason(&set(&clients, stale).await.unwrap_err()), "ETAG_MISMATCH");
    let mut foreign = state_of(SafetyState::Off);
    foreign.safety_switch.as_mut().unwrap().name = "tenants/other/safetySwitch".into();
    assert_eq!(reason(&set(&clients, foreign).await.unwrap_err()), "TENANT_FORBIDDEN");
    for (mode, sample_size, reasons, expected) in [
        (DrainMode::Unspecified, 0, "why", "mode"),
        (DrainMode::Sample, 0, "why", "sample_size"),
        (DrainMode::Sample, 1_001, "why", "sample_size"),
        (DrainMode::Apply, 0, "", "reason"),
    ] {
        let refused = drain(&clients, mode, |request| {
            (request.sample_size, request.reason) = (sample_size, reasons.into());
        });
        assert_eq!(violated(&refused.await.unwrap_err()), [expected]);
    }
    assert_eq!(switch(&clients).await, before, "nothing changed");
}

#[tokio::test]
async fn what_is_drained_holds_when_it_goes_out_and_trips_nothing() {
    let server = server_with_budget(2).await;
    let clients = server.clients();
    set(&clients, state_of(SafetyState::Hold)).await.unwrap();
    let names = wave(&clients, "p", 5).await;
    for (number, name) in names.iter().enumerate() {
        sanction_in(&clients, name, SanctionState::Held).await;
        assert!(!is_restricted(&clients, &format!("p{number}")).await, "held is not in force");
    }
    set(&clients, state_of(SafetyState::On)).await.unwrap();
    drain(&clients, DrainMode::Apply, |_| {}).await.unwrap();
    sanction_in(&clients, &names[1], SanctionState::Done).await;
    assert!(is_restricted(&clients, "p1").await);
    assert!(!is_restricted(&clients, "p4").await, "it waits for the budget");
    let fresh = offend(&clients, "fresh").await.sanctions.remove(0);
    sanction_in(&clients, &fresh, SanctionState::Pending).await;
    assert_eq!(switch(&clients).await.state(), SafetyState::On, "draining is no surge");
    server.clock.advance_seconds(61);
    // The budget is that of both, and what is fresh goes first.
    sanction_in(&clients, &fresh, SanctionState::Done).await;
    assert_eq!(switch(&clients).await.state(), SafetyState::On);
}

#[tokio::test]
async fn the_ceiling_holds_for_all_and_who_took_most_of_it_is_held() {
    let server = TestServer::start_with(|config| {
        config.auth.mode = umpire::config::AuthMode::Keys;
        config.auth.admin_key = "operator key of the tests".into();
        config.sanctions.ceiling_per_minute = 4;
    })
    .await;
    let operator = server.operator();
    let mut tenants = Vec::new();
    for tenant in ["noisy", "quiet"] {
        make_tenant(&operator, tenant).await;
        let key = make_key(&operator, tenant, "k", Role::Admin).await;
        let clients = server.clients_with(&key);
        set_up(&clients).await;
        assert_eq!(set(&clients, budget_of(4)).await.unwrap().ceiling_per_minute, 4);
        tenants.push(clients);
    }
    let [noisy, quiet] = &tenants[..] else { panic!() };
    for name in wave(noisy, "p", 4).await {
        sanction_in(noisy, &name, SanctionState::Done).await;
    }
    let waits = offend(quiet, "q").await.sanctions.remove(0);
    offend(noisy, "p9").await;
    let held = switch_in(noisy, SafetyState::Hold).await;
    assert!(held.surged_rule.contains("/noisy/"), "{}", held.surged_rule);
    assert_eq!(sanction(quiet, &waits).await.unwrap().state(), SanctionState::Pending);
    assert_eq!(switch(quiet).await.state(), SafetyState::On);
    server.clock.advance_seconds(61);
    sanction_in(quiet, &waits, SanctionState::Done).await;
}

//! What people do about alerts, and how alerts end.

use super::stage::{Stage, receivers};
use crate::{
    AlertState, DeliveryState, EscalationPolicy, EscalationStep, Fate, HappeningKind, Receiver,
    Route,
    intake::assign,
    samples::{Setup, id, route_to},
};
use umpire_model::Level;

/// `anybody` hears of everything, and of the end; `boss` when nobody acknowledges.
fn stage() -> Stage {
    let step = |wait| EscalationStep { wait, receivers: vec![id("boss")], raise_to: None };
    let policy = EscalationPolicy {
        display_name: String::new(),
        steps: vec![step(60), step(120)],
        repeat: 0,
        raises: Vec::new(),
    };
    let mut all = receivers(&["anybody", "boss"]);
    all[0].1 = Receiver { send_resolved: true, ..all[0].1.clone() };
    let route = Route {
        dedupe_window: Some(60),
        escalation_policy: Some(id("up")),
        ..route_to(&["anybody"])
    };
    let setup = Setup::default().receivers(&all).routes(&[("all", route)]);
    Stage::of(setup.policies(&[("up", policy)]))
}

#[test]
fn an_acknowledged_alert_is_left_in_peace_until_that_ends() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.acknowledge("k", 600);
    stage.pass(100);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    stage.pass(499);
    assert!(stage.is_still(), "neither windows nor steps");
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::Deduplicated, 2)]);
    stage.pass(1);
    assert_eq!(stage.sent(), ["anybody ACK_EXPIRED P2 x2"]);
    let alert = stage.alert("k");
    assert_eq!((alert.state, alert.acknowledgement), (AlertState::Open, None));
    assert_eq!(stage.fates("k"), [(Fate::Notified, 3)]);
    // The step that was next has its whole time.
    stage.pass(59);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
}

#[test]
fn acknowledging_and_its_end_are_in_the_journal() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage.acknowledge("k", 600);
    stage.pass(600);
    let acknowledged = |by: &str| (HappeningKind::Acknowledged, by.to_owned());
    let created = (HappeningKind::Created, String::new());
    assert_eq!(stage.journal(), [created, acknowledged("ann"), acknowledged("")]);
    let notice = stage.memory.deliveries.values().last().expect("the end").notice.clone();
    assert_eq!(notice.operator, "ann");
}

#[test]
fn the_step_that_was_next_stays_next() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage.pass(60);
    assert_eq!(stage.sent().last().expect("a step"), "boss ESCALATED P2 x0");
    stage.acknowledge("k", 600);
    stage.pass(600);
    stage.sent();
    stage.pass(119);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
}

#[test]
fn a_rise_is_told_though_somebody_looks_after_it() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage.sent();
    stage.acknowledge("k", 600);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P0);
    assert_eq!(stage.sent(), ["anybody LEVEL_UP P0 x2"]);
    assert_eq!(stage.alert("k").state, AlertState::Acknowledged);
    stage.pass(599);
    assert!(stage.is_still());
}

#[test]
fn those_who_never_heard_of_it_are_not_told_that_peace_is_over() {
    let setup = Setup::default().receivers(&receivers(&["a", "late"]));
    let route = Route { dedupe_window: Some(60), ..route_to(&["a"]) };
    let mut stage = Stage::of(setup.routes(&[("all", route.clone())]));
    stage.happens("k", Level::P2);
    stage.sent();
    stage.acknowledge("k", 600);
    let more = Route { receivers: vec![id("a"), id("late")], ..route };
    super::stage::change(&stage.world.routes, "all", more);
    stage.pass(600);
    assert_eq!(stage.sent(), ["a ACK_EXPIRED P2 x0"]);
}

#[test]
fn an_acknowledged_alert_goes_quiet_too() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage.sent();
    stage.acknowledge("k", 100_000);
    stage.pass(1_800);
    let alert = stage.alert("k");
    assert_eq!((alert.state, alert.acknowledgement), (AlertState::Resolved, None));
    assert_eq!(stage.sent(), ["anybody RESOLVED P2 x0"]);
}

#[test]
fn the_end_is_told_to_those_who_heard_and_want_to_know() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage.pass(60);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1", "boss ESCALATED P2 x0"]);
    stage.resolve("k");
    assert_eq!(stage.sent(), ["anybody RESOLVED P2 x0"]);
    let alert = stage.alert("k");
    assert_eq!(alert.state, AlertState::Resolved);
    assert_eq!(alert.resolution.expect("how").operator, "ann");
    stage.pass(10_000);
    assert!(stage.is_still());
    assert_eq!(stage.journal().last(), Some(&(HappeningKind::Resolved, "ann".to_owned())));
}

/// One receiver that wants to know of the end; whether it was told of the beginning is up
/// to the test.
fn unsent() -> Stage {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage
}

#[test]
fn what_somebody_settled_before_anybody_saw_it_is_not_told() {
    let mut stage = unsent();
    stage.resolve("k");
    assert!(stage.is_still());
    let delivery = stage.memory.deliveries.values().next().expect("the first");
    assert_eq!(
        (delivery.state, &*delivery.suppressed_by),
        (DeliveryState::Suppressed, "SUPERSEDED")
    );
    assert_eq!(stage.memory.deliveries.len(), 1);
}

#[test]
fn what_went_quiet_before_anybody_saw_it_is_told_with_its_end() {
    let mut stage = unsent();
    stage.acknowledge("k", 100_000);
    stage.pass(1_800);
    assert_eq!(stage.sent(), ["anybody RESOLVED P2 x1"]);
}

#[test]
fn the_end_follows_what_is_just_being_sent() {
    for (leased, fence) in [(true, 1), (false, 1)] {
        let mut stage = unsent();
        for delivery in stage.memory.deliveries.values_mut() {
            (delivery.leased, delivery.fence) = (leased, fence);
        }
        stage.resolve("k");
        let told = stage.sent();
        assert_eq!(
            told.last().map(String::as_str).map(|last| &last[..16]),
            Some("anybody RESOLVED")
        );
    }
}

#[test]
fn who_does_not_want_to_know_of_the_end_hears_of_the_beginning() {
    let mut stage = Stage::with_window(60);
    stage.happens("k", Level::P2);
    stage.resolve("k");
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

#[test]
fn what_is_over_stays_over() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage.resolve("k");
    let over = stage.alert("k");
    stage.acknowledge("k", 600);
    stage.resolve("k");
    assert_eq!(stage.alert("k"), over);
    stage.happens("k", Level::P2);
    assert_ne!(stage.id("k"), over.id);
}

#[test]
fn somebody_is_named() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    let version = stage.alert("k").version;
    stage.journal();
    let mut alert = stage.alert("k");
    assign(&mut stage.memory, &stage.world, &mut alert, "bob".into(), "ann", stage.now)
        .expect("in memory");
    assert_eq!(stage.alert("k"), alert);
    assert_eq!((&*alert.assignee, alert.version), ("bob", version + 1));
    assert_eq!(stage.journal(), [(HappeningKind::Acknowledged, "ann".to_owned())]);
}

#[test]
fn the_version_is_that_of_the_last_entry_of_the_journal() {
    let mut stage = stage();
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    stage.pass(60);
    stage.acknowledge("k", 600);
    stage.pass(600);
    stage.resolve("k");
    let entries = stage.memory.journal.iter().map(|told| told.happening.alert.version);
    let versions: Vec<_> = entries.collect();
    assert!(versions.is_sorted(), "{versions:?}");
    assert_eq!(versions.first(), Some(&1));
    assert_eq!(versions.last(), Some(&stage.alert("k").version));
}

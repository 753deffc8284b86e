//! Alerts of one route that are told together.

use super::stage::{Stage, change, receivers};
use crate::{
    AlertId, AlertState, DeliveryState, EscalationPolicy, EscalationStep, Event, Fate, GroupBy,
    Notice, Rate, Reason, Receiver, Route, Silence,
    samples::{Setup, at, event_at, id, route_to},
};
use umpire_model::Level;

/// The first of a rule waits 30 s for others; then 300 s pass.
fn route() -> Route {
    Route {
        group_by: vec![GroupBy::Rule],
        group_wait: 30,
        group_interval: 300,
        dedupe_window: Some(60),
        ..route_to(&["anybody"])
    }
}

fn stage() -> Stage {
    Stage::with_routes(&[("all", route())])
}

/// The alerts and the notice of the last delivery that was queued.
fn last(stage: &Stage) -> (Vec<AlertId>, Notice) {
    let last = stage.memory.deliveries.values().last().expect("a delivery");
    (last.alerts.clone(), last.notice.clone())
}

#[test]
fn those_that_come_together_are_told_together() {
    let mut stage = stage();
    stage.happens("a", Level::P2);
    stage.pass(20);
    stage.happens("b", Level::P1);
    stage.pass(9);
    assert!(stage.is_still());
    assert_eq!(stage.fates("a"), [(Fate::Notified, 1)], "it waits in a group");
    assert!(stage.alert("a").told.is_empty());
    stage.pass(1);
    let (alerts, notice) = last(&stage);
    assert_eq!(stage.sent(), ["anybody FIRST P1 x2"]);
    assert_eq!(alerts, [stage.id("a"), stage.id("b")]);
    let parts: Vec<_> = notice.parts.iter().map(|part| (part.alert, part.stands_for)).collect();
    assert_eq!(parts, [(stage.id("a"), 1), (stage.id("b"), 1)]);
    assert_eq!((notice.count, notice.more_parts), (2, 0));
    assert_eq!((notice.first_time, notice.last_time), (at(0), at(20)));
    assert_eq!(stage.alert("a").told, [id("anybody")]);
}

#[test]
fn a_group_that_was_told_waits_for_its_interval() {
    let mut stage = stage();
    stage.happens("a", Level::P2);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.happens("b", Level::P2);
    stage.pass(299);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    // Long after the interval, a group is as new.
    stage.pass(300);
    assert!(stage.memory.groups.is_empty(), "it is forgotten");
    stage.happens("c", Level::P2);
    stage.pass(29);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

#[test]
fn what_has_other_values_is_another_group() {
    let mut stage = stage();
    let other = Event { rule: "tenants/acme/rules/ads".into(), ..event_at("b", Level::P2, at(0)) };
    stage.take(vec![event_at("a", Level::P2, at(0)), other]);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1", "anybody FIRST P2 x1"]);
    let mut threads: Vec<_> =
        stage.memory.deliveries.values().map(|one| one.notice.thread.clone()).collect();
    threads.dedup();
    assert_eq!(threads.len(), 2);
    assert!(threads.iter().all(|thread| thread.starts_with("group-") && thread.len() == 38));
}

#[test]
fn p0_is_told_at_once_and_alone() {
    let mut stage = stage();
    stage.happens("a", Level::P2);
    stage.happens("b", Level::P0);
    assert_eq!(stage.sent(), ["anybody FIRST P0 x1"]);
    assert_eq!(last(&stage).1.thread, stage.id("b").to_string());
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

#[test]
fn what_rises_to_p0_leaves_its_group() {
    let by_level = Route { group_by: vec![GroupBy::Level], ..route() };
    for route in [route(), by_level] {
        let mut stage = Stage::with_routes(&[("all", route)]);
        stage.happens("a", Level::P2);
        stage.happens("b", Level::P2);
        stage.happens("a", Level::P0);
        // Nobody heard of it before.
        assert_eq!(stage.sent(), ["anybody FIRST P0 x2"]);
        assert_eq!(stage.fates("a"), [(Fate::Notified, 2)]);
        stage.pass(30);
        assert_eq!(stage.sent(), ["anybody FIRST P2 x1"], "the other");
        assert_eq!(last(&stage).0, [stage.id("b")]);
    }
}

#[test]
fn what_rises_is_told_once_though_its_group_is_another() {
    let mut stage =
        Stage::with_routes(&[("all", Route { group_by: vec![GroupBy::Level], ..route() })]);
    stage.happens("a", Level::P2);
    stage.happens("a", Level::P1);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P1 x2"]);
    assert_eq!(last(&stage).1.previous_level, Some(Level::P2));
    stage.pass(300);
    assert!(stage.is_still());
    assert!(stage.memory.groups.is_empty());
}

#[test]
fn more_of_the_same_adds_to_what_waits() {
    let mut stage = stage();
    stage.happens("a", Level::P2);
    stage.pass(30);
    stage.sent();
    stage.pass(60);
    for _ in 0..3 {
        stage.happens("a", Level::P2);
        stage.pass(60);
    }
    stage.happens("b", Level::P2);
    stage.pass(60);
    // The interval ends at 330.
    assert_eq!(stage.sent(), ["anybody FIRST P2 x4"]);
    let parts: Vec<_> = last(&stage).1.parts.iter().map(|part| part.stands_for).collect();
    assert_eq!(parts, [3, 1]);
    assert_eq!(stage.fates("a"), [(Fate::Notified, 4)]);
}

#[test]
fn a_notice_lists_twenty_and_counts_the_others() {
    let mut stage = stage();
    let events = (0..123).map(|n| event_at(&format!("k{n}"), Level::P2, at(0)));
    stage.take(events.collect());
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x123"]);
    let (alerts, notice) = last(&stage);
    assert_eq!((alerts.len(), notice.parts.len(), notice.more_parts), (100, 20, 103));
}

#[test]
fn what_happens_to_an_alert_while_it_waits_is_respected() {
    // What is done, its fate at last, and whether it is told at 30.
    type Deed = fn(&mut Stage);
    let acknowledged: Deed = |stage| stage.acknowledge("a", 600);
    let resolved: Deed = |stage| stage.resolve("a");
    let rerouted: Deed = |stage| {
        change(&stage.world.routes, "all", Route { matches: "level = P0".into(), ..route() })
    };
    let nothing: Deed = |_| ();
    for (deed, fate, told) in [
        (acknowledged, Fate::Deduplicated, false),
        (resolved, Fate::Deduplicated, false),
        (rerouted, Fate::Deduplicated, false),
        (nothing, Fate::Notified, true),
    ] {
        let mut stage = stage();
        stage.happens("a", Level::P2);
        deed(&mut stage);
        stage.pass(30);
        assert_eq!(stage.sent().len(), usize::from(told));
        assert_eq!(stage.fates("a"), [(fate, 1)]);
        assert!(stage.left_out().is_empty());
    }
}

#[test]
fn what_an_acknowledgement_kept_from_a_group_is_told_after_it() {
    let mut stage = stage();
    stage.happens("a", Level::P2);
    stage.acknowledge("a", 600);
    stage.pass(30);
    assert!(stage.is_still());
    stage.pass(570);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

#[test]
fn a_silence_holds_back_what_waits_in_a_group() {
    let silence = Silence {
        matches: "key = a".into(),
        reason: "maintenance".into(),
        start_time: at(10),
        end_time: at(600),
    };
    let setup = Setup::default().receivers(&receivers(&["anybody"]));
    let mut stage = Stage::of(setup.routes(&[("all", route())]).silences(&[("s", silence)]));
    stage.happens("a", Level::P2);
    stage.happens("b", Level::P2);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    assert_eq!(stage.left_out(), ["anybody FIRST P2 x1: tenants/acme/silences/s"]);
    assert_eq!(stage.fates("a"), [(Fate::Silenced, 1)]);
    assert_eq!(stage.fates("b"), [(Fate::Notified, 1)]);
}

#[test]
fn each_receiver_hears_of_what_concerns_it() {
    let setup = Setup::default().receivers(&receivers(&["anybody", "other"]));
    let route = Route { receivers: vec![id("anybody"), id("other")], ..route() };
    let mut stage = Stage::of(setup.routes(&[("all", route)]));
    let about = Event { not_to: vec![id("other")], ..event_at("a", Level::P2, at(0)) };
    stage.take(vec![about, event_at("b", Level::P2, at(0))]);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x2", "other FIRST P2 x1"]);
}

#[test]
fn a_rate_holds_for_the_group() {
    let mut all = receivers(&["anybody"]);
    all[0].1.rate = Some(Rate { count: 1, seconds: 600 });
    let route = Route { group_interval: 60, ..route() };
    let mut stage = Stage::of(Setup::default().receivers(&all).routes(&[("all", route)]));
    stage.happens("a", Level::P2);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.happens("b", Level::P2);
    stage.pass(60);
    assert!(stage.is_still(), "it waits");
    stage.pass(540);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

#[test]
fn a_policy_starts_when_the_group_is_told() {
    let step = EscalationStep { wait: 60, receivers: vec![id("boss")], raise_to: None };
    let policy = EscalationPolicy {
        display_name: String::new(),
        steps: vec![step],
        repeat: 0,
        raises: Vec::new(),
    };
    let route = Route { escalation_policy: Some(id("up")), ..route() };
    let setup = Setup::default().receivers(&receivers(&["anybody", "boss"]));
    let mut stage = Stage::of(setup.routes(&[("all", route)]).policies(&[("up", policy)]));
    stage.happens("a", Level::P2);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.pass(59);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
}

#[test]
fn a_receiver_that_is_off_leaves_what_waited_recorded() {
    let mut all = receivers(&["anybody"]);
    all[0].1.disabled = true;
    let mut stage = Stage::of(Setup::default().receivers(&all).routes(&[("all", route())]));
    stage.happens("a", Level::P2);
    stage.pass(30);
    assert_eq!(stage.left_out(), ["anybody FIRST P2 x1: RECEIVER_DISABLED"]);
    assert_eq!(stage.fates("a"), [(Fate::RecordedOnly, 1)]);
    assert!(stage.alert("a").told.is_empty());
}

#[test]
fn the_end_of_the_last_one_ends_the_groups_thread() {
    let mut all = receivers(&["anybody"]);
    all[0].1 = Receiver { send_resolved: true, ..all[0].1.clone() };
    let mut stage = Stage::of(Setup::default().receivers(&all).routes(&[("all", route())]));
    stage.happens("a", Level::P2);
    stage.happens("b", Level::P2);
    stage.pass(30);
    stage.sent();
    let thread = last(&stage).1.thread;
    stage.resolve("a");
    let notice = last(&stage).1;
    assert_eq!((notice.reason, notice.thread), (Reason::Resolved, stage.id("a").to_string()));
    stage.resolve("b");
    assert_eq!(last(&stage).1.thread, thread, "the group is over");
    assert_eq!(stage.sent().len(), 2);
    let states: Vec<_> = stage.memory.deliveries.values().map(|one| one.state).collect();
    assert!(states.iter().all(|state| *state == DeliveryState::Delivered));
    assert_eq!(stage.alert("b").state, AlertState::Resolved);
}

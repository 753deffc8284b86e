//! Levels that rise: by an event, by a count, by a step that nobody acknowledged.

use super::stage::{Stage, change, receivers};
use crate::{
    EscalationPolicy, EscalationStep, Fate, HappeningKind, Raise, Route,
    samples::{Setup, at, event_at, id, route_to},
};
use umpire_model::Level;

fn policy(steps: &[(u64, &[&str], Option<Level>)], repeat: u32) -> EscalationPolicy {
    let steps = steps.iter().map(|(wait, receivers, raise_to)| EscalationStep {
        wait: *wait,
        receivers: receivers.iter().map(|name| id(name)).collect(),
        raise_to: *raise_to,
    });
    let (display_name, raises) = (String::new(), Vec::new());
    EscalationPolicy { display_name, steps: steps.collect(), repeat, raises }
}

fn raising(raises: &[(u32, u64, Level)]) -> EscalationPolicy {
    let raises = raises.iter().map(|&(count, seconds, to)| Raise { count, seconds, to });
    EscalationPolicy { raises: raises.collect(), ..policy(&[], 0) }
}

fn route() -> Route {
    Route { dedupe_window: Some(300), escalation_policy: Some(id("up")), ..route_to(&["anybody"]) }
}

/// `anybody` hears of everything, with this policy; `boss` and `owner` by name.
fn stage(policy: EscalationPolicy) -> Stage {
    let setup = Setup::default().receivers(&receivers(&["anybody", "boss", "owner"]));
    Stage::of(setup.routes(&[("all", route())]).policies(&[("up", policy)]))
}

/// So many at once, each a second after the one before, without looking at what is due.
fn happen(stage: &mut Stage, count: usize) {
    for _ in 0..count {
        stage.now = stage.now.plus_seconds(1);
        stage.happens("k", Level::P2);
    }
}

#[test]
fn an_event_that_is_more_urgent_is_told_at_once_with_what_waits() {
    let mut stage = Stage::with_window(300);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.happens("k", Level::P1);
    assert_eq!(stage.sent(), ["anybody LEVEL_UP P1 x2"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 3)]);
    stage.happens("k", Level::P3);
    stage.happens("k", Level::P1);
    assert!(stage.is_still(), "it did not rise");
    let alert = stage.alert("k");
    let levels: Vec<_> = alert.level_history.iter().map(|one| (one.level, &*one.cause)).collect();
    assert_eq!(levels, [(Level::P2, "event"), (Level::P1, "event")]);
    // A new window began with the rise.
    stage.pass(299);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["anybody REPEATED P1 x2"]);
}

#[test]
fn a_rise_is_in_the_journal_and_names_the_level_before() {
    let mut stage = Stage::with_window(300);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P0);
    let kinds: Vec<_> = stage.journal().into_iter().skip(1).collect();
    let expected =
        [(HappeningKind::Repeated, String::new()), (HappeningKind::Escalated, "event".into())];
    assert_eq!(kinds, expected);
    let notice = stage.memory.deliveries.values().last().expect("a rise").notice.clone();
    assert_eq!((notice.previous_level, notice.level), (Some(Level::P2), Level::P0));
}

#[test]
fn the_levels_of_one_turn_are_one_level() {
    let mut stage = Stage::with_window(300);
    let events = [Level::P3, Level::P2, Level::P1].map(|level| event_at("k", level, at(0)));
    stage.take(events.to_vec());
    assert_eq!(stage.sent(), ["anybody FIRST P1 x3"]);
    assert_eq!(stage.alert("k").level_history.len(), 3);
}

#[test]
fn a_count_raises_once_for_each_threshold() {
    let raises = [(3, 60, Level::P1), (5, 600, Level::P0)];
    let mut stage = stage(raising(&raises));
    happen(&mut stage, 1);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    happen(&mut stage, 1);
    assert!(stage.is_still());
    happen(&mut stage, 1);
    assert_eq!(stage.sent(), ["anybody LEVEL_UP P1 x2"]);
    happen(&mut stage, 2);
    assert_eq!(stage.sent(), ["anybody LEVEL_UP P0 x2"]);
    happen(&mut stage, 20);
    assert!(stage.is_still());
    let causes: Vec<_> =
        stage.alert("k").level_history.into_iter().map(|change| change.cause).collect();
    assert_eq!(causes, ["event", "up", "up"]);
}

#[test]
fn a_count_is_taken_within_its_time() {
    for (apart, rises) in [(30, true), (31, false)] {
        let mut stage = stage(raising(&[(3, 60, Level::P1)]));
        for _ in 0..3 {
            stage.happens("k", Level::P2);
            stage.pass(apart);
        }
        let level = if rises { Level::P1 } else { Level::P2 };
        assert_eq!(stage.alert("k").level, level, "{apart} s apart");
    }
}

#[test]
fn what_happened_before_anybody_was_told_counts() {
    let mut stage = stage(raising(&[(3, 60, Level::P0)]));
    let events = (0..3).map(|_| event_at("k", Level::P2, at(0)));
    stage.take(events.collect());
    // Nobody saw the first: the rise tells of it.
    assert_eq!(stage.sent(), ["anybody LEVEL_UP P0 x3"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 3)]);
}

#[test]
fn a_raise_to_what_it_is_already_changes_nothing() {
    let mut stage = stage(raising(&[(2, 60, Level::P3), (3, 60, Level::P2)]));
    happen(&mut stage, 4);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    assert_eq!(stage.alert("k").escalations[0].raised, [0, 1]);
}

#[test]
fn steps_follow_until_none_is_left() {
    let steps: &[(u64, &[&str], _)] =
        &[(60, &["boss"], None), (120, &["owner", "boss"], Some(Level::P0))];
    let mut stage = stage(policy(steps, 1));
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.pass(59);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
    stage.pass(119);
    assert!(stage.is_still());
    stage.pass(1);
    let rise = ["owner ESCALATED P0 x0", "boss ESCALATED P0 x0", "anybody LEVEL_UP P0 x0"];
    assert_eq!(stage.sent(), rise);
    // Once more, and then never again; it does not rise a second time.
    stage.pass(60);
    assert_eq!(stage.sent(), ["boss ESCALATED P0 x0"]);
    stage.pass(120);
    assert_eq!(stage.sent(), ["owner ESCALATED P0 x0", "boss ESCALATED P0 x0"]);
    stage.pass(1_000);
    assert!(stage.is_still());
    assert_eq!(stage.alert("k").escalations[0].due, None);
}

#[test]
fn each_step_is_in_the_journal() {
    let mut stage = stage(policy(&[(60, &["boss"], None)], 0));
    stage.happens("k", Level::P2);
    stage.journal();
    stage.pass(60);
    assert_eq!(stage.journal(), [(HappeningKind::Escalated, "up".to_owned())]);
}

#[test]
fn a_step_that_is_late_gives_the_next_its_time() {
    let mut stage = stage(policy(&[(60, &["boss"], None), (60, &["owner"], None)], 0));
    stage.happens("k", Level::P2);
    stage.sent();
    stage.pass(1_000);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
    stage.pass(59);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["owner ESCALATED P2 x0"]);
}

#[test]
fn a_policy_runs_as_it_was_when_it_started() {
    let mut stage = stage(policy(&[(60, &["boss"], None), (60, &["boss"], None)], 0));
    stage.happens("old", Level::P2);
    change(&stage.world.policies, "up", policy(&[(10, &["owner"], None)], 0));
    stage.happens("new", Level::P2);
    stage.sent();
    stage.pass(10);
    assert_eq!(stage.sent(), ["owner ESCALATED P2 x0"], "only the new one");
    stage.pass(50);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
    stage.pass(60);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
}

#[test]
fn a_policy_starts_once_for_an_alert_however_many_routes_name_it() {
    let first = Route { continue_matching: true, ..route() };
    let second = Route { receivers: vec![id("owner")], ..route() };
    let setup = Setup::default().receivers(&receivers(&["anybody", "boss", "owner"]));
    let setup = setup.routes(&[("1", first), ("2", second)]);
    let mut stage = Stage::of(setup.policies(&[("up", policy(&[(60, &["boss"], None)], 0))]));
    stage.happens("k", Level::P2);
    stage.sent();
    stage.pass(60);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
}

#[test]
fn a_route_may_have_a_policy_alone() {
    let policy = policy(&[(60, &["boss"], None)], 0);
    let route = Route { receivers: Vec::new(), ..route() };
    let setup = Setup::default().receivers(&receivers(&["boss"]));
    let mut stage = Stage::of(setup.routes(&[("all", route)]).policies(&[("up", policy)]));
    stage.happens("k", Level::P2);
    assert!(stage.is_still());
    assert_eq!(stage.fates("k"), [(Fate::RecordedOnly, 1)]);
    stage.pass(60);
    assert_eq!(stage.sent(), ["boss ESCALATED P2 x0"]);
}

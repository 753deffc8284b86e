//! What holds alerts back: active windows, silences, other alerts.

use super::stage::{Stage, receivers};
use crate::{
    AlertKind, EscalationPolicy, EscalationStep, Event, Fate, GroupBy, HappeningKind, Inhibition,
    Place, Route, Silence,
    samples::{Setup, at, event_at, id, route_to},
};
use umpire_model::{ActiveWindow, Level};

const NIGHT: &str = "tenants/acme/silences/night";

/// About this, from 0 to 600.
fn silence(matches: &str) -> Silence {
    let (matches, reason) = (matches.into(), "maintenance".into());
    Silence { matches, reason, start_time: at(0), end_time: at(600) }
}

fn route() -> Route {
    Route { dedupe_window: Some(60), ..route_to(&["anybody"]) }
}

fn silenced(matches: &str, route: Route) -> Stage {
    let setup = Setup::default().receivers(&receivers(&["anybody", "boss"]));
    let policy = EscalationPolicy {
        display_name: String::new(),
        steps: vec![EscalationStep { wait: 60, receivers: vec![id("boss")], raise_to: None }],
        repeat: 0,
        raises: Vec::new(),
    };
    let setup = setup.routes(&[("all", route)]).policies(&[("up", policy)]);
    Stage::of(setup.silences(&[("night", silence(matches))]))
}

#[test]
fn a_silence_holds_back_what_it_is_about_while_it_lasts() {
    for (matches, level, seconds, held) in [
        ("level = P2", Level::P2, 0, true),
        ("level = P2", Level::P2, 599, true),
        ("level = P2", Level::P2, 600, false),
        ("level = P2", Level::P1, 0, false),
        ("conversation = c1", Level::P0, 0, true),
        ("conversation = c2", Level::P0, 0, false),
    ] {
        let mut stage = silenced(matches, route());
        stage.pass(seconds);
        stage.happens("k", level);
        let name = level.name();
        let told = format!("anybody FIRST {name} x1");
        let row = format!("{told}: {NIGHT}");
        let (sent, left_out) = if held { (vec![], vec![row]) } else { (vec![told], vec![]) };
        assert_eq!((stage.sent(), stage.left_out()), (sent, left_out), "{matches} at {seconds}");
        let fate = if held { Fate::Silenced } else { Fate::Notified };
        assert_eq!(stage.fates("k"), [(fate, 1)]);
        assert_eq!(stage.alert("k").suppressed_by, if held { NIGHT } else { "" });
    }
}

#[test]
fn what_was_silenced_is_in_the_count_of_the_next_notice() {
    let mut stage = silenced("level = P2", route());
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    assert_eq!(stage.fates("k"), [(Fate::Silenced, 2)], "no window begins with what is not told");
    assert_eq!(stage.left_out().len(), 2);
    stage.pass(601);
    assert!(stage.is_still(), "by itself it is not told");
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x3"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 3)]);
}

#[test]
fn what_waits_for_a_window_may_be_silenced_at_its_end() {
    let mut stage = silenced("level <= P2 AND count >= 3", route());
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.pass(60);
    assert_eq!(stage.left_out(), [format!("anybody REPEATED P2 x2: {NIGHT}")]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::Silenced, 2)]);
    stage.pass(60);
    assert!(stage.is_still(), "once");
}

#[test]
fn a_turn_has_one_entry_for_what_was_not_told() {
    let mut stage = silenced("level = P2", route());
    stage.take((0..3).map(|_| event_at("k", Level::P2, at(0))).collect());
    let expected =
        [(HappeningKind::Created, String::new()), (HappeningKind::Suppressed, NIGHT.to_owned())];
    assert_eq!(stage.journal(), expected);
    assert_eq!(stage.left_out(), [format!("anybody FIRST P2 x3: {NIGHT}")]);
}

#[test]
fn a_rise_is_silenced_too_and_nobody_is_called() {
    let route = Route { escalation_policy: Some(id("up")), ..route() };
    let mut stage = silenced("conversation = c1", route);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P0);
    assert!(stage.sent().is_empty());
    stage.pass(120);
    assert!(stage.sent().is_empty());
    assert!(stage.alert("k").escalations.is_empty(), "nobody was told");
}

#[test]
fn a_silence_that_comes_later_holds_back_steps() {
    let route = Route { escalation_policy: Some(id("up")), ..route() };
    let mut stage = silenced("count >= 2", route);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.pass(60);
    assert!(stage.sent().is_empty());
    let left_out = stage.left_out();
    assert!(left_out.contains(&format!("boss ESCALATED P2 x0: {NIGHT}")), "{left_out:?}");
}

#[test]
fn repeating_goes_on_when_a_silence_ends() {
    let route = Route { repeat_interval: 500, ..route() };
    let mut stage = silenced("level = P2", route);
    stage.happens("k", Level::P2);
    assert_eq!(stage.left_out().len(), 1);
    stage.pass(500);
    assert_eq!(stage.left_out(), [format!("anybody FIRST P2 x0: {NIGHT}")]);
    stage.pass(500);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

#[test]
fn a_closed_window_leaves_events_inactive() {
    // It is noon.
    let hours = |daily_start: &str, daily_end: &str| ActiveWindow {
        daily_start: daily_start.into(),
        daily_end: daily_end.into(),
        ..ActiveWindow::default()
    };
    for (window, open) in [(hours("09:00", "18:00"), true), (hours("22:00", "06:00"), false)] {
        let route = Route { active_window: Some(window), ..route() };
        let mut stage = Stage::with_routes(&[("all", route)]);
        stage.happens("k", Level::P0);
        let fate = if open { Fate::Notified } else { Fate::Inactive };
        assert_eq!(stage.fates("k"), [(fate, 1)]);
        assert_eq!(stage.sent().is_empty(), !open);
        let row = "anybody FIRST P0 x1: INACTIVE".to_owned();
        assert_eq!(stage.left_out(), if open { vec![] } else { vec![row] });
    }
}

#[test]
fn the_hours_come_before_silences() {
    let closed = ActiveWindow { weekdays: vec![1], ..ActiveWindow::default() };
    let mut stage = silenced("", Route { active_window: Some(closed), ..route() });
    stage.happens("k", Level::P2);
    assert_eq!(stage.left_out(), ["anybody FIRST P2 x1: INACTIVE"]);
}

/// Somewhere, with a camera or without.
fn somewhere(key: &str, level: Level, camera: &str, kind: AlertKind) -> Event {
    let place = Place { camera: camera.into(), ..Place::default() };
    Event { place, kind, ..event_at(key, level, at(0)) }
}

#[test]
fn an_alert_holds_back_others_that_are_like_it() {
    use AlertKind::{Frame, Text};
    // Camera and level of an alert that is open; camera of the one that is told or not.
    for (source_camera, source_level, camera, held) in [
        ("gate", Level::P0, "gate", true),
        ("gate", Level::P1, "gate", false),
        ("gate", Level::P0, "yard", false),
        ("gate", Level::P0, "", false),
        // Neither has a camera: they have nothing in common.
        ("", Level::P0, "", false),
    ] {
        let inhibition = Inhibition { source: "level = P0".into(), equal: vec![GroupBy::Camera] };
        let route = Route { inhibitions: vec![inhibition], ..route() };
        let mut stage = Stage::with_routes(&[("all", route)]);
        stage.take(vec![somewhere("source", source_level, source_camera, Frame)]);
        stage.sent();
        stage.take(vec![somewhere("k", Level::P2, camera, Text)]);
        let source = stage.alert("source").name();
        let expected = if held { vec![format!("anybody FIRST P2 x1: {source}")] } else { vec![] };
        assert_eq!(stage.left_out(), expected, "{source_camera} {source_level:?} {camera}");
        let fate = if held { Fate::Inhibited } else { Fate::Notified };
        assert_eq!(stage.fates("k"), [(fate, 1)]);
    }
}

fn inhibiting(source: &str) -> Stage {
    let inhibition = Inhibition { source: source.into(), equal: vec![GroupBy::Conversation] };
    let inhibitions = vec![inhibition];
    Stage::with_routes(&[("all", Route { inhibitions, ..route() })])
}

#[test]
fn what_was_inhibited_is_told_when_the_other_is_over() {
    let mut stage = inhibiting("level = P0");
    stage.happens("source", Level::P0);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P0 x1"]);
    stage.acknowledge("source", 600);
    stage.happens("k", Level::P2);
    assert_eq!(stage.fates("k"), [(Fate::Inhibited, 2)], "it is still there");
    stage.resolve("source");
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x3"]);
}

#[test]
fn an_alert_does_not_hold_itself_back_nor_do_two_each_other() {
    let mut stage = inhibiting("kind = TEXT");
    stage.happens("a", Level::P2);
    stage.happens("a", Level::P1);
    stage.happens("b", Level::P2);
    assert!(stage.left_out().is_empty());
    assert_eq!(stage.sent(), ["anybody LEVEL_UP P1 x2", "anybody FIRST P2 x1"]);
}

use super::stage::{Stage, receivers};
use crate::{
    AlertState, Fate, HappeningKind, Route,
    samples::{Setup, at, event_at, route_to},
};
use umpire_model::Level;

/// What is done, and then what is to be sent.
type Script<'a> = &'a [(Act, &'a [&'a str])];

#[derive(Debug, Clone, Copy)]
enum Act {
    /// So many events in one turn.
    Events(usize),
    Pass(i64),
}

fn play(window: u64, script: Script<'_>) -> Stage {
    let mut stage = Stage::with_window(window);
    for (at, (act, expected)) in script.iter().enumerate() {
        match *act {
            Act::Events(count) => {
                let event = |_| event_at("k", Level::P2, stage.now);
                stage.take((0..count).map(event).collect());
            }
            Act::Pass(seconds) => stage.pass(seconds),
        }
        assert_eq!(stage.sent(), *expected, "step {at} of {script:?}");
    }
    stage
}

#[test]
fn a_key_is_told_once_in_a_window_and_then_of_what_came_since() {
    use Act::{Events, Pass};
    play(
        60,
        &[
            (Events(1), &["anybody FIRST P2 x1"]),
            (Events(1), &[]),
            (Pass(30), &[]),
            (Events(2), &[]),
            (Pass(29), &[]),
            (Pass(1), &["anybody REPEATED P2 x3"]),
            (Events(1), &[]),
            (Pass(59), &[]),
            (Pass(1), &["anybody REPEATED P2 x1"]),
            (Pass(60), &[]),
            (Pass(60), &[]),
            // The window is over: the next is told at once.
            (Events(1), &["anybody REPEATED P2 x1"]),
        ],
    );
}

#[test]
fn without_a_window_every_event_is_told() {
    use Act::{Events, Pass};
    play(
        0,
        &[
            (Events(1), &["anybody FIRST P2 x1"]),
            (Events(1), &["anybody REPEATED P2 x1"]),
            (Pass(0), &[]),
            (Events(3), &["anybody REPEATED P2 x3"]),
            (Pass(60), &[]),
        ],
    );
}

#[test]
fn what_comes_in_one_turn_is_told_in_one() {
    use Act::{Events, Pass};
    play(60, &[(Events(5), &["anybody FIRST P2 x5"]), (Pass(60), &[])]);
}

#[test]
fn a_notice_that_is_not_sent_yet_is_replaced_and_counted() {
    let mut stage = Stage::with_window(0);
    (0..3).for_each(|_| stage.happens("k", Level::P2));
    assert_eq!(stage.sent(), ["anybody REPEATED P2 x3"]);
}

#[test]
fn events_that_wait_are_counted_until_they_are_told() {
    let mut stage = Stage::with_window(60);
    stage.happens("k", Level::P2);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1)]);
    assert_eq!(stage.alert("k").suppressed_by, "");
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::Deduplicated, 2)]);
    assert_eq!(stage.alert("k").suppressed_by, "DEDUPLICATED");
    stage.pass(60);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 3)]);
    assert_eq!(stage.alert("k").suppressed_by, "");
    assert_eq!(
        stage.journal(),
        [
            (HappeningKind::Created, String::new()),
            (HappeningKind::Repeated, String::new()),
            (HappeningKind::Suppressed, "DEDUPLICATED".into()),
            (HappeningKind::Repeated, String::new()),
            (HappeningKind::Suppressed, "DEDUPLICATED".into()),
        ]
    );
}

#[test]
fn the_servers_window_holds_where_a_route_has_none() {
    let mut stage = Stage::with_routes(&[("all", route_to(&["anybody"]))]);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    stage.pass(299);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.pass(1);
    assert_eq!(stage.sent(), ["anybody REPEATED P2 x1"]);
}

#[test]
fn keys_and_routes_have_windows_of_their_own() {
    let first = Route { dedupe_window: Some(60), continue_matching: true, ..route_to(&["a"]) };
    let second = Route { dedupe_window: Some(0), ..route_to(&["b"]) };
    let setup = Setup::default().receivers(&receivers(&["a", "b"]));
    let mut stage = Stage::of(setup.routes(&[("1", first), ("2", second)]));
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["a FIRST P2 x1", "b FIRST P2 x1"]);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["b REPEATED P2 x1"]);
    stage.happens("other", Level::P2);
    assert_eq!(stage.sent(), ["a FIRST P2 x1", "b FIRST P2 x1"]);
    // Fates are those of the first route.
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::Deduplicated, 1)]);
    stage.pass(60);
    assert_eq!(stage.sent(), ["a REPEATED P2 x1"]);
}

#[test]
fn what_stays_open_is_told_again() {
    let route = Route { dedupe_window: Some(60), repeat_interval: 600, ..route_to(&["anybody"]) };
    let mut stage = Stage::with_routes(&[("all", route)]);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    stage.pass(599);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["anybody REPEATED P2 x0"]);
    stage.pass(300);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody REPEATED P2 x1"], "its own window is over");
    // Counted from what was told last.
    stage.pass(599);
    assert!(stage.is_still());
    stage.acknowledge("k", 100_000);
    stage.pass(600);
    assert!(stage.is_still(), "somebody looks after it");
}

#[test]
fn telling_again_leaves_a_longer_window_as_it_is() {
    let route = Route { dedupe_window: Some(100), repeat_interval: 30, ..route_to(&["anybody"]) };
    let mut stage = Stage::with_routes(&[("all", route)]);
    stage.happens("k", Level::P2);
    stage.sent();
    stage.happens("k", Level::P2);
    stage.pass(30);
    assert_eq!(stage.sent(), ["anybody REPEATED P2 x0"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::Deduplicated, 1)]);
    stage.pass(30);
    stage.pass(30);
    stage.sent();
    stage.pass(10);
    assert_eq!(stage.sent(), ["anybody REPEATED P2 x1"]);
}

#[test]
fn a_matter_that_goes_quiet_is_over_and_the_next_event_is_another() {
    let mut stage = Stage::with_window(300);
    stage.happens("k", Level::P2);
    let first = stage.id("k");
    stage.pass(1_000);
    stage.happens("k", Level::P2);
    assert_eq!(stage.id("k"), first);
    stage.pass(1_799);
    assert_eq!(stage.alert("k").state, AlertState::Open);
    stage.pass(1);
    let over = stage.alert("k");
    assert_eq!(over.state, AlertState::Resolved);
    assert_eq!(over.resolution.expect("how").operator, "");
    stage.sent();
    stage.happens("k", Level::P2);
    assert_ne!(stage.id("k"), first);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

#[test]
fn what_reached_the_server_late_is_told_before_it_is_over() {
    let mut stage = Stage::with_window(60);
    stage.take(vec![event_at("k", Level::P0, at(-100_000))]);
    stage.tend();
    let alert = stage.alert("k");
    assert_eq!((alert.state, alert.first_time), (AlertState::Open, at(-100_000)));
    assert_eq!(stage.sent(), ["anybody FIRST P0 x1"]);
    stage.pass(1_800);
    assert_eq!(stage.alert("k").state, AlertState::Resolved);
}

#[test]
fn what_waits_when_a_matter_ends_stays_deduplicated() {
    let mut stage = Stage::with_window(60);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    stage.resolve("k");
    stage.pass(100);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::Deduplicated, 1)]);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
}

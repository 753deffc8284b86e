//! How often a receiver hears of one key.

use super::stage::{Stage, receivers};
use crate::{
    Fate, HappeningKind, Rate, Receiver, Route,
    samples::{Setup, route_to},
};
use umpire_model::Level;

/// `limited` hears of a key twice a minute, `free` as often as it happens.
fn stage(names: &[&str], dedupe_window: u64) -> Stage {
    let mut all = receivers(&["limited", "free"]);
    all[0].1 = Receiver { rate: Some(Rate { count: 2, seconds: 60 }), ..all[0].1.clone() };
    let route = Route { dedupe_window: Some(dedupe_window), ..route_to(names) };
    Stage::of(Setup::default().receivers(&all).routes(&[("all", route)]))
}

#[test]
fn more_than_the_rate_waits_and_is_told_as_soon_as_it_may_be() {
    let mut stage = stage(&["limited"], 0);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["limited FIRST P2 x1"]);
    stage.pass(10);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["limited REPEATED P2 x1"]);
    stage.happens("k", Level::P2);
    assert!(stage.sent().is_empty());
    assert_eq!(stage.left_out(), ["limited REPEATED P2 x1: RATE_LIMITED"]);
    stage.happens("k", Level::P2);
    assert!(stage.is_still(), "it waits with the other");
    assert_eq!(stage.fates("k"), [(Fate::Notified, 2), (Fate::RateLimited, 2)]);
    assert_eq!(stage.alert("k").suppressed_by, "RATE_LIMITED");
    stage.pass(49);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["limited REPEATED P2 x2"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 4)]);
    // The one at 10 still counts, and so does this.
    stage.happens("k", Level::P2);
    assert_eq!(stage.left_out(), ["limited REPEATED P2 x1: RATE_LIMITED"]);
    stage.pass(10);
    assert_eq!(stage.sent(), ["limited REPEATED P2 x1"]);
}

#[test]
fn each_key_and_each_receiver_has_its_own() {
    let mut stage = stage(&["limited", "free"], 0);
    for _ in 0..2 {
        stage.happens("k", Level::P2);
        stage.sent();
    }
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["free REPEATED P2 x1"]);
    assert_eq!(stage.left_out(), ["limited REPEATED P2 x1: RATE_LIMITED"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 3)], "somebody heard of it");
    stage.happens("other", Level::P2);
    assert_eq!(stage.sent(), ["limited FIRST P2 x1", "free FIRST P2 x1"]);
}

/// A key that was told as often as it may be, by an alert that is over.
fn exhausted() -> Stage {
    let mut stage = stage(&["limited"], 0);
    stage.happens("k", Level::P2);
    stage.sent();
    stage.happens("k", Level::P2);
    stage.sent();
    stage.resolve("k");
    stage
}

#[test]
fn the_first_of_a_p0_is_exempt_and_that_of_others_is_not() {
    for (level, told) in [(Level::P0, true), (Level::P1, false), (Level::P2, false)] {
        let mut stage = exhausted();
        stage.happens("k", level);
        assert_eq!(!stage.sent().is_empty(), told, "{level:?}");
        stage.happens("k", level);
        assert!(stage.sent().is_empty(), "the second of {level:?} is not");
        stage.pass(60);
        let reason = if told { "REPEATED" } else { "FIRST" };
        let count = if told { 1 } else { 2 };
        assert_eq!(stage.sent(), [format!("limited {reason} {} x{count}", level.name())]);
    }
}

#[test]
fn a_rise_is_exempt() {
    let mut stage = stage(&["limited"], 0);
    for _ in 0..3 {
        stage.happens("k", Level::P3);
        stage.sent();
    }
    assert_eq!(stage.fates("k"), [(Fate::Notified, 2), (Fate::RateLimited, 1)]);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["limited LEVEL_UP P2 x2"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 4)]);
}

#[test]
fn a_window_that_ends_too_early_waits_for_the_rate() {
    let mut stage = stage(&["limited"], 20);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["limited FIRST P2 x1"]);
    stage.happens("k", Level::P2);
    stage.pass(20);
    assert_eq!(stage.sent(), ["limited REPEATED P2 x1"]);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    stage.pass(20);
    assert!(stage.sent().is_empty());
    assert_eq!(stage.left_out(), ["limited REPEATED P2 x2: RATE_LIMITED"]);
    stage.pass(19);
    assert!(stage.is_still());
    stage.pass(1);
    assert_eq!(stage.sent(), ["limited REPEATED P2 x2"]);
}

#[test]
fn what_a_rate_holds_back_is_in_the_journal() {
    let mut stage = exhausted();
    stage.journal();
    stage.happens("k", Level::P2);
    let expected = [
        (HappeningKind::Created, String::new()),
        (HappeningKind::Suppressed, "RATE_LIMITED".to_owned()),
    ];
    assert_eq!(stage.journal(), expected);
}

#[test]
fn what_is_known_of_the_receiver_beside_stays_as_it_is() {
    let mut stage = stage(&["limited"], 0);
    stage.happens("k", Level::P2);
    let (_, mut health) = stage.memory.healths.pop_first().expect("a health");
    assert_eq!(health.sent_by_key, [("k".to_owned(), vec![stage.now])]);
    health.sent_by_key.clear();
    assert_eq!(health, crate::Health::default());
}

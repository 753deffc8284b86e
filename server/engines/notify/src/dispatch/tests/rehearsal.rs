//! Tests that receivers make by themselves.

use super::stage::Stage;
use crate::{
    DeliveryState, Outcome, Reason, Receiver,
    samples::{id, receiver},
};
use umpire_model::Level;

fn tested() -> Receiver {
    Receiver { test_interval: 600, ..receiver() }
}

#[test]
fn a_test_is_queued_at_once_and_then_each_interval() {
    let off = Receiver { disabled: true, ..tested() };
    let mut stage = Stage::with(&[("a", tested()), ("b", receiver()), ("off", off)]);
    for tests in [1, 2, 3] {
        stage.back();
        stage.back();
        assert_eq!(stage.of("a").len(), tests);
        stage.send(&[]);
        stage.pass(599);
        stage.back();
        assert_eq!(stage.of("a").len(), tests, "not before the interval is over");
        stage.pass(1);
    }
    assert!(stage.of("b").is_empty() && stage.of("off").is_empty());
    let test = stage.of("a")[0];
    assert_eq!((test.notice.reason, test.state), (Reason::Test, DeliveryState::Delivered));
    assert!(test.alerts.is_empty());
    assert_eq!((test.notice.level, &*test.notice.tenant), (Level::P3, "acme"));
}

#[test]
fn tests_of_a_receiver_that_fails_do_not_pile_up() {
    let mut stage = Stage::with(&[("a", tested())]);
    stage.back();
    stage.send(&[Outcome::Throttled(3_000)]);
    for _ in 0..4 {
        stage.pass(600);
        stage.back();
    }
    assert_eq!(stage.of("a").len(), 1);
}

#[test]
fn a_test_that_fails_raises_an_alarm_and_tests_nobody_else() {
    let backed = Receiver { failover: Some(id("b")), ..tested() };
    let mut stage = Stage::with(&[("a", backed), ("b", receiver())]);
    stage.back();
    stage.send(&[Outcome::Permanent]);
    assert_eq!(stage.alarms()[0].key, "receiver/a");
    assert!(stage.of("b").is_empty());
}

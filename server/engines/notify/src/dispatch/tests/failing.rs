//! Vendors that do not do what they are asked to.

use super::stage::Stage;
use crate::{DeliveryState, Outcome, Policy, samples::receiver};
use umpire_model::Level;

fn patient() -> Policy {
    Policy { breaker_failures: 100, ..Policy::default() }
}

#[test]
fn what_failed_is_tried_again_later_and_later_until_no_attempt_is_left() {
    let mut stage = Stage::under(patient(), &[("a", receiver())]);
    let id = stage.queue("a", Level::P1);
    for (attempt, wait) in [(1, 1), (2, 2), (3, 4)] {
        stage.send(&[Outcome::Transient]);
        let delivery = stage.delivery(id);
        assert_eq!(delivery.attempts, attempt);
        assert_eq!(delivery.due, stage.now.plus_seconds(wait));
        stage.pass(wait - 1);
        assert!(stage.lease().is_empty(), "not before {wait} s");
        stage.pass(1);
    }
    stage.send(&[Outcome::Unknown]);
    let delivery = stage.delivery(id);
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::DeadLettered, 4));
    let classes: Vec<_> = delivery.log.iter().map(|call| call.class.as_str()).collect();
    assert_eq!(classes, ["TRANSIENT", "TRANSIENT", "TRANSIENT", "UNKNOWN"]);
}

#[test]
fn jitter_only_adds() {
    let mut stage = Stage::under(patient(), &[("a", receiver())]);
    let id = stage.queue("a", Level::P1);
    let batch = stage.batch();
    stage.land_with(batch, &[Outcome::Transient], 1.0, 0);
    assert_eq!(stage.delivery(id).due.micros_since(stage.now), 1_500_000);
}

#[test]
fn a_refusal_is_not_repeated_and_holds_up_nobody() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let (first, second) = (stage.queue("a", Level::P1), stage.queue("a", Level::P1));
    stage.send(&[Outcome::Permanent]);
    assert_eq!(stage.state(first), DeliveryState::DeadLettered);
    assert_eq!(stage.state(second), DeliveryState::Delivered);
    assert_eq!(stage.health("a").failures, 0, "the vendor is there");
}

#[test]
fn a_vendor_that_asks_for_a_pause_gets_it_and_no_attempt_is_lost() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let ids = [stage.queue("a", Level::P1), stage.queue("a", Level::P1)];
    for _ in 0..10 {
        stage.send(&[Outcome::Throttled(37)]);
        stage.queue("a", Level::P0);
        for wait in [36, 1] {
            assert!(stage.lease().is_empty(), "nothing for this receiver is sent");
            assert_eq!(stage.look().next.map(|next| next <= stage.now), Some(false));
            stage.pass(wait);
        }
    }
    let first = stage.delivery(ids[0]);
    assert_eq!((first.state, first.attempts), (DeliveryState::Queued, 0));
    while !stage.sent().is_empty() {}
    assert!(ids.iter().all(|id| stage.state(*id) == DeliveryState::Delivered));
}

#[test]
fn a_pause_that_makes_no_sense_breaks_nothing() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let id = stage.queue("a", Level::P3);
    stage.send(&[Outcome::Throttled(u64::MAX)]);
    stage.pass(3_600);
    stage.back();
    assert_eq!(stage.state(id), DeliveryState::Expired);
}

#[test]
fn a_receiver_that_fails_is_left_alone_for_longer_and_longer() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let id = stage.queue("a", Level::P1);
    for wait in [1, 2] {
        stage.send(&[Outcome::Transient]);
        stage.pass(wait);
    }
    stage.send(&[Outcome::Transient]);
    assert_eq!(stage.delivery(id).attempts, 3);
    for open in [30, 60, 120, 240, 480, 600, 600] {
        let other = stage.queue("a", Level::P0);
        stage.pass(open - 1);
        assert!(stage.lease().is_empty(), "left alone for {open} s");
        stage.pass(1);
        let probe = stage.batch();
        assert_eq!(probe.deliveries.len(), 1, "one call finds out");
        stage.land(probe, &[Outcome::Unknown]);
        assert_eq!(stage.delivery(id).attempts, 3, "while it fails no attempt is lost");
        assert_eq!(stage.delivery(other).attempts, 0);
    }
    stage.pass(600);
    stage.send(&[Outcome::Delivered]);
    let health = stage.health("a");
    assert_eq!((health.failures, health.openings, health.open_until), (0, 0, None));
    assert_eq!(stage.batch().deliveries.len(), 7, "all the rest at once");
}

#[test]
fn failures_count_in_a_row() {
    let mut stage = Stage::with(&[("a", receiver())]);
    for _ in 0..5 {
        let id = stage.queue("a", Level::P1);
        for wait in [1, 2] {
            stage.send(&[Outcome::Transient]);
            stage.pass(wait);
        }
        assert_eq!(stage.sent(), [id]);
    }
    assert_eq!(stage.health("a").open_until, None);
}

#[test]
fn who_is_gone_is_told_nothing_more_until_he_is_changed() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let ids: Vec<_> = (0..12).map(|_| stage.queue("a", Level::P1)).collect();
    stage.send(&[Outcome::Gone]);
    let leased = stage.look();
    assert!(leased.batches.is_empty() && leased.more, "{leased:?}");
    assert!(ids.iter().all(|id| stage.state(*id) == DeliveryState::DeadLettered));
    let late = stage.queue("a", Level::P1);
    assert!(stage.lease().is_empty());
    assert_eq!(stage.state(late), DeliveryState::DeadLettered);

    stage.pass(1);
    stage.change(&[("a", receiver())]);
    let new = stage.queue("a", Level::P1);
    assert_eq!(stage.sent(), [new]);
}

#[test]
fn a_change_of_the_receiver_ends_every_wait() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let id = stage.queue("a", Level::P1);
    stage.send(&[Outcome::Throttled(40_000)]);
    stage.pass(1);
    stage.back();
    assert!(stage.lease().is_empty(), "nothing was changed");
    stage.change(&[("a", receiver())]);
    stage.back();
    assert_eq!(stage.sent(), [id]);
}

#[test]
fn the_log_keeps_the_last_calls() {
    let mut stage = Stage::under(Policy { attempts: 100, ..patient() }, &[("a", receiver())]);
    let id = stage.queue("a", Level::P0);
    for _ in 0..25 {
        stage.send(&[Outcome::Throttled(1)]);
        stage.pass(1);
    }
    let batch = stage.batch();
    stage.land_with(batch, &[Outcome::Partial(vec!["bob".into()])], 0.0, 250);
    let delivery = stage.delivery(id);
    assert_eq!((delivery.state, delivery.log.len()), (DeliveryState::Delivered, 20));
    assert_eq!(delivery.vendor_id, "m1");
    assert_eq!(delivery.failed_recipients, ["bob"]);
    let last = &delivery.log[19];
    assert_eq!((&*last.class, last.latency_ms), ("PARTIAL", 250));
    assert_eq!(stage.now.micros_since(last.time), 250_000);
}

//! A receiver's queue, and what leaves it first.

use super::stage::{Stage, again, ids};
use crate::{DeliveryState, Outcome, Reason, port::Turn, queue::SUPERSEDED, samples::receiver};
use umpire_model::Level;

#[test]
fn p0_comes_first_and_then_what_was_queued_first() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let levels = [Level::P2, Level::P0, Level::P1, Level::P3, Level::P0];
    let queued = levels.map(|level| stage.queue("a", level));
    let expected = [1, 4, 0, 2, 3].map(|place| queued[place]);
    assert_eq!(ids(&stage.batch()), expected);
}

#[test]
fn batches_of_eight_follow_one_another() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let queued: Vec<_> = (0..20).map(|_| stage.queue("a", Level::P1)).collect();
    for expected in queued.chunks(8) {
        let batch = stage.batch();
        assert_eq!(ids(&batch), expected);
        assert!(stage.lease().is_empty(), "one batch at a time");
        stage.land(batch, &[]);
    }
    assert!(stage.lease().is_empty());
    assert!(queued.iter().all(|one| stage.state(*one) == DeliveryState::Delivered));
}

#[test]
fn receivers_do_not_wait_for_one_another() {
    let mut stage = Stage::with(&[("a", receiver()), ("b", receiver())]);
    stage.queue("a", Level::P1);
    let a = stage.batch();
    let late = stage.queue("a", Level::P0);
    let other = stage.queue("b", Level::P3);
    let b = stage.batch();
    assert_eq!(ids(&b), [other], "what is queued for `a` waits for its batch");
    stage.land(a, &[]);
    assert_eq!(ids(&stage.batch()), [late]);
}

#[test]
fn what_has_to_wait_holds_up_the_rest_but_not_what_is_urgent() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let first = stage.queue("a", Level::P1);
    let second = stage.queue("a", Level::P1);
    stage.send(&[Outcome::Transient]);
    assert!(stage.lease().is_empty(), "the second would come before the first");
    let urgent = stage.queue("a", Level::P0);
    assert_eq!(stage.sent(), [urgent]);
    stage.pass(1);
    assert_eq!(stage.sent(), [first, second]);
}

#[test]
fn what_was_not_tried_comes_back_as_it_was() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let queued: Vec<_> = (0..3).map(|_| stage.queue("a", Level::P1)).collect();
    stage.send(&[Outcome::Delivered, Outcome::Unknown]);
    let states = [DeliveryState::Delivered, DeliveryState::Queued, DeliveryState::Queued];
    for ((delivery, state), calls) in queued.iter().zip(states).zip([1, 1, 0]) {
        let delivery = stage.delivery(*delivery);
        assert_eq!((delivery.state, delivery.log.len()), (state, calls), "{delivery:?}");
        assert_eq!(delivery.attempts, calls as u32);
        assert!(!delivery.leased);
    }
}

#[test]
fn newer_news_of_a_matter_take_the_place_of_what_nobody_saw() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let alert = stage.matter("fraud", Level::P1);
    let first = stage.tell("a", &alert);
    stage.pass(100);
    let second = stage.say("a", &alert, again(&alert, Reason::Repeated, Level::P1)).id;
    assert_eq!(stage.delivery(first).state, DeliveryState::Suppressed);
    assert_eq!(stage.delivery(first).suppressed_by, SUPERSEDED);
    let delivery = stage.delivery(second);
    assert_eq!((delivery.notice.stands_for, delivery.notice.parts[0].stands_for), (2, 2));
    assert_eq!(delivery.create_time, stage.delivery(first).create_time, "they wait as long");
    assert_eq!(delivery.deadline, stage.delivery(first).deadline);
    assert_eq!(stage.sent(), [second]);
}

#[test]
fn what_is_under_way_is_not_overtaken_by_newer_news_of_its_matter() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let alert = stage.matter("fraud", Level::P2);
    let first = stage.tell("a", &alert);
    let batch = stage.batch();
    let second = stage.say("a", &alert, again(&alert, Reason::LevelUp, Level::P0)).id;
    assert_eq!(stage.state(first), DeliveryState::Queued, "somebody is at it");
    stage.land(batch, &[Outcome::Transient]);
    assert_eq!(stage.delivery(first).suppressed_by, SUPERSEDED);
    assert_eq!(stage.delivery(second).notice.stands_for, 2);
    stage.pass(1);
    assert_eq!(stage.sent(), [second]);
}

#[test]
fn nothing_else_is_replaced() {
    let mut stage = Stage::with(&[("a", receiver()), ("b", receiver())]);
    let alert = stage.matter("fraud", Level::P1);
    let elsewhere = stage.tell("b", &alert);
    let other = stage.queue("a", Level::P1);
    let mut group = stage.delivery(other).clone();
    group.alerts.push(alert.id);
    stage.memory.put_delivery(&group).expect("in memory");
    stage.tell("a", &alert);
    for kept in [elsewhere, other] {
        assert_eq!(stage.state(kept), DeliveryState::Queued);
    }
}

//! Another receiver stands in for one that fails.

use super::stage::{Stage, again, backed_by};
use crate::{
    DeliveryState, Outcome, Policy, Reason, Receiver,
    queue::SUPERSEDED,
    samples::{id, receiver, tenant},
};
use umpire_model::Level;

#[test]
fn a_dead_letter_goes_to_the_stand_in_once() {
    let mut stage = Stage::with(&[("a", backed_by("b")), ("b", receiver())]);
    let first = stage.queue("a", Level::P2);
    stage.send(&[Outcome::Permanent]);
    let stand_in = stage.of("b")[0].clone();
    assert_eq!(stand_in.failover_of, Some(first));
    assert_eq!(stand_in.notice, stage.delivery(first).notice);
    assert_eq!(stage.delivery(first).failover, Some(stand_in.id));
    assert_eq!(stage.sent(), [stand_in.id]);

    stage.retry(first).expect("it is dead");
    stage.send(&[Outcome::Permanent]);
    assert_eq!(stage.of("b").len(), 2, "once for each time that it is queued");
}

#[test]
fn chains_are_followed_and_never_back() {
    let receivers = [("a", backed_by("b")), ("b", backed_by("c")), ("c", backed_by("a"))];
    let mut stage = Stage::with(&receivers);
    stage.queue("a", Level::P1);
    for _ in 0..3 {
        stage.send(&[Outcome::Permanent]);
    }
    assert!(stage.lease().is_empty());
    for name in ["a", "b", "c"] {
        let told = stage.of(name);
        assert_eq!(told.len(), 1, "{name}");
        assert_eq!(told[0].state, DeliveryState::DeadLettered, "{name}");
    }
}

#[test]
fn a_p0_does_not_wait_for_a_receiver_that_is_broken() {
    let policy = Policy { breaker_failures: 1, ..Policy::default() };
    let mut stage = Stage::under(policy, &[("a", backed_by("b")), ("b", receiver())]);
    stage.queue("a", Level::P1);
    let first = stage.queue("a", Level::P0);
    stage.send(&[Outcome::Transient]);
    assert_eq!(stage.of("b").len(), 1, "at once, and only the P0");
    assert_eq!(stage.of("b")[0].failover_of, Some(first));

    let later = stage.queue("a", Level::P0);
    stage.pass(2);
    let leased = stage.look();
    assert_eq!(leased.batches.len(), 1, "{leased:?}");
    assert!(leased.more, "somebody else can be told at once");
    assert!(stage.of("b").iter().any(|one| one.failover_of == Some(later)));
    assert_eq!(stage.state(first), DeliveryState::Queued, "it is still told, when it can be");
}

#[test]
fn a_p0_that_does_not_arrive_in_time_goes_to_the_stand_in() {
    let slow = Receiver { failover_after: 20, ..backed_by("b") };
    let never = Receiver { failover_after: 0, ..backed_by("b") };
    let mut stage = Stage::with(&[("a", slow), ("n", never), ("b", receiver())]);
    let first = stage.queue("a", Level::P0);
    stage.queue("a", Level::P1);
    stage.queue("n", Level::P0);
    stage.send_all_throttled();
    stage.pass(19);
    stage.back();
    assert!(stage.of("b").is_empty());
    stage.pass(1);
    stage.back();
    stage.back();
    let told: Vec<_> = stage.of("b").iter().map(|one| one.failover_of).collect();
    assert_eq!(told, [Some(first)]);
}

impl Stage {
    fn send_all_throttled(&mut self) {
        for batch in self.lease() {
            self.land(batch, &[Outcome::Throttled(3_600)]);
        }
    }
}

#[test]
fn a_stand_in_that_is_not_there_or_that_it_is_about_is_left_out() {
    let mut stage = Stage::with(&[("a", backed_by("b")), ("b", receiver()), ("c", backed_by("x"))]);
    let mut alert = stage.matter("receiver/b", Level::P1);
    alert.not_to = vec![id("b")];
    stage.memory.alerts.insert((tenant(), alert.id), alert.clone());
    stage.tell("a", &alert);
    stage.queue("c", Level::P1);
    for batch in stage.lease() {
        stage.land(batch, &[Outcome::Permanent]);
    }
    assert!(stage.of("b").is_empty() && stage.of("x").is_empty());
}

#[test]
fn what_stands_in_gives_way_to_newer_news_of_its_matter() {
    let mut stage = Stage::with(&[("a", backed_by("b")), ("b", receiver())]);
    let alert = stage.matter("fraud", Level::P2);
    let first = stage.tell("a", &alert);
    let batch = stage.batch();
    let newer = stage.say("b", &alert, again(&alert, Reason::LevelUp, Level::P0)).id;
    stage.land(batch, &[Outcome::Permanent]);
    let stand_in = stage.delivery(first).failover.expect("one was made");
    assert_eq!(stage.delivery(stand_in).suppressed_by, SUPERSEDED);
    assert_eq!(stage.delivery(newer).notice.stands_for, 2);
    assert_eq!(stage.sent(), [newer]);
}

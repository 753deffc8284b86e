//! Who is at a delivery, and for how long.

use super::stage::{Stage, ids};
use crate::{DeliveryState, Outcome, Policy, dispatch::lease, samples::receiver};
use umpire_model::Level;

#[test]
fn what_a_process_that_ended_was_sending_is_sent_again_when_its_lease_is_over() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let sent = [stage.queue("a", Level::P1), stage.queue("a", Level::P1)];
    let old = stage.batch();
    stage.crash();
    stage.pass(59);
    let late = stage.queue("a", Level::P0);
    assert!(stage.lease().is_empty(), "somebody may be at it");
    stage.pass(1);
    let first = stage.look();
    assert!(first.batches.is_empty() && first.more);
    let batch = stage.batch();
    assert_eq!(ids(&batch), [late, sent[0], sent[1]]);
    assert_eq!(batch.deliveries[1].fence, 2);
    let delivery = stage.delivery(sent[0]);
    assert_eq!((delivery.attempts, &*delivery.log[0].class), (0, "UNKNOWN"));

    stage.busy.clear();
    stage.land(old, &[Outcome::Permanent]);
    assert_eq!(stage.state(sent[0]), DeliveryState::Queued, "who lost the lease is not believed");
    stage.land(batch, &[]);
    assert!(sent.iter().all(|id| stage.state(*id) == DeliveryState::Delivered));
}

#[test]
fn a_lease_that_runs_out_is_noted_and_costs_no_attempt() {
    let mut stage = Stage::under(Policy { attempts: 2, ..Policy::default() }, &[("a", receiver())]);
    let id = stage.queue("a", Level::P1);
    for calls in 1..=3 {
        assert_eq!(ids(&stage.batch()), [id]);
        stage.crash();
        stage.pass(60);
        assert!(stage.look().more);
        assert_eq!((stage.delivery(id).attempts, stage.delivery(id).log.len()), (0, calls));
    }
    assert_eq!(stage.state(id), DeliveryState::Queued);
}

#[test]
fn who_is_being_told_in_this_process_is_left_alone_though_the_lease_be_over() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let id = stage.queue("a", Level::P1);
    let batch = stage.batch();
    stage.pass(600);
    assert!(stage.lease().is_empty());
    stage.land(batch, &[]);
    assert_eq!(stage.state(id), DeliveryState::Delivered);
}

#[test]
fn no_more_receivers_are_told_at_once_than_there_is_room_for() {
    let receivers = ["a", "b", "c"].map(|name| (name, receiver()));
    let mut stage = Stage::with(&receivers);
    for name in ["c", "b", "a"] {
        stage.queue(name, Level::P1);
        stage.pass(1);
    }
    let leased = lease(&mut stage.memory, &stage.world, stage.now, 2, &stage.busy);
    let leased = leased.expect("in memory").batches;
    let told: Vec<_> = leased.iter().map(|batch| batch.receiver_id.as_str()).collect();
    assert_eq!(told, ["c", "b"], "who waits longest comes first");
}

#[test]
fn calls_of_a_batch_are_dated_one_after_the_other() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let sent: Vec<_> = (0..3).map(|_| stage.queue("a", Level::P1)).collect();
    let batch = stage.batch();
    stage.pass(6);
    stage.land_with(batch, &[], 0.0, 2_000);
    for (id, end) in sent.into_iter().zip([4, 2, 0]) {
        let delivery = stage.delivery(id);
        assert_eq!(delivery.done_time, Some(stage.now.plus_seconds(-end)));
        assert_eq!(delivery.log[0].time, stage.now.plus_seconds(-end - 2));
    }
}

use super::world::{World, refused, retry};
use crate::{
    EnforcementState, Notice, Origin, Settled, State,
    lifecycle::Room,
    samples::{id, tenant},
};
use umpire_model::Level;

/// One webhook answers like this, attempt by attempt.
fn check(answers: &[Settled], state: State, delivery: EnforcementState, alerts: usize) {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    for answer in answers {
        let job = world.lease_one();
        assert!(world.settle(&job, answer.clone()));
        assert!(world.lease().is_empty(), "not before its time");
        world.pass(10);
    }
    assert!(world.lease().is_empty() || state == State::Executing);
    assert_eq!(world.state(sanction), state, "{answers:?}");
    let told = world.delivery(sanction, "hook");
    assert_eq!((told.state, told.attempts as usize), (delivery, answers.len()), "{answers:?}");
    assert_eq!(told.next_attempt_time.is_some(), state == State::Executing);
    assert_eq!(told.last_error.is_empty(), state == State::Done);
    let levels: Vec<_> = world.alerts().iter().map(|alert| alert.level).collect();
    assert_eq!(levels, vec![Level::P1; alerts], "{answers:?}");
}

#[test]
fn answers_decide() {
    use EnforcementState::{Applied, Cancelled, Failed, Pending};
    check(&[Settled::Applied], State::Done, Applied, 0);
    check(&[retry()], State::Executing, Pending, 0);
    check(&[retry(), Settled::Applied], State::Done, Applied, 0);
    check(&[retry(), retry(), Settled::Applied], State::Done, Applied, 0);
    check(&[retry(), retry(), retry()], State::Failed, Failed, 1);
    check(&[refused()], State::Failed, Failed, 1);
    check(&[retry(), refused()], State::Failed, Failed, 1);
    check(&[Settled::Gone], State::Done, Cancelled, 0);
}

#[test]
fn all_that_are_addressed_must_apply_it() {
    let cases = [
        (Settled::Applied, Settled::Applied, State::Done),
        (Settled::Applied, refused(), State::Failed),
        (refused(), Settled::Applied, State::Failed),
        (Settled::Applied, Settled::Gone, State::Done),
        (Settled::Applied, retry(), State::Executing),
        (refused(), retry(), State::Executing),
    ];
    for (a, b, expected) in cases {
        let mut world = World::with(&["a", "b"]);
        let sanction = world.sent("u");
        let jobs = world.lease();
        assert!(world.settle(&jobs[0], a.clone()) && world.settle(&jobs[1], b.clone()));
        assert_eq!(world.state(sanction), expected, "{a:?} {b:?}");
    }
}

#[test]
fn an_enforcer_may_ask_for_patience() {
    let mut world = World::with(&["hook"]);
    world.sent("u");
    let job = world.lease_one();
    let later = Settled::Retry { error: "429".into(), after: Some(120) };
    world.settle(&job, later);
    world.pass(119);
    assert!(world.lease().is_empty());
    world.pass(1);
    assert_eq!(world.lease_one().attempts, 2);
}

#[test]
fn who_lost_a_lease_has_no_say() {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    let first = world.lease_one();
    world.pass(59);
    assert!(world.lease().is_empty(), "it is still the first one's");
    world.pass(1);
    let second = world.lease_one();
    assert_eq!((second.id, second.fence), (first.id, first.fence + 1));
    let entries = world.memory.journal.len();
    for settled in [Settled::Applied, refused(), retry(), Settled::Gone] {
        assert!(!world.settle(&first, settled));
    }
    assert_eq!(world.memory.journal.len(), entries);
    assert!(world.settle(&second, Settled::Applied));
    assert!(!world.settle(&second, refused()), "once is enough");
    assert_eq!(world.state(sanction), State::Done);
}

#[test]
fn who_is_late_but_was_not_replaced_has_a_say() {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    let job = world.lease_one();
    world.pass(3_000);
    assert!(world.settle(&job, Settled::Applied));
    assert_eq!(world.state(sanction), State::Done);
}

#[test]
fn who_is_still_at_it_keeps_its_lease() {
    let mut world = World::with(&["hook"]);
    world.sent("u");
    let job = world.lease_one();
    world.room.under_way.insert(job.id, (tenant(), id("hook")));
    world.pass(3_000);
    assert!(world.lease().is_empty());
    world.room.under_way.clear();
    assert!(world.lease().is_empty(), "it was renewed");
    assert!(world.settle(&job, Settled::Applied));
}

#[test]
fn jobs_of_one_subject_are_told_in_their_order() {
    let mut world = World::with(&["hook"]);
    let first = world.sent("u");
    let second = world.sent("u");
    let other = world.sent("v");
    let jobs = world.lease();
    let told: Vec<_> = jobs.iter().map(|job| job.sanction).collect();
    assert_eq!(told, [first, other]);
    world.settle(&jobs[0], retry());
    assert!(world.lease().is_empty(), "the second waits behind an attempt to come");
    world.pass(2);
    let job = world.lease_one();
    assert_eq!(job.sanction, first);
    world.settle(&job, refused());
    assert_eq!(world.lease_one().sanction, second);
}

#[test]
fn a_dead_enforcer_leaves_room_for_others() {
    let mut world = World::with(&["dead", "alive"]);
    world.room = Room { at_once: 4, per_enforcer: 2, ..Room::default() };
    for user in ["a", "b", "c", "d", "e"] {
        world.sent(user);
    }
    let told = |world: &mut World| -> Vec<_> {
        world.lease().iter().map(|job| job.enforcer.as_str().to_owned()).collect()
    };
    let mut both = told(&mut world);
    both.sort_unstable();
    assert_eq!(both, ["alive", "alive", "dead", "dead"]);
    for job in [1_001, 1_002] {
        world.room.under_way.insert(job, (tenant(), id("dead")));
    }
    assert_eq!(told(&mut world), ["alive", "alive"]);
    world.room.under_way.insert(1_003, (tenant(), id("alive")));
    assert_eq!(told(&mut world), ["alive"]);
}

#[test]
fn an_extension_is_told_to_who_knows_and_otherwise_goes_along() {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    world.extend(sanction, Some(7_200));
    let job = world.lease_one();
    assert_eq!(job.notice, Notice::Apply, "nobody knew the old end");
    world.extend(sanction, None);
    assert!(world.lease().is_empty(), "it waits behind what is being told");
    world.settle(&job, refused());
    assert_eq!(world.state(sanction), State::Executing, "the extension says it all again");
    assert!(world.alerts().is_empty());
    let job = world.lease_one();
    assert_eq!(job.notice, Notice::Extend);
    world.settle(&job, Settled::Applied);
    let sanction = world.sanction(sanction);
    assert_eq!((sanction.state, sanction.end_time, sanction.permanent), (State::Done, None, true));
}

#[test]
fn an_extension_of_what_is_done_has_to_be_done_too() {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    let job = world.lease_one();
    world.settle(&job, Settled::Applied);
    world.extend(sanction, Some(60));
    world.extend(sanction, Some(120));
    assert_eq!(world.state(sanction), State::Executing);
    let job = world.lease_one();
    world.settle(&job, Settled::Applied);
    assert!(world.lease().is_empty(), "one extension carries both");
    assert_eq!(world.state(sanction), State::Done);
}

#[test]
fn what_is_held_stays_held_when_its_end_is_moved() {
    let mut world = World::with(&["hook"]);
    world.policy.stopped = true;
    let sanction = world.make("u", Origin::Automatic, Some(60));
    world.dispatch();
    let since = world.sanction(sanction).held_since;
    world.pass(5);
    world.extend(sanction, None);
    let sanction = world.sanction(sanction);
    assert_eq!((sanction.state, sanction.held_since), (State::Held, since));
    assert!(since.is_some() && world.lease().is_empty());
}

use super::world::{World, refused, retry};
use crate::{
    Change, CounterOf, EnforcementState, JobState, Notice, Origin, Settled, State, Strike, Strikes,
    port::Turn,
    samples::{at, id, subject, tenant},
};
use umpire_model::ResourceId;

#[test]
fn nobody_is_told_to_undo_what_nobody_was_told() {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    world.lift(sanction);
    assert!(world.lease().is_empty());
    let told = world.delivery(sanction, "hook");
    assert_eq!((told.notice, told.state), (Notice::Apply, EnforcementState::Cancelled));
    assert_eq!(world.state(sanction), State::Lifted);
}

/// A sanction is lifted while a webhook is being told of it, which then comes to this.
fn check_overtaken(settled: Option<Settled>) {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    let apply = world.lease_one();
    world.lift(sanction);
    assert!(world.lease().is_empty(), "the lift waits");
    match settled {
        Some(settled) => assert!(world.settle(&apply, settled)),
        // The process ended, and so does the lease.
        None => world.pass(60),
    }
    let lift = world.lease_one();
    assert_eq!(lift.notice, Notice::Lift);
    assert!(!world.settle(&apply, refused()));
    world.settle(&lift, Settled::Applied);
    world.pass(3_000);
    assert!(world.lease().is_empty());
    assert_eq!(world.state(sanction), State::Lifted);
    let told = world.delivery(sanction, "hook");
    assert_eq!((told.notice, told.state), (Notice::Lift, EnforcementState::Applied));
    assert!(world.alerts().is_empty());
}

#[test]
fn a_lift_that_overtakes_is_told_after_it_and_stands() {
    check_overtaken(Some(Settled::Applied));
    check_overtaken(Some(retry()));
    check_overtaken(Some(refused()));
    check_overtaken(None);
}

#[test]
fn a_lift_follows_an_attempt_of_which_nobody_knows_whether_it_arrived() {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    let apply = world.lease_one();
    world.settle(&apply, retry());
    world.lift(sanction);
    let lift = world.lease_one();
    assert_eq!(lift.notice, Notice::Lift);
    assert_eq!(world.memory.jobs[&apply.id].state, JobState::Done, "it is not tried again");
}

#[test]
fn a_lift_that_is_refused_is_heard_of() {
    let mut world = World::with(&["hook"]);
    let sanction = world.sent("u");
    let apply = world.lease_one();
    world.settle(&apply, Settled::Applied);
    world.lift(sanction);
    let lift = world.lease_one();
    world.settle(&lift, refused());
    assert_eq!(world.state(sanction), State::Lifted);
    assert_eq!(world.alerts().len(), 1);
    assert!(world.alerts()[0].title.contains("did not undo"));
}

#[test]
fn what_is_over_cannot_be_lifted_once_more() {
    let mut world = World::with(&[]);
    let sanction = world.sent("u");
    world.lift(sanction);
    let entries = world.memory.journal.len();
    world.lift(sanction);
    assert_eq!(world.memory.journal.len(), entries);
}

#[test]
fn an_end_that_comes_is_told_to_who_knows() {
    let mut world = World::with(&["hook", "late"]);
    let sanction = world.sent("u");
    let jobs = world.lease();
    world.settle(&jobs[0], Settled::Applied);
    world.settle(&jobs[1], retry());
    world.pass(3_599);
    assert_eq!(world.expire(), 0);
    world.pass(1);
    assert_eq!((world.expire(), world.expire()), (1, 0));
    let notices: Vec<_> = world.lease().into_iter().map(|job| job.notice).collect();
    assert_eq!(notices, [Notice::Expire, Notice::Expire]);
    assert_eq!(world.state(sanction), State::Expired);
}

#[test]
fn what_is_held_ends_with_its_time_and_nobody_hears_of_it() {
    let mut world = World::with(&["hook"]);
    world.policy.stopped = true;
    let sanction = world.make("u", Origin::Automatic, Some(60));
    world.dispatch();
    world.pass(60);
    assert_eq!(world.expire(), 1);
    assert_eq!(world.state(sanction), State::Expired);
    assert!(world.lease().is_empty());
}

#[test]
fn what_cannot_be_told_for_a_day_is_stale() {
    let mut world = World::with(&["stream"]);
    let sanction = world.make("u", Origin::Manual, None);
    world.dispatch();
    world.pass(86_400);
    assert_eq!(world.go_stale(), 0);
    world.pass(1);
    assert_eq!((world.go_stale(), world.go_stale()), (1, 0));
    let told = world.delivery(sanction, "stream");
    assert_eq!((told.state, told.last_error.as_str()), (EnforcementState::Failed, "stale"));
    assert_eq!(world.state(sanction), State::Failed);
    assert_eq!(world.alerts().len(), 1);
    assert!(world.sanction(sanction).restricts(world.now), "it holds all the same");
}

#[test]
fn time_on_hold_does_not_count() {
    let mut world = World::with(&["stream"]);
    world.policy.stopped = true;
    let sanction = world.make("u", Origin::Automatic, None);
    world.pass(3_600);
    world.dispatch();
    world.pass(10 * 86_400);
    assert_eq!(world.go_stale(), 0);
    world.policy.stopped = false;
    world.release(sanction);
    world.dispatch();
    world.pass(82_800);
    assert_eq!(world.go_stale(), 0);
    world.pass(1);
    assert_eq!(world.go_stale(), 1);
}

#[test]
fn an_extension_has_its_own_day() {
    let mut world = World::with(&["hook"]);
    let sanction = world.make("u", Origin::Manual, None);
    world.dispatch();
    let job = world.lease_one();
    world.settle(&job, Settled::Applied);
    world.pass(3 * 86_400);
    world.extend(sanction, Some(30 * 86_400));
    assert_eq!(world.go_stale(), 0);
    world.pass(86_401);
    assert_eq!(world.go_stale(), 1);
    assert_eq!(world.state(sanction), State::Failed);
}

#[test]
fn what_is_just_being_told_is_not_stale() {
    let mut world = World::with(&["hook"]);
    let sanction = world.make("u", Origin::Manual, None);
    world.dispatch();
    world.pass(86_401);
    let job = world.lease_one();
    assert_eq!(world.go_stale(), 0);
    world.settle(&job, Settled::Applied);
    assert_eq!(world.state(sanction), State::Done);
}

fn counted(world: &mut World, rule: &ResourceId, seconds: i64) {
    let strike = Strike { rule: rule.clone(), window: 86_400, weight: 1, crossed: false };
    let (subject, strikes) = (subject("u"), vec![strike]);
    let change = Change::Counted { subject, record: "r".into(), strikes };
    world.memory.append(&tenant(), at(seconds), &change).expect("in memory");
}

#[test]
fn strikes_are_put_back_among_those_since_and_a_grace_is_granted() {
    let mut world = World::with(&[]);
    let sanction = world.make("u", Origin::Automatic, None);
    let mut cleared = world.sanction(sanction);
    cleared.cleared = vec![at(10), at(20)];
    world.save(&mut cleared);
    let rule = id("spam");
    counted(&mut world, &rule, 15);
    counted(&mut world, &rule, 30);
    world.lift_with(sanction, true, Some(60));
    let (tenant, subject) = (tenant(), subject("u"));
    let counter = CounterOf { tenant: &tenant, rule: &rule, subject: &subject };
    let until = world.memory.grace(counter).expect("in memory");
    assert_eq!(until, Some(world.now.plus_seconds(60)));
    let expected = Strikes::of([10, 15, 20, 30].map(|seconds| (at(seconds), 1)));
    assert_eq!(world.memory.strikes(counter).expect("in memory"), &expected);
}

#[test]
fn without_being_asked_nothing_is_put_back() {
    let mut world = World::with(&[]);
    let sanction = world.make("u", Origin::Automatic, None);
    let mut cleared = world.sanction(sanction);
    cleared.cleared = vec![at(10)];
    world.save(&mut cleared);
    world.lift(sanction);
    let last = world.memory.journal.last().map(|entry| &entry.change);
    assert!(matches!(last, Some(Change::Sanction { .. })));
}

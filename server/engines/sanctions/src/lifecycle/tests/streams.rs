use super::world::{ACK_DEADLINE, World};
use crate::{AckResult, CourtError, EnforcementState, Notice, Origin, State, samples::id};
use umpire_model::{Level, SanctionId};
use uuid::Uuid;

const DEADLINE: i64 = ACK_DEADLINE as i64;

/// A stream that was told answers like this.
fn check(answers: &[AckResult], state: State, delivery: EnforcementState, alerts: usize) {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    for (answer, attempt) in answers.iter().zip(1..) {
        world.pass(DEADLINE);
        world.overdue();
        assert_eq!(world.read(), [(sanction, Notice::Apply, attempt)], "{answers:?}");
        world.ack(sanction, *answer);
    }
    assert_eq!(world.state(sanction), state, "{answers:?}");
    assert_eq!(world.delivery(sanction, "stream").state, delivery, "{answers:?}");
    assert_eq!(world.alerts().len(), alerts, "{answers:?}");
}

#[test]
fn acknowledgements_decide() {
    use AckResult::{Already, Applied, Failed, UnknownSubject};
    check(&[], State::Executing, EnforcementState::Pending, 0);
    check(&[Applied], State::Done, EnforcementState::Applied, 0);
    check(&[Already], State::Done, EnforcementState::Applied, 0);
    check(&[Failed], State::Executing, EnforcementState::Pending, 0);
    check(&[Failed, Failed, Applied], State::Done, EnforcementState::Applied, 0);
    check(&[Failed, Failed, Failed], State::Failed, EnforcementState::Failed, 1);
    check(&[UnknownSubject], State::Failed, EnforcementState::Failed, 1);
}

#[test]
fn what_is_not_acknowledged_comes_again_and_then_somebody_hears_of_it() {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    for attempt in 1..=3 {
        assert_eq!(world.read(), [(sanction, Notice::Apply, attempt)]);
        world.pass(DEADLINE - 1);
        assert_eq!(world.overdue(), 0);
        world.pass(1);
        assert_eq!(world.overdue(), 1);
    }
    assert!(world.read().is_empty());
    assert_eq!(world.state(sanction), State::Failed);
    assert_eq!(world.alerts()[0].level, Level::P1);
    assert_eq!(world.alerts()[0].sanction, Some(sanction));
    world.ack(sanction, AckResult::Failed);
    assert_eq!(world.state(sanction), State::Failed);
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.state(sanction), State::Done, "late is not too late");
}

#[test]
fn while_nobody_reads_no_attempt_is_used_up() {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    world.pass(3_000);
    assert_eq!(world.overdue(), 0);
    world.read();
    for _ in 0..5 {
        world.stream(sanction, Notice::Apply);
    }
    world.pass(DEADLINE);
    world.overdue();
    world.pass(60);
    assert_eq!(world.overdue(), 0, "the second telling was not read yet");
    assert_eq!(world.read(), [(sanction, Notice::Apply, 2)]);
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.state(sanction), State::Done);
}

#[test]
fn each_telling_has_its_own_acknowledgement() {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    world.read();
    world.extend(sanction, None);
    assert_eq!(world.read(), [(sanction, Notice::Extend, 1)]);
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.state(sanction), State::Executing, "this was the first one's");
    world.lift(sanction);
    assert_eq!(world.read(), [(sanction, Notice::Lift, 1)]);
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.delivery(sanction, "stream").state, EnforcementState::Pending);
    world.ack(sanction, AckResult::Applied);
    let delivery = world.delivery(sanction, "stream");
    assert_eq!((delivery.notice, delivery.state), (Notice::Lift, EnforcementState::Applied));
    assert_eq!(world.state(sanction), State::Lifted);
}

#[test]
fn what_is_lifted_is_not_told_again_and_the_lift_is() {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    world.read();
    world.lift(sanction);
    assert_eq!(world.read(), [(sanction, Notice::Lift, 1)]);
    world.pass(DEADLINE);
    world.overdue();
    assert_eq!(world.read(), [(sanction, Notice::Lift, 2)]);
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.delivery(sanction, "stream").state, EnforcementState::Applied);
    assert!(world.alerts().is_empty());
}

#[test]
fn a_lift_that_nobody_reads_for_a_day_needs_nobody() {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    world.lift(sanction);
    world.skip();
    world.pass(86_400);
    world.overdue();
    assert_eq!(world.delivery(sanction, "stream").state, EnforcementState::Cancelled);
    assert!(world.alerts().is_empty());
    assert!(world.read().is_empty());
}

#[test]
fn who_starts_anew_is_told_what_the_snapshot_does_not_say() {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    world.extend(sanction, None);
    world.extend(sanction, Some(60));
    world.skip();
    // The snapshot shows the sanction for the first extension.
    world.stream(sanction, Notice::Extend);
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.read(), [(sanction, Notice::Extend, 1)], "the second is told now");
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.state(sanction), State::Done);
}

#[test]
fn an_end_is_told_for_information() {
    let mut world = World::with(&["stream"]);
    let sanction = world.sent("u");
    world.read();
    world.pass(3_600);
    assert_eq!(world.expire(), 1);
    assert_eq!(world.read(), [(sanction, Notice::Expire, 1)]);
    world.pass(3_600);
    assert_eq!(world.overdue(), 0);
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.state(sanction), State::Expired);
}

#[test]
fn all_acknowledgements_are_taken_or_none() {
    let mut world = World::with(&["stream", "hook"]);
    let sanction = world.sent("u");
    let unsent = world.make("v", Origin::Manual, None);
    world.read();
    let applied = |sanction| (sanction, AckResult::Applied);
    let nobody = SanctionId(Uuid::from_u128(99));
    for (enforcer, other) in [("stream", nobody), ("stream", unsent), ("another", sanction)] {
        let refused = world.ack_as(enforcer, &[applied(sanction), applied(other)]);
        assert!(matches!(refused, Err(CourtError::NotFound(_))), "{enforcer} {other}");
        assert_eq!(world.delivery(sanction, "stream").state, EnforcementState::Pending);
    }
    let entries = world.memory.journal.len();
    world.ack_as("hook", &[applied(sanction)]).expect("it was sent there");
    assert_eq!(world.memory.journal.len(), entries, "a webhook answers when it is told");
}

#[test]
fn a_deleted_stream_counts_as_not_addressed() {
    let mut world = World::with(&["stream", "stream-2"]);
    let sanction = world.sent("u");
    world.sent("v");
    world.enforcers.retain(|(enforcer, _)| *enforcer != id("stream-2"));
    assert_eq!((world.forsaken(), world.forsaken()), (2, 0));
    world.read();
    world.ack(sanction, AckResult::Applied);
    assert_eq!(world.state(sanction), State::Done);
}

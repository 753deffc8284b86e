//! Every delivery comes to an end, and people hear of those that failed.

use super::stage::Stage;
use crate::{
    Alert, AlertKind, DeliveryState, Notice, Outcome, Receiver,
    desk::DeskError,
    port::Turn,
    queue::{RECEIVER_DELETED, RECEIVER_DISABLED},
    samples::{at, id, notice, receiver, tenant},
};
use umpire_model::Level;

#[test]
fn a_dead_letter_is_told_to_consoles_and_raises_an_alarm() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let dead = stage.queue("a", Level::P3);
    stage.send(&[Outcome::Permanent]);
    assert_eq!(stage.failures(), [stage.delivery(dead).name()]);
    let alarms = stage.alarms();
    let [alarm] = alarms[..] else { panic!("{alarms:?}") };
    assert_eq!((alarm.kind, alarm.level), (AlertKind::System, Level::P1));
    assert_eq!((&*alarm.key, &alarm.not_to[..]), ("receiver/a", &[id("a")][..]));
    assert_eq!(alarm.title, "Receiver a: a notice ended DEAD_LETTERED");
    assert!(alarm.call.alert, "routes are followed");
}

#[test]
fn what_is_not_delivered_in_time_is_given_up() {
    let deadlines = [(Level::P0, 24), (Level::P1, 12), (Level::P2, 6), (Level::P3, 1)];
    for (level, hours) in deadlines {
        let mut stage = Stage::with(&[("a", receiver())]);
        let id = stage.queue("a", level);
        stage.now = at(hours * 3_600 - 1);
        stage.back();
        assert_eq!(stage.state(id), DeliveryState::Queued, "{level:?}");
        stage.pass(1);
        stage.back();
        assert_eq!(stage.state(id), DeliveryState::Expired, "{level:?}");
        assert_eq!(stage.delivery(id).done_time, Some(stage.now));
        assert_eq!(stage.alarms()[0].title, "Receiver a: a notice ended EXPIRED");
        assert_eq!(stage.failures().len(), 1);
        assert!(stage.lease().is_empty());
    }
}

#[test]
fn what_is_under_way_may_arrive_after_its_deadline() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let (arrives, fails) = (stage.queue("a", Level::P3), stage.queue("a", Level::P3));
    stage.now = at(3_599);
    let batch = stage.batch();
    stage.pass(5);
    stage.back();
    assert_eq!(stage.state(arrives), DeliveryState::Queued);
    stage.land(batch, &[Outcome::Delivered, Outcome::Transient]);
    stage.back();
    assert_eq!(stage.state(arrives), DeliveryState::Delivered);
    assert_eq!(stage.state(fails), DeliveryState::Expired);
}

#[test]
fn that_an_alarm_about_a_receiver_does_not_arrive_raises_none() {
    for (key, kind, alarms) in [
        ("receiver/b", AlertKind::System, 0),
        ("silence/s", AlertKind::System, 1),
        ("receiver/b", AlertKind::Text, 1),
    ] {
        let mut stage = Stage::with(&[("a", receiver())]);
        let alert = Alert { kind, ..stage.matter(key, Level::P1) };
        stage.memory.put_alert(&alert, None).expect("in memory");
        stage.say("a", &alert, Notice { kind, ..notice(&alert) });
        stage.send(&[Outcome::Permanent]);
        assert_eq!(stage.alarms().len(), alarms, "{key} {kind:?}");
        assert_eq!(stage.failures().len(), 1, "consoles see it all the same");
    }
}

#[test]
fn nothing_waits_for_a_receiver_that_was_deleted() {
    let mut stage = Stage::with(&[("a", receiver()), ("b", receiver())]);
    let tried = stage.queue("a", Level::P1);
    stage.send(&[Outcome::Throttled(50_000)]);
    let waits = stage.queue("a", Level::P1);
    let under_way = stage.queue("b", Level::P1);
    let arrives = stage.queue("b", Level::P1);
    let batch = stage.batch();
    stage.change(&[]);
    assert_eq!(stage.back(), 2);
    for id in [tried, waits] {
        assert_eq!(stage.delivery(id).state, DeliveryState::Suppressed);
        assert_eq!(stage.delivery(id).suppressed_by, RECEIVER_DELETED);
    }
    assert!(!stage.memory.healths.contains_key(&(tenant(), id("a"))));

    assert_eq!(stage.state(under_way), DeliveryState::Queued);
    stage.land(batch, &[Outcome::Permanent]);
    assert_eq!(stage.delivery(under_way).suppressed_by, RECEIVER_DELETED);
    assert_eq!(stage.state(arrives), DeliveryState::Delivered);
    assert!(stage.alarms().is_empty(), "nobody wants to know");
}

#[test]
fn nothing_waits_for_a_receiver_that_was_switched_off() {
    let off = Receiver { disabled: true, ..receiver() };
    let mut stage = Stage::with(&[("a", receiver())]);
    let before = stage.queue("a", Level::P1);
    stage.change(&[("a", off)]);
    let after = stage.queue("a", Level::P1);
    assert!(stage.look().more);
    for id in [before, after] {
        assert_eq!(stage.delivery(id).state, DeliveryState::Suppressed);
        assert_eq!(stage.delivery(id).suppressed_by, RECEIVER_DISABLED);
    }
}

#[test]
fn a_person_has_what_failed_queued_again() {
    let mut stage = Stage::with(&[("a", receiver())]);
    let id = stage.queue("a", Level::P3);
    assert!(matches!(stage.retry(id), Err(DeskError::WrongState(_))));
    stage.send(&[Outcome::Permanent]);
    stage.pass(7_200);
    let again = stage.retry(id).expect("it is dead");
    assert_eq!((again.attempts, again.done_time, again.log.len()), (0, None, 1));
    assert_eq!(again.deadline, stage.now.plus_seconds(3_600));
    assert_eq!(stage.sent(), [id]);
    assert!(matches!(stage.retry(id), Err(DeskError::WrongState(_))));

    let lost = stage.queue("a", Level::P3);
    stage.send(&[Outcome::Permanent]);
    stage.change(&[]);
    assert!(matches!(stage.retry(lost), Err(DeskError::NotFound(_))), "nobody is there");
}

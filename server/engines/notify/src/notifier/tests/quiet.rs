//! What the notifier says by itself.

use super::super::{rounds::makes_tests, silences::tell};
use crate::{
    AlertKind, Receiver, Silence,
    memory::Memory,
    samples::{Setup, at, receiver},
};
use umpire_model::Level;

fn silence(end: i64) -> Silence {
    let (matches, reason) = ("level = P2".into(), "works".into());
    Silence { matches, reason, start_time: at(0), end_time: at(end) }
}

#[test]
fn who_silenced_something_is_told_when_it_ends() {
    let silences = [("before", silence(10)), ("now", silence(20)), ("later", silence(21))];
    let world = Setup::default().silences(&silences).open();
    let mut memory = Memory::default();
    tell(&mut memory, &world, at(10), at(20)).expect("in memory");
    let [event] = &memory.events[..] else { panic!("{:?}", memory.events) };
    assert_eq!((event.kind, event.level), (AlertKind::System, Level::P2));
    assert_eq!(event.key, "silence/now");
    assert_eq!(event.title, "Silence now by ann has ended");
    tell(&mut memory, &world, at(20), at(20)).expect("in memory");
    assert_eq!(memory.events.len(), 1, "once");
}

#[test]
fn whether_any_receiver_makes_tests_is_known_without_a_turn() {
    let tested = Receiver { test_interval: 600, ..receiver() };
    let off = Receiver { disabled: true, ..tested.clone() };
    for (receiver, expected) in [(receiver(), false), (off, false), (tested, true)] {
        let world = Setup::default().receivers(&[("a", receiver)]).open();
        assert_eq!(makes_tests(&world), expected);
    }
}

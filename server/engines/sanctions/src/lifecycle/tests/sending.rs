use super::world::World;
use crate::{AlertKind, Notice, Origin, SafetyState, State, samples::id};
use umpire_model::Level;

/// One sanction under a switch, and what becomes of it.
fn check(origin: Origin, released: bool, switch: SafetyState, stopped: bool, expected: State) {
    let mut world = World::with(&["hook"]);
    world.policy.stopped = stopped;
    world.set_switch(switch, 60, None);
    let id = world.make("u", origin, Some(60));
    let mut sanction = world.sanction(id);
    sanction.released = released;
    world.save(&mut sanction);
    world.dispatch();
    assert_eq!(world.state(id), expected, "{origin:?} {released} {switch:?} {stopped}");
}

#[test]
fn the_switch_stops_what_a_rule_made_and_nothing_else() {
    use Origin::{Automatic, Manual};
    use SafetyState::{Hold, Off, On};
    check(Automatic, false, On, false, State::Executing);
    check(Automatic, false, On, true, State::Held);
    check(Automatic, false, Hold, false, State::Held);
    check(Automatic, false, Off, false, State::Held);
    check(Automatic, true, Hold, false, State::Executing);
    check(Automatic, true, On, true, State::Pending);
    for switch in [On, Hold, Off] {
        check(Manual, false, switch, false, State::Executing);
        check(Manual, false, switch, true, State::Executing);
    }
}

#[test]
fn each_addressed_enforcer_is_told() {
    let mut world = World::with(&["hook", "stream", "elsewhere"]);
    world.enforcers[2].1.servers = vec!["another".into()];
    let sanction = world.sent("u");
    let told: Vec<_> = world.sanction(sanction).deliveries;
    let told: Vec<_> = told.iter().map(|delivery| delivery.enforcer.as_str()).collect();
    assert_eq!(told, ["hook", "stream"]);
    assert_eq!(world.lease_one().enforcer, id("hook"));
    assert_eq!(world.read(), [(sanction, Notice::Apply, 1)]);
}

#[test]
fn where_nobody_is_addressed_it_is_done() {
    let mut world = World::with(&[]);
    let sanction = world.sent("u");
    assert_eq!(world.state(sanction), State::Done);
    assert!(world.sanction(sanction).dispatch_time.is_some());
}

#[test]
fn nobody_is_told_of_what_is_over() {
    let mut world = World::with(&["hook"]);
    let sanction = world.make("u", Origin::Manual, Some(10));
    world.pass(10);
    assert_eq!(world.dispatch(), 0);
    assert_eq!(world.state(sanction), State::Expired);
    assert!(world.lease().is_empty());
}

#[test]
fn crossing_the_budget_holds_what_is_over_it() {
    let mut world = World::with(&[]);
    world.set_switch(SafetyState::On, 2, None);
    let made: Vec<_> = (0..4).map(|_| world.make("u", Origin::Automatic, None)).collect();
    let by_hand = world.make("u", Origin::Manual, None);
    assert_eq!(world.dispatch(), 3);
    let states: Vec<_> = made.iter().map(|id| world.state(*id)).collect();
    assert_eq!(states, [State::Done, State::Done, State::Held, State::Held]);
    assert_eq!(world.state(by_hand), State::Done);
    let switch = world.switch();
    assert_eq!((switch.state, switch.surged_rule), (SafetyState::Hold, Some(id("spam"))));
    let alerts = world.alerts();
    assert_eq!(alerts.len(), 1, "one word for the whole wave");
    assert_eq!((alerts[0].level, alerts[0].kind), (Level::P0, AlertKind::Safety));
    assert!(alerts[0].title.contains("spam"), "{}", alerts[0].title);
}

#[test]
fn the_rule_that_surged_is_named_and_not_the_one_that_came_last() {
    let mut world = World::with(&[]);
    world.set_switch(SafetyState::On, 3, None);
    for _ in 0..3 {
        world.make("u", Origin::Automatic, None);
    }
    let last = world.make("u", Origin::Automatic, None);
    let mut sanction = world.sanction(last);
    sanction.sanction_rule = Some(id("insult"));
    world.save(&mut sanction);
    world.dispatch();
    assert_eq!(world.state(last), State::Held);
    assert_eq!(world.switch().surged_rule, Some(id("spam")));
}

#[test]
fn the_ceiling_and_the_cap_of_a_rule_hold_too() {
    for (ceiling, cap) in [(1, 0), (500, 1)] {
        let mut world = World::with(&[]);
        (world.policy.ceiling_per_minute, world.cap) = (ceiling, cap);
        let made: Vec<_> = (0..2).map(|_| world.make("u", Origin::Automatic, None)).collect();
        world.dispatch();
        assert_eq!(world.state(made[0]), State::Done);
        assert_eq!(world.state(made[1]), State::Held, "{ceiling} {cap}");
        assert_eq!(world.switch().state, SafetyState::Hold);
    }
}

#[test]
fn a_minute_later_the_budget_is_whole_again() {
    let mut world = World::with(&[]);
    world.set_switch(SafetyState::On, 1, None);
    let mut states = Vec::new();
    for seconds in [0, 59, 1] {
        world.pass(seconds);
        world.set_switch(SafetyState::On, 1, None);
        let made = world.make("u", Origin::Automatic, None);
        world.dispatch();
        states.push(world.state(made));
    }
    assert_eq!(states, [State::Done, State::Held, State::Done]);
}

#[test]
fn a_probe_goes_out_and_then_it_is_hold_again() {
    let mut world = World::with(&[]);
    world.set_switch(SafetyState::On, 60, Some(2));
    let made: Vec<_> = (0..4).map(|_| world.make("u", Origin::Automatic, None)).collect();
    assert_eq!(world.dispatch(), 2);
    assert_eq!(world.state(made[3]), State::Held);
    let switch = world.switch();
    assert_eq!((switch.state, switch.operator.as_str()), (SafetyState::Hold, "probe"));
    assert_eq!(switch.probe_left, None);
    assert_eq!(world.alerts().len(), 1);
    assert_eq!(world.alerts()[0].level, Level::P1);
}

#[test]
fn what_is_let_out_of_hold_goes_as_the_budget_allows_and_trips_nothing() {
    let mut world = World::with(&[]);
    world.set_switch(SafetyState::Hold, 2, None);
    let made: Vec<_> = (0..5).map(|_| world.make("u", Origin::Automatic, None)).collect();
    world.dispatch();
    made.iter().for_each(|id| world.release(*id));
    let alerts = world.alerts().len();
    let mut out = Vec::new();
    for seconds in [0, 1, 59, 60] {
        world.pass(seconds);
        out.push(world.dispatch());
    }
    assert_eq!(out, [2, 0, 2, 1]);
    assert_eq!(world.alerts().len(), alerts);
    assert_eq!(world.switch().state, SafetyState::Hold);
    assert!(made.iter().all(|id| world.state(*id) == State::Done));
}

//! Which receivers hear of an alert, as its level and the routes change.

use super::stage::{Stage, calling, change, delete, receivers};
use crate::{
    Audience, Call, Event, Fate, Receiver, Route,
    samples::{Setup, at, event_at, id, receiver_for, route_to},
};
use umpire_model::{Level, TenantId};

/// A receiver of every audience.
fn of_all_audiences() -> Vec<(&'static str, Receiver)> {
    let kinds = [
        ("group", Audience::Group),
        ("person", Audience::Person),
        ("pager", Audience::Pager),
        ("machine", Audience::Machine),
        ("ticket", Audience::Ticket),
    ];
    let quiet = |audience| Receiver { send_resolved: false, ..receiver_for(audience) };
    kinds.into_iter().map(|(name, audience)| (name, quiet(audience))).collect()
}

fn without_routes() -> Stage {
    Stage::of(Setup::default().receivers(&of_all_audiences()))
}

#[test]
fn without_routes_the_level_says_who_hears() {
    for (level, told) in [
        (Level::P0, &["group", "machine", "pager", "person"][..]),
        (Level::P1, &["group", "machine", "person"]),
        (Level::P2, &["group"]),
        (Level::P3, &[]),
    ] {
        let mut stage = without_routes();
        stage.happens("k", level);
        let expected: Vec<_> =
            told.iter().map(|name| format!("{name} FIRST {} x1", level.name())).collect();
        assert_eq!(stage.sent(), expected);
        let fate = if told.is_empty() { Fate::RecordedOnly } else { Fate::Notified };
        assert_eq!(stage.fates("k"), [(fate, 1)]);
        let why = if told.is_empty() { "RECORDED_ONLY" } else { "" };
        assert_eq!(stage.alert("k").suppressed_by, why);
    }
}

#[test]
fn a_rise_reaches_those_who_were_not_told_before() {
    let mut stage = without_routes();
    stage.happens("k", Level::P3);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["group FIRST P2 x1"], "nobody knew of the first");
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::RecordedOnly, 1)]);
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P1);
    let rise = ["group LEVEL_UP P1 x2", "machine LEVEL_UP P1 x2", "person LEVEL_UP P1 x2"];
    assert_eq!(stage.sent(), rise);
}

#[test]
fn what_waits_goes_with_an_alert_to_another_route() {
    let low = Route { matches: "level <= P2".into(), ..route_to(&["a"]) };
    let high = Route { matches: "level >= P1".into(), ..route_to(&["b"]) };
    let setup = Setup::default().receivers(&receivers(&["a", "b"]));
    let mut stage = Stage::of(setup.routes(&[("high", high), ("low", low)]));
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["a FIRST P2 x1"]);
    stage.happens("k", Level::P1);
    assert_eq!(stage.sent(), ["b LEVEL_UP P1 x2"]);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 3)]);
    stage.pass(300);
    assert!(stage.is_still(), "nothing is left on the other");
}

#[test]
fn a_route_that_is_gone_takes_what_waits_with_it() {
    let setup = Setup::default().receivers(&receivers(&["a", "b"]));
    let never = Route { matches: "level = P0".into(), ..route_to(&["b"]) };
    let mut stage = Stage::of(setup.routes(&[("a", route_to(&["a"])), ("never", never)]));
    stage.happens("k", Level::P2);
    stage.happens("k", Level::P2);
    stage.sent();
    delete(&stage.world.routes, "a");
    stage.pass(300);
    assert!(stage.is_still());
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::Deduplicated, 1)]);
    stage.happens("k", Level::P2);
    let fates = [(Fate::Notified, 1), (Fate::Deduplicated, 1), (Fate::RecordedOnly, 1)];
    assert_eq!(stage.fates("k"), fates);
}

#[test]
fn a_route_that_flaps_does_not_tell_twice_in_a_window() {
    let mut stage = Stage::with_routes(&[("all", route_to(&["anybody"]))]);
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["anybody FIRST P2 x1"]);
    let nothing = Route { matches: "level = P0".into(), ..route_to(&["anybody"]) };
    change(&stage.world.routes, "all", nothing);
    stage.happens("k", Level::P2);
    assert_eq!(stage.fates("k"), [(Fate::Notified, 1), (Fate::RecordedOnly, 1)]);
    change(&stage.world.routes, "all", route_to(&["anybody"]));
    stage.happens("k", Level::P2);
    assert!(stage.sent().is_empty());
    stage.pass(300);
    assert_eq!(stage.sent(), ["anybody REPEATED P2 x1"]);
}

#[test]
fn a_receiver_of_two_routes_hears_once() {
    let first = Route { continue_matching: true, ..route_to(&["a", "b"]) };
    let second = route_to(&["b", "c"]);
    let setup = Setup::default().receivers(&receivers(&["a", "b", "c"]));
    let mut stage = Stage::of(setup.routes(&[("1", first), ("2", second)]));
    stage.happens("k", Level::P2);
    assert_eq!(stage.sent(), ["a FIRST P2 x1", "b FIRST P2 x1", "c FIRST P2 x1"]);
    stage.happens("k", Level::P2);
    stage.pass(300);
    assert_eq!(stage.sent(), ["a REPEATED P2 x1", "b REPEATED P2 x1", "c REPEATED P2 x1"]);
}

fn told(stage: &mut Stage, call: Call, level: Level) -> Vec<String> {
    let not_to = vec![id("person")];
    stage.take(vec![Event { call, not_to, ..event_at("k", level, at(0)) }]);
    let told = stage.sent();
    told.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn rules_call_receivers_beside_the_routes() {
    let ticket = Call { ticket: true, ..Call::default() };
    let named_ticket = Call { receivers: vec![id("ticket")], ..ticket.clone() };
    let both = Call { alert: true, ..ticket.clone() };
    let mentions = Call { mentions: vec!["ann".into()], ..Call::default() };
    let ticket_and_mentions = Call { ticket: true, ..mentions.clone() };
    for (call, level, expected) in [
        (calling(&[]), Level::P2, &["group"][..]),
        (calling(&["pager"]), Level::P2, &["group", "pager"]),
        (calling(&["group"]), Level::P2, &["group"]),
        (calling(&["pager"]), Level::P3, &["pager"]),
        (calling(&["nobody"]), Level::P3, &[]),
        // The alert is about this one.
        (calling(&["person"]), Level::P3, &[]),
        (ticket, Level::P0, &["second", "ticket"]),
        (named_ticket, Level::P0, &["ticket"]),
        (both, Level::P2, &["group", "second", "ticket"]),
        (mentions, Level::P2, &["group"]),
        (ticket_and_mentions, Level::P2, &["second", "ticket"]),
        (Call::default(), Level::P0, &[]),
    ] {
        let second = ("second", receiver_for(Audience::Ticket));
        let off = ("off", Receiver { disabled: true, ..receiver_for(Audience::Ticket) });
        let all = [of_all_audiences(), vec![second, off]].concat();
        let mut stage = Stage::of(Setup::default().receivers(&all));
        assert_eq!(told(&mut stage, call.clone(), level), expected, "{call:?} {level:?}");
    }
}

#[test]
fn those_who_are_called_have_a_window_of_their_own() {
    let mut stage = without_routes();
    stage.take(vec![Event { call: calling(&["pager"]), ..event_at("k", Level::P2, at(0)) }]);
    assert_eq!(stage.sent(), ["group FIRST P2 x1", "pager FIRST P2 x1"]);
    stage.happens("k", Level::P2);
    stage.pass(300);
    assert_eq!(stage.sent(), ["group REPEATED P2 x1", "pager REPEATED P2 x1"]);
    let routes: Vec<_> = stage.alert("k").threads.into_iter().map(|one| one.route).collect();
    assert_eq!(routes, ["(default)", "(called)"]);
}

#[test]
fn a_receiver_that_is_off_or_gone_leaves_events_recorded() {
    for (disabled, row) in [(true, true), (false, false)] {
        let mut all = receivers(&["anybody"]);
        all[0].1.disabled = disabled;
        let name = if disabled { "anybody" } else { "gone" };
        let route = Route { dedupe_window: Some(60), ..route_to(&[name]) };
        let mut stage = Stage::of(Setup::default().receivers(&all).routes(&[("all", route)]));
        stage.happens("k", Level::P2);
        assert_eq!(stage.fates("k"), [(Fate::RecordedOnly, 1)]);
        assert_eq!(stage.alert("k").suppressed_by, "RECORDED_ONLY");
        assert!(stage.sent().is_empty());
        let rows = if row { vec!["anybody FIRST P2 x1: RECEIVER_DISABLED"] } else { vec![] };
        assert_eq!(stage.left_out(), rows);
    }
}

#[test]
fn another_tenants_alerts_are_its_own() {
    let mut stage = without_routes();
    let tenant = TenantId::new("other").expect("an id");
    let theirs = Event { tenant, ..event_at("k", Level::P0, at(0)) };
    stage.take(vec![event_at("k", Level::P0, at(0)), theirs]);
    assert_eq!(stage.memory.alerts.len(), 2);
    assert_eq!(stage.sent().len(), 4, "the other has no receivers");
}

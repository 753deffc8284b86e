use super::{group_key, ways};
use crate::{
    Alert, GroupBy, Person, Place, Route,
    samples::{Setup, alert, id, receiver, route, route_to},
};
use umpire_model::Level;

fn routes_of(routes: &[(&str, Route)], alert: &Alert) -> Vec<String> {
    let receivers = [("a", receiver()), ("b", receiver())];
    let world = Setup::default().receivers(&receivers).routes(routes).open();
    ways(&world, alert).into_iter().map(|way| way.route).collect()
}

fn taking(matches: &str, priority: i32, continue_matching: bool) -> Route {
    Route { matches: matches.into(), priority, continue_matching, ..route_to(&["a"]) }
}

#[test]
fn routes_are_tried_in_order_up_to_the_first_that_does_not_go_on() {
    let alert = alert("k");
    for (routes, expected) in [
        (vec![("1", taking("", 0, false)), ("2", taking("", 0, false))], vec!["1"]),
        (vec![("1", taking("", 0, true)), ("2", taking("", 0, false))], vec!["1", "2"]),
        (vec![("1", taking("", 0, false)), ("2", taking("", 5, true))], vec!["2", "1"]),
        (vec![("1", taking("", -1, false)), ("2", taking("", 0, false))], vec!["2"]),
        (vec![("1", taking("level = P0", 9, false)), ("2", taking("", 0, false))], vec!["2"]),
        (vec![("1", taking("level = P0", 0, false))], vec![]),
        // It could not be written so, and takes nothing.
        (vec![("1", taking("level =", 0, false)), ("2", taking("", 0, false))], vec!["2"]),
    ] {
        assert_eq!(routes_of(&routes, &alert), expected, "{routes:?}");
    }
}

#[test]
fn a_way_names_each_receiver_that_is_there_once() {
    let route = route_to(&["b", "gone", "a", "b", "about"]);
    let receivers = [("a", receiver()), ("b", receiver()), ("about", receiver())];
    let world = Setup::default().receivers(&receivers).routes(&[("r", route)]).open();
    let alert = Alert { not_to: vec![id("about")], ..alert("k") };
    let ways = ways(&world, &alert);
    assert_eq!(ways[0].receivers, [id("b"), id("a")]);
}

#[test]
fn a_route_that_names_nobody_is_a_way_all_the_same() {
    assert_eq!(routes_of(&[("r", route())], &alert("k")), ["r"]);
}

#[test]
fn groups_are_named_by_what_their_alerts_have_in_common() {
    use GroupBy::{Camera, Conversation, Kind, Level as OfLevel, Rule, Scene, Sender};
    let place = Place { scene: "wor\nld\\".into(), ..alert("k").place };
    let sender = Person { user_id: "u1".into(), ..Person::default() };
    let alert = Alert { place, sender, level: Level::P1, ..alert("k") };
    for (by, expected) in [
        (&[] as &[GroupBy], ""),
        (&[Conversation], "conversation=c1"),
        (&[OfLevel, Kind], "level=P1\nkind=TEXT"),
        (&[Kind, OfLevel], "kind=TEXT\nlevel=P1"),
        (&[Scene, Sender], "scene=wor\\nld\\\\\nsender=u1"),
        (&[Camera], "camera="),
        (&[Rule], "rule=tenants/acme/rules/fraud"),
    ] {
        assert_eq!(group_key(&alert, by), expected);
    }
}

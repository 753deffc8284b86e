use super::*;
use crate::{
    Audience, CALLED, Call, DEFAULT_ROUTE, Event, GroupBy, Route, Silence,
    samples::{event, event_at, id, receiver, receiver_for, route, route_to},
};
use umpire_model::{ActiveWindow, Level};

fn setup() -> Setup {
    let receivers = [
        ("hook", receiver()),
        ("ops", receiver_for(Audience::Group)),
        ("pager", receiver_for(Audience::Pager)),
        ("desk", receiver_for(Audience::Ticket)),
    ];
    Setup::default().receivers(&receivers)
}

fn routes(routed: &[Routed]) -> Vec<&str> {
    routed.iter().map(|one| one.route.as_str()).collect()
}

#[tokio::test]
async fn without_a_route_levels_decide() {
    let office = Office::open(setup()).await;
    for (level, receivers) in [
        (Level::P0, Some(vec!["hook", "ops", "pager"])),
        (Level::P1, Some(vec!["hook", "ops"])),
        (Level::P2, Some(vec!["ops"])),
        (Level::P3, None),
    ] {
        let event = event_at("a", level, at(0));
        let routed = office.desk.test_routing(&tenant(), &event, at(0));
        let expected = receivers.map(|receivers| Routed {
            route: DEFAULT_ROUTE.into(),
            receivers: receivers.into_iter().map(id).collect(),
            escalation_policy: None,
            group_key: String::new(),
            suppressed_by: None,
        });
        assert_eq!(routed, Vec::from_iter(expected), "{level:?}");
    }
}

#[tokio::test]
async fn routes_say_whom_with_what_and_how() {
    let first = Route {
        matches: "level >= P1".into(),
        escalation_policy: Some(id("night")),
        group_by: vec![GroupBy::Kind, GroupBy::Conversation],
        continue_matching: true,
        priority: 5,
        ..route_to(&["ops", "gone"])
    };
    let routes_of = [("b", first), ("a", route_to(&["hook"])), ("z", route_to(&["pager"]))];
    let office = Office::open(setup().routes(&routes_of)).await;
    let routed = office.desk.test_routing(&tenant(), &event("k"), at(0));
    assert_eq!(routes(&routed), ["b", "a"], "the second does not go on");
    assert_eq!(routed[0].receivers, [id("ops")], "the other is not there");
    assert_eq!(routed[0].escalation_policy, Some(id("night")));
    assert_eq!(routed[0].group_key, "kind=TEXT\nconversation=c1");
    let quiet = event_at("k", Level::P2, at(0));
    let routed = office.desk.test_routing(&tenant(), &quiet, at(0));
    assert_eq!(routes(&routed), ["a"], "it is not urgent enough for the first");
}

#[tokio::test]
async fn receivers_that_a_rule_names_come_beside() {
    let office = Office::open(setup()).await;
    let call = Call { receivers: vec![id("pager")], ticket: true, alert: true, ..Call::default() };
    let event = Event { call, ..event("k") };
    let routed = office.desk.test_routing(&tenant(), &event, at(0));
    assert_eq!(routes(&routed), [DEFAULT_ROUTE, CALLED]);
    assert_eq!(routed[1].receivers, [id("pager"), id("desk")]);
}

#[tokio::test]
async fn what_holds_it_back_is_named() {
    let silence = Silence {
        matches: "label:fraud".into(),
        reason: "a drill".into(),
        start_time: at(100),
        end_time: at(200),
    };
    let window = ActiveWindow { start_time: Some(at(50)), ..ActiveWindow::default() };
    let timed =
        Route { active_window: Some(window), continue_matching: true, ..route_to(&["ops"]) };
    let open = Route { continue_matching: true, ..route_to(&["hook"]) };
    let plans = [("a", timed), ("b", open), ("c", route())];
    let setup = setup().routes(&plans).silences(&[("drill", silence)]);
    let office = Office::open(setup).await;
    let silenced = Some("tenants/acme/silences/drill");
    for (seconds, first, second) in [
        (0, Some("INACTIVE"), None),
        (50, None, None),
        (100, silenced, silenced),
        (199, silenced, silenced),
        (200, None, None),
    ] {
        let routed = office.desk.test_routing(&tenant(), &event("k"), at(seconds));
        let found: Vec<_> = routed.iter().map(|one| one.suppressed_by.as_deref()).collect();
        assert_eq!(found, [first, second, Some("RECORDED_ONLY")], "{seconds}");
    }
}

#[tokio::test]
async fn nothing_is_kept_of_it() {
    let office = Office::open(setup()).await;
    let _ = office.desk.test_routing(&tenant(), &event("k"), at(0));
    let memory = office.store.memory();
    assert!(memory.events.is_empty() && memory.alerts.is_empty() && memory.deliveries.is_empty());
}

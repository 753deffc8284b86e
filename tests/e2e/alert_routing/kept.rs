//! Routes are kept and changed like everything else, and mistakes in them are named.

use crate::office::Office;
use prost_types::FieldMask;
use tonic::{Code, Status};
use umpire_proto::v1::{
    ActiveWindow, CreateRouteRequest, DeleteRouteRequest, GetRouteRequest, GroupBy,
    ListRoutesRequest, Route, UpdateRouteRequest, route::Inhibition,
};
use umpire_testkit::{Clients, reason, receiver_name, route, seconds, violated};

const ID: &str = "0193a7b2-5c1e-7cc0-8000-000000000001";

async fn create(clients: &Clients, request: CreateRouteRequest) -> Result<Route, Status> {
    let made = clients.alerts.clone().create_route(request).await?;
    Ok(made.into_inner().route.unwrap())
}

async fn update(clients: &Clients, route: Route, paths: &[&str]) -> Result<Route, Status> {
    let paths = paths.iter().map(|&path| path.to_owned()).collect();
    let request = UpdateRouteRequest {
        route: Some(route),
        update_mask: Some(FieldMask { paths }),
        ..<_>::default()
    };
    Ok(clients.alerts.clone().update_route(request).await?.into_inner().route.unwrap())
}

#[tokio::test]
async fn a_route_lives_through_its_changes() {
    let mut office = Office::start(&["duty"]).await;
    let mut request = route("leaks", "rule = leak", &[]);
    // Its receivers by id alone, its window by a zero that says something.
    let wanted = request.route.as_mut().unwrap();
    (wanted.receivers, wanted.dedupe_window) = (vec!["duty".into()], seconds(0));
    request.request_id = ID.into();
    let made = create(&office.clients, request.clone()).await.unwrap();
    assert_eq!(made.name, "tenants/default/routes/leaks");
    assert_eq!(made.receivers, [receiver_name("duty")]);
    assert_eq!((made.dedupe_window, made.group_interval), (seconds(0), seconds(300)));
    assert_eq!(create(&office.clients, request.clone()).await.unwrap(), made, "made once");
    let other = CreateRouteRequest { route_id: "b".into(), ..request.clone() };
    let refused = create(&office.clients, other).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    request.request_id = String::new();
    assert_eq!(reason(&create(&office.clients, request).await.unwrap_err()), "ALREADY_EXISTS");

    let calmer = Route { priority: -3, r#match: "rule = slur".into(), ..made.clone() };
    let changed = update(&office.clients, calmer.clone(), &["priority"]).await.unwrap();
    assert_eq!((changed.priority, changed.r#match.as_str()), (-3, "rule = leak"));
    let stale = update(&office.clients, calmer, &["priority"]).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    let refused = update(&office.clients, changed.clone(), &["create_time"]).await.unwrap_err();
    assert_eq!(violated(&refused), ["update_mask"]);
    office.restart().await;
    let get = GetRouteRequest { name: made.name.clone() };
    let mut alerts = office.clients.alerts.clone();
    let read = alerts.get_route(get.clone()).await.unwrap().into_inner().route;
    assert_eq!(read.as_ref(), Some(&changed));
    let delete = DeleteRouteRequest { name: made.name, etag: changed.etag, ..<_>::default() };
    alerts.delete_route(delete).await.unwrap();
    assert_eq!(reason(&alerts.get_route(get).await.unwrap_err()), "NOT_FOUND");
}

#[tokio::test]
async fn routes_are_listed_in_the_order_they_are_tried() {
    let office = Office::start(&[]).await;
    for (id, priority) in [("a", 0), ("b", 7), ("c", -7), ("d", 7), ("e", i32::MIN)] {
        office.route(id, "", &[], |route| route.priority = priority).await;
    }
    for (filter, expected) in [("", "b d a c e"), ("id != d", "b a c e")] {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListRoutesRequest {
                page_size: 2,
                page_token,
                filter: filter.into(),
                ..<_>::default()
            };
            let page = office.clients.alerts.clone().list_routes(request).await.unwrap();
            let page = page.into_inner();
            let id = |route: Route| route.name.replace("tenants/default/routes/", "");
            found.extend(page.routes.into_iter().map(id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found.join(" "), expected);
    }
}

#[tokio::test]
async fn mistakes_are_named() {
    let office = Office::start(&["duty"]).await;
    let hours = |start: &str, end: &str| {
        let (daily_start, daily_end) = (start.into(), end.into());
        Some(ActiveWindow { daily_start, daily_end, ..<_>::default() })
    };
    let inhibition = |source: &str| Inhibition { source: source.into(), equal: vec![] };
    let twice = vec![GroupBy::Rule as i32; 2];
    let receivers = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    for (route, field) in [
        (Route { r#match: "colour = red".into(), ..<_>::default() }, "route.match"),
        (Route { r#match: "level = P7".into(), ..<_>::default() }, "route.match"),
        (Route { receivers: receivers(&["duty", "a b"]), ..<_>::default() }, "route.receivers[1]"),
        (
            Route { receivers: receivers(&["tenants/other/receivers/a"]), ..<_>::default() },
            "route.receivers[0]",
        ),
        (Route { receivers: receivers(&["duty", "duty"]), ..<_>::default() }, "route.receivers[1]"),
        (
            Route { escalation_policy: "receivers/duty".into(), ..<_>::default() },
            "route.escalation_policy",
        ),
        (Route { group_by: vec![77], ..<_>::default() }, "route.group_by[0]"),
        (Route { group_by: twice, ..<_>::default() }, "route.group_by[1]"),
        (Route { group_wait: seconds(3_601), ..<_>::default() }, "route.group_wait"),
        (Route { group_interval: seconds(-5), ..<_>::default() }, "route.group_interval"),
        (
            Route { repeat_interval: seconds(31 * 86_400), ..<_>::default() },
            "route.repeat_interval",
        ),
        (Route { dedupe_window: seconds(8 * 86_400), ..<_>::default() }, "route.dedupe_window"),
        (
            Route { active_window: hours("25:00", "12:00"), ..<_>::default() },
            "route.active_window.daily_start",
        ),
        (Route { active_window: hours("09:00", ""), ..<_>::default() }, "route.active_window"),
        (
            Route { inhibitions: vec![inhibition("level = P0"), inhibition("")], ..<_>::default() },
            "route.inhibitions[1].source",
        ),
        (Route { inhibitions: vec![inhibition("x"); 21], ..<_>::default() }, "route.inhibitions"),
        (Route { display_name: "x".repeat(201), ..<_>::default() }, "route.display_name"),
    ] {
        let request = CreateRouteRequest { route: Some(route), ..<_>::default() };
        let refused = create(&office.clients, request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{field}");
        assert_eq!(violated(&refused), [field]);
    }
    let id = CreateRouteRequest { route_id: "a b".into(), ..route("", "", &[]) };
    assert_eq!(violated(&create(&office.clients, id).await.unwrap_err()), ["route_id"]);
    let nothing = create(&office.clients, CreateRouteRequest::default()).await.unwrap_err();
    assert_eq!(violated(&nothing), ["route"]);
    let dry = CreateRouteRequest { validate_only: true, ..route("dry", "", &[]) };
    create(&office.clients, dry).await.unwrap();
    let list = ListRoutesRequest::default();
    let listed = office.clients.alerts.clone().list_routes(list).await.unwrap().into_inner();
    assert!(listed.routes.is_empty(), "nothing was half done");
}

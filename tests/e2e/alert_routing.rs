//! Who is told: routes by everything that an alert is, at their times, in groups, and not
//! while something else holds it back.

mod kept;
mod tried;

use crate::office::Office;
use prost_types::FieldMask;
use umpire_proto::v1::{
    ActiveWindow, GroupBy,
    Level::{P0, P1, P2},
    Route, Tenant, UpdateTenantRequest,
    route::Inhibition,
};
use umpire_testkit::{
    alerts, delivered, deliveries, deliveries_with, fates, resolve_alert, seconds, so_many_alerts,
};

#[tokio::test]
async fn higher_priorities_come_first_and_the_first_that_fits_is_the_last() {
    let office = Office::start(&["duty", "night", "log"]).await;
    office.route("leaks", "rule = leak", &["duty"], |route| route.priority = 5).await;
    office.route("rest", "", &["log"], |_| {}).await;
    let first = |route: &mut Route| {
        (route.priority, route.continue_matching) = (10, true);
    };
    office.route("urgent", "level >= P1", &["night"], first).await;
    for (word, level) in [("leak", P2), ("slur", P2), ("rant", P1)] {
        office.rule(word, level).await;
        office.say("room", word).await;
    }
    office.set_level("leak", P1).await;
    office.say("hall", "leak").await;
    delivered(&office.clients, 6).await;
    assert_eq!(
        office.heard_by_all(6).await,
        [
            "duty P1 FIRST 1 leak",
            "duty P2 FIRST 1 leak",
            "log P1 FIRST 1 rant",
            "log P2 FIRST 1 slur",
            "night P1 FIRST 1 leak",
            "night P1 FIRST 1 rant",
        ]
    );
}

#[tokio::test]
async fn what_no_route_takes_is_only_recorded() {
    let office = Office::start(&["duty"]).await;
    office.route("urgent", "level = P0", &["duty"], |_| {}).await;
    office.rule("leak", P1).await;
    office.say("room", "leak").await;
    let recorded = office.alert("").await;
    assert_eq!(recorded.suppressed_by, "RECORDED_ONLY");
    assert_eq!(fates(&recorded), [("RECORDED_ONLY", 1)]);
    office.set_level("leak", P0).await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(1).await, ["duty P0 FIRST 1 leak"], "nobody heard of the other");
}

#[tokio::test]
async fn outside_its_hours_a_route_tells_nobody_and_counts() {
    let office = Office::start(&["duty"]).await;
    // It is 11:00 there, of a Sunday.
    let (name, time_zone) = ("tenants/default".into(), "Asia/Shanghai".into());
    let request = UpdateTenantRequest {
        tenant: Some(Tenant { name, time_zone, ..<_>::default() }),
        update_mask: Some(FieldMask { paths: vec!["time_zone".into()] }),
        ..<_>::default()
    };
    office.clients.admin.clone().update_tenant(request).await.unwrap();
    let hours = |weekdays: &[i32]| {
        let (daily_start, daily_end) = ("11:20".into(), "12:00".into());
        let weekdays = weekdays.to_vec();
        Some(ActiveWindow { daily_start, daily_end, weekdays, ..<_>::default() })
    };
    let open = |route: &mut Route| route.active_window = hours(&[7]);
    office.route("sundays", "rule = leak", &["duty"], open).await;
    let shut = |route: &mut Route| route.active_window = hours(&[1, 2, 3, 4]);
    office.route("weekdays", "rule = slur", &["duty"], shut).await;
    for rule in ["leak", "slur"] {
        office.rule(rule, P2).await;
    }
    office.say("room", "leak").await;
    office.say("room", "leak").await;
    let waits = office.alert("count = 2").await;
    assert_eq!((fates(&waits), &*waits.suppressed_by), (vec![("INACTIVE", 2)], "INACTIVE"));
    for delivery in deliveries(&office.clients).await {
        assert_eq!(delivery.suppressed_by, "INACTIVE");
    }
    office.pass(20 * 60 + 1).await;
    office.say("room", "slur").await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 3 leak"]);
    assert_eq!(office.alert("rule = slur").await.suppressed_by, "INACTIVE", "another day");
}

#[tokio::test]
async fn what_is_alike_is_told_together_and_a_p0_waits_for_nobody() {
    let office = Office::start(&["duty"]).await;
    let by_rule = |route: &mut Route| {
        route.group_by = vec![GroupBy::Rule as i32];
        (route.group_wait, route.group_interval) = (seconds(30), seconds(300));
    };
    office.route("all", "", &["duty"], by_rule).await;
    for (word, level) in [("leak", P2), ("fire", P0)] {
        office.rule(word, level).await;
    }
    for room in ["a", "b"] {
        office.say(room, "leak").await;
    }
    so_many_alerts(&office.clients, "rule = leak", 2).await;
    assert!(deliveries(&office.clients).await.is_empty(), "the first waits for others");
    office.pass(31).await;
    assert_eq!(office.heard(1).await, ["duty P2 FIRST 2 leak"]);
    let told = delivered(&office.clients, 1).await;
    assert_eq!((told.len(), told[0].alerts.len()), (1, 2));
    office.say("a", "fire").await;
    assert_eq!(office.heard(2).await[1], "duty P0 FIRST 1 fire");
    office.say("c", "leak").await;
    so_many_alerts(&office.clients, "rule = leak", 3).await;
    office.pass(31).await;
    office.say("b", "fire").await;
    assert_eq!(office.heard(3).await[2], "duty P0 FIRST 1 fire", "the group was told of late");
    office.pass(270).await;
    assert_eq!(office.heard(4).await[3], "duty P2 FIRST 1 leak");
    for alert in alerts(&office.clients).await {
        assert_eq!(fates(&alert), [("NOTIFIED", 1)], "{}", alert.key);
    }
}

#[tokio::test]
async fn one_matter_holds_others_back_until_it_is_over() {
    let office = Office::start(&["duty"]).await;
    let source = "rule = outage".to_owned();
    let inhibition = Inhibition { source, equal: vec![GroupBy::Conversation as i32] };
    office.route("all", "", &["duty"], |route| route.inhibitions = vec![inhibition]).await;
    for (word, level) in [("outage", P1), ("leak", P2)] {
        office.rule(word, level).await;
    }
    office.say("room", "outage").await;
    office.heard(1).await;
    let outage = office.alert("").await;
    office.say("room", "leak").await;
    let held = office.alert("rule = leak").await;
    assert_eq!((fates(&held), &held.suppressed_by), (vec![("INHIBITED", 1)], &outage.name));
    let held = deliveries_with(&office.clients, "state = SUPPRESSED").await;
    assert_eq!((held.len(), &held[0].suppressed_by), (1, &outage.name));
    office.say("hall", "leak").await;
    assert_eq!(office.heard(2).await[1], "duty P2 FIRST 1 leak", "there is no outage there");
    resolve_alert(&office.clients, &outage.name).await.unwrap();
    office.say("room", "leak").await;
    assert_eq!(office.heard(3).await[2], "duty P2 FIRST 2 leak");
}

#[tokio::test]
async fn what_stays_open_is_told_again() {
    let office = Office::start(&["duty"]).await;
    office.route("all", "", &["duty"], |route| route.repeat_interval = seconds(600)).await;
    office.rule("leak", P2).await;
    office.say("room", "leak").await;
    office.heard(1).await;
    for number in 1..=2 {
        office.pass(601).await;
        assert_eq!(office.heard(number + 1).await[number], "duty P2 REPEATED 0 leak");
    }
    let alert = office.alert("").await;
    resolve_alert(&office.clients, &alert.name).await.unwrap();
    office.pass(601).await;
    office.say("room", "leak").await;
    assert_eq!(office.heard(4).await[3], "duty P2 FIRST 1 leak", "what is over is not told again");
}

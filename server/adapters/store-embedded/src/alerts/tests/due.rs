use super::{alert, at, delivery, folder, open, other, put, put_alert, resolved, take, tenant};
use crate::EmbeddedStore;
use std::slice::from_ref;
use umpire_model::{Level, Timestamp};
use umpire_notify::{Alert, Alerts, Delivery, Group, Pending, Reason};

async fn due_alerts(store: &EmbeddedStore, now: i64, limit: usize) -> Vec<String> {
    let alerts = take(store, move |turn| turn.due_alerts(at(now), limit)).await;
    alerts.into_iter().map(|alert| alert.key).collect()
}

#[tokio::test]
async fn alerts_are_due_longest_first() {
    let folder = folder();
    let store = open(&folder);
    let moved = alert("moved");
    put_alert(&store, &alert("late"), Some(at(7))).await;
    put_alert(&store, &moved, Some(at(1))).await;
    put_alert(&store, &Alert { tenant: other(), ..alert("early") }, Some(at(3))).await;
    put_alert(&store, &alert("never"), None).await;
    for (now, limit, expected) in [
        (0, 9, &[][..]),
        (1, 9, &["moved"]),
        (6, 9, &["moved", "early"]),
        (7, 9, &["moved", "early", "late"]),
        (7, 2, &["moved", "early"]),
    ] {
        assert_eq!(due_alerts(&store, now, limit).await, expected, "at {now}, {limit}");
    }
    put_alert(&store, &moved, Some(at(5))).await;
    assert_eq!(due_alerts(&store, 7, 9).await, ["early", "moved", "late"]);
    put_alert(&store, &resolved(&moved, at(6)), None).await;
    assert_eq!(due_alerts(&store, 7, 9).await, ["early", "late"]);
    store.close().await;
}

fn group(key: &str, due: Option<Timestamp>) -> Group {
    let pending = due.map(|_| Pending {
        alert: alert("a").id,
        reason: Reason::First,
        previous_level: None,
        stands_for: 1,
    });
    let (route, pending) = ("route".into(), pending.into_iter().collect());
    Group { tenant: tenant(), route, key: key.into(), pending, due, told_time: None }
}

async fn put_group(store: &EmbeddedStore, group: &Group) {
    let group = group.clone();
    take(store, move |turn| turn.put_group(&group)).await;
}

#[tokio::test]
async fn groups_are_due_and_forgotten_when_nothing_is_known_of_them() {
    let folder = folder();
    let store = open(&folder);
    let groups = [(3, "b"), (1, "a"), (9, "c")].map(|(due, key)| group(key, Some(at(due))));
    for group in &groups {
        put_group(&store, group).await;
    }
    let due = take(&store, |turn| turn.due_groups(at(3), 9)).await;
    assert_eq!(due, [groups[1].clone(), groups[0].clone()]);
    assert_eq!(take(&store, |turn| turn.due_groups(at(9), 1)).await.len(), 1);

    let find = async |route: &'static str| {
        take(&store, move |turn| turn.group(&tenant(), route, "a")).await
    };
    assert_eq!(find("route").await, Some(groups[1].clone()));
    assert_eq!(find("another").await, None);
    let told = Group { told_time: Some(at(2)), ..group("a", None) };
    put_group(&store, &told).await;
    assert_eq!(find("route").await, Some(told));
    assert_eq!(take(&store, |turn| turn.due_groups(at(3), 9)).await, [groups[0].clone()]);
    put_group(&store, &group("a", None)).await;
    assert_eq!(find("route").await, None);
    store.close().await;
}

#[tokio::test]
async fn the_next_time_that_something_is_due_is_known() {
    let folder = folder();
    let store = open(&folder);
    let next = async || store.waiting(at(0)).await.expect("read").due;
    assert_eq!(next().await, None);
    let mut waits = Delivery { due: at(50), deadline: at(90), ..delivery("a", Level::P1) };
    put(&store, from_ref(&waits)).await;
    assert_eq!(next().await, Some(at(50)));
    waits.deadline = at(40);
    put(&store, &[waits]).await;
    assert_eq!(next().await, Some(at(40)), "a deadline");
    put_group(&store, &group("a", Some(at(30)))).await;
    assert_eq!(next().await, Some(at(30)), "a group");
    put_alert(&store, &alert("a"), Some(at(20))).await;
    assert_eq!(next().await, Some(at(20)), "an alert");
    store.close().await;
}

use super::{alert, at, folder, open, other, put_alert, resolved, take, tenant};
use umpire_model::Level;
use umpire_notify::{Acknowledgement, Alert, AlertState, Alerts};

fn acknowledged(alert: &Alert) -> Alert {
    let note = String::new();
    let acknowledgement =
        Acknowledgement { operator: "o".into(), time: at(2), expire_time: at(9), note };
    Alert {
        state: AlertState::Acknowledged,
        acknowledgement: Some(acknowledgement),
        version: 2,
        level: Level::P0,
        ..alert.clone()
    }
}

#[tokio::test]
async fn an_alert_is_kept_as_it_is_now() {
    let folder = folder();
    let store = open(&folder);
    let first = alert("a");
    let changed = acknowledged(&first);
    let (id, before) = (first.id, first.clone());
    put_alert(&store, &first, Some(at(5))).await;
    assert_eq!(take(&store, move |turn| turn.alert(&tenant(), id)).await, Some(before));
    put_alert(&store, &changed, None).await;
    assert_eq!(take(&store, move |turn| turn.alert(&tenant(), id)).await, Some(changed.clone()));
    assert_eq!(store.alert(&tenant(), id).await, Ok(Some(changed)));
    assert_eq!(store.alert(&other(), id).await, Ok(None), "it is another's");
    assert_eq!(take(&store, move |turn| turn.alert(&other(), id)).await, None);
    store.close().await;
}

#[tokio::test]
async fn one_alert_of_a_key_is_open() {
    let folder = folder();
    let store = open(&folder);
    let mut over = alert("a");
    let open_alert =
        async |key: &'static str| take(&store, move |turn| turn.open_alert(&tenant(), key)).await;
    put_alert(&store, &over, None).await;
    put_alert(&store, &Alert { tenant: other(), ..alert("b") }, None).await;
    assert_eq!(open_alert("a").await, Some(over.clone()));
    assert_eq!(open_alert("b").await, None, "it is another's");
    over = acknowledged(&over);
    put_alert(&store, &over, None).await;
    assert_eq!(open_alert("a").await, Some(over.clone()));
    over = resolved(&over, at(9));
    put_alert(&store, &over, None).await;
    assert_eq!(open_alert("a").await, None);

    let next = alert("a");
    put_alert(&store, &next, None).await;
    assert_eq!(open_alert("a").await, Some(next));
    store.close().await;
}

#[tokio::test]
async fn open_alerts_come_newest_first() {
    let folder = folder();
    let store = open(&folder);
    let alerts = ["a", "b", "c", "d"].map(alert);
    // The order of ids counts, not that of putting.
    for alert in [&alerts[2], &alerts[0], &acknowledged(&alerts[1])] {
        put_alert(&store, alert, None).await;
    }
    put_alert(&store, &resolved(&alerts[3], at(9)), None).await;
    put_alert(&store, &Alert { tenant: other(), ..alert("e") }, None).await;
    for (limit, expected) in [(9, &["c", "b", "a"][..]), (2, &["c", "b"])] {
        let open = take(&store, move |turn| turn.open_alerts(&tenant(), limit)).await;
        assert_eq!(open.iter().map(|alert| alert.key.as_str()).collect::<Vec<_>>(), expected);
    }
    assert_eq!(store.waiting(at(0)).await.expect("read").open, 4);
    store.close().await;
}

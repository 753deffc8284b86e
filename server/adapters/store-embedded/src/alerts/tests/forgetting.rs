use super::{
    accept, alert, append, at, delivery, ended, event, events_waiting, folder, open, put,
    put_alert, resolved, rows, take, taken, tenant,
};
use crate::alerts::forget::AT_ONCE;
use umpire_model::Level;
use umpire_notify::{Alerts, DeliveryState};

/// Rows of every kind that is forgotten.
const TABLES: [&str; 5] =
    ["alert_events", "alerts", "deliveries", "delivery_alerts", "alert_journal"];

#[tokio::test]
async fn what_is_over_is_forgotten_and_nothing_else() {
    let folder = folder();
    let store = open(&folder);
    let [old, young, open_one] = ["old", "young", "open"].map(alert);
    put_alert(&store, &resolved(&old, at(9)), None).await;
    put_alert(&store, &resolved(&young, at(10)), None).await;
    put_alert(&store, &open_one, None).await;
    let of = |time| ended(&delivery("a", Level::P1), DeliveryState::Delivered, at(time));
    let (over, kept, queued) = (of(9), of(10), delivery("a", Level::P1));
    put(&store, &[over.clone(), kept.clone(), queued.clone()]).await;
    for time in [9, 10] {
        append(&store, at(time), &old).await;
    }
    assert!(!take(&store, |turn| turn.forget(at(10))).await);

    let found = async |id| store.alert(&tenant(), id).await.expect("read").is_some();
    let alerts = (found(old.id).await, found(young.id).await, found(open_one.id).await);
    assert_eq!(alerts, (false, true, true));
    let found = async |id| store.delivery(&tenant(), id).await.expect("read").is_some();
    let deliveries = (found(over.id).await, found(kept.id).await, found(queued.id).await);
    assert_eq!(deliveries, (false, true, true));
    assert_eq!(TABLES.map(|table| rows(folder.path(), table)), [0, 2, 2, 2, 1]);
    assert_eq!(store.forgotten().await, Ok(1));
    store.close().await;
}

#[tokio::test]
async fn ids_of_events_are_forgotten_but_no_event() {
    let folder = folder();
    let store = open(&folder);
    accept(&store, &[event(Level::P1, "taken"), event(Level::P1, "waits")]).await;
    assert_eq!(taken(&store, 1).await, ["taken"]);
    take(&store, |turn| turn.forget(at(1))).await;
    assert_eq!(rows(folder.path(), "alert_events"), 2, "it is not older");
    take(&store, |turn| turn.forget(at(2))).await;
    assert_eq!(rows(folder.path(), "alert_events"), 1);
    assert_eq!((events_waiting(&store).await, taken(&store, 9).await), (1, vec!["waits".into()]));
    store.close().await;
}

#[tokio::test]
async fn a_few_are_forgotten_at_once() {
    const MORE: usize = AT_ONCE + 5;
    let folder = folder();
    let store = open(&folder);
    let over = resolved(&alert("a"), at(1));
    take(&store, move |turn| {
        for _ in 0..MORE {
            turn.append(&tenant(), at(1), &super::happening(&over))?;
            turn.put_delivery(&ended(&delivery("a", Level::P1), DeliveryState::Expired, at(1)))?;
            turn.put_alert(&resolved(&alert("a"), at(1)), None)?;
        }
        Ok(())
    })
    .await;
    for (more, left) in [(true, 5), (false, 0)] {
        assert_eq!(take(&store, |turn| turn.forget(at(2))).await, more);
        let counts = TABLES.map(|table| rows(folder.path(), table));
        assert_eq!(counts, [0, left, left, left, left]);
    }
    store.close().await;
}

use super::{accept, at, event, events_waiting, folder, open, take, taken};
use umpire_model::{Level, StoreError};
use umpire_notify::{Alerts, Event, turn};

#[tokio::test]
async fn events_come_out_once_and_p0_first() {
    let folder = folder();
    let store = open(&folder);
    let [first, second] = ["first", "second"].map(|key| event(Level::P1, key));
    let [urgent, last] = ["urgent", "last"].map(|key| event(Level::P0, key));
    let changed = Event { key: "again".into(), level: Level::P0, ..first.clone() };
    accept(&store, &[first.clone(), second, urgent.clone(), changed, last]).await;
    assert_eq!(events_waiting(&store).await, 4);

    assert_eq!(taken(&store, 1).await, ["urgent"]);
    assert_eq!(taken(&store, 2).await, ["last", "first"]);
    accept(&store, &[urgent, first, event(Level::P3, "later")]).await;
    assert_eq!(taken(&store, 9).await, ["second", "later"]);
    assert!(taken(&store, 9).await.is_empty());
    store.close().await;
}

#[tokio::test]
async fn an_event_comes_out_as_it_was_put_in_after_a_restart_too() {
    let folder = folder();
    let store = open(&folder);
    let [kept, gone] = ["kept", "gone"].map(|key| event(Level::P2, key));
    accept(&store, &[gone.clone(), kept.clone()]).await;
    assert_eq!(taken(&store, 1).await, ["gone"]);
    store.close().await;

    let store = open(&folder);
    accept(&store, &[gone, kept.clone()]).await;
    assert_eq!(take(&store, |turn| turn.take_events(9)).await, [kept]);
    store.close().await;
}

#[tokio::test]
async fn who_waits_is_told_of_events_that_are_durable_and_new() {
    let folder = folder();
    let store = open(&folder);
    let mut accepted = Alerts::accepted(&store);
    assert_eq!(*accepted.borrow_and_update(), 0);
    let known = event(Level::P1, "known");
    accept(&store, &[known.clone(), event(Level::P1, "b"), known.clone()]).await;
    assert_eq!(*accepted.borrow_and_update(), 2);

    accept(&store, &[known]).await;
    assert_eq!(taken(&store, 1).await, ["known"]);
    let undone = turn(&store, |turn| {
        turn.accept(&event(Level::P1, "undone"))?;
        Err::<(), _>(StoreError::Overloaded)
    });
    assert_eq!(undone.await, Err(StoreError::Overloaded));
    assert!(!accepted.has_changed().expect("open"), "nothing new was accepted");
    accept(&store, &[event(Level::P1, "c")]).await;
    assert_eq!(*accepted.borrow_and_update(), 3);
    store.close().await;

    let store = open(&folder);
    assert_eq!(*Alerts::accepted(&store).borrow(), 0, "since the start");
    assert_eq!(store.waiting(at(0)).await.expect("read").events, 2);
    store.close().await;
}

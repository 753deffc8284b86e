use super::{
    office::{Answer, Office, urgent},
    store::Store,
};
use crate::{
    DeliveryState, Policy,
    memory::Memory,
    port::Turn,
    samples::{Setup, alert, delivery, receiver},
};
use std::sync::atomic::Ordering;
use umpire_model::{Clock, SystemClock};

/// Those who hear of everything that is urgent.
fn setup(receivers: &[&str]) -> Setup {
    let receivers: Vec<_> = receivers.iter().map(|name| (*name, receiver())).collect();
    Setup::default().policy(Policy { backoff: 0, ..Policy::default() }).receivers(&receivers)
}

fn delivered(count: usize) -> impl Fn(&Memory) -> bool {
    move |memory| {
        let all = memory.deliveries.values();
        all.filter(|one| one.state == DeliveryState::Delivered).count() == count
    }
}

#[tokio::test]
async fn what_is_accepted_is_handed_over_by_the_next_turn() {
    let mut office = Office::open(setup(&["a", "b"]), Store::default(), &[]).await;
    for (key, count) in [("one", 2), ("two", 4), ("three", 6)] {
        office.happens(key).await;
        let mut called = [office.called().await, office.called().await];
        called.sort();
        assert_eq!(called, ["a", "b"]);
        office.store.until(delivered(count)).await;
    }
    assert_eq!(office.store.idled.load(Ordering::SeqCst), 0, "none waited for another turn");
    assert!(office.is_still());
}

#[tokio::test]
async fn one_receiver_that_takes_long_holds_up_no_other() {
    let mut office =
        Office::open(setup(&["a", "b"]), Store::default(), &[("a", &[Answer::Hold])]).await;
    office.happens("one").await;
    let mut called = [office.called().await, office.called().await];
    called.sort();
    assert_eq!(called, ["a", "b"]);
    office.store.until(delivered(1)).await;
    office.happens("two").await;
    assert_eq!(office.called().await, "b");
    office.store.until(delivered(2)).await;
    assert!(office.is_still(), "what is for `a` waits for its landing");
    office.vendor.let_go();
    assert_eq!(office.called().await, "a");
    office.store.until(delivered(4)).await;
}

#[tokio::test]
async fn while_the_store_is_away_nothing_is_lost_and_nothing_is_sent_twice() {
    let store = Store::default();
    store.memory().accept(&urgent("one")).expect("in memory");
    store.away.store(2, Ordering::SeqCst);
    let mut office = Office::open(setup(&["a"]), store, &[("a", &[Answer::Hold])]).await;
    assert_eq!(office.called().await, "a");
    // It cannot be noted at once that it was sent.
    office.store.away.store(1, Ordering::SeqCst);
    office.vendor.let_go();
    office.store.until(delivered(1)).await;
    assert!(office.is_still());
    let memory = office.store.memory();
    let log = &memory.deliveries.values().next().expect("one").log;
    assert_eq!(log.len(), 1, "{log:?}");
}

#[tokio::test]
async fn a_courier_that_breaks_is_tried_again() {
    let mut office =
        Office::open(setup(&["a"]), Store::default(), &[("a", &[Answer::Panic])]).await;
    office.happens("one").await;
    let (first, second) = (office.call().await, office.call().await);
    assert_eq!((first.2, second), (1, ("a".into(), first.1, 2)));
    office.store.until(delivered(1)).await;
    let memory = office.store.memory();
    let log = &memory.deliveries.values().next().expect("one").log;
    let classes: Vec<_> = log.iter().map(|call| call.class.as_str()).collect();
    assert_eq!(classes, ["UNKNOWN", "DELIVERED"]);
}

#[tokio::test]
async fn a_shutdown_waits_for_calls_that_are_under_way() {
    let mut office = Office::open(setup(&["a"]), Store::default(), &[("a", &[Answer::Hold])]).await;
    office.happens("one").await;
    assert_eq!(office.called().await, "a");
    office.shut_down();
    office.vendor.let_go();
    let store = office.store.clone();
    office.ended().await;
    assert!(delivered(1)(&store.memory()));
}

#[tokio::test]
async fn what_is_old_is_forgotten() {
    let store = Store::default();
    let mut old = delivery("a", &alert("fraud"));
    old.end(DeliveryState::Delivered, SystemClock.now().plus_seconds(-90 * 86_400));
    store.memory().put_delivery(&old).expect("in memory");
    let office = Office::open(setup(&["a"]), store, &[]).await;
    office.store.until(|memory| memory.deliveries.is_empty()).await;
}

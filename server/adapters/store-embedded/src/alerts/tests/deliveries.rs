use super::{at, delivery, ended, folder, id, open, other, put, take, tenant};
use crate::EmbeddedStore;
use std::slice::from_ref;
use umpire_model::{Level, Timestamp, new_uuid};
use umpire_notify::{AlertId, Alerts, Delivery, DeliveryId, DeliveryState, Health, Waiting};

async fn queued(store: &EmbeddedStore, receiver: &'static str, limit: usize) -> Vec<DeliveryId> {
    let queued = take(store, move |turn| turn.queued(&tenant(), &id(receiver), limit)).await;
    queued.iter().map(|delivery| delivery.id).collect()
}

#[tokio::test]
async fn a_queue_is_in_order_whether_due_or_not() {
    let folder = folder();
    let store = open(&folder);
    let levels = [Level::P3, Level::P0, Level::P1, Level::P0];
    let [mild, urgent, middle, last] = levels.map(|level| delivery("a", level));
    let (later, leased) = (at(99), true);
    let middle = Delivery { due: later, leased, fence: 1, ..middle };
    let over = ended(&delivery("a", Level::P0), DeliveryState::Delivered, at(5));
    let another = Delivery { tenant: other(), ..delivery("a", Level::P0) };
    // The order of ids counts, not that of putting.
    let all = [&last, &middle, &over, &mild, &another, &urgent, &delivery("b", Level::P0)];
    put(&store, &all.map(Clone::clone)).await;

    let expected = [urgent.id, last.id, mild.id, middle.id];
    assert_eq!(queued(&store, "a", 9).await, expected);
    assert_eq!(queued(&store, "a", 2).await, expected[..2]);
    assert_eq!(take(&store, |turn| turn.queued_count(&tenant(), &id("a"))).await, 4);
    assert_eq!(take(&store, |turn| turn.queued_count(&tenant(), &id("c"))).await, 0);

    put(&store, &[ended(&urgent, DeliveryState::DeadLettered, at(5))]).await;
    assert_eq!(queued(&store, "a", 9).await, expected[1..]);
    // A person queues it again.
    put(&store, &[urgent]).await;
    assert_eq!(queued(&store, "a", 9).await, expected);
    store.close().await;
}

#[tokio::test]
async fn what_is_queued_about_one_alert_and_no_other_comes_oldest_first() {
    let folder = folder();
    let store = open(&folder);
    let alert = AlertId(new_uuid());
    let about = |receiver, alerts: &[AlertId]| Delivery {
        alerts: alerts.to_vec(),
        ..delivery(receiver, Level::P1)
    };
    let [first, second, over] = [(); 3].map(|()| about("a", &[alert]));
    let urgent = Delivery { notice: delivery("a", Level::P0).notice, ..about("a", &[alert]) };
    let digest = about("a", &[alert, AlertId(new_uuid())]);
    let others = [about("a", &[]), about("a", &[AlertId(new_uuid())]), about("b", &[alert])];
    let elsewhere = Delivery { tenant: other(), ..about("a", &[alert]) };
    let over = ended(&over, DeliveryState::Suppressed, at(1));
    put(&store, &[second.clone(), first.clone(), over, urgent.clone(), digest, elsewhere]).await;
    put(&store, &others).await;
    let find =
        async || take(&store, move |turn| turn.queued_about(&tenant(), &id("a"), alert)).await;
    assert_eq!(find().await, [first.clone(), second.clone(), urgent.clone()]);
    put(&store, &[ended(&first, DeliveryState::Delivered, at(2))]).await;
    assert_eq!(find().await, [second, urgent]);
    store.close().await;
}

#[tokio::test]
async fn a_delivery_is_kept_as_it_is_now() {
    let folder = folder();
    let store = open(&folder);
    let first = delivery("a", Level::P1);
    let number = first.id;
    put(&store, from_ref(&first)).await;
    assert_eq!(store.delivery(&tenant(), number).await, Ok(Some(first.clone())));
    let done = ended(&first, DeliveryState::Delivered, at(3));
    put(&store, from_ref(&done)).await;
    let find = take(&store, move |turn| turn.delivery(&tenant(), number)).await;
    assert_eq!(find, Some(done));
    assert_eq!(store.delivery(&other(), number).await, Ok(None), "it is another's");
    store.close().await;
}

#[tokio::test]
async fn receivers_are_due_that_have_something_to_be_tried() {
    let folder = folder();
    let store = open(&folder);
    let to = |receiver, due| Delivery { due: at(due), ..delivery(receiver, Level::P1) };
    let leased = Delivery { leased: true, ..to("leased", 60) };
    let over = ended(&to("over", 0), DeliveryState::Suppressed, at(0));
    let elsewhere = Delivery { tenant: other(), ..to("a", 2) };
    put(&store, &[to("a", 9), to("a", 3), leased, over, elsewhere, to("b", 1)]).await;
    let due = async |now: Timestamp, limit| {
        let due = take(&store, move |turn| turn.due_receivers(now, limit)).await;
        due.iter().map(|(tenant, receiver)| format!("{tenant}/{receiver}")).collect::<Vec<_>>()
    };
    assert!(due(at(0), 9).await.is_empty());
    assert_eq!(due(at(3), 9).await, ["games/b", "forum/a", "games/a"]);
    assert_eq!(due(at(3), 2).await, ["games/b", "forum/a"]);
    assert_eq!(due(at(59), 9).await.len(), 3, "it is leased");
    assert_eq!(due(at(60), 9).await[3], "games/leased", "the lease is over");
    store.close().await;
}

#[tokio::test]
async fn deadlines_come_and_p0_is_slow() {
    let folder = folder();
    let store = open(&folder);
    let made = |level, time, deadline| Delivery {
        create_time: at(time),
        deadline: at(deadline),
        ..delivery("a", level)
    };
    let [urgent, mild, old] = [(Level::P0, 5, 50), (Level::P1, 0, 30), (Level::P0, 1, 90)]
        .map(|(level, time, deadline)| made(level, time, deadline));
    let helped = Delivery { failover: Some(urgent.id), ..made(Level::P0, 0, 80) };
    let over = ended(&made(Level::P0, 0, 10), DeliveryState::Expired, at(10));
    put(&store, &[urgent.clone(), mild.clone(), old.clone(), helped, over]).await;

    let overdue = async |now, limit| take(&store, move |turn| turn.overdue(at(now), limit)).await;
    assert!(overdue(29, 9).await.is_empty());
    assert_eq!(overdue(50, 9).await, [mild.clone(), urgent.clone()]);
    assert_eq!(overdue(50, 1).await, [mild]);
    let slow = async |before, limit| take(&store, move |turn| turn.slow(at(before), limit)).await;
    assert!(slow(1, 9).await.is_empty(), "it is not older");
    assert_eq!(slow(6, 9).await, [old.clone(), urgent]);
    assert_eq!(slow(6, 1).await, [old]);
    store.close().await;
}

#[tokio::test]
async fn what_waits_is_counted() {
    let folder = folder();
    let store = open(&folder);
    assert_eq!(store.waiting(at(0)).await, Ok(Waiting::default()));
    let waits = Delivery { create_time: at(4), ..delivery("a", Level::P1) };
    let older = Delivery { create_time: at(2), tenant: other(), ..delivery("b", Level::P1) };
    put(&store, &[waits.clone(), older]).await;
    let states = [
        DeliveryState::Delivered,
        DeliveryState::Suppressed,
        DeliveryState::Expired,
        DeliveryState::DeadLettered,
    ];
    put(&store, &states.map(|state| ended(&delivery("a", Level::P0), state, at(1)))).await;
    let waiting = store.waiting(at(0)).await.expect("read");
    assert_eq!((waiting.queued, waiting.oldest, waiting.dead), (2, Some(at(2)), 2));
    store.close().await;
}

#[tokio::test]
async fn what_is_known_of_a_receiver_is_kept_and_forgotten() {
    let folder = folder();
    let store = open(&folder);
    let known = Health { failures: 2, sent: vec![at(1), at(2)], version: 3, ..Health::default() };
    let health = async |receiver: &'static str| {
        take(&store, move |turn| turn.health(&tenant(), &id(receiver))).await
    };
    assert_eq!(health("a").await, Health::default());
    let keep = known.clone();
    take(&store, move |turn| turn.put_health(&tenant(), &id("a"), Some(&keep))).await;
    assert_eq!((health("a").await, health("b").await), (known.clone(), Health::default()));
    let keep = Health { failures: 3, ..known.clone() };
    take(&store, move |turn| turn.put_health(&tenant(), &id("a"), Some(&keep))).await;
    assert_eq!(health("a").await.failures, 3);
    take(&store, |turn| turn.put_health(&tenant(), &id("a"), None)).await;
    assert_eq!(health("a").await, Health::default());
    store.close().await;
}

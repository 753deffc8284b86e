use super::{at, delivery, ended, folder, id, open, other, put, tenant};
use crate::EmbeddedStore;
use std::slice::from_ref;
use umpire_model::{Level, new_uuid};
use umpire_notify::{
    AlertId, Alerts, ChannelKind, Delivery, DeliveryId, DeliveryQuery, DeliveryState, Notice,
    Reason,
};
use umpire_query::parse;

async fn found(store: &EmbeddedStore, filter: &str, size: usize) -> Vec<DeliveryId> {
    let filter = parse(filter).expect("a filter");
    let mut query = DeliveryQuery { tenant: tenant(), filter, size, cursor: None };
    let mut found = Vec::new();
    loop {
        let page = store.deliveries(query.clone()).await.expect("read");
        assert!(page.items.len() <= size);
        found.extend(page.items.iter().map(|delivery| delivery.id));
        query.cursor = page.next;
        if query.cursor.is_none() {
            return found;
        }
    }
}

/// One QUEUED, one DELIVERED, one SUPPRESSED, one DEAD_LETTERED, in this order.
fn log(alert: AlertId) -> [Delivery; 4] {
    let queued = Delivery { alerts: vec![alert], ..delivery("team", Level::P0) };
    let delivered = Delivery { channel: ChannelKind::Sms, ..delivery("boss", Level::P1) };
    let digest = Delivery {
        alerts: vec![AlertId(new_uuid()), alert],
        create_time: at(60),
        ..delivery("team", Level::P1)
    };
    let notice = Notice { reason: Reason::Digest, ..digest.notice.clone() };
    let dead = Delivery { create_time: at(90), ..delivery("Team2", Level::P3) };
    [
        queued,
        ended(&delivered, DeliveryState::Delivered, at(70)),
        ended(&Delivery { notice, ..digest }, DeliveryState::Suppressed, at(60)),
        ended(&dead, DeliveryState::DeadLettered, at(95)),
    ]
}

#[tokio::test]
async fn deliveries_are_found_newest_first() {
    let folder = folder();
    let store = open(&folder);
    let alert = AlertId(new_uuid());
    let log = log(alert);
    put(&store, &log).await;
    put(&store, &[Delivery { tenant: other(), ..delivery("team", Level::P0) }]).await;
    let elsewhere = format!("alert = \"tenants/forum/alerts/{alert}\"");
    let [of_alert, by_name, not_of_alert] = [
        format!("alert = \"{alert}\""),
        format!("alert = \"tenants/games/alerts/{alert}\" AND state = SUPPRESSED"),
        format!("alert != \"{alert}\""),
    ];
    for (filter, expected) in [
        ("", &[3, 2, 1, 0][..]),
        ("state = QUEUED", &[0]),
        ("state = DEAD_LETTERED", &[3]),
        ("state >= EXPIRED", &[3]),
        ("NOT state = QUEUED AND state != DELIVERED", &[3, 2]),
        ("receiver = team", &[2, 0]),
        ("receiver = \"tenants/games/receivers/team\" AND state = QUEUED", &[0]),
        ("receiver : TEAM", &[3, 2, 0]),
        ("receiver = \"tenants/forum/receivers/team\"", &[]),
        ("channel = sms", &[1]),
        ("channel != sms AND level >= P1", &[2, 0]),
        ("level = P3 OR reason = DIGEST", &[3, 2]),
        ("create_time >= \"1970-01-01T00:01:00Z\"", &[3, 2]),
        (of_alert.as_str(), &[2, 0]),
        (by_name.as_str(), &[2]),
        (not_of_alert.as_str(), &[3, 1]),
        (elsewhere.as_str(), &[]),
        ("alert = nonsense", &[]),
        ("alert != nonsense AND level = P3", &[3]),
    ] {
        let expected: Vec<_> = expected.iter().map(|index: &usize| log[*index].id).collect();
        for size in [1, 9] {
            assert_eq!(found(&store, filter, size).await, expected, "{filter}, pages of {size}");
        }
    }
    store.close().await;
}

#[tokio::test]
async fn a_filter_sees_a_delivery_as_it_is_now() {
    let folder = folder();
    let store = open(&folder);
    let before = delivery("team", Level::P1);
    put(&store, from_ref(&before)).await;
    let alert = before.alerts[0];
    let after = Delivery { receiver: id("boss"), ..before };
    put(&store, &[ended(&after, DeliveryState::Expired, at(9))]).await;
    for (filter, expected) in [
        (format!("state = EXPIRED AND receiver = boss AND alert = \"{alert}\""), 1),
        ("state = QUEUED OR receiver = team".to_owned(), 0),
    ] {
        assert_eq!(found(&store, &filter, 9).await.len(), expected, "{filter}");
    }
    store.close().await;
}

use super::{alert, append, at, delivery, event, folder, happening, id, open, rows, tenant};
use rusqlite::Connection;
use umpire_model::{Level, RequestKey, RequestRecord, StoreError};
use umpire_notify::{Alerts, Group, Health, Turn, turn};

/// Every table that a turn can change, but the journal.
const TABLES: [&str; 7] = [
    "alert_events",
    "alerts",
    "alert_groups",
    "deliveries",
    "delivery_alerts",
    "receiver_healths",
    "requests",
];

fn group() -> Group {
    let (route, key, told_time) = ("route".into(), "key".into(), Some(at(1)));
    Group { tenant: tenant(), route, key, pending: Vec::new(), due: None, told_time }
}

fn do_everything(turn: &mut dyn Turn) -> Result<(), StoreError> {
    turn.accept(&event(Level::P0, "a"))?;
    turn.put_alert(&alert("a"), Some(at(1)))?;
    turn.append(&tenant(), at(1), &happening(&alert("a")))?;
    turn.put_group(&group())?;
    turn.put_delivery(&delivery("a", Level::P0))?;
    turn.put_health(&tenant(), &id("a"), Some(&Health::default()))?;
    let key = RequestKey { id: "request".into(), fingerprint: "f".into() };
    let request = RequestRecord { key, outcome: String::new(), time: at(1) };
    turn.keep_request(&tenant(), &request)?;

    assert_eq!(turn.request(&tenant(), "request")?, Some(request), "a turn sees what it did");
    assert_eq!(turn.queued_count(&tenant(), &id("a"))?, 1);
    assert!(turn.open_alert(&tenant(), "a")?.is_some());
    Ok(())
}

#[tokio::test]
async fn a_failed_turn_leaves_nothing() {
    let folder = folder();
    let store = open(&folder);
    append(&store, at(0), &alert("before")).await;
    let failed = turn(&store, |turn| {
        do_everything(turn)?;
        Err::<(), _>(StoreError::Overloaded)
    });
    assert_eq!(failed.await, Err(StoreError::Overloaded));
    for table in TABLES {
        assert_eq!(rows(folder.path(), table), 0, "{table}");
    }
    assert_eq!((*store.settled().borrow(), *store.accepted().borrow()), (1, 0));

    let done = turn(&store, |turn| {
        do_everything(turn)?;
        turn.append(&tenant(), at(1), &happening(&alert("a")))
    });
    assert_eq!(done.await, Ok(3), "no sequence is left out");
    for table in TABLES {
        assert_eq!(rows(folder.path(), table), 1, "{table}");
    }
    assert_eq!((*store.settled().borrow(), *store.accepted().borrow()), (3, 1));
    store.close().await;
}

#[tokio::test]
async fn a_turn_in_which_something_failed_is_undone_whatever_it_says() {
    let folder = folder();
    let store = open(&folder);
    let another = Connection::open(folder.path().join("umpire.db")).expect("opened");
    another.execute_batch("DROP TABLE alert_groups").expect("dropped");
    let careless = turn(&store, |turn| {
        turn.accept(&event(Level::P0, "a"))?;
        let _ = turn.put_group(&group());
        Ok::<_, StoreError>(())
    });
    assert!(matches!(careless.await, Err(StoreError::Corrupt(_))));
    assert_eq!((rows(folder.path(), "alert_events"), *store.accepted().borrow()), (0, 0));
    store.close().await;
}

#[tokio::test]
async fn turns_of_alerts_and_sanctions_share_their_requests() {
    let folder = folder();
    let store = open(&folder);
    turn(&store, do_everything).await.expect("kept");
    let found = umpire_sanctions::turn(&store, |turn| turn.request(&tenant(), "request"));
    assert!(found.await.expect("read").is_some());
    store.close().await;
}

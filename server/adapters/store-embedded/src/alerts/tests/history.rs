use super::{alert, append, at, folder, happening, open, other, put_alert, take, tenant};
use crate::EmbeddedStore;
use umpire_model::StoreError;
use umpire_notify::{Alerts, Told, turn};

async fn read(store: &EmbeddedStore, after: u64, until: u64, limit: usize) -> Vec<u64> {
    let read = store.journal(tenant(), after, until, limit).await.expect("read");
    read.iter().map(|told| told.sequence).collect()
}

#[tokio::test]
async fn the_journal_of_a_tenant_is_read_in_order() {
    let folder = folder();
    let store = open(&folder);
    let [first, second] = ["a", "b"].map(alert);
    assert_eq!(append(&store, at(1), &first).await, 1);
    let elsewhere = happening(&first);
    let sequence = take(&store, move |turn| turn.append(&other(), at(2), &elsewhere)).await;
    assert_eq!(sequence, 2);
    for expected in [3, 4] {
        assert_eq!(append(&store, at(3), &second).await, expected);
    }
    let told = store.journal(tenant(), 0, 1, 9).await.expect("read");
    let expected =
        Told { sequence: 1, tenant: tenant(), time: at(1), happening: happening(&first) };
    assert_eq!(told, [expected]);
    for (after, until, limit, expected) in [
        (0, u64::MAX, 9, &[1, 3, 4][..]),
        (0, 4, 2, &[1, 3]),
        (1, 3, 9, &[3]),
        (3, 4, 9, &[4]),
        (4, 4, 9, &[]),
    ] {
        let found = read(&store, after, until, limit).await;
        assert_eq!(found, expected, "after {after} until {until}, {limit}");
    }
    store.close().await;
}

#[tokio::test]
async fn readers_are_told_of_entries_that_are_durable() {
    let folder = folder();
    let store = open(&folder);
    let mut settled = Alerts::settled(&store);
    assert_eq!(*settled.borrow_and_update(), 0);
    append(&store, at(1), &alert("a")).await;
    append(&store, at(1), &alert("b")).await;
    assert_eq!(*settled.borrow_and_update(), 2);

    let undone = turn(&store, |turn| {
        assert_eq!(turn.append(&tenant(), at(1), &happening(&alert("c")))?, 3);
        Err::<(), _>(StoreError::Overloaded)
    });
    assert_eq!(undone.await, Err(StoreError::Overloaded));
    put_alert(&store, &alert("a"), None).await;
    assert!(!settled.has_changed().expect("open"), "nothing was added");
    assert_eq!(append(&store, at(1), &alert("c")).await, 3, "no sequence is left out");
    assert_eq!(*settled.borrow_and_update(), 3);
    store.close().await;
}

#[tokio::test]
async fn journals_have_names_of_their_own_and_go_on_after_a_restart() {
    let folders = [folder(), folder()];
    let mut names = Vec::new();
    for folder in &folders {
        let store = open(folder);
        names.push(Alerts::journal_name(&store));
        append(&store, at(1), &alert("a")).await;
        store.close().await;
    }
    assert_ne!(names[0], names[1]);
    let store = open(&folders[0]);
    assert_eq!(Alerts::journal_name(&store), names[0]);
    assert_eq!(*Alerts::settled(&store).borrow(), 1);
    assert_eq!(store.forgotten().await, Ok(0));
    assert_eq!(append(&store, at(1), &alert("b")).await, 2);
    assert_eq!(read(&store, 0, 9, 9).await, [1, 2]);
    store.close().await;
}

#[tokio::test]
async fn what_is_forgotten_is_never_told_again_under_its_number() {
    let folder = folder();
    let store = open(&folder);
    for second in [1, 2, 3] {
        append(&store, at(second), &alert("a")).await;
    }
    assert!(!take(&store, |turn| turn.forget(at(3))).await, "there is no more");
    assert_eq!((store.forgotten().await, read(&store, 0, 9, 9).await), (Ok(2), vec![3]));
    take(&store, |turn| turn.forget(at(4))).await;
    assert_eq!((store.forgotten().await, read(&store, 0, 9, 9).await), (Ok(3), vec![]));
    store.close().await;

    let store = open(&folder);
    assert_eq!(*Alerts::settled(&store).borrow(), 3);
    assert_eq!(append(&store, at(5), &alert("a")).await, 4);
    store.close().await;
}

use super::{accept, at, event, events_waiting, folder, open, taken, tenant};
use crate::{EmbeddedStore, spool::Spool};
use tempfile::TempDir;
use umpire_audit::{Committed, Decision, Ledger, ReplayKey};
use umpire_model::{Level, Message, Sender, Verdict};
use umpire_notify::{Alerts, Event};
use umpire_sanctions::{Offence, Subject};

/// What somebody said, with the events it raised.
fn decision(message_id: &str, events: Vec<Event>, offence: Option<Offence>) -> Decision {
    let message = Message { message_id, text: "hi", ..Message::default() };
    let replay = ReplayKey::of(&[7; 32], &tenant(), &message);
    let verdict = Verdict::pass(1, "test".into());
    let made = Decision::new(&tenant(), "test", at(1), &message, &verdict, replay, offence);
    Decision { events, ..made.expect("made") }
}

fn offence() -> Offence {
    let sender = Sender { user_id: "u1", ..Sender::default() };
    Offence {
        tenant: tenant(),
        subject: Subject::of(&sender).expect("a user id"),
        time: at(1),
        candidates: Vec::new(),
        record: String::new(),
        content: String::new(),
        ip: String::new(),
        callback_info: String::new(),
        total_recharge: None,
        revision: 1,
        stopped: false,
    }
}

fn raised(key: &str) -> Vec<Event> {
    vec![event(Level::P1, key), event(Level::P0, &format!("{key}, urgent"))]
}

async fn commit(store: &EmbeddedStore, decision: Decision) -> Committed {
    store.commit(decision).await.expect("committed")
}

#[tokio::test]
async fn a_commit_accepts_the_events_of_its_decision() {
    let folder = folder();
    let store = open(&folder);
    let mut accepted = store.accepted();
    commit(&store, decision("", Vec::new(), None)).await;
    assert!(!accepted.has_changed().expect("open"));
    commit(&store, decision("", raised("a"), None)).await;
    commit(&store, decision("", raised("b"), Some(offence()))).await;
    assert_eq!(*accepted.borrow_and_update(), 4);
    assert_eq!(taken(&store, 9).await, ["a, urgent", "b, urgent", "a", "b"]);
    store.close().await;
}

#[tokio::test]
async fn a_repeated_message_raises_nothing() {
    let folder = folder();
    let store = open(&folder);
    commit(&store, decision("m1", raised("a"), None)).await;
    let again = commit(&store, decision("m1", raised("again"), Some(offence()))).await;
    assert!(matches!(again, Committed::Earlier(_)), "{again:?}");
    assert_eq!(taken(&store, 9).await, ["a, urgent", "a"]);
    store.close().await;
}

/// Puts decisions where a server that could not write its database leaves them.
fn spool(folder: &TempDir, decisions: &[Decision]) {
    let path = folder.path().join("spool.bin");
    let (mut spool, _) = Spool::open(&path, 1 << 20).expect("opened");
    spool.append(decisions.iter()).expect("fits");
}

#[tokio::test]
async fn what_was_spooled_is_accepted_once_when_it_is_moved_over() {
    let spooled = [
        decision("", raised("a"), None),
        decision("m1", raised("b"), Some(offence())),
        decision("m2", raised("c"), None),
    ];
    let folder = folder();
    spool(&folder, &spooled);
    let store = open(&folder);
    assert_eq!(*store.accepted().borrow(), 6);
    accept(&store, &spooled[0].events).await;
    assert_eq!(taken(&store, 4).await, ["a, urgent", "b, urgent", "c, urgent", "a"]);
    store.close().await;

    // As after a crash between the commit and clearing the spool.
    spool(&folder, &spooled);
    let store = open(&folder);
    assert_eq!(events_waiting(&store).await, 2);
    assert_eq!(taken(&store, 9).await, ["b", "c"]);
    store.close().await;
}

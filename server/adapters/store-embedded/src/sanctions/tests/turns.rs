use super::{
    append, at, candidate, commit, decision, dump, folder, id, jobs::job, open, rows, strikes,
    subject, tenant,
};
use crate::{rule_sets::to_json, sanctions::journal};
use rusqlite::Connection;
use std::path::Path;
use umpire_audit::{Hash, Link};
use umpire_model::{RequestKey, RequestRecord, StoreError, Timestamp};
use umpire_sanctions::{Change, CounterOf, Sanctions, Strike, Turn, turn};

fn grace() -> Change {
    Change::Grace { subject: subject("u1"), rule: id("spam"), until: at(60) }
}

#[tokio::test]
async fn a_failed_turn_leaves_nothing() {
    let folder = folder();
    let store = open(&folder);
    commit(&store, decision("u1", "", at(0), vec![candidate("spam", 9)])).await;
    let before = dump(folder.path());
    let failed = turn(&store, |turn| {
        do_everything(turn)?;
        Err::<(), _>(StoreError::Overloaded)
    });
    assert_eq!(failed.await, Err(StoreError::Overloaded));

    assert_eq!(dump(folder.path()), before);
    for table in ["jobs", "requests"] {
        assert!(rows(folder.path(), table).is_empty(), "{table}");
    }
    assert_eq!(*store.settled().borrow(), 1);
    assert_eq!(strikes(&store, "u1", "spam").await.iter().count(), 1);
    assert_eq!(append(&store, at(1), grace()).await, 2, "no sequence is left out");
    store.close().await;
}

/// Counts a strike and leaves a grace, a job and a request.
fn do_everything(turn: &mut dyn Turn) -> Result<(), StoreError> {
    let (subject, rule) = (subject("u1"), id("spam"));
    let strike = Strike { rule: rule.clone(), window: 60, weight: 1, crossed: false };
    let counted =
        Change::Counted { subject: subject.clone(), record: "r".into(), strikes: vec![strike] };
    turn.append(&tenant(), at(1), &counted)?;
    turn.append(&tenant(), at(1), &grace())?;
    turn.put_job(&job("webhook", "u1", 0))?;
    let key = RequestKey { id: "request".into(), fingerprint: "f".into() };
    let request = RequestRecord { key, outcome: String::new(), time: at(1) };
    turn.keep_request(&tenant(), &request)?;
    let counter = CounterOf { tenant: &tenant(), rule: &rule, subject: &subject };
    assert_eq!(turn.strikes(counter)?.iter().count(), 2, "a turn sees what it did");
    assert_eq!(turn.grace(counter)?, Some(at(60)));
    assert_eq!(turn.request(&tenant(), "request")?, Some(request));
    Ok(())
}

#[tokio::test]
async fn a_turn_that_could_not_append_is_undone_whatever_it_says() {
    let folder = folder();
    let store = open(&folder);
    let another = Connection::open(folder.path().join("umpire.db")).expect("opened");
    another.execute_batch("DROP TABLE graces").expect("dropped");
    let careless = turn(&store, |turn| {
        turn.append(&tenant(), at(0), &Change::RuleDeleted { rule: id("spam") })?;
        let _ = turn.append(&tenant(), at(0), &grace());
        Ok::<_, StoreError>(())
    });
    assert!(matches!(careless.await, Err(StoreError::Corrupt(_))));
    assert!(store.journal(0, 10).await.expect("read").is_empty());
    store.close().await;
}

#[tokio::test]
async fn stores_keep_journals_of_their_own_that_go_on_after_a_restart() {
    let folders = [folder(), folder()];
    let mut names = Vec::new();
    for folder in &folders {
        let store = open(folder);
        names.push(store.journal_name());
        commit(&store, decision("u1", "", at(0), vec![candidate("spam", 1)])).await;
        assert_eq!(*store.settled().borrow(), 2, "the strike, and the sanction");
        store.close().await;
    }
    assert_ne!(names[0], names[1]);

    let store = open(&folders[0]);
    assert_eq!(store.journal_name(), names[0]);
    let mut settled = store.settled();
    assert_eq!(*settled.borrow_and_update(), 2);
    assert_eq!(append(&store, at(1), grace()).await, 3);
    assert!(settled.has_changed().expect("open"), "readers are told");
    assert_eq!(store.oldest().await, Ok(1));
    let read = store.journal(1, 10).await.expect("read");
    assert_eq!(read.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((&read[1].change, read[1].time), (&grace(), at(1)));
    store.close().await;
    assert_eq!([1, 0].map(|index| verified(folders[index].path())), [2, 3]);
}

/// Follows the chain of a journal; gives its length.
fn verified(folder: &Path) -> u64 {
    let connection = Connection::open(folder.join("umpire.db")).expect("opened");
    let chain: String =
        connection.query_row("SELECT writer FROM chain", [], |row| row.get(0)).expect("named");
    let writer = format!("{chain}/sanctions");
    let sql = "SELECT sequence, tenant, time, body, leaf FROM journal ORDER BY sequence";
    let mut statement = connection.prepare(sql).expect("a table");
    let mut entries = statement.query([]).expect("readable");
    let mut last = (0_u64, Link::ORIGIN);
    while let Some(row) = entries.next().expect("readable") {
        let text = |column: usize| row.get::<_, String>(column).expect("a text");
        let (tenant, body) = (text(1), text(3));
        let time = Timestamp(row.get(2).expect("a number"));
        let (sequence, previous) = (last.0 + 1, last.1.into());
        assert_eq!(row.get::<_, u64>(0), Ok(sequence));
        let bytes = minicbor::to_vec((tenant, time, body)).expect("in memory");
        let leaf: Hash = Link { writer: writer.clone(), sequence, previous }.leaf(&bytes);
        assert_eq!(row.get::<_, Hash>(4), Ok(leaf));
        last = (sequence, leaf);
    }
    last.0
}

#[test]
fn the_form_of_entries_is_fixed_for_ever() {
    let change = Change::RuleDeleted { rule: id("spam") };
    let body = to_json(&change).expect("in memory");
    assert_eq!(body, r#"{"rule_deleted":{"rule":"spam"}}"#);
    // An array of three: the texts `t` and `{}`, and 1 between them.
    let expected = [0x83, 0x61, b't', 0x01, 0x62, b'{', b'}'];
    assert_eq!(journal::canonical("t", Timestamp(1), "{}"), expected);
}

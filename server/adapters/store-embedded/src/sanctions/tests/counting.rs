use super::{append, at, candidate, commit, decision, folder, id, open, strikes, subject, tenant};
use crate::{EmbeddedStore, spool::Spool};
use tempfile::TempDir;
use umpire_audit::{Committed, Decision, Ledger, StoredRecord};
use umpire_model::RecordId;
use umpire_sanctions::{Change, Sanctions};

#[tokio::test]
async fn a_commit_counts_and_the_record_says_so() {
    let folder = folder();
    let store = open(&folder);
    let mut judged = Vec::new();
    for second in 0..3 {
        let decision = decision("u1", "", at(second), vec![candidate("spam", 3)]);
        let record = decision.record.record_id();
        judged.push((record, commit(&store, decision).await));
    }
    let counts: Vec<_> = judged.iter().map(|(_, judged)| judged.strikes[0].count).collect();
    assert_eq!(counts, [1, 2, 3]);
    assert!(strikes(&store, "u1", "spam").await.is_empty(), "the third cleared them");

    let (record, last) = &judged[2];
    let sanction = last.sanction.expect("a sanction");
    let kept = store.sanction(&tenant(), sanction).await.expect("read").expect("there");
    assert_eq!((kept.subject, kept.start_time), (subject("u1"), at(2)));
    assert_eq!(kept.audit_records, [record.to_string()]);
    for (record, judged) in &judged {
        assert_eq!(stored(&store, *record).await.record.judged(), *judged);
    }
    store.close().await;
}

async fn stored(store: &EmbeddedStore, id: RecordId) -> StoredRecord {
    store.record(&tenant(), id).await.expect("read").expect("there")
}

#[tokio::test]
async fn a_repeated_message_counts_once() {
    let folder = folder();
    let store = open(&folder);
    let made = || decision("u1", "m1", at(0), vec![candidate("spam", 3)]);
    let first = commit(&store, made()).await;
    for _ in 0..2 {
        match store.commit(made()).await.expect("committed") {
            Committed::Earlier(earlier) => assert_eq!(earlier.record.judged(), first),
            other => panic!("not recognised: {other:?}"),
        }
    }
    assert_eq!(strikes(&store, "u1", "spam").await.iter().count(), 1);
    store.close().await;
}

/// Puts decisions where a server that could not write its database leaves them.
fn spool(folder: &TempDir, decisions: &[Decision]) {
    let path = folder.path().join("spool.bin");
    let (mut spool, _) = Spool::open(&path, 1 << 20).expect("opened");
    spool.append(decisions.iter()).expect("fits");
}

#[tokio::test]
async fn what_was_spooled_counts_once_when_it_is_moved_over() {
    let folder = folder();
    let spooled = ["", "m1"].map(|id| decision("u1", id, at(0), vec![candidate("spam", 9)]));
    // The second time as after a crash between the commit and clearing the spool.
    for _ in 0..2 {
        spool(&folder, &spooled);
        let store = open(&folder);
        assert_eq!(strikes(&store, "u1", "spam").await.iter().count(), 2);
        for decision in &spooled {
            let record = stored(&store, decision.record.record_id()).await.record;
            assert_eq!(record.judged().strikes.len(), 1);
        }
        store.close().await;
    }
}

#[tokio::test]
async fn what_is_over_is_forgotten_in_the_tables_too() {
    let folder = folder();
    let store = open(&folder);
    for second in [0, 30, 30, 60, 20] {
        commit(&store, decision("u1", "", at(second), vec![candidate("spam", 9)])).await;
    }
    let expected = [(at(30), 1), (at(30), 1), (at(60), 1), (at(60), 1)];
    assert_eq!(strikes(&store, "u1", "spam").await.iter().collect::<Vec<_>>(), expected);
    store.close().await;
    let store = open(&folder);
    assert_eq!(strikes(&store, "u1", "spam").await.iter().collect::<Vec<_>>(), expected);
    let times = vec![at(70), at(65), at(70)];
    let (rule, operator, reason) = (id("spam"), "a person".into(), "undone".into());
    let subject = subject("u1");
    append(&store, at(80), Change::Strikes { subject, rule, times, operator, reason }).await;
    let restored = strikes(&store, "u1", "spam").await;
    assert_eq!(restored.iter().collect::<Vec<_>>(), [(at(65), 1), (at(70), 2)]);
    store.close().await;
}

//! The journal and its projections, in real files.

mod counting;
mod history;
mod jobs;
mod lists;
mod turns;

use crate::{EmbeddedStore, Options};
use rusqlite::{Connection, types::Value};
use std::path::Path;
use tempfile::TempDir;
use umpire_audit::{Committed, Decision, Ledger, ReplayKey};
use umpire_model::{
    Judged, LocalizedText, Message, ResourceId, RiskClass, SanctionKind, Sender, StoreError,
    TenantId, Timestamp, Verdict,
};
use umpire_sanctions::{
    Candidate, Change, CountMode, CounterOf, Offence, RuleMode, SanctionRule, Strikes, Subject,
    turn,
};

fn folder() -> TempDir {
    tempfile::tempdir().expect("temporary folder")
}

fn open(folder: &TempDir) -> EmbeddedStore {
    let options = Options { folder: folder.path().into(), max_spool_bytes: 1 << 20 };
    EmbeddedStore::open(&options).expect("opened")
}

fn tenant() -> TenantId {
    TenantId::new("games").expect("an id")
}

fn id(text: &str) -> ResourceId {
    ResourceId::new(text).expect("an id")
}

/// So many seconds after the epoch.
fn at(seconds: i64) -> Timestamp {
    Timestamp(0).plus_seconds(seconds)
}

fn sender(user: &str) -> Sender<'_> {
    Sender { user_id: user, server_id: "s1", category: "game", ..<_>::default() }
}

fn subject(user: &str) -> Subject {
    Subject::of(&sender(user)).expect("a user id")
}

/// A MUTE for ten minutes at so many messages within a minute.
fn candidate(name: &str, threshold: u32) -> Candidate {
    let rule = SanctionRule {
        display_name: String::new(),
        risk_class: RiskClass::Sensitive,
        labels: Vec::new(),
        charge_from: None,
        charge_to: None,
        servers: Vec::new(),
        channels: Vec::new(),
        threshold,
        window: 60,
        count_mode: CountMode::PerMessage,
        kind: SanctionKind::Mute,
        duration: Some(600),
        kick_online: false,
        reason: String::new(),
        player_message: LocalizedText::default(),
        remark: String::new(),
        priority: 0,
        ladder: None,
        mode: RuleMode::Enforced,
        max_per_minute: 0,
        grace: 0,
    };
    Candidate { id: id(name), rule, weight: 1 }
}

/// Something a user said, to be counted under these.
fn decision(user: &str, message_id: &str, time: Timestamp, rules: Vec<Candidate>) -> Decision {
    let message = Message { message_id, text: "b*d", sender: sender(user), ..<_>::default() };
    let replay = ReplayKey::of(&[7; 32], &tenant(), &message);
    let verdict = Verdict::pass(1, "test".into());
    let offence = Offence {
        tenant: tenant(),
        subject: subject(user),
        time,
        candidates: rules,
        record: String::new(),
        content: String::new(),
        ip: String::new(),
        callback_info: String::new(),
        total_recharge: None,
        revision: 1,
        stopped: false,
    };
    Decision::new(&tenant(), "test", time, &message, &verdict, replay, Some(offence)).expect("made")
}

async fn commit(store: &EmbeddedStore, decision: Decision) -> Judged {
    match store.commit(decision).await.expect("committed") {
        Committed::Recorded(judged) => judged,
        other => panic!("not recorded: {other:?}"),
    }
}

async fn append(store: &EmbeddedStore, time: Timestamp, change: Change) -> u64 {
    let append = turn(store, move |turn| turn.append(&tenant(), time, &change));
    append.await.expect("appended")
}

/// What a counter of a user holds, as the writer sees it.
async fn strikes(store: &EmbeddedStore, user: &str, rule: &str) -> Strikes {
    let (subject, rule) = (subject(user), id(rule));
    let read = turn(store, move |turn| {
        let counter = CounterOf { tenant: &tenant(), rule: &rule, subject: &subject };
        Ok::<_, StoreError>(turn.strikes(counter)?.clone())
    });
    read.await.expect("read")
}

/// Every row of every projection.
fn dump(folder: &Path) -> Vec<String> {
    let tables = [
        "projected ORDER BY sequence",
        "counters ORDER BY id",
        "strikes ORDER BY counter, time, sequence",
        "graces ORDER BY tenant, rule, subject",
        "sanctions ORDER BY sequence",
        "switches ORDER BY tenant",
    ];
    tables.iter().flat_map(|table| rows(folder, table)).collect()
}

fn rows(folder: &Path, table: &str) -> Vec<String> {
    let connection = Connection::open(folder.join("umpire.db")).expect("opened");
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).expect("a table");
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns).map(|column| row.get(column)).collect::<rusqlite::Result<Vec<Value>>>()
    });
    let rows = rows.expect("readable");
    rows.map(|row| format!("{table}: {:?}", row.expect("a row"))).collect()
}

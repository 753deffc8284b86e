//! Alerts and deliveries, in real files.

mod alerts;
mod decisions;
mod deliveries;
mod due;
mod filters;
mod forgetting;
mod history;
mod inbox;
mod logs;
mod plans;
mod safety;
mod stats;
mod turns;

use crate::{EmbeddedStore, Options};
use rusqlite::Connection;
use std::{collections::BTreeMap, path::Path};
use tempfile::TempDir;
use umpire_model::{Level, ResourceId, StoreError, TenantId, Timestamp, new_uuid};
use umpire_notify::{
    Alert, AlertId, AlertKind, AlertState, Alerts, Call, ChannelKind, Delivery, DeliveryId,
    DeliveryState, Event, Happening, HappeningKind, Mention, Notice, Person, Place, Reason,
    Resolution, Turn, turn,
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

fn other() -> TenantId {
    TenantId::new("forum").expect("an id")
}

fn id(text: &str) -> ResourceId {
    ResourceId::new(text).expect("an id")
}

/// So many seconds after the epoch.
fn at(seconds: i64) -> Timestamp {
    Timestamp(0).plus_seconds(seconds)
}

/// Takes a turn that is kept.
async fn take<T: Send + 'static>(
    store: &EmbeddedStore,
    work: impl FnOnce(&mut dyn Turn) -> Result<T, StoreError> + Send + 'static,
) -> T {
    turn(store, work).await.expect("kept")
}

fn event(level: Level, key: &str) -> Event {
    Event {
        id: new_uuid(),
        tenant: tenant(),
        time: at(1),
        kind: AlertKind::Text,
        level,
        key: key.into(),
        rule: "tenants/games/rules/spam".into(),
        rule_name: "Spam".into(),
        labels: vec!["ad".into()],
        title: "Spam in a room".into(),
        keyword: "gold".into(),
        excerpt: "cheap \"gold\"\u{0}\n".into(),
        audit_record: "tenants/games/auditRecords/1".into(),
        place: Place { scene: "room".into(), ..Place::default() },
        sender: Person { user_id: "u1".into(), ..Person::default() },
        confidence: Some(0.5),
        done: vec!["BLOCK".into()],
        call: Call { alert: true, ..Call::default() },
        not_to: vec![id("self")],
    }
}

/// Hands events to the inbox.
async fn accept(store: &EmbeddedStore, events: &[Event]) {
    let events = events.to_vec();
    take(store, move |turn| events.iter().try_for_each(|event| turn.accept(event))).await;
}

/// Keys of the events that come out of the inbox.
async fn taken(store: &EmbeddedStore, limit: usize) -> Vec<String> {
    let events = take(store, move |turn| turn.take_events(limit)).await;
    events.into_iter().map(|event| event.key).collect()
}

/// An open alert of one event.
fn alert(key: &str) -> Alert {
    let Event { kind, level, rule, rule_name, labels, title, place, sender, .. } =
        event(Level::P1, key);
    Alert {
        id: AlertId(new_uuid()),
        tenant: tenant(),
        key: key.into(),
        state: AlertState::Open,
        version: 1,
        kind,
        level,
        level_history: Vec::new(),
        rule,
        rule_name,
        labels,
        title,
        keyword: String::new(),
        excerpt: String::new(),
        audit_records: Vec::new(),
        place,
        sender,
        confidence: None,
        done: Vec::new(),
        call: Call::default(),
        not_to: Vec::new(),
        count: 1,
        first_time: at(1),
        last_time: at(1),
        assignee: String::new(),
        acknowledgement: None,
        resolution: None,
        suppressed_by: String::new(),
        fates: BTreeMap::new(),
        threads: Vec::new(),
        told: Vec::new(),
        escalations: Vec::new(),
        recent: Vec::new(),
    }
}

fn resolved(alert: &Alert, time: Timestamp) -> Alert {
    let resolution = Resolution { operator: String::new(), time, note: String::new() };
    Alert { state: AlertState::Resolved, resolution: Some(resolution), ..alert.clone() }
}

async fn put_alert(store: &EmbeddedStore, alert: &Alert, due: Option<Timestamp>) {
    let alert = alert.clone();
    take(store, move |turn| turn.put_alert(&alert, due)).await;
}

fn happening(alert: &Alert) -> Happening {
    let alert = Box::new(alert.clone());
    Happening { kind: HappeningKind::Created, alert, cause: String::new() }
}

async fn append(store: &EmbeddedStore, time: Timestamp, alert: &Alert) -> u64 {
    let happening = happening(alert);
    take(store, move |turn| turn.append(&tenant(), time, &happening)).await
}

fn notice(level: Level) -> Notice {
    let Event { kind, title, rule, rule_name, place, sender, .. } = event(level, "key");
    Notice {
        reason: Reason::First,
        kind,
        level,
        previous_level: None,
        title,
        rule,
        rule_name,
        keyword: String::new(),
        labels: Vec::new(),
        excerpt: String::new(),
        place,
        sender,
        confidence: None,
        done: Vec::new(),
        count: 1,
        stands_for: 1,
        first_time: at(1),
        last_time: at(1),
        mentions: Vec::new(),
        mention: Mention::Nobody,
        urgent: false,
        operator: String::new(),
        parts: Vec::new(),
        more_parts: 0,
        audit_records: Vec::new(),
        thread: "key".into(),
        end_time: at(600),
        time_zone: "UTC".into(),
        tenant: "games".into(),
    }
}

/// Something QUEUED for a receiver, due at once.
fn delivery(receiver: &str, level: Level) -> Delivery {
    Delivery {
        id: DeliveryId(new_uuid()),
        tenant: tenant(),
        receiver: id(receiver),
        channel: ChannelKind::Dingtalk,
        alerts: vec![AlertId(new_uuid())],
        notice: notice(level),
        state: DeliveryState::Queued,
        suppressed_by: String::new(),
        leased: false,
        attempts: 0,
        due: at(0),
        deadline: at(3_600),
        fence: 0,
        create_time: at(0),
        done_time: None,
        log: Vec::new(),
        vendor_id: String::new(),
        failed_recipients: Vec::new(),
        failover_of: None,
        failover: None,
    }
}

/// The same, at its end.
fn ended(delivery: &Delivery, state: DeliveryState, time: Timestamp) -> Delivery {
    Delivery { state, done_time: Some(time), ..delivery.clone() }
}

async fn put(store: &EmbeddedStore, deliveries: &[Delivery]) {
    let deliveries = deliveries.to_vec();
    take(store, move |turn| deliveries.iter().try_for_each(|delivery| turn.put_delivery(delivery)))
        .await;
}

/// How many rows a table has.
fn rows(folder: &Path, table: &str) -> u64 {
    let connection = Connection::open(folder.join("umpire.db")).expect("opened");
    let sql = format!("SELECT count(*) FROM {table}");
    connection.query_row(&sql, [], |row| row.get(0)).expect("a table")
}

async fn events_waiting(store: &EmbeddedStore) -> u64 {
    store.waiting(at(0)).await.expect("read").events
}

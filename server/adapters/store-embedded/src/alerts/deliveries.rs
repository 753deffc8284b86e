//! The ledger of deliveries.

use super::bodies::{all, first};
use crate::{
    rule_sets::{signed, to_json},
    store::unreadable,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use umpire_model::{Level, ResourceId, TenantId, Timestamp};
use umpire_notify::{AlertId, Delivery, DeliveryId, DeliveryState};
use umpire_query::urgency;

// SQLite uses an index of some rows only where the query repeats its condition: `state = 0`
// is what is QUEUED. Beside the log of a receiver the index of its queue must be named.

pub(super) const NEXT_RECEIVER: &str = "SELECT tenant, receiver, due FROM deliveries
    WHERE state = 0 AND (tenant, receiver) > (?1, ?2) ORDER BY tenant, receiver, due LIMIT 1";
pub(super) const QUEUED: &str = "SELECT body FROM deliveries INDEXED BY deliveries_queued
    WHERE state = 0 AND tenant = ?1 AND receiver = ?2 ORDER BY later, id LIMIT ?3";
pub(super) const QUEUED_ABOUT: &str = "SELECT body FROM deliveries INDEXED BY deliveries_about
    WHERE state = 0 AND tenant = ?1 AND receiver = ?2 AND about = ?3 ORDER BY id";
pub(super) const QUEUED_COUNT: &str = "SELECT count(*) FROM deliveries
    INDEXED BY deliveries_queued WHERE state = 0 AND tenant = ?1 AND receiver = ?2";
pub(super) const OVERDUE: &str = "SELECT body FROM deliveries
    WHERE state = 0 AND deadline <= ?1 ORDER BY deadline, id LIMIT ?2";
pub(super) const SLOW: &str = "SELECT body FROM deliveries
    WHERE state = 0 AND later = 0 AND failover = 0 AND create_time < ?1
    ORDER BY create_time, id LIMIT ?2";

/// Those that are to be forgotten next.
const OLD: &str = "SELECT place FROM deliveries
    WHERE over_time IS NOT NULL AND over_time < ?1 ORDER BY over_time, place LIMIT ?2";

/// Keeps a delivery as it is now.
pub(super) fn put(connection: &Connection, delivery: &Delivery) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO deliveries (tenant, id, receiver, channel, state, level, later, reason, due,
             deadline, create_time, over_time, failover, about, calls, codes, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
         ON CONFLICT (tenant, id) DO UPDATE SET receiver = excluded.receiver,
             channel = excluded.channel, state = excluded.state, level = excluded.level,
             later = excluded.later, reason = excluded.reason, due = excluded.due,
             deadline = excluded.deadline, create_time = excluded.create_time,
             over_time = excluded.over_time, failover = excluded.failover,
             about = excluded.about, calls = excluded.calls, codes = excluded.codes,
             body = excluded.body
         RETURNING place",
    )?;
    let values = params![
        delivery.tenant.as_str(),
        delivery.id.0.as_bytes(),
        delivery.receiver.as_str(),
        delivery.channel.name(),
        delivery.state as i64,
        urgency(delivery.notice.level),
        delivery.notice.level != Level::P0,
        delivery.notice.reason.name(),
        delivery.due.0,
        delivery.deadline.0,
        delivery.create_time.0,
        over_since(delivery).map(|time| time.0),
        delivery.failover.is_some(),
        about(delivery).map(|alert| alert.0.as_bytes()),
        calls(delivery),
        codes(delivery)?,
        to_json(delivery)?,
    ];
    let place = statement.query_row(values, |row| row.get(0))?;
    put_alerts(connection, place, delivery)
}

fn put_alerts(connection: &Connection, place: i64, delivery: &Delivery) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO delivery_alerts (delivery, alert) VALUES (?1, ?2)";
    let mut statement = connection.prepare_cached(sql)?;
    for alert in &delivery.alerts {
        statement.execute(params![place, alert.0.as_bytes()])?;
    }
    Ok(())
}

fn over_since(delivery: &Delivery) -> Option<Timestamp> {
    let ended = delivery.state != DeliveryState::Queued;
    ended.then(|| delivery.done_time.unwrap_or(delivery.create_time))
}

/// The alert it tells of, where it is exactly one.
fn about(delivery: &Delivery) -> Option<&AlertId> {
    match &delivery.alerts[..] {
        [alert] => Some(alert),
        _ => None,
    }
}

/// Calls of the vendor: all in the log, which keeps the last ones only, and at least those
/// that count.
fn calls(delivery: &Delivery) -> u64 {
    (delivery.log.len() as u64).max(u64::from(delivery.attempts))
}

fn codes(delivery: &Delivery) -> rusqlite::Result<String> {
    let codes = delivery.log.iter().map(|attempt| attempt.vendor_code.as_str());
    to_json(&codes.filter(|code| !code.is_empty()).collect::<Vec<_>>())
}

/// One of them.
pub(super) fn find(
    connection: &Connection,
    tenant: &TenantId,
    id: DeliveryId,
) -> rusqlite::Result<Option<Delivery>> {
    let sql = "SELECT body FROM deliveries WHERE tenant = ?1 AND id = ?2";
    first(connection, sql, params![tenant.as_str(), id.0.as_bytes()])
}

/// Receivers with a QUEUED one that is due, the longest due first. Each is asked for its
/// first, so that one with thousands of them costs no more than another.
pub(super) fn due_receivers(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<(TenantId, ResourceId)>> {
    let mut due = Vec::new();
    let mut last = (String::new(), String::new());
    while let Some((tenant, receiver, time)) = receiver_after(connection, &last)? {
        if time <= now.0 {
            due.push((time, tenant.clone(), receiver.clone()));
        }
        last = (tenant, receiver);
    }
    due.sort_unstable();
    due.truncate(limit);
    due.into_iter().map(|(_, tenant, receiver)| named(&tenant, &receiver)).collect()
}

/// The next receiver with a QUEUED one, by tenant and id, and when its first is due.
fn receiver_after(
    connection: &Connection,
    (tenant, receiver): &(String, String),
) -> rusqlite::Result<Option<(String, String, i64)>> {
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    connection.prepare_cached(NEXT_RECEIVER)?.query_row([tenant, receiver], row).optional()
}

fn named(tenant: &str, receiver: &str) -> rusqlite::Result<(TenantId, ResourceId)> {
    let tenant = TenantId::new(tenant).map_err(unreadable)?;
    Ok((tenant, ResourceId::new(receiver).map_err(unreadable)?))
}

/// The QUEUED ones of a receiver: P0 first, then by id.
pub(super) fn queued(
    connection: &Connection,
    tenant: &TenantId,
    receiver: &ResourceId,
    limit: usize,
) -> rusqlite::Result<Vec<Delivery>> {
    all(connection, QUEUED, params![tenant.as_str(), receiver.as_str(), signed(limit as u64)])
}

/// The QUEUED ones of a receiver that tell of this alert and of no other, oldest first.
pub(super) fn queued_about(
    connection: &Connection,
    tenant: &TenantId,
    receiver: &ResourceId,
    alert: AlertId,
) -> rusqlite::Result<Vec<Delivery>> {
    let values = params![tenant.as_str(), receiver.as_str(), alert.0.as_bytes()];
    all(connection, QUEUED_ABOUT, values)
}

/// How many of a receiver are QUEUED.
pub(super) fn queued_count(
    connection: &Connection,
    tenant: &TenantId,
    receiver: &ResourceId,
) -> rusqlite::Result<u64> {
    let of_receiver = [tenant.as_str(), receiver.as_str()];
    connection.prepare_cached(QUEUED_COUNT)?.query_row(of_receiver, |row| row.get(0))
}

/// QUEUED ones whose deadline has come, the first to end first.
pub(super) fn overdue(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Delivery>> {
    all(connection, OVERDUE, [now.0, signed(limit as u64)])
}

/// QUEUED ones of P0 without a failover that were made before this, oldest first.
pub(super) fn slow(
    connection: &Connection,
    before: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Delivery>> {
    all(connection, SLOW, [before.0, signed(limit as u64)])
}

/// Forgets those that ended before this; says how many.
pub(super) fn forget(
    connection: &Connection,
    before: Timestamp,
    limit: usize,
) -> rusqlite::Result<usize> {
    let old = [before.0, signed(limit as u64)];
    let sql = format!("DELETE FROM delivery_alerts WHERE delivery IN ({OLD})");
    connection.prepare_cached(&sql)?.execute(old)?;
    let sql = format!("DELETE FROM deliveries WHERE place IN ({OLD})");
    connection.prepare_cached(&sql)?.execute(old)
}

/// Whoever was handed something has it no more: this folder is one process's at a time, and
/// its leases ended with the one before.
pub(crate) fn release(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE deliveries SET due = 0, body = json_set(body, '$.due', 0)
               WHERE state = 0 AND json_extract(body, '$.leased')";
    connection.execute(sql, [])?;
    Ok(())
}

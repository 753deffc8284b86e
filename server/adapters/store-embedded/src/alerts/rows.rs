//! The table of alerts.

use super::bodies::{all, first};
use crate::rule_sets::{signed, to_json};
use rusqlite::{Connection, params};
use umpire_model::{TenantId, Timestamp};
use umpire_notify::{Alert, AlertId};
use umpire_query::urgency;

// SQLite uses an index of some rows only where the query repeats its condition: `state < 2`
// is what is not RESOLVED.

pub(super) const OPEN_OF_KEY: &str = "SELECT body FROM alerts
    WHERE state < 2 AND tenant = ?1 AND key = ?2 ORDER BY id DESC LIMIT 1";
pub(super) const OPEN: &str = "SELECT body FROM alerts
    WHERE state < 2 AND tenant = ?1 ORDER BY id DESC LIMIT ?2";
pub(super) const DUE: &str = "SELECT body FROM alerts
    WHERE due IS NOT NULL AND due <= ?1 ORDER BY due, id LIMIT ?2";

/// Keeps an alert as it is now.
pub(super) fn put(
    connection: &Connection,
    alert: &Alert,
    due: Option<Timestamp>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO alerts (tenant, id, state, kind, level, key, rule, rule_id, labels, scene,
             conversation, sender, department, camera, assignee, first_time, last_time, count,
             suppressed, due, over_time, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
             ?19, ?20, ?21, ?22)
         ON CONFLICT (tenant, id) DO UPDATE SET state = excluded.state, kind = excluded.kind,
             level = excluded.level, key = excluded.key, rule = excluded.rule,
             rule_id = excluded.rule_id, labels = excluded.labels, scene = excluded.scene,
             conversation = excluded.conversation, sender = excluded.sender,
             department = excluded.department, camera = excluded.camera,
             assignee = excluded.assignee, first_time = excluded.first_time,
             last_time = excluded.last_time, count = excluded.count,
             suppressed = excluded.suppressed, due = excluded.due,
             over_time = excluded.over_time, body = excluded.body",
    )?;
    statement.execute(params![
        alert.tenant.as_str(),
        alert.id.0.as_bytes(),
        alert.state as i64,
        alert.kind as i64,
        urgency(alert.level),
        alert.key,
        alert.rule,
        alert.rule.rsplit('/').next(),
        to_json(&alert.labels)?,
        alert.place.scene,
        alert.place.conversation_id,
        alert.sender.user_id,
        alert.sender.department,
        alert.place.camera,
        alert.assignee,
        alert.first_time.0,
        alert.last_time.0,
        signed(alert.count),
        !alert.suppressed_by.is_empty(),
        due.map(|due| due.0),
        over_since(alert).map(|time| time.0),
        to_json(alert)?,
    ])?;
    Ok(())
}

fn over_since(alert: &Alert) -> Option<Timestamp> {
    let resolved = || alert.resolution.as_ref().map_or(alert.last_time, |end| end.time);
    (!alert.is_open()).then(resolved)
}

/// One of them.
pub(super) fn find(
    connection: &Connection,
    tenant: &TenantId,
    id: AlertId,
) -> rusqlite::Result<Option<Alert>> {
    let sql = "SELECT body FROM alerts WHERE tenant = ?1 AND id = ?2";
    first(connection, sql, params![tenant.as_str(), id.0.as_bytes()])
}

/// That of a key which is not RESOLVED.
pub(super) fn open_of_key(
    connection: &Connection,
    tenant: &TenantId,
    key: &str,
) -> rusqlite::Result<Option<Alert>> {
    first(connection, OPEN_OF_KEY, [tenant.as_str(), key])
}

/// Those of a tenant that are not RESOLVED, newest first.
pub(super) fn open(
    connection: &Connection,
    tenant: &TenantId,
    limit: usize,
) -> rusqlite::Result<Vec<Alert>> {
    all(connection, OPEN, params![tenant.as_str(), signed(limit as u64)])
}

/// Those whose time has come, the longest due first.
pub(super) fn due(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Alert>> {
    all(connection, DUE, [now.0, signed(limit as u64)])
}

/// Forgets those that were RESOLVED before this; says how many.
pub(super) fn forget(
    connection: &Connection,
    before: Timestamp,
    limit: usize,
) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM alerts WHERE rowid IN (SELECT rowid FROM alerts
                   WHERE over_time IS NOT NULL AND over_time < ?1 ORDER BY over_time LIMIT ?2)";
    connection.prepare_cached(sql)?.execute([before.0, signed(limit as u64)])
}

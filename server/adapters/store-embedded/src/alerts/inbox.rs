//! Events that are to become alerts.

use crate::rule_sets::{from_json, signed, to_json};
use rusqlite::{Connection, params};
use umpire_model::{Level, Timestamp};
use umpire_notify::Event;

/// What comes out next.
pub(super) const OLDEST: &str = "SELECT place, body FROM alert_events
    WHERE body IS NOT NULL ORDER BY later, place LIMIT ?1";

/// Puts an event in; `false` when one of its id is, or was, there.
pub(super) fn add(connection: &Connection, event: &Event) -> rusqlite::Result<bool> {
    let sql = "INSERT INTO alert_events (id, time, later, body) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO NOTHING";
    let later = event.level != Level::P0;
    let values = params![event.id.as_bytes(), event.time.0, later, to_json(event)?];
    Ok(connection.prepare_cached(sql)?.execute(values)? > 0)
}

/// Takes the oldest out, those of P0 before others.
pub(super) fn take(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<Event>> {
    let oldest: Vec<(i64, Event)> = connection
        .prepare_cached(OLDEST)?
        .query_map([signed(limit as u64)], |row| Ok((row.get(0)?, from_json(row.get_ref(1)?)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut taken =
        connection.prepare_cached("UPDATE alert_events SET body = NULL WHERE place = ?1")?;
    let mut events = Vec::with_capacity(oldest.len());
    for (place, event) in oldest {
        taken.execute([place])?;
        events.push(event);
    }
    Ok(events)
}

/// Forgets ids of events that were taken out and happened before this; says how many.
pub(super) fn forget(
    connection: &Connection,
    before: Timestamp,
    limit: usize,
) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM alert_events WHERE place IN (SELECT place FROM alert_events
                   WHERE body IS NULL AND time < ?1 ORDER BY time LIMIT ?2)";
    connection.prepare_cached(sql)?.execute([before.0, signed(limit as u64)])
}

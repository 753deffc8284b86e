//! The journal that consoles follow.

use crate::{
    rule_sets::{from_json, signed, to_json},
    store::unreadable,
};
use rusqlite::{Connection, Row, params};
use umpire_model::{TenantId, Timestamp};
use umpire_notify::{Happening, Told};

/// Adds an entry; gives its sequence.
pub(super) fn append(
    connection: &Connection,
    tenant: &TenantId,
    time: Timestamp,
    happening: &Happening,
) -> rusqlite::Result<u64> {
    let sql = "INSERT INTO alert_journal (tenant, time, body) VALUES (?1, ?2, ?3)
               RETURNING sequence";
    let values = params![tenant.as_str(), time.0, to_json(happening)?];
    connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

/// The sequence of the last entry; 0 when there never was one.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT max(sequence, (SELECT ifnull(max(sequence), 0) FROM alert_journal))
               FROM alert_journal_forgotten";
    connection.query_row(sql, [], |row| row.get(0))
}

/// The entry up to which all are forgotten; 0 when none is.
pub(super) fn forgotten(connection: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT sequence FROM alert_journal_forgotten";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// Entries of a tenant after a sequence and up to `until`, in order.
pub(super) fn read(
    connection: &Connection,
    tenant: &TenantId,
    (after, until): (u64, u64),
    limit: usize,
) -> rusqlite::Result<Vec<Told>> {
    let sql = "SELECT sequence, tenant, time, body FROM alert_journal
               WHERE tenant = ?1 AND sequence > ?2 AND sequence <= ?3
               ORDER BY sequence LIMIT ?4";
    let values = params![tenant.as_str(), signed(after), signed(until), signed(limit as u64)];
    connection.prepare_cached(sql)?.query_map(values, told)?.collect()
}

fn told(row: &Row<'_>) -> rusqlite::Result<Told> {
    Ok(Told {
        sequence: row.get(0)?,
        tenant: TenantId::new(row.get_ref(1)?.as_str()?).map_err(unreadable)?,
        time: Timestamp(row.get(2)?),
        happening: from_json(row.get_ref(3)?)?,
    })
}

/// Forgets the first entries as far as they are from before this; says how many.
pub(super) fn forget(
    connection: &Connection,
    before: Timestamp,
    limit: usize,
) -> rusqlite::Result<usize> {
    let sql = "SELECT sequence, time FROM alert_journal ORDER BY sequence LIMIT ?1";
    let oldest: Vec<(u64, i64)> = connection
        .prepare_cached(sql)?
        .query_map([signed(limit as u64)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let old = oldest.iter().take_while(|(_, time)| *time < before.0).count();
    let Some((last, _)) = oldest[..old].last() else { return Ok(0) };
    let sql = "UPDATE alert_journal_forgotten SET sequence = ?1";
    connection.prepare_cached(sql)?.execute([last])?;
    connection.prepare_cached("DELETE FROM alert_journal WHERE sequence <= ?1")?.execute([last])
}

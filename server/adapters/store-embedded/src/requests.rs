//! Mutations that were carried out, so that repeating one changes nothing.

use rusqlite::{Connection, OptionalExtension, params};
use umpire_model::{REQUEST_MEMORY_SECONDS, RequestKey, RequestRecord, Timestamp};

pub(crate) fn find(
    connection: &Connection,
    tenant: &str,
    id: &str,
) -> rusqlite::Result<Option<RequestRecord>> {
    let sql = "SELECT id, fingerprint, outcome, time FROM requests WHERE tenant = ?1 AND id = ?2";
    connection
        .prepare_cached(sql)?
        .query_row([tenant, id], |row| {
            Ok(RequestRecord {
                key: RequestKey { id: row.get(0)?, fingerprint: row.get(1)? },
                outcome: row.get(2)?,
                time: Timestamp(row.get(3)?),
            })
        })
        .optional()
}

/// Keeps a request with its effect, and forgets those over their time.
pub(crate) fn keep(
    connection: &Connection,
    tenant: &str,
    request: Option<&RequestRecord>,
) -> rusqlite::Result<()> {
    let Some(request) = request else { return Ok(()) };
    let oldest = request.time.plus_seconds(-REQUEST_MEMORY_SECONDS);
    connection.execute("DELETE FROM requests WHERE time < ?1", [oldest.0])?;
    connection.execute(
        "INSERT OR REPLACE INTO requests (tenant, id, fingerprint, outcome, time)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![tenant, request.key.id, request.key.fingerprint, request.outcome, request.time.0],
    )?;
    Ok(())
}

//! What is known of receivers.

use super::bodies::first;
use crate::rule_sets::to_json;
use rusqlite::{Connection, params};
use umpire_model::{ResourceId, TenantId};
use umpire_notify::Health;

/// What is known of one.
pub(super) fn find(
    connection: &Connection,
    tenant: &TenantId,
    receiver: &ResourceId,
) -> rusqlite::Result<Health> {
    let sql = "SELECT body FROM receiver_healths WHERE tenant = ?1 AND receiver = ?2";
    let known = first(connection, sql, [tenant.as_str(), receiver.as_str()])?;
    Ok(known.unwrap_or_default())
}

/// Keeps it, or forgets it.
pub(super) fn put(
    connection: &Connection,
    tenant: &TenantId,
    receiver: &ResourceId,
    health: Option<&Health>,
) -> rusqlite::Result<()> {
    let (tenant, receiver) = (tenant.as_str(), receiver.as_str());
    match health {
        Some(health) => {
            let sql = "INSERT OR REPLACE INTO receiver_healths (tenant, receiver, body)
                       VALUES (?1, ?2, ?3)";
            let values = params![tenant, receiver, to_json(health)?];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        None => {
            let sql = "DELETE FROM receiver_healths WHERE tenant = ?1 AND receiver = ?2";
            connection.prepare_cached(sql)?.execute([tenant, receiver])?;
        }
    }
    Ok(())
}

//! The table of groups.

use super::bodies::{all, first};
use crate::rule_sets::{signed, to_json};
use rusqlite::{Connection, params};
use umpire_model::{TenantId, Timestamp};
use umpire_notify::Group;

pub(super) const DUE: &str = "SELECT body FROM alert_groups
    WHERE due IS NOT NULL AND due <= ?1 ORDER BY due LIMIT ?2";

/// Keeps a group as it is now, or forgets one that nothing is known of.
pub(super) fn put(connection: &Connection, group: &Group) -> rusqlite::Result<()> {
    let Group { tenant, route, key, .. } = group;
    if group.pending.is_empty() && group.told_time.is_none() {
        let sql = "DELETE FROM alert_groups WHERE tenant = ?1 AND route = ?2 AND key = ?3";
        connection.prepare_cached(sql)?.execute([tenant.as_str(), route, key])?;
        return Ok(());
    }
    let sql = "INSERT OR REPLACE INTO alert_groups (tenant, route, key, due, body)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let due = group.due.map(|time| time.0);
    let values = params![tenant.as_str(), route, key, due, to_json(group)?];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// One of them.
pub(super) fn find(
    connection: &Connection,
    tenant: &TenantId,
    route: &str,
    key: &str,
) -> rusqlite::Result<Option<Group>> {
    let sql = "SELECT body FROM alert_groups WHERE tenant = ?1 AND route = ?2 AND key = ?3";
    first(connection, sql, [tenant.as_str(), route, key])
}

/// Those whose time has come, the longest due first.
pub(super) fn due(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Group>> {
    all(connection, DUE, [now.0, signed(limit as u64)])
}

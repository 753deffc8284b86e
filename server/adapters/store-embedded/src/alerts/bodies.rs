//! Documents, as statements give them in their first column.

use crate::rule_sets::from_json;
use rusqlite::{Connection, OptionalExtension, Params};
use serde::de::DeserializeOwned;

/// Every one that a statement gives.
pub(super) fn all<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(values, |row| from_json(row.get_ref(0)?))?.collect()
}

/// The first that a statement gives.
pub(super) fn first<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> rusqlite::Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row(values, |row| from_json(row.get_ref(0)?)).optional()
}

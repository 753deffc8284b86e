//! What is over for long is forgotten, a few at once.

use super::{deliveries, inbox, journal, rows};
use rusqlite::Connection;
use umpire_model::Timestamp;

/// Most rows of each kind that one turn forgets.
pub(super) const AT_ONCE: usize = 300;

/// Forgets what was over before this; says whether there may be more of any kind.
pub(super) fn forget(connection: &Connection, before: Timestamp) -> rusqlite::Result<bool> {
    let forgotten = [
        inbox::forget(connection, before, AT_ONCE)?,
        rows::forget(connection, before, AT_ONCE)?,
        deliveries::forget(connection, before, AT_ONCE)?,
        journal::forget(connection, before, AT_ONCE)?,
    ];
    Ok(forgotten.contains(&AT_ONCE))
}

//! Projections that are made anew from the journal.

use super::{journal, project::project};
use rusqlite::Connection;

/// Entries of one transaction.
const CHUNK: usize = 4_096;

/// Projects what the journal holds beyond the projections.
pub(crate) fn catch_up(connection: &mut Connection) -> rusqlite::Result<()> {
    let (mut projected, newest): (u64, u64) = connection.query_row(
        "SELECT sequence, (SELECT ifnull(max(sequence), 0) FROM journal) FROM projected",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if projected >= newest {
        return Ok(());
    }
    tracing::info!(projected, newest, "projections are brought up to the journal");
    if projected == 0 {
        // Something may be left of those that were there.
        forget_projections(connection)?;
    }
    while projected < newest {
        projected = project_some(connection, projected)?;
    }
    Ok(())
}

/// Projects entries after a sequence; gives that of the last.
fn project_some(connection: &mut Connection, after: u64) -> rusqlite::Result<u64> {
    let transaction = connection.transaction()?;
    let mut last = after;
    for entry in journal::read(&transaction, after, CHUNK)? {
        project(&transaction, (&entry).into())?;
        last = entry.sequence;
    }
    transaction.commit()?;
    Ok(last)
}

/// Empties the projections.
pub(crate) fn forget_projections(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "UPDATE projected SET sequence = 0;
         DELETE FROM counters;
         DELETE FROM strikes;
         DELETE FROM graces;
         DELETE FROM sanctions;
         DELETE FROM switches;",
    )
}

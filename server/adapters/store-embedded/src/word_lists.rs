//! Word lists. What happens to their entries can be megabytes: it is written part by
//! part, each in a turn of its own, so that decisions do not wait behind it, and
//! comes to count with the one row the revision writes.

use crate::{
    rule_sets::{bodies, signed, to_json},
    store::unreadable,
    writer::WriterHandle,
};
use rusqlite::{Connection, OptionalExtension, params};
use umpire_model::{StoreError, new_uuid};
use umpire_rules::{
    Commit, Revision, StoredList,
    lists::{Delta, EntryChange, StoredWordList},
};

/// Entry changes of one part: some 100 KB.
const PART: usize = 2_048;

/// Changes of a list that are written, but do not count yet.
pub(crate) struct Staged {
    list: String,
    whole: bool,
    batch: String,
}

/// Writes the entry changes of a commit.
pub(crate) async fn stage(
    writer: &WriterHandle,
    commit: &Commit,
) -> Result<Vec<Staged>, StoreError> {
    let mut staged = Vec::new();
    for change in &commit.revision.changes.lists {
        if !change.delta.is_empty() {
            let list = change.after.list.id.to_string();
            let batch = write_parts(writer, change.delta.changes()).await?;
            staged.push(Staged { list, whole: false, batch });
        }
    }
    for list in &commit.snapshots {
        let entries = list.entries.as_slice().iter().cloned();
        let all = entries.map(|entry| EntryChange { before: None, after: Some(entry) });
        let batch = write_parts(writer, Delta::of(all).changes()).await?;
        staged.push(Staged { list: list.stored.list.id.to_string(), whole: true, batch });
    }
    Ok(staged)
}

async fn write_parts(writer: &WriterHandle, changes: &[EntryChange]) -> Result<String, StoreError> {
    let batch = new_uuid().to_string();
    for (number, part) in changes.chunks(PART).enumerate() {
        let body = minicbor::to_vec(part)
            .map_err(|error| StoreError::Corrupt(error.to_string().into()))?;
        let batch = batch.clone();
        let write = move |connection: &Connection| {
            connection
                .prepare_cached(
                    "INSERT INTO word_list_parts (batch, part, body) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![batch, number, body])
        };
        writer.change(write).await?;
    }
    Ok(batch)
}

/// Makes staged changes count, and writes the heads of lists.
pub(crate) fn write(
    connection: &Connection,
    tenant: &str,
    revision: &Revision,
    staged: &[Staged],
) -> rusqlite::Result<()> {
    for change in &revision.changes.lists {
        connection.execute(
            "INSERT OR REPLACE INTO word_lists (tenant, id, body) VALUES (?1, ?2, ?3)",
            params![tenant, change.after.list.id.as_str(), to_json(&change.after)?],
        )?;
    }
    for Staged { list, whole, batch } in staged {
        connection.execute(
            "INSERT INTO word_list_changes (tenant, list, revision, whole, batch)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![tenant, list, signed(revision.number), whole, batch],
        )?;
    }
    Ok(())
}

/// Takes staged changes back.
pub(crate) fn forget(connection: &Connection, staged: &[Staged]) -> rusqlite::Result<()> {
    for Staged { batch, .. } in staged {
        connection.execute("DELETE FROM word_list_parts WHERE batch = ?1", [batch])?;
    }
    Ok(())
}

/// Removes parts of writes that did not end.
pub(crate) fn forget_unfinished(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM word_list_parts WHERE batch NOT IN (SELECT batch FROM word_list_changes)",
    )
}

/// Every list with what makes its entries.
pub(crate) fn load(connection: &Connection, tenant: &str) -> rusqlite::Result<Vec<StoredList>> {
    let sql = "SELECT body FROM word_lists WHERE tenant = ?1";
    let heads: Vec<StoredWordList> = bodies(connection, sql, tenant)?;
    let with_deltas = heads.into_iter().map(|head| {
        let deltas = deltas(connection, tenant, head.list.id.as_str())?;
        Ok(StoredList { head, deltas })
    });
    with_deltas.collect()
}

/// The newest snapshot and every delta after it.
fn deltas(connection: &Connection, tenant: &str, list: &str) -> rusqlite::Result<Vec<Delta>> {
    let newest: Option<(i64, String)> = connection
        .prepare_cached(
            "SELECT revision, batch FROM word_list_changes
             WHERE tenant = ?1 AND list = ?2 AND whole = 1 ORDER BY revision DESC LIMIT 1",
        )?
        .query_row([tenant, list], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (since, snapshot) = newest.map_or((0, None), |(revision, batch)| (revision, Some(batch)));
    let mut statement = connection.prepare_cached(
        "SELECT batch FROM word_list_changes
         WHERE tenant = ?1 AND list = ?2 AND whole = 0 AND revision > ?3 ORDER BY revision",
    )?;
    let later = statement.query_map(params![tenant, list, since], |row| row.get(0))?;
    let batches = snapshot.map(Ok).into_iter().chain(later);
    batches.map(|batch| read_parts(connection, &batch?)).collect()
}

/// What a revision did to a list.
pub(crate) fn delta(
    connection: &Connection,
    tenant: &str,
    list: &str,
    revision: i64,
) -> rusqlite::Result<Option<Delta>> {
    let batch: Option<String> = connection
        .prepare_cached(
            "SELECT batch FROM word_list_changes
             WHERE tenant = ?1 AND list = ?2 AND whole = 0 AND revision = ?3",
        )?
        .query_row(params![tenant, list, revision], |row| row.get(0))
        .optional()?;
    batch.map(|batch| read_parts(connection, &batch)).transpose()
}

fn read_parts(connection: &Connection, batch: &str) -> rusqlite::Result<Delta> {
    let mut statement = connection
        .prepare_cached("SELECT body FROM word_list_parts WHERE batch = ?1 ORDER BY part")?;
    let mut rows = statement.query([batch])?;
    let mut changes: Vec<EntryChange> = Vec::new();
    while let Some(row) = rows.next()? {
        let body = row.get_ref(0)?.as_blob()?;
        changes.extend(minicbor::decode::<Vec<EntryChange>>(body).map_err(unreadable)?);
    }
    Ok(Delta::of(changes))
}

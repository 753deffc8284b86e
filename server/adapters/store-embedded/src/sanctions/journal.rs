//! The journal: one entry for each thing that happened, chained like the records.

use crate::{
    rule_sets::{from_json, signed, to_json},
    store::unreadable,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use umpire_audit::{Hash, Link};
use umpire_model::{TenantId, Timestamp};
use umpire_sanctions::{Change, Entry};

/// Where the journal ends.
#[derive(Clone)]
pub(crate) struct Journal {
    /// As links name it.
    writer: String,
    last: u64,
    leaf: Hash,
}

impl Journal {
    /// Finds the end of the journal that stands beside a chain of records.
    pub fn load(connection: &Connection, chain: &str) -> rusqlite::Result<Self> {
        let end = connection
            .query_row(
                "SELECT sequence, leaf FROM journal ORDER BY sequence DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (last, leaf) = end.unwrap_or((0, Link::ORIGIN));
        Ok(Self { writer: link_name(chain), last, leaf })
    }

    /// The sequence of the last entry; 0 when there is none.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Adds an entry to the open transaction.
    pub fn append(
        &mut self,
        connection: &Connection,
        tenant: &TenantId,
        time: Timestamp,
        change: &Change,
    ) -> rusqlite::Result<u64> {
        let body = to_json(change)?;
        let sequence = self.last + 1;
        let link = Link { writer: self.writer.clone(), sequence, previous: self.leaf.into() };
        let leaf = link.leaf(&canonical(tenant.as_str(), time, &body));
        let sql = "INSERT INTO journal (sequence, tenant, time, body, previous, leaf)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = params![sequence, tenant.as_str(), time.0, body, *link.previous, leaf];
        connection.prepare_cached(sql)?.execute(values)?;
        self.last = sequence;
        self.leaf = leaf;
        Ok(sequence)
    }
}

/// The name a journal's links bear.
fn link_name(chain: &str) -> String {
    format!("{chain}/sanctions")
}

/// The bytes of an entry that its leaf covers: an array of three, in CBOR.
pub(super) fn canonical(tenant: &str, time: Timestamp, body: &str) -> Vec<u8> {
    minicbor::to_vec((tenant, time, body)).unwrap_or_default()
}

/// Entries after a sequence, in order.
pub(super) fn read(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Entry>> {
    let sql = "SELECT sequence, tenant, time, body FROM journal
               WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(params![signed(after), signed(limit as u64)], entry)?.collect()
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        sequence: row.get(0)?,
        tenant: TenantId::new(row.get_ref(1)?.as_str()?).map_err(unreadable)?,
        time: Timestamp(row.get(2)?),
        change: from_json(row.get_ref(3)?)?,
    })
}

/// The sequence of the oldest entry that is kept; 0 when there is none.
pub(super) fn oldest(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT ifnull(min(sequence), 0) FROM journal")?
        .query_row([], |row| row.get(0))
}

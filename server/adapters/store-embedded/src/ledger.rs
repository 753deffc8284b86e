//! The chain of records, and the ledger over it.

use crate::{
    judging, query,
    sanctions::OpenTurn,
    store::{EmbeddedStore, unreadable},
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use umpire_audit::{
    Committed, Contents, Decision, Earlier, Hash, Ledger, Link, MessageKey, Record, RecordQuery,
    StoredRecord,
};
use umpire_model::{RecordId, StoreError, StoreFuture, TenantId, Timestamp};
use umpire_query::{Page, urgency};
use uuid::Uuid;

/// Records after which message ids over their time are looked for.
const FORGET_EVERY: u64 = 64;

/// Where the chain ends.
#[derive(Clone)]
pub(crate) struct Chain {
    writer: String,
    last: u64,
    leaf: Hash,
}

impl Chain {
    /// Finds the end of the chain; names a new one on the first start.
    pub fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let writer: Option<String> =
            connection.query_row("SELECT writer FROM chain", [], |row| row.get(0)).optional()?;
        let writer = match writer {
            Some(writer) => writer,
            None => name_chain(connection)?,
        };
        let end = connection
            .query_row(
                "SELECT sequence, leaf FROM records ORDER BY sequence DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (last, leaf) = end.unwrap_or((0, Link::ORIGIN));
        Ok(Self { writer, last, leaf })
    }

    /// The chain's name.
    pub fn name(&self) -> &str {
        &self.writer
    }

    /// Adds a decision to the open transaction, counts its offence and accepts its events
    /// there, or finds that it is there already.
    pub fn append(
        &mut self,
        turn: &mut OpenTurn<'_>,
        decision: &Decision,
    ) -> rusqlite::Result<Committed> {
        let (connection, sequence) = (turn.connection, self.last + 1);
        if let Some(earlier) = claim_id(connection, decision, sequence)? {
            let same = earlier.record.id == decision.record.id;
            // A decision from the spool that was moved over before a crash is itself.
            return Ok(if same {
                Committed::Recorded(earlier.record.judged())
            } else {
                Committed::Earlier(Box::new(earlier))
            });
        }
        let judged = judging::judged(turn, decision)?;
        let decision = judged.as_ref().unwrap_or(decision);
        let link = Link { writer: self.writer.clone(), sequence, previous: self.leaf.into() };
        let leaf = link.leaf(&decision.record_bytes);
        if insert(connection, decision, &link, &leaf)? {
            self.last = sequence;
            self.leaf = leaf;
            decision.events.iter().try_for_each(|event| turn.admit(event))?;
        } else if let Some(replay) = decision.replay {
            // The id was claimed above for a record that stands elsewhere in the chain.
            let sql = "DELETE FROM message_ids WHERE key = ?1";
            connection.prepare_cached(sql)?.execute([replay.key.0])?;
        }
        Ok(Committed::Recorded(decision.record.judged()))
    }
}

fn name_chain(connection: &Connection) -> rusqlite::Result<String> {
    let writer = umpire_model::new_uuid().to_string();
    connection.execute("INSERT INTO chain (writer) VALUES (?1)", [&writer])?;
    Ok(writer)
}

/// Takes the message id for the record `sequence`; gives the record that has it
/// already, if that still counts.
fn claim_id(
    connection: &Connection,
    decision: &Decision,
    sequence: u64,
) -> rusqlite::Result<Option<Earlier>> {
    let Some(replay) = decision.replay else { return Ok(None) };
    let now = decision.record.receive_time;
    let values = params![replay.key.0, replay.content, sequence, now.0];
    let sql = "INSERT INTO message_ids (key, content, sequence, receive_time)
               VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO NOTHING";
    if connection.prepare_cached(sql)?.execute(values)? == 1 {
        return Ok(None);
    }
    let earlier = find_earlier(connection, replay.key, now)?;
    if earlier.is_none() {
        let sql = "REPLACE INTO message_ids (key, content, sequence, receive_time)
                   VALUES (?1, ?2, ?3, ?4)";
        connection.prepare_cached(sql)?.execute(values)?;
    }
    Ok(earlier)
}

fn find_earlier(
    connection: &Connection,
    key: MessageKey,
    now: Timestamp,
) -> rusqlite::Result<Option<Earlier>> {
    let sql = "SELECT m.content, r.record FROM message_ids m JOIN records r USING (sequence)
               WHERE m.key = ?1 AND m.receive_time >= ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let horizon = Earlier::horizon(now).0;
    statement
        .query_row(params![key.0, horizon], |row| {
            let bytes = row.get_ref(1)?.as_blob()?;
            let record = minicbor::decode(bytes).map_err(unreadable)?;
            Ok(Earlier { record, content: row.get(0)?, durable: true })
        })
        .optional()
}

/// Adds the record; `false` when it is there already, moved over from the spool
/// before a crash.
fn insert(
    connection: &Connection,
    decision: &Decision,
    link: &Link,
    leaf: &Hash,
) -> rusqlite::Result<bool> {
    let record = &decision.record;
    let mut statement = connection.prepare_cached(
        "INSERT INTO records (sequence, id, tenant, receive_time, kind, scene, conversation, sender,
             message_id, level, decision, record, content, salt, previous, leaf)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (id) DO NOTHING",
    )?;
    let added = statement.execute(params![
        link.sequence,
        *record.id,
        record.tenant,
        record.receive_time.0,
        record.kind as i64,
        record.scene,
        record.conversation.id,
        record.sender.user_id,
        record.subject_id,
        record.level.map_or(-1, urgency),
        record.decision as i64,
        decision.record_bytes,
        decision.content_bytes,
        decision.salt,
        *link.previous,
        leaf,
    ])?;
    if added == 0 {
        return Ok(false);
    }
    let mut statement =
        connection.prepare_cached("INSERT INTO record_tokens (rowid, tokens) VALUES (?1, ?2)")?;
    statement.execute(params![link.sequence, decision.tokens])?;
    if link.sequence.is_multiple_of(FORGET_EVERY) {
        forget_ids(connection, record.receive_time)?;
    }
    Ok(true)
}

/// Removes message ids over their time, a few at once.
fn forget_ids(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM message_ids WHERE key IN (SELECT key FROM message_ids
             WHERE receive_time < ?1 ORDER BY receive_time LIMIT ?2)",
    )?;
    statement.execute(params![Earlier::horizon(now).0, 4 * FORGET_EVERY])?;
    Ok(())
}

/// The columns [`stored`] reads, in its order.
pub(crate) const COLUMNS: &str = "r.sequence, r.record, r.content, r.previous, r.leaf";

/// Reads one record; `writer` names the chain of this file.
pub(crate) fn stored(row: &Row<'_>, writer: &str) -> rusqlite::Result<StoredRecord> {
    let record: Record = minicbor::decode(row.get_ref(1)?.as_blob()?).map_err(unreadable)?;
    let contents = match row.get_ref(2)?.as_blob_or_null()? {
        Some(bytes) => Some(minicbor::decode::<Contents>(bytes).map_err(unreadable)?),
        None => None,
    };
    let previous: Hash = row.get(3)?;
    let link = Link { writer: writer.into(), sequence: row.get(0)?, previous: previous.into() };
    Ok(StoredRecord { record, contents, link, leaf: row.get(4)? })
}

pub(crate) fn chain_name(connection: &Connection) -> rusqlite::Result<String> {
    connection.prepare_cached("SELECT writer FROM chain")?.query_row([], |row| row.get(0))
}

impl Ledger for EmbeddedStore {
    fn commit(&self, decision: Decision) -> StoreFuture<'_, Committed> {
        self.writer.commit(decision)
    }

    fn enqueue(&self, decision: Decision) -> Result<Committed, StoreError> {
        self.writer.hold(decision)
    }

    fn secret(&self) -> Hash {
        self.secret
    }

    fn earlier(&self, key: MessageKey, now: Timestamp) -> StoreFuture<'_, Option<Earlier>> {
        if let Some(held) = self.writer.held(key) {
            return Box::pin(std::future::ready(Ok(Some(held))));
        }
        self.lookups.read(move |connection| find_earlier(connection, key, now))
    }

    fn replay_keys(&self, now: Timestamp) -> StoreFuture<'_, Vec<MessageKey>> {
        let held = self.writer.held_keys();
        self.lookups.read(move |connection| {
            let mut statement =
                connection.prepare("SELECT key FROM message_ids WHERE receive_time >= ?1")?;
            let horizon = Earlier::horizon(now).0;
            let kept = statement.query_map([horizon], |row| row.get(0).map(MessageKey))?;
            held.into_iter().map(Ok).chain(kept).collect()
        })
    }

    fn record<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RecordId,
    ) -> StoreFuture<'a, Option<StoredRecord>> {
        let tenant = tenant.clone();
        self.readers.read(move |connection| {
            let writer = chain_name(connection)?;
            let sql = format!("SELECT {COLUMNS} FROM records r WHERE r.id = ?1 AND r.tenant = ?2");
            let id: Uuid = id.0;
            connection
                .prepare_cached(&sql)?
                .query_row(params![id.as_bytes(), tenant.as_str()], |row| stored(row, &writer))
                .optional()
        })
    }

    fn records(&self, query: RecordQuery) -> StoreFuture<'_, Page<StoredRecord>> {
        self.readers.read(move |connection| query::page(connection, &query))
    }
}

//! The port of the engine.

use super::{journal, query, rows};
use crate::store::EmbeddedStore;
use rusqlite::Connection;
use std::any::Any;
use tokio::sync::watch;
use umpire_model::{Outcome, SanctionId, StoreFuture, TenantId, Timestamp};
use umpire_query::Page;
use umpire_sanctions::{
    Counted, Entry, LetOut, Sanction, SanctionQuery, Sanctions, StrikeQuery, Waiting, Work,
};

impl Sanctions for EmbeddedStore {
    fn turn(&self, work: Work) -> StoreFuture<'_, Box<dyn Any + Send>> {
        let outcome = self.writer.turn(work);
        Box::pin(async move {
            match outcome.await? {
                Outcome::Keep(answer) | Outcome::Undo(answer) => Ok(answer),
            }
        })
    }

    fn journal_name(&self) -> String {
        self.name.to_string()
    }

    fn settled(&self) -> watch::Receiver<u64> {
        self.writer.settled()
    }

    fn journal(&self, after: u64, limit: usize) -> StoreFuture<'_, Vec<Entry>> {
        self.readers.read(move |connection| journal::read(connection, after, limit))
    }

    fn oldest(&self) -> StoreFuture<'_, u64> {
        self.readers.read(journal::oldest)
    }

    fn open(&self, tenant: Option<TenantId>) -> StoreFuture<'_, (u64, Vec<Sanction>)> {
        self.readers.read(move |connection| open(connection, tenant.as_ref()))
    }

    fn sanction<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: SanctionId,
    ) -> StoreFuture<'a, Option<Sanction>> {
        let tenant = tenant.clone();
        self.readers.read(move |connection| rows::find(connection, &tenant, id))
    }

    fn sanctions(&self, query: SanctionQuery) -> StoreFuture<'_, Page<Sanction>> {
        self.readers.read(move |connection| query::sanctions(connection, &query))
    }

    fn counters(&self, query: StrikeQuery) -> StoreFuture<'_, Page<Counted>> {
        self.readers.read(move |connection| query::counters(connection, &query))
    }

    fn waiting(&self, now: Timestamp) -> StoreFuture<'_, Waiting> {
        self.readers.read(move |connection| waiting(connection, now))
    }
}

/// Sanctions and the sequence they are as of, seen at one moment.
fn open(
    connection: &Connection,
    tenant: Option<&TenantId>,
) -> rusqlite::Result<(u64, Vec<Sanction>)> {
    let moment = connection.unchecked_transaction()?;
    let sequence = moment.query_row("SELECT sequence FROM projected", [], |row| row.get(0))?;
    Ok((sequence, rows::open(&moment, tenant)?))
}

fn waiting(connection: &Connection, now: Timestamp) -> rusqlite::Result<Waiting> {
    // States 0 and 2: PENDING and EXECUTING; 1: HELD. Jobs below 2 are not over.
    let sql = "SELECT
        (SELECT count(*) FROM sanctions WHERE state < 3 AND state <> 1),
        (SELECT count(*) FROM sanctions WHERE state < 3 AND state = 1),
        (SELECT min(start_time) FROM sanctions WHERE state < 3 AND state <> 1),
        (SELECT count(*) FROM jobs WHERE state < 2),
        (SELECT min(due) FROM jobs WHERE state < 2),
        (SELECT count(*) FROM sanctions WHERE state = 0)";
    let minute_ago = now.plus_seconds(-60);
    connection.prepare_cached(sql)?.query_row([], |row| {
        Ok(Waiting {
            pending: row.get(0)?,
            held: row.get(1)?,
            oldest: row.get::<_, Option<i64>>(2)?.map(Timestamp),
            jobs: row.get(3)?,
            due: row.get::<_, Option<i64>>(4)?.map(Timestamp),
            unsent: row.get(5)?,
            dispatched: u64::from(rows::dispatched(connection, LetOut::default(), minute_ago)?),
        })
    })
}

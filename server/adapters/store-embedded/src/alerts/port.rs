//! The port of the engine.

use super::{deliveries, journal, query, rows, stats};
use crate::store::EmbeddedStore;
use rusqlite::Connection;
use std::any::Any;
use tokio::sync::watch;
use umpire_model::{Outcome, StoreFuture, TenantId, Timestamp};
use umpire_notify::{
    Alert, AlertId, AlertQuery, Alerts, Delivery, DeliveryId, DeliveryQuery, Stats, StatsQuery,
    Told, Waiting, Work,
};
use umpire_query::Page;

impl Alerts for EmbeddedStore {
    fn turn(&self, work: Work) -> StoreFuture<'_, Box<dyn Any + Send>> {
        let outcome = self.writer.turn_of_alerts(work);
        Box::pin(async move {
            match outcome.await? {
                Outcome::Keep(answer) | Outcome::Undo(answer) => Ok(answer),
            }
        })
    }

    fn accepted(&self) -> watch::Receiver<u64> {
        self.writer.alerts().accepted.clone()
    }

    fn journal_name(&self) -> String {
        format!("{}/alerts", self.name)
    }

    fn settled(&self) -> watch::Receiver<u64> {
        self.writer.alerts().settled.clone()
    }

    fn journal(
        &self,
        tenant: TenantId,
        after: u64,
        until: u64,
        limit: usize,
    ) -> StoreFuture<'_, Vec<Told>> {
        self.readers
            .read(move |connection| journal::read(connection, &tenant, (after, until), limit))
    }

    fn forgotten(&self) -> StoreFuture<'_, u64> {
        self.readers.read(journal::forgotten)
    }

    fn alert<'a>(&'a self, tenant: &'a TenantId, id: AlertId) -> StoreFuture<'a, Option<Alert>> {
        let tenant = tenant.clone();
        self.readers.read(move |connection| rows::find(connection, &tenant, id))
    }

    fn alerts(&self, query: AlertQuery) -> StoreFuture<'_, Page<Alert>> {
        self.readers.read(move |connection| query::alerts(connection, &query))
    }

    fn delivery<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: DeliveryId,
    ) -> StoreFuture<'a, Option<Delivery>> {
        let tenant = tenant.clone();
        self.readers.read(move |connection| deliveries::find(connection, &tenant, id))
    }

    fn deliveries(&self, query: DeliveryQuery) -> StoreFuture<'_, Page<Delivery>> {
        self.readers.read(move |connection| query::deliveries(connection, &query))
    }

    fn stats(&self, query: StatsQuery) -> StoreFuture<'_, Vec<Stats>> {
        self.readers.read(move |connection| stats::stats(connection, &query))
    }

    fn waiting(&self, _now: Timestamp) -> StoreFuture<'_, Waiting> {
        self.readers.read(waiting)
    }
}

fn waiting(connection: &Connection) -> rusqlite::Result<Waiting> {
    let sql = "SELECT
        (SELECT count(*) FROM alert_events WHERE body IS NOT NULL),
        (SELECT count(*) FROM alerts WHERE state < 2),
        (SELECT count(*) FROM deliveries WHERE state = 0),
        (SELECT min(create_time) FROM deliveries WHERE state = 0),
        (SELECT count(*) FROM deliveries WHERE state >= 3 AND reason <> 'TEST'),
        (SELECT min(due) FROM alerts WHERE due IS NOT NULL),
        (SELECT min(due) FROM alert_groups WHERE due IS NOT NULL),
        (SELECT min(due) FROM deliveries WHERE state = 0),
        (SELECT min(deadline) FROM deliveries WHERE state = 0)";
    connection.prepare_cached(sql)?.query_row([], |row| {
        let time = |column: usize| row.get::<_, Option<i64>>(column);
        let due = [time(5)?, time(6)?, time(7)?, time(8)?];
        Ok(Waiting {
            events: row.get(0)?,
            open: row.get(1)?,
            queued: row.get(2)?,
            oldest: time(3)?.map(Timestamp),
            dead: row.get(4)?,
            due: due.into_iter().flatten().min().map(Timestamp),
        })
    })
}

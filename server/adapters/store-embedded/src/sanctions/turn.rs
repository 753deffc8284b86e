//! What a turn of the writer sees and changes.

use super::{
    counters::Counters,
    jobs,
    journal::Journal,
    project::{Happened, project},
    query, rows,
};
use crate::{
    alerts::{Added, event_of},
    requests,
    rule_sets::from_json,
    store::is_away,
};
use rusqlite::{Connection, OptionalExtension, params};
use umpire_model::{RequestRecord, ResourceId, SanctionId, StoreError, TenantId, Timestamp};
use umpire_query::Page;
use umpire_sanctions::{
    Change, CounterOf, Job, LetOut, SafetySwitch, Sanction, SanctionQuery, Strikes, Turn,
};

/// The open transaction, with what the writer knows beside it.
pub(crate) struct OpenTurn<'a> {
    pub connection: &'a Connection,
    /// What it added to alerts.
    pub added: Added,
    journal: &'a mut Journal,
    counters: &'a mut Counters,
    /// Why something could not be done: all that was done since is to be undone.
    failure: Option<StoreError>,
}

impl<'a> OpenTurn<'a> {
    pub fn new(
        connection: &'a Connection,
        journal: &'a mut Journal,
        counters: &'a mut Counters,
    ) -> Self {
        Self { connection, added: Added::default(), journal, counters, failure: None }
    }

    /// Does `work`, and undoes it alone if it fails or `keep` says no. The outer error is
    /// one of going back, after which the transaction cannot go on.
    pub fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
        keep: impl FnOnce(&T) -> bool,
    ) -> rusqlite::Result<Result<T, StoreError>> {
        self.connection.execute_batch("SAVEPOINT attempt")?;
        let before = (self.journal.clone(), self.added);
        let mut result = work(self);
        if let Some(error) = self.failure.take() {
            result = Err(error);
        }
        if !result.as_ref().is_ok_and(keep) {
            self.connection.execute_batch("ROLLBACK TO attempt")?;
            (*self.journal, self.added) = before;
            self.counters.clear();
        }
        self.connection.execute_batch("RELEASE attempt")?;
        Ok(result)
    }

    fn try_append(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        change: &Change,
    ) -> rusqlite::Result<u64> {
        let sequence = self.journal.append(self.connection, tenant, time, change)?;
        project(self.connection, Happened { sequence, tenant, time, change })?;
        self.counters.apply(tenant, time, change);
        if let Change::Alert(alert) = change {
            self.admit(&event_of(tenant, time, alert))?;
        }
        Ok(sequence)
    }

    /// Tells what something came to. After an error the attempt is undone, whatever its
    /// work makes of it.
    pub fn sure<T>(&mut self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        let result = told(result);
        if let Err(error) = &result {
            self.failure = Some(error.clone());
        }
        result
    }
}

/// A file that cannot be used now is [`StoreError::Unavailable`]; whatever else goes wrong
/// is not, because trying again would not help.
fn told<T>(result: rusqlite::Result<T>) -> Result<T, StoreError> {
    result.map_err(|error| {
        let text = error.to_string().into();
        if is_away(&error) { StoreError::Unavailable(text) } else { StoreError::Corrupt(text) }
    })
}

impl Turn for OpenTurn<'_> {
    fn append(
        &mut self,
        tenant: &TenantId,
        time: Timestamp,
        change: &Change,
    ) -> Result<u64, StoreError> {
        let appended = self.try_append(tenant, time, change);
        self.sure(appended)
    }

    fn strikes(&mut self, counter: CounterOf<'_>) -> Result<&Strikes, StoreError> {
        let CounterOf { tenant, rule, subject } = counter;
        let key = (tenant.clone(), rule.clone(), subject.key());
        told(self.counters.get(self.connection, key))
    }

    fn grace(&mut self, counter: CounterOf<'_>) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT until FROM graces WHERE tenant = ?1 AND rule = ?2 AND subject = ?3";
        let (tenant, rule) = (counter.tenant.as_str(), counter.rule.as_str());
        let find = || {
            self.connection
                .prepare_cached(sql)?
                .query_row(params![tenant, rule, counter.subject.key().0], |row| row.get(0))
                .optional()
        };
        told(find()).map(|until| until.map(Timestamp))
    }

    fn sanction(
        &mut self,
        tenant: &TenantId,
        id: SanctionId,
    ) -> Result<Option<Sanction>, StoreError> {
        told(rows::find(self.connection, tenant, id))
    }

    fn open_of(&mut self, tenant: &TenantId, user: &str) -> Result<Vec<Sanction>, StoreError> {
        told(rows::open_of(self.connection, tenant, user))
    }

    fn earlier_sanctions(
        &mut self,
        counter: CounterOf<'_>,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        told(rows::earlier(self.connection, counter, since))
    }

    fn pending(&mut self, limit: usize) -> Result<Vec<Sanction>, StoreError> {
        told(rows::pending(self.connection, limit))
    }

    fn ended(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Sanction>, StoreError> {
        told(rows::ended(self.connection, now, limit))
    }

    fn unfinished(&mut self, before: Timestamp, limit: usize) -> Result<Vec<Sanction>, StoreError> {
        told(rows::unfinished(self.connection, before, limit))
    }

    fn dispatched(&mut self, which: LetOut<'_>, since: Timestamp) -> Result<u32, StoreError> {
        told(rows::dispatched(self.connection, which, since))
    }

    fn matching(&mut self, query: &SanctionQuery) -> Result<Page<Sanction>, StoreError> {
        told(query::sanctions(self.connection, query))
    }

    fn switch(&mut self, tenant: &TenantId) -> Result<SafetySwitch, StoreError> {
        let find = || {
            self.connection
                .prepare_cached("SELECT body FROM switches WHERE tenant = ?1")?
                .query_row([tenant.as_str()], |row| from_json(row.get_ref(0)?))
                .optional()
        };
        told(find()).map(Option::unwrap_or_default)
    }

    fn put_job(&mut self, job: &Job) -> Result<u64, StoreError> {
        told(jobs::put(self.connection, job))
    }

    fn job(&mut self, id: u64) -> Result<Option<Job>, StoreError> {
        told(jobs::find(self.connection, id))
    }

    fn open_jobs(
        &mut self,
        tenant: &TenantId,
        sanction: SanctionId,
    ) -> Result<Vec<Job>, StoreError> {
        told(jobs::open_of(self.connection, tenant, sanction))
    }

    fn jobs_of(
        &mut self,
        tenant: &TenantId,
        enforcer: &ResourceId,
    ) -> Result<Vec<Job>, StoreError> {
        told(jobs::of_stream(self.connection, tenant, enforcer))
    }

    fn due_jobs(
        &mut self,
        webhook: bool,
        now: Timestamp,
        limit: usize,
        per_enforcer: usize,
    ) -> Result<Vec<Job>, StoreError> {
        told(jobs::due(self.connection, webhook, now, limit, per_enforcer))
    }

    fn request(
        &mut self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<RequestRecord>, StoreError> {
        told(requests::find(self.connection, tenant.as_str(), id))
    }

    fn keep_request(
        &mut self,
        tenant: &TenantId,
        request: &RequestRecord,
    ) -> Result<(), StoreError> {
        told(requests::keep(self.connection, tenant.as_str(), Some(request)))
    }
}

//! Policies and their revisions.

use crate::{
    requests,
    store::{EmbeddedStore, unreadable},
    word_lists::{self, Staged},
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use umpire_model::{RequestRecord, ResourceId, StoreFuture, TenantId};
use umpire_rules::{Commit, CommitOutcome, Revision, RuleSets, StoredSet, lists::Delta};

impl RuleSets for EmbeddedStore {
    fn load<'a>(&'a self, tenant: &'a TenantId) -> StoreFuture<'a, StoredSet> {
        let tenant = tenant.clone();
        self.readers.read(move |connection| load(connection, tenant.as_str()))
    }

    fn commit<'a>(
        &'a self,
        tenant: &'a TenantId,
        commit: Arc<Commit>,
    ) -> StoreFuture<'a, CommitOutcome> {
        Box::pin(async move {
            let staged = word_lists::stage(&self.writer, &commit).await?;
            let tenant = tenant.clone();
            let write =
                move |connection: &Connection| write(connection, tenant.as_str(), &commit, &staged);
            self.writer.change(write).await
        })
    }

    fn remember<'a>(&'a self, tenant: &'a TenantId, request: RequestRecord) -> StoreFuture<'a, ()> {
        let tenant = tenant.clone();
        self.writer
            .change(move |connection| requests::keep(connection, tenant.as_str(), Some(&request)))
    }

    fn delta<'a>(
        &'a self,
        tenant: &'a TenantId,
        list: &'a ResourceId,
        revision: u64,
    ) -> StoreFuture<'a, Option<Delta>> {
        let (tenant, list) = (tenant.clone(), list.clone());
        self.readers.read(move |connection| {
            word_lists::delta(connection, tenant.as_str(), list.as_str(), signed(revision))
        })
    }

    fn revision<'a>(
        &'a self,
        tenant: &'a TenantId,
        number: u64,
    ) -> StoreFuture<'a, Option<Revision>> {
        let tenant = tenant.clone();
        self.readers.read(move |connection| {
            connection
                .prepare_cached("SELECT body FROM revisions WHERE tenant = ?1 AND number = ?2")?
                .query_row(params![tenant.as_str(), signed(number)], |row| {
                    from_json(row.get_ref(0)?)
                })
                .optional()
        })
    }

    fn revisions<'a>(
        &'a self,
        tenant: &'a TenantId,
        before: u64,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Revision>> {
        let tenant = tenant.clone();
        self.readers.read(move |connection| {
            let sql = "SELECT body FROM revisions WHERE tenant = ?1 AND number < ?2
                       ORDER BY number DESC LIMIT ?3";
            connection
                .prepare_cached(sql)?
                .query_map(params![tenant.as_str(), signed(before), limit], |row| {
                    from_json(row.get_ref(0)?)
                })?
                .collect()
        })
    }

    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: &'a str,
    ) -> StoreFuture<'a, Option<RequestRecord>> {
        let (tenant, id) = (tenant.clone(), id.to_owned());
        self.readers.read(move |connection| requests::find(connection, tenant.as_str(), &id))
    }
}

fn load(connection: &Connection, tenant: &str) -> rusqlite::Result<StoredSet> {
    Ok(StoredSet {
        revision: newest(connection, tenant)?,
        rules: bodies(connection, "SELECT body FROM rules WHERE tenant = ?1", tenant)?,
        lists: word_lists::load(connection, tenant)?,
        tests: bodies(connection, "SELECT body FROM policy_tests WHERE tenant = ?1", tenant)?,
    })
}

pub(crate) fn bodies<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    tenant: &str,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map([tenant], |row| from_json(row.get_ref(0)?))?.collect()
}

fn newest(connection: &Connection, tenant: &str) -> rusqlite::Result<u64> {
    let found = connection
        .prepare_cached("SELECT revision FROM rule_sets WHERE tenant = ?1")?
        .query_row([tenant], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

fn write(
    connection: &Connection,
    tenant: &str,
    commit: &Commit,
    staged: &[Staged],
) -> rusqlite::Result<CommitOutcome> {
    let revision = &commit.revision;
    if newest(connection, tenant)? + 1 != revision.number {
        word_lists::forget(connection, staged)?;
        return Ok(CommitOutcome::Conflict);
    }
    for change in &revision.changes.rules {
        let id = change.after.rule.id.as_str();
        connection.execute(
            "INSERT OR REPLACE INTO rules (tenant, id, body) VALUES (?1, ?2, ?3)",
            params![tenant, id, to_json(&change.after)?],
        )?;
    }
    write_tests(connection, tenant, revision)?;
    word_lists::write(connection, tenant, revision, staged)?;
    connection.execute(
        "INSERT INTO revisions (tenant, number, body) VALUES (?1, ?2, ?3)",
        params![tenant, signed(revision.number), to_json(revision)?],
    )?;
    connection.execute(
        "INSERT OR REPLACE INTO rule_sets (tenant, revision) VALUES (?1, ?2)",
        params![tenant, signed(revision.number)],
    )?;
    requests::keep(connection, tenant, commit.request.as_ref())?;
    Ok(CommitOutcome::Done)
}

fn write_tests(connection: &Connection, tenant: &str, revision: &Revision) -> rusqlite::Result<()> {
    for change in &revision.changes.tests {
        let id = change.id.as_str();
        match &change.after {
            Some(test) => connection.execute(
                "INSERT OR REPLACE INTO policy_tests (tenant, id, body) VALUES (?1, ?2, ?3)",
                params![tenant, id, to_json(test)?],
            )?,
            None => connection.execute(
                "DELETE FROM policy_tests WHERE tenant = ?1 AND id = ?2",
                params![tenant, id],
            )?,
        };
    }
    Ok(())
}

/// SQLite's integers are signed; numbers beyond them do not occur.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn to_json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

pub(crate) fn from_json<T: DeserializeOwned>(
    value: rusqlite::types::ValueRef<'_>,
) -> rusqlite::Result<T> {
    serde_json::from_str(value.as_str().map_err(unreadable)?).map_err(unreadable)
}

//! What an entry of the journal does to the projections.

use super::{rows, strikes};
use crate::rule_sets::to_json;
use rusqlite::{Connection, params};
use umpire_model::{ResourceId, TenantId, Timestamp};
use umpire_sanctions::{Change, Entry, SafetySwitch, SubjectKey};

/// An entry that may not be written yet.
#[derive(Clone, Copy)]
pub(super) struct Happened<'a> {
    pub sequence: u64,
    pub tenant: &'a TenantId,
    pub time: Timestamp,
    pub change: &'a Change,
}

impl<'a> From<&'a Entry> for Happened<'a> {
    fn from(entry: &'a Entry) -> Self {
        let Entry { sequence, tenant, time, change } = entry;
        Self { sequence: *sequence, tenant, time: *time, change }
    }
}

/// Brings the projections up to an entry. The same when it happens and when they are
/// made anew: nothing but the entry and the projections counts.
pub(super) fn project(connection: &Connection, entry: Happened<'_>) -> rusqlite::Result<()> {
    let Happened { sequence, tenant, time, change } = entry;
    let counter = |rule: &ResourceId, subject: SubjectKey| (tenant.clone(), rule.clone(), subject);
    match change {
        Change::Counted { subject, strikes, .. } => {
            let subject_key = subject.key();
            for strike in strikes {
                let key = counter(&strike.rule, subject_key);
                strikes::count(connection, &key, subject, (sequence, time), strike)?;
            }
        }
        Change::Strikes { subject, rule, times, .. } => {
            let key = counter(rule, subject.key());
            strikes::replace(connection, &key, subject, sequence, times)?;
        }
        Change::Grace { subject, rule, until } => {
            put_grace(connection, tenant, rule, subject.key(), *until)?;
        }
        Change::Sanction { sanction, .. } => rows::put(connection, sequence, sanction)?,
        Change::Safety(switch) => put_switch(connection, tenant, switch)?,
        Change::RuleDeleted { rule } => strikes::forget_rule(connection, tenant, rule)?,
        Change::Alert(_) => {}
    }
    // Projections that are behind stay behind, and are caught up with at the next start.
    connection
        .prepare_cached("UPDATE projected SET sequence = ?1 WHERE sequence = ?1 - 1")?
        .execute([sequence])?;
    Ok(())
}

fn put_grace(
    connection: &Connection,
    tenant: &TenantId,
    rule: &ResourceId,
    subject: SubjectKey,
    until: Timestamp,
) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO graces (tenant, rule, subject, until)
               VALUES (?1, ?2, ?3, ?4)";
    let values = params![tenant.as_str(), rule.as_str(), subject.0, until.0];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

fn put_switch(
    connection: &Connection,
    tenant: &TenantId,
    switch: &SafetySwitch,
) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO switches (tenant, body) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute(params![tenant.as_str(), to_json(switch)?])?;
    Ok(())
}

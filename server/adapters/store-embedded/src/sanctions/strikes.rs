//! The tables of counters and their strikes. A counter has a row while it holds a strike.

use crate::rule_sets::{signed, to_json};
use rusqlite::{Connection, OptionalExtension, params};
use umpire_model::{ResourceId, TenantId, Timestamp};
use umpire_sanctions::{Strike, Strikes, Subject, SubjectKey};

/// Which counter: whose rule, which rule, and whose strikes.
pub(super) type CounterKey = (TenantId, ResourceId, SubjectKey);

/// What a counter holds.
pub(super) fn load(connection: &Connection, key: &CounterKey) -> rusqlite::Result<Strikes> {
    match find(connection, key)? {
        Some(counter) => of_counter(connection, counter),
        None => Ok(Strikes::default()),
    }
}

/// What the counter in a row holds.
pub(super) fn of_counter(connection: &Connection, counter: i64) -> rusqlite::Result<Strikes> {
    let sql = "SELECT time, weight FROM strikes WHERE counter = ?1 ORDER BY time, sequence";
    let mut statement = connection.prepare_cached(sql)?;
    let entries =
        statement.query_map([counter], |row| Ok((Timestamp(row.get(0)?), row.get(1)?)))?;
    Ok(Strikes::of(entries.collect::<rusqlite::Result<Vec<_>>>()?))
}

/// Counts a strike received at `time`, and forgets those that are over then; does what
/// [`Strikes::effective`] and [`Strikes::add`] do.
pub(super) fn count(
    connection: &Connection,
    key: &CounterKey,
    subject: &Subject,
    (sequence, time): (u64, Timestamp),
    strike: &Strike,
) -> rusqlite::Result<()> {
    if strike.crossed {
        return forget(connection, key);
    }
    let counter = find_or_add(connection, key, subject)?;
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(time) FROM strikes WHERE counter = ?1")?
        .query_row([counter], |row| row.get(0))?;
    let time = last.map_or(time, |last| time.max(Timestamp(last)));
    let over = time.plus_seconds(-signed(strike.window));
    connection
        .prepare_cached("DELETE FROM strikes WHERE counter = ?1 AND time <= ?2")?
        .execute([counter, over.0])?;
    insert(connection, counter, sequence, (time, strike.weight))
}

/// Puts these in the place of all strikes of a counter.
pub(super) fn replace(
    connection: &Connection,
    key: &CounterKey,
    subject: &Subject,
    sequence: u64,
    times: &[Timestamp],
) -> rusqlite::Result<()> {
    forget(connection, key)?;
    if times.is_empty() {
        return Ok(());
    }
    let counter = find_or_add(connection, key, subject)?;
    grouped(times).into_iter().try_for_each(|entry| insert(connection, counter, sequence, entry))
}

/// Strikes of the same moment as one entry, ascending.
pub(super) fn grouped(times: &[Timestamp]) -> Vec<(Timestamp, u32)> {
    let mut times = times.to_vec();
    times.sort_unstable();
    let same = times.chunk_by(|one, other| one == other);
    same.map(|same| (same[0], u32::try_from(same.len()).unwrap_or(u32::MAX))).collect()
}

/// Forgets a counter.
fn forget(connection: &Connection, key: &CounterKey) -> rusqlite::Result<()> {
    let Some(counter) = find(connection, key)? else { return Ok(()) };
    connection.prepare_cached("DELETE FROM strikes WHERE counter = ?1")?.execute([counter])?;
    connection.prepare_cached("DELETE FROM counters WHERE id = ?1")?.execute([counter])?;
    Ok(())
}

/// Forgets every counter of a rule.
pub(super) fn forget_rule(
    connection: &Connection,
    tenant: &TenantId,
    rule: &ResourceId,
) -> rusqlite::Result<()> {
    let of_rule = [tenant.as_str(), rule.as_str()];
    connection.execute(
        "DELETE FROM strikes WHERE counter IN
             (SELECT id FROM counters WHERE tenant = ?1 AND rule = ?2)",
        of_rule,
    )?;
    connection.execute("DELETE FROM counters WHERE tenant = ?1 AND rule = ?2", of_rule)?;
    Ok(())
}

fn find(
    connection: &Connection,
    (tenant, rule, subject): &CounterKey,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM counters WHERE tenant = ?1 AND rule = ?2 AND subject = ?3")?
        .query_row(params![tenant.as_str(), rule.as_str(), subject.0], |row| row.get(0))
        .optional()
}

fn find_or_add(
    connection: &Connection,
    key: &CounterKey,
    subject: &Subject,
) -> rusqlite::Result<i64> {
    if let Some(known) = find(connection, key)? {
        return Ok(known);
    }
    let (tenant, rule, subject_key) = key;
    let sql = "INSERT INTO counters (tenant, rule, subject, user, server, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.prepare_cached(sql)?.insert(params![
        tenant.as_str(),
        rule.as_str(),
        subject_key.0,
        subject.user_id,
        subject.server_id,
        to_json(subject)?,
    ])
}

fn insert(
    connection: &Connection,
    counter: i64,
    sequence: u64,
    (time, weight): (Timestamp, u32),
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO strikes (counter, time, sequence, weight) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![counter, time.0, sequence, weight])?;
    Ok(())
}

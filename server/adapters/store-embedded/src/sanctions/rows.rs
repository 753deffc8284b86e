//! The table of sanctions.

use crate::rule_sets::{from_json, signed, to_json};
use rusqlite::{Connection, OptionalExtension, Params, params};
use umpire_model::{ResourceId, SanctionId, SanctionKind, TenantId, Timestamp};
use umpire_sanctions::{CounterOf, LetOut, Sanction, State};

/// Keeps a sanction as it is now; `sequence` is its place if it is new.
pub(super) fn put(
    connection: &Connection,
    sequence: u64,
    sanction: &Sanction,
) -> rusqlite::Result<()> {
    let subject = &sanction.subject;
    let mut statement = connection.prepare_cached(
        "INSERT INTO sanctions (sequence, tenant, id, state, kind, origin, subject, user, server,
             channel, category, role, rule, revision, operator, start_time, end_time,
             dispatch_time, permanent, suppressed, open, released, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
             ?19, ?20, ?21, ?22, ?23)
         ON CONFLICT (tenant, id) DO UPDATE SET state = excluded.state, kind = excluded.kind,
             operator = excluded.operator, start_time = excluded.start_time,
             end_time = excluded.end_time, dispatch_time = excluded.dispatch_time,
             permanent = excluded.permanent, suppressed = excluded.suppressed,
             open = excluded.open, released = excluded.released, body = excluded.body",
    )?;
    statement.execute(params![
        sequence,
        sanction.tenant.as_str(),
        sanction.id.0.as_bytes(),
        sanction.state as i64,
        sanction.kind as i64,
        sanction.origin as i64,
        subject.key().0,
        subject.user_id,
        subject.server_id,
        subject.channel,
        subject.category,
        subject.role_id,
        sanction.sanction_rule.as_ref().map_or("", ResourceId::as_str),
        signed(sanction.revision),
        sanction.operator,
        sanction.start_time.0,
        sanction.end_time.map(|end| end.0),
        sanction.dispatch_time.map(|time| time.0),
        sanction.permanent,
        sanction.suppressed_by.is_some(),
        is_open(sanction),
        sanction.released,
        to_json(sanction)?,
    ])?;
    Ok(())
}

/// A warning that is DONE has nothing more to come, and there is no end of them.
fn is_open(sanction: &Sanction) -> bool {
    let is_over = sanction.kind == SanctionKind::Warn && sanction.state == State::Done;
    sanction.is_open() && !is_over
}

/// One of them.
pub(super) fn find(
    connection: &Connection,
    tenant: &TenantId,
    id: SanctionId,
) -> rusqlite::Result<Option<Sanction>> {
    connection
        .prepare_cached("SELECT body FROM sanctions WHERE tenant = ?1 AND id = ?2")?
        .query_row(params![tenant.as_str(), id.0.as_bytes()], |row| from_json(row.get_ref(0)?))
        .optional()
}

/// Every open one, of one tenant or all, oldest first.
pub(super) fn open(
    connection: &Connection,
    tenant: Option<&TenantId>,
) -> rusqlite::Result<Vec<Sanction>> {
    match tenant {
        Some(tenant) => {
            let sql = "SELECT body FROM sanctions WHERE open = 1 AND tenant = ?1 ORDER BY sequence";
            read(connection, sql, [tenant.as_str()])
        }
        None => {
            let sql = "SELECT body FROM sanctions WHERE open = 1 ORDER BY sequence";
            read(connection, sql, [])
        }
    }
}

/// The open ones of a user, oldest first.
pub(super) fn open_of(
    connection: &Connection,
    tenant: &TenantId,
    user: &str,
) -> rusqlite::Result<Vec<Sanction>> {
    let sql = "SELECT body FROM sanctions WHERE open = 1 AND tenant = ?1 AND user = ?2
               ORDER BY sequence";
    read(connection, sql, [tenant.as_str(), user])
}

/// When those were made that count for a ladder, ascending.
pub(super) fn earlier(
    connection: &Connection,
    counter: CounterOf<'_>,
    since: Timestamp,
) -> rusqlite::Result<Vec<Timestamp>> {
    // State 5: LIFTED.
    let sql = "SELECT start_time FROM sanctions
               WHERE tenant = ?1 AND subject = ?2 AND rule = ?3 AND start_time > ?4
                   AND suppressed = 0 AND state <> 5
               ORDER BY start_time";
    let (tenant, rule) = (counter.tenant.as_str(), counter.rule.as_str());
    let mut statement = connection.prepare_cached(sql)?;
    let values = params![tenant, counter.subject.key().0, rule, since.0];
    statement.query_map(values, |row| row.get(0).map(Timestamp))?.collect()
}

// SQLite uses an index of some rows only where the query repeats its condition, which is
// why `state < 3` stands beside what it follows from.

/// The PENDING ones, oldest first.
pub(super) fn pending(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<Sanction>> {
    // Those that a person let out wait for the budget: they must not hide fresh ones.
    let sql = "SELECT body FROM sanctions WHERE state = 0
               ORDER BY released, start_time, sequence LIMIT ?1";
    read(connection, sql, [signed(limit as u64)])
}

/// Those that are PENDING or EXECUTING and were made before this, oldest first.
pub(super) fn unfinished(
    connection: &Connection,
    before: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Sanction>> {
    let sql = "SELECT body FROM sanctions
               WHERE state < 3 AND state IN (0, 2) AND start_time < ?1
               ORDER BY start_time, sequence LIMIT ?2";
    read(connection, sql, [before.0, signed(limit as u64)])
}

/// Open ones whose end has come, the first to end first.
pub(super) fn ended(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Sanction>> {
    let sql = "SELECT body FROM sanctions
               WHERE open = 1 AND end_time IS NOT NULL AND end_time <= ?1
               ORDER BY end_time, sequence LIMIT ?2";
    read(connection, sql, [now.0, signed(limit as u64)])
}

/// How many automatic ones were let out after `since`.
pub(super) fn dispatched(
    connection: &Connection,
    which: LetOut<'_>,
    since: Timestamp,
) -> rusqlite::Result<u32> {
    let sql = "SELECT count(*) FROM sanctions
               WHERE origin = 0 AND dispatch_time IS NOT NULL AND dispatch_time > ?1
                   AND (?2 IS NULL OR tenant = ?2) AND (?3 IS NULL OR rule = ?3)
                   AND NOT (?4 AND released)";
    let (tenant, rule) = (which.tenant.map(TenantId::as_str), which.rule.map(ResourceId::as_str));
    let values = params![since.0, tenant, rule, which.fresh];
    connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

fn read(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<Sanction>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(values, |row| from_json(row.get_ref(0)?))?.collect()
}

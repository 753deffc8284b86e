//! The table of jobs.

use crate::{rule_sets::signed, store::unreadable};
use rusqlite::{Connection, OptionalExtension, Row, params, types::Type};
use umpire_model::{ResourceId, SanctionId, TenantId, Timestamp};
use umpire_sanctions::{Job, JobState, Notice, SubjectKey};
use uuid::Uuid;

/// The columns [`job`] reads, in its order.
const COLUMNS: &str = "j.id, j.tenant, j.enforcer, j.webhook, j.sanction, j.subject, j.notice,
                       j.state, j.attempts, j.due, j.fence, j.create_time";
/// Jobs that are over are kept for so many seconds.
const MEMORY_SECONDS: i64 = 24 * 60 * 60;
/// New jobs after which those over their time are looked for.
const FORGET_EVERY: u64 = 64;

/// Keeps a new job or a changed one; gives its id.
pub(super) fn put(connection: &Connection, job: &Job) -> rusqlite::Result<u64> {
    let sql = "INSERT INTO jobs (id, tenant, enforcer, webhook, sanction, subject, notice, state,
                   attempts, due, fence, create_time)
               VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
               ON CONFLICT (id) DO UPDATE SET state = excluded.state,
                   attempts = excluded.attempts, due = excluded.due, fence = excluded.fence
               RETURNING id";
    let values = params![
        job.id,
        job.tenant.as_str(),
        job.enforcer.as_str(),
        job.webhook,
        job.sanction.0.as_bytes(),
        job.subject.0,
        notice_number(job.notice),
        state_number(job.state),
        job.attempts,
        job.due.0,
        job.fence,
        job.create_time.0,
    ];
    let id: u64 = connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
    if job.id == 0 && id.is_multiple_of(FORGET_EVERY) {
        forget_old(connection, job.create_time)?;
    }
    Ok(id)
}

/// Removes jobs that have been over for long, a few at once.
fn forget_old(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let sql = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs
                   WHERE state >= 2 AND create_time < ?1 ORDER BY create_time LIMIT ?2)";
    let oldest = now.plus_seconds(-MEMORY_SECONDS);
    connection.prepare_cached(sql)?.execute(params![oldest.0, 4 * FORGET_EVERY])?;
    Ok(())
}

/// One of them.
pub(super) fn find(connection: &Connection, id: u64) -> rusqlite::Result<Option<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM jobs j WHERE j.id = ?1");
    connection.prepare_cached(&sql)?.query_row([signed(id)], job).optional()
}

/// Those of a sanction that are not over, in order.
pub(super) fn open_of(
    connection: &Connection,
    tenant: &TenantId,
    sanction: SanctionId,
) -> rusqlite::Result<Vec<Job>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs j
         WHERE j.state < 2 AND j.tenant = ?1 AND j.sanction = ?2 ORDER BY j.id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_map(params![tenant.as_str(), sanction.0.as_bytes()], job)?.collect()
}

/// Those of a stream enforcer that are not over, in order.
pub(super) fn of_stream(
    connection: &Connection,
    tenant: &TenantId,
    enforcer: &ResourceId,
) -> rusqlite::Result<Vec<Job>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs j WHERE j.state < 2 AND j.webhook = 0 AND j.tenant = ?1
             AND j.enforcer = ?2 ORDER BY j.id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_map([tenant.as_str(), enforcer.as_str()], job)?.collect()
}

/// Those that are due and first of their enforcer and subject. Each enforcer is asked for
/// its own, so that one with thousands of them hides nobody else's.
pub(super) fn due(
    connection: &Connection,
    webhook: bool,
    now: Timestamp,
    limit: usize,
    per_enforcer: usize,
) -> rusqlite::Result<Vec<Job>> {
    let most = signed(limit.min(per_enforcer) as u64);
    let mut due = Vec::new();
    let mut last = (String::new(), String::new());
    while let Some(next) = enforcer_after(connection, webhook, &last)? {
        due.extend(due_of(connection, webhook, &next, now, most)?);
        last = next;
    }
    due.sort_by_key(|job: &Job| (job.due, job.id));
    due.truncate(limit);
    Ok(due)
}

/// The next enforcer with a job that is not over, by tenant and id.
fn enforcer_after(
    connection: &Connection,
    webhook: bool,
    (tenant, enforcer): &(String, String),
) -> rusqlite::Result<Option<(String, String)>> {
    let sql = "SELECT tenant, enforcer FROM jobs
               WHERE state < 2 AND webhook = ?1 AND (tenant, enforcer) > (?2, ?3)
               ORDER BY tenant, enforcer LIMIT 1";
    let values = params![webhook, tenant, enforcer];
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    connection.prepare_cached(sql)?.query_row(values, row).optional()
}

fn due_of(
    connection: &Connection,
    webhook: bool,
    (tenant, enforcer): &(String, String),
    now: Timestamp,
    most: i64,
) -> rusqlite::Result<Vec<Job>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs j
         WHERE j.state < 2 AND j.webhook = ?1 AND j.tenant = ?2 AND j.enforcer = ?3
             AND j.due <= ?4
             AND NOT EXISTS (SELECT 1 FROM jobs b
                 WHERE b.state < 2 AND b.tenant = j.tenant AND b.enforcer = j.enforcer
                     AND b.subject = j.subject AND b.id < j.id)
         ORDER BY j.due, j.id LIMIT ?5"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_map(params![webhook, tenant, enforcer, now.0, most], job)?.collect()
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let sanction: [u8; 16] = row.get(4)?;
    Ok(Job {
        id: row.get(0)?,
        tenant: TenantId::new(row.get_ref(1)?.as_str()?).map_err(unreadable)?,
        enforcer: ResourceId::new(row.get_ref(2)?.as_str()?).map_err(unreadable)?,
        webhook: row.get(3)?,
        sanction: SanctionId(Uuid::from_bytes(sanction)),
        subject: SubjectKey(row.get(5)?),
        notice: notice(row.get(6)?)?,
        state: state(row.get(7)?)?,
        attempts: row.get(8)?,
        due: Timestamp(row.get(9)?),
        fence: row.get(10)?,
        create_time: Timestamp(row.get(11)?),
    })
}

fn state_number(state: JobState) -> i64 {
    match state {
        JobState::Waiting => 0,
        JobState::Leased => 1,
        JobState::Done => 2,
        JobState::Failed => 3,
    }
}

fn state(number: i64) -> rusqlite::Result<JobState> {
    Ok(match number {
        0 => JobState::Waiting,
        1 => JobState::Leased,
        2 => JobState::Done,
        3 => JobState::Failed,
        _ => return Err(unknown(7, "state")),
    })
}

fn notice_number(notice: Notice) -> i64 {
    match notice {
        Notice::Apply => 0,
        Notice::Extend => 1,
        Notice::Lift => 2,
        Notice::Expire => 3,
    }
}

fn notice(number: i64) -> rusqlite::Result<Notice> {
    Ok(match number {
        0 => Notice::Apply,
        1 => Notice::Extend,
        2 => Notice::Lift,
        3 => Notice::Expire,
        _ => return Err(unknown(6, "notice")),
    })
}

fn unknown(column: usize, name: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, name.into(), Type::Integer)
}

/// Whoever was told something has it no more: this folder is one process's at a time, and
/// its leases ended with the one before.
pub(crate) fn release(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE jobs SET due = 0 WHERE webhook = 1 AND state = 1";
    connection.execute(sql, [])?;
    Ok(())
}

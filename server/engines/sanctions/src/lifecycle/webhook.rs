//! Jobs that are told by HTTP: taken with a lease, told, settled.

use super::{
    notice::{close, delivery_of, to_tell},
    outcome::{End, brief, finish, next_after},
    save,
};
use crate::{Job, JobState, Policy, Sanction, port::Turn};
use std::collections::HashMap;
use umpire_model::{ResourceId, StoreError, TenantId, Timestamp};

/// What has become of telling a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is so now.
    Applied,
    /// It may work another time.
    Retry {
        /// What went wrong; never what the enforcer may not want to be seen.
        error: String,
        /// Seconds that the enforcer asked for.
        after: Option<u64>,
    },
    /// It will not work.
    Refused {
        /// What went wrong.
        error: String,
    },
    /// There is no such webhook any more.
    Gone,
}

/// What a process can take on beside what it is at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Room {
    /// Most tellings at once.
    pub at_once: usize,
    /// Most tellings at once to one enforcer, so that a dead one delays nobody else.
    pub per_enforcer: usize,
    /// The jobs that are being told, each with its enforcer.
    pub under_way: HashMap<u64, (TenantId, ResourceId)>,
}

impl Room {
    fn admits(&self, job: &Job, taken: &[(Job, Sanction)]) -> bool {
        let under_way = self.under_way.values();
        let same = under_way.filter(|(tenant, id)| *tenant == job.tenant && *id == job.enforcer);
        let same_taken = taken
            .iter()
            .filter(|(other, _)| other.tenant == job.tenant && other.enforcer == job.enforcer);
        self.under_way.len() + taken.len() < self.at_once
            && same.count() + same_taken.count() < self.per_enforcer
    }
}

/// Takes jobs for webhooks that are due, each with its sanction as it is now. One whose lease
/// ran out is taken again, unless this process is still at it: then it keeps it.
pub(crate) fn lease(
    turn: &mut dyn Turn,
    now: Timestamp,
    policy: &Policy,
    room: &Room,
) -> Result<Vec<(Job, Sanction)>, StoreError> {
    let until = now.plus_seconds(i64::try_from(policy.lease).unwrap_or(i64::MAX));
    let mut taken = Vec::new();
    loop {
        let mut withdrawn = false;
        // Enforcers that are at their limit must not hide the others.
        for mut job in turn.due_jobs(true, now, 2 * room.at_once, room.per_enforcer)? {
            if room.under_way.contains_key(&job.id) {
                job.due = until;
                turn.put_job(&job)?;
                continue;
            }
            let Some(sanction) = to_tell(turn, &job)? else {
                close(turn, job, JobState::Done)?;
                withdrawn = true;
                continue;
            };
            if room.admits(&job, &taken) {
                (job.state, job.due) = (JobState::Leased, until);
                (job.fence, job.attempts) = (job.fence + 1, job.attempts + 1);
                turn.put_job(&job)?;
                taken.push((job, sanction));
            }
        }
        // What was behind a withdrawn one may be due.
        if !withdrawn {
            return Ok(taken);
        }
    }
}

/// Notes what has become of a job that was taken. `false` when it was lost meanwhile: then
/// nothing is changed, and who has it says what becomes of it. `jitter` is 0 to 1.
pub(crate) fn settle(
    turn: &mut dyn Turn,
    job: u64,
    fence: u64,
    settled: Settled,
    now: Timestamp,
    policy: &Policy,
    jitter: f64,
) -> Result<bool, StoreError> {
    let known = turn.job(job)?;
    let held = known.filter(|job| job.state == JobState::Leased && job.fence == fence);
    let Some(job) = held else { return Ok(false) };
    match settled {
        Settled::Applied => finish(turn, job, End::Applied, now)?,
        Settled::Gone => finish(turn, job, End::Gone, now)?,
        Settled::Retry { error, after } if job.attempts < policy.attempts => {
            let due = Timestamp(now.0.saturating_add(policy.delay(job.attempts, jitter, after)));
            try_again(turn, job, &error, due, now)?;
        }
        Settled::Retry { error, .. } | Settled::Refused { error } => {
            finish(turn, job, End::Failed(error), now)?;
        }
    }
    Ok(true)
}

fn try_again(
    turn: &mut dyn Turn,
    mut job: Job,
    error: &str,
    due: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(sanction) = to_tell(turn, &job)? else {
        return close(turn, job, JobState::Done);
    };
    (job.state, job.due) = (JobState::Waiting, due);
    turn.put_job(&job)?;
    note_failure(turn, &job, sanction, error, now)
}

/// Shows in a sanction that telling it failed for now, unless something later is to be told.
pub(super) fn note_failure(
    turn: &mut dyn Turn,
    job: &Job,
    mut sanction: Sanction,
    error: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    if next_after(turn, job)?.is_some() {
        return Ok(());
    }
    let Some(delivery) = delivery_of(&mut sanction, &job.enforcer) else { return Ok(()) };
    delivery.attempts = job.attempts;
    delivery.last_error = brief(error);
    // Nobody knows when somebody reads on from a stream.
    let is_timed = job.webhook || job.state == JobState::Leased;
    delivery.next_attempt_time = is_timed.then_some(job.due);
    save(turn, &mut sanction, now, None).map(drop)
}

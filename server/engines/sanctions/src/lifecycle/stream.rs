//! Jobs that are told over streams: read from the journal, acknowledged, or told again.

use super::{
    EnforcersOf,
    notice::{Addressee, NEVER, close, delivery_of, line_up, to_tell, unread_until},
    outcome::{End, finish},
    save,
};
use crate::{Enforcer, Job, JobState, Notice, Policy, Sanction, change::Telling, port::Turn};
use umpire_model::{ResourceId, SanctionId, StoreError, TenantId, Timestamp};

/// Enforcers that are looked through for those that were deleted.
const ENFORCERS: usize = 10_000;
/// Jobs of a deleted enforcer that are ended at once.
const OF_ONE: usize = 100;

/// An event is about to be given to who reads an enforcer's stream: from now on it has
/// `ack_deadline` seconds to acknowledge. One that is read once more, before it was
/// acknowledged, keeps its deadline. An end has no job, for it needs no acknowledgement.
pub(crate) fn streamed(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    enforcer: &ResourceId,
    ack_deadline: u64,
    sanction: SanctionId,
    notice: Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut open = turn.open_jobs(tenant, sanction)?;
    open.retain(|job| !job.webhook && job.enforcer == *enforcer);
    let is_shown = |job: &Job| job.notice == notice && job.state == JobState::Waiting;
    let Some(at) = open.iter().position(is_shown) else { return Ok(()) };
    let mut job = open.swap_remove(at);
    job.state = JobState::Leased;
    job.attempts += 1;
    job.due = now.plus_seconds(i64::try_from(ack_deadline).unwrap_or(i64::MAX));
    turn.put_job(&job)?;
    // What came before and was never read, a snapshot left out, which shows the sanction as
    // it is.
    for passed_over in open.into_iter().filter(|one| one.id < job.id && one.attempts == 0) {
        close(turn, passed_over, JobState::Done)?;
    }
    Ok(())
}

/// A stream that came after a sanction was let out is one of its addressees from now on:
/// it is to acknowledge it, and is told when it is lifted.
pub(crate) fn adopt(
    turn: &mut dyn Turn,
    (id, enforcer): (&ResourceId, &Enforcer),
    tenant: &TenantId,
    sanction: SanctionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(mut sanction) = turn.sanction(tenant, sanction)? else { return Ok(()) };
    let known = delivery_of(&mut sanction, id).is_some();
    if known || !sanction.restricts(now) || sanction.dispatch_time.is_none() {
        return Ok(());
    }
    let to = vec![Addressee::of((id.clone(), enforcer.clone()))];
    line_up(turn, &mut sanction, Notice::Apply, to, now)?;
    // It is in the snapshot: the journal need not tell it.
    save(turn, &mut sanction, now, None).map(drop)
}

/// Tells streams again what they were told and did not acknowledge in time; gives up after
/// the last attempt. Says how many it was.
pub(crate) fn overdue(
    turn: &mut dyn Turn,
    now: Timestamp,
    policy: &Policy,
    enforcers: &EnforcersOf<'_>,
    limit: usize,
) -> Result<usize, StoreError> {
    let due = due(turn, now, limit)?;
    let count = due.len();
    for (job, sanction) in due {
        if !is_stream(enforcers, &job) {
            finish(turn, job, End::Gone, now)?;
        } else if job.state == JobState::Leased && job.attempts < policy.attempts {
            tell_again(turn, job, sanction, now)?;
        } else if job.attempts == 0 {
            // Nobody read that it was undone, and nobody needs to any more.
            finish(turn, job, End::Gone, now)?;
        } else {
            finish(turn, job, End::Failed("not acknowledged".into()), now)?;
        }
    }
    Ok(count)
}

/// What is due and still to be told, with its sanction.
fn due(
    turn: &mut dyn Turn,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<(Job, Sanction)>, StoreError> {
    loop {
        let (mut found, mut withdrawn) = (Vec::new(), false);
        for job in turn.due_jobs(false, now, limit, limit)? {
            match to_tell(turn, &job)? {
                Some(sanction) => found.push((job, sanction)),
                None => {
                    close(turn, job, JobState::Done)?;
                    withdrawn = true;
                }
            }
        }
        // What was behind a withdrawn one may be due.
        if !withdrawn {
            return Ok(found);
        }
    }
}

fn is_stream(enforcers: &EnforcersOf<'_>, job: &Job) -> bool {
    enforcers(&job.tenant).iter().any(|(id, known)| *id == job.enforcer && !known.is_webhook())
}

fn tell_again(
    turn: &mut dyn Turn,
    mut job: Job,
    mut sanction: Sanction,
    now: Timestamp,
) -> Result<(), StoreError> {
    (job.state, job.due) = (JobState::Waiting, unread_until(job.notice, now));
    turn.put_job(&job)?;
    let delivery = delivery_of(&mut sanction, &job.enforcer);
    if let Some(delivery) = delivery.filter(|delivery| delivery.notice == job.notice) {
        delivery.attempts = job.attempts;
        delivery.next_attempt_time = None;
    }
    let streams = vec![(job.enforcer, job.attempts + 1)];
    let telling = Telling { notice: job.notice, streams };
    save(turn, &mut sanction, now, Some(telling)).map(drop)
}

/// Ends what deleted streams were still to be told: nobody will ever read it. Says how many
/// jobs that was; there may be more.
pub(crate) fn forsaken(
    turn: &mut dyn Turn,
    now: Timestamp,
    enforcers: &EnforcersOf<'_>,
) -> Result<usize, StoreError> {
    let of_each = turn.due_jobs(false, NEVER, ENFORCERS, 1)?;
    if of_each.iter().all(|job| is_stream(enforcers, job)) {
        return Ok(0);
    }
    let mut forsaken = turn.due_jobs(false, NEVER, ENFORCERS, OF_ONE)?;
    forsaken.retain(|job| !is_stream(enforcers, job));
    let count = forsaken.len();
    for job in forsaken {
        finish(turn, job, End::Gone, now)?;
    }
    Ok(count)
}

//! What enforcers are to be told, and who of them may know of a sanction.

use crate::{
    Enforcement, EnforcementState, Enforcer, Job, JobState, Notice, Sanction, State,
    change::Telling, port::Turn,
};
use umpire_model::{ResourceId, StoreError, Timestamp};

/// When a job is due that nobody has to look at.
pub(crate) const NEVER: Timestamp = Timestamp(i64::MAX);

/// Seconds after which a stream that nobody reads need not be told of what is over. Who
/// reads on finds it in the journal, who starts anew does not find the sanction.
const AWAY_SECONDS: i64 = 86_400;

/// An enforcer that is to be told, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addressee {
    pub id: ResourceId,
    pub webhook: bool,
}

impl Addressee {
    pub fn of((id, enforcer): (ResourceId, Enforcer)) -> Self {
        Self { id, webhook: enforcer.is_webhook() }
    }
}

/// Whether an enforcer is to do something for the sanction, rather than undo it.
pub(super) fn carries_out(notice: Notice) -> bool {
    matches!(notice, Notice::Apply | Notice::Extend)
}

/// When somebody has to look at what a stream was not told, although nobody reads it. A
/// sanction in force goes stale by itself.
pub(super) fn unread_until(notice: Notice, now: Timestamp) -> Timestamp {
    if carries_out(notice) { NEVER } else { now.plus_seconds(AWAY_SECONDS) }
}

/// Whether a job is about something that its sanction, being over, no longer asks for.
pub(super) fn is_obsolete(job: &Job, sanction: &Sanction) -> bool {
    carries_out(job.notice) && matches!(sanction.state, State::Lifted | State::Expired)
}

/// The sanction that a job is about, while there still is something to tell.
pub(super) fn to_tell(turn: &mut dyn Turn, job: &Job) -> Result<Option<Sanction>, StoreError> {
    let sanction = turn.sanction(&job.tenant, job.sanction)?;
    Ok(sanction.filter(|sanction| !is_obsolete(job, sanction)))
}

/// Ends a job, and nothing else.
pub(super) fn close(turn: &mut dyn Turn, mut job: Job, state: JobState) -> Result<(), StoreError> {
    job.state = state;
    turn.put_job(&job).map(drop)
}

/// What a sanction says of one enforcer.
pub(super) fn delivery_of<'a>(
    sanction: &'a mut Sanction,
    enforcer: &ResourceId,
) -> Option<&'a mut Enforcement> {
    sanction.deliveries.iter_mut().find(|delivery| delivery.enforcer == *enforcer)
}

/// Lines up a notice behind all that these enforcers are still to be told; gives what the
/// journal says for the streams among them. They are told of an end for information, so
/// nothing waits for their answer then.
pub(super) fn line_up(
    turn: &mut dyn Turn,
    sanction: &mut Sanction,
    notice: Notice,
    to: Vec<Addressee>,
    now: Timestamp,
) -> Result<Option<Telling>, StoreError> {
    let mut streams = Vec::new();
    for Addressee { id, webhook } in to {
        if !webhook {
            streams.push((id.clone(), 1));
        }
        if webhook || notice != Notice::Expire {
            turn.put_job(&job(sanction, id.clone(), webhook, notice, now))?;
            note(sanction, id, notice);
        }
    }
    Ok((!streams.is_empty()).then_some(Telling { notice, streams }))
}

fn job(
    sanction: &Sanction,
    enforcer: ResourceId,
    webhook: bool,
    notice: Notice,
    now: Timestamp,
) -> Job {
    Job {
        id: 0,
        tenant: sanction.tenant.clone(),
        enforcer,
        webhook,
        sanction: sanction.id,
        subject: sanction.subject.key(),
        notice,
        state: JobState::Waiting,
        attempts: 0,
        due: if webhook { now } else { unread_until(notice, now) },
        fence: 0,
        create_time: now,
    }
}

/// Notes that an enforcer is to be told.
fn note(sanction: &mut Sanction, enforcer: ResourceId, notice: Notice) {
    let fresh = Enforcement {
        enforcer,
        state: EnforcementState::Pending,
        attempts: 0,
        last_error: String::new(),
        next_attempt_time: None,
        notice,
    };
    match delivery_of(sanction, &fresh.enforcer) {
        Some(known) => *known = fresh,
        None => sanction.deliveries.push(fresh),
    }
}

/// The enforcers that may know of a sanction: those that were told, whether or not they
/// answered. What is in the journal counts as told to a stream. `open` are the sanction's
/// open jobs.
pub(super) fn knowing(
    sanction: &Sanction,
    open: &[Job],
    enforcers: Vec<(ResourceId, Enforcer)>,
) -> Vec<Addressee> {
    let knows = |(id, enforcer): &(ResourceId, Enforcer)| {
        let delivery = sanction.deliveries.iter().find(|delivery| delivery.enforcer == *id);
        delivery.is_some_and(|delivery| {
            !enforcer.is_webhook()
                || delivery.notice != Notice::Apply
                || delivery.state == EnforcementState::Applied
                || delivery.attempts > 0
                || open.iter().any(|job| job.enforcer == *id && job.attempts > 0)
        })
    };
    enforcers.into_iter().filter(knows).map(Addressee::of).collect()
}

//! What readers of streams say has become of sanctions.

use super::{
    notice::{carries_out, close, delivery_of, to_tell},
    outcome::{End, brief, conclude, finish},
    save,
    webhook::note_failure,
};
use crate::{CourtError, EnforcementState, Job, JobState, Notice, Policy, Sanction, port::Turn};
use umpire_model::{ResourceId, SanctionId, StoreError, TenantId, Timestamp};

/// What an enforcer did with a sanction it was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// Which.
    pub sanction: SanctionId,
    /// What it did.
    pub result: AckResult,
    /// What went wrong, in its words.
    pub error: String,
    /// What it was told; `None`: the oldest thing that it did not answer.
    pub about: Option<Notice>,
}

impl Ack {
    /// Whether it may be an answer to this. One of a mute that was told twice must not be
    /// taken for one of its lift.
    fn answers(&self, notice: Notice) -> bool {
        self.about.is_none_or(|about| carries_out(about) == carries_out(notice))
    }
}

/// What an enforcer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // as `umpire.v1.AckResult`
pub enum AckResult {
    Applied,
    Already,
    Failed,
    UnknownSubject,
}

/// Takes acknowledgements, all of them or none.
///
/// Each is about the oldest thing of its kind that this enforcer was told of the sanction and
/// did not acknowledge. When there is none, one that comes too late still makes good what failed.
pub(crate) fn acknowledge(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    enforcer: &ResourceId,
    acks: &[Ack],
    now: Timestamp,
    policy: &Policy,
) -> Result<(), CourtError> {
    for ack in acks {
        sent_to(turn, tenant, enforcer, ack.sanction)?;
    }
    for ack in acks {
        let mut open = turn.open_jobs(tenant, ack.sanction)?.into_iter();
        let told = |job: &Job| !job.webhook && job.attempts > 0 && job.enforcer == *enforcer;
        match open.find(|job| told(job) && ack.answers(job.notice)) {
            Some(job) => take(turn, job, ack, now, policy)?,
            None => take_late(turn, tenant, enforcer, ack, now)?,
        }
    }
    Ok(())
}

/// The sanction, if it was sent to this enforcer.
fn sent_to(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    enforcer: &ResourceId,
    id: SanctionId,
) -> Result<Sanction, CourtError> {
    let known = turn.sanction(tenant, id)?;
    let sent = known.filter(|known| known.deliveries.iter().any(|one| one.enforcer == *enforcer));
    sent.ok_or_else(|| CourtError::NotFound(format!("tenants/{tenant}/sanctions/{id}")))
}

fn take(
    turn: &mut dyn Turn,
    job: Job,
    ack: &Ack,
    now: Timestamp,
    policy: &Policy,
) -> Result<(), StoreError> {
    match ack.result {
        AckResult::Applied | AckResult::Already => finish(turn, job, End::Applied, now),
        AckResult::Failed if job.attempts < policy.attempts => {
            wait(turn, job, &ack.error, now, policy)
        }
        AckResult::Failed => finish(turn, job, End::Failed(said(ack, "failed")), now),
        AckResult::UnknownSubject => {
            finish(turn, job, End::Failed(said(ack, "unknown subject")), now)
        }
    }
}

fn said(ack: &Ack, otherwise: &str) -> String {
    brief(if ack.error.is_empty() { otherwise } else { &ack.error })
}

/// It is told again after a while. One that is in the journal again comes anyway.
fn wait(
    turn: &mut dyn Turn,
    mut job: Job,
    error: &str,
    now: Timestamp,
    policy: &Policy,
) -> Result<(), StoreError> {
    let Some(sanction) = to_tell(turn, &job)? else {
        return close(turn, job, JobState::Done);
    };
    if job.state == JobState::Leased {
        let delay = policy.delay(job.attempts, 0.0, None);
        job.due = Timestamp(now.0.saturating_add(delay));
        turn.put_job(&job)?;
    }
    note_failure(turn, &job, sanction, error, now)
}

fn take_late(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    enforcer: &ResourceId,
    ack: &Ack,
    now: Timestamp,
) -> Result<(), CourtError> {
    if !matches!(ack.result, AckResult::Applied | AckResult::Already) {
        return Ok(());
    }
    let mut sanction = sent_to(turn, tenant, enforcer, ack.sanction)?;
    let delivery = delivery_of(&mut sanction, enforcer);
    let failed = delivery.filter(|delivery| {
        delivery.state == EnforcementState::Failed && ack.answers(delivery.notice)
    });
    let Some(delivery) = failed else { return Ok(()) };
    delivery.state = EnforcementState::Applied;
    delivery.last_error.clear();
    if carries_out(delivery.notice) {
        conclude(&mut sanction, now);
    }
    save(turn, &mut sanction, now, None)?;
    Ok(())
}

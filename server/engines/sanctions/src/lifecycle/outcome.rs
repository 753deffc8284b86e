//! What telling an enforcer came to, and what that makes of the sanction.

use super::{
    alert,
    notice::{carries_out, close, delivery_of, to_tell},
    save,
};
use crate::{
    EnforcementState, Job, JobState, Notice, Sanction, State, change::Telling, port::Turn,
};
use umpire_model::{StoreError, Timestamp};

/// Most characters of an error that are kept.
const MAX_ERROR_CHARS: usize = 500;

/// How a job ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The enforcer did it.
    Applied,
    /// It will not, or no attempt is left.
    Failed(String),
    /// There is no such enforcer any more.
    Gone,
}

/// The start of an error.
pub(super) fn brief(error: &str) -> String {
    error.chars().take(MAX_ERROR_CHARS).collect()
}

/// The next job of the same enforcer for the same sanction, if there still is one: then
/// what the sanction says of the enforcer is about that one.
pub(super) fn next_after(turn: &mut dyn Turn, job: &Job) -> Result<Option<Job>, StoreError> {
    let open = turn.open_jobs(&job.tenant, job.sanction)?;
    Ok(open.into_iter().find(|other| other.enforcer == job.enforcer && other.id > job.id))
}

/// Ends a job. Its sanction says so, unless it is over or a later job is to say more.
pub(super) fn finish(
    turn: &mut dyn Turn,
    job: Job,
    end: End,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(sanction) = to_tell(turn, &job)? else {
        return close(turn, job, JobState::Done);
    };
    let failed = matches!(end, End::Failed(_));
    close(turn, job.clone(), if failed { JobState::Failed } else { JobState::Done })?;
    match next_after(turn, &job)? {
        Some(next) => tell_unread(turn, sanction, &next, now),
        None => record(turn, sanction, &job, end, now),
    }
}

/// A stream that answered one thing and was never shown the next may have started anew in
/// between: it is told now.
fn tell_unread(
    turn: &mut dyn Turn,
    mut sanction: Sanction,
    next: &Job,
    now: Timestamp,
) -> Result<(), StoreError> {
    if next.webhook || next.attempts > 0 || !carries_out(next.notice) {
        return Ok(());
    }
    let telling = Telling { notice: next.notice, streams: vec![(next.enforcer.clone(), 1)] };
    save(turn, &mut sanction, now, Some(telling)).map(drop)
}

fn record(
    turn: &mut dyn Turn,
    mut sanction: Sanction,
    job: &Job,
    end: End,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (state, error) = match end {
        End::Applied => (EnforcementState::Applied, String::new()),
        End::Failed(error) => (EnforcementState::Failed, brief(&error)),
        End::Gone => (EnforcementState::Cancelled, String::new()),
    };
    if let Some(delivery) = delivery_of(&mut sanction, &job.enforcer) {
        (delivery.state, delivery.attempts) = (state, job.attempts);
        delivery.last_error.clone_from(&error);
        delivery.next_attempt_time = None;
    }
    if carries_out(job.notice) {
        conclude(&mut sanction, now);
    }
    save(turn, &mut sanction, now, None)?;
    // An end needs nobody's help: it is told for information.
    if state == EnforcementState::Failed && job.notice != Notice::Expire {
        give_up(turn, &sanction, job, &error, now)?;
    }
    Ok(())
}

fn give_up(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    job: &Job,
    error: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let verb = if job.notice == Notice::Lift { "undo" } else { "apply" };
    let title =
        format!("enforcer {} did not {verb} sanction {}: {error}", job.enforcer, sanction.name());
    alert(turn, sanction, title, now)
}

/// What the answers so far make of a sanction that is being carried out, or failed to be.
pub(super) fn conclude(sanction: &mut Sanction, now: Timestamp) {
    if !matches!(sanction.state, State::Executing | State::Failed) {
        return;
    }
    let states: Vec<_> = sanction.deliveries.iter().map(|delivery| delivery.state).collect();
    let is_settled =
        |state| matches!(state, EnforcementState::Applied | EnforcementState::Cancelled);
    if states.iter().all(|state| is_settled(*state)) {
        let carried_out = states.contains(&EnforcementState::Applied);
        let cause = if carried_out { "carried out" } else { "no enforcer is left to tell" };
        sanction.enter(State::Done, now, cause);
    } else if sanction.state == State::Executing && !states.contains(&EnforcementState::Pending) {
        sanction.enter(State::Failed, now, "an enforcer did not apply it");
    }
}

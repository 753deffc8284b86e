use super::{
    EnforcersOf,
    notice::{carries_out, knowing, line_up},
    save,
};
use crate::{Act, HistoryEntry, Job, JobState, Notice, Sanction, State, port::Turn};
use umpire_model::{ResourceId, StoreError, Timestamp};

/// Moves the end of a sanction, and tells the enforcers that may know of another. One that
/// is still to be told of the sanction is told of the new end with it.
pub(crate) fn extend(
    turn: &mut dyn Turn,
    sanction: &mut Sanction,
    new_end: Option<Timestamp>,
    permanent: bool,
    by: &Act,
    now: Timestamp,
    enforcers: &EnforcersOf<'_>,
) -> Result<(), StoreError> {
    if !sanction.is_open() {
        return Ok(());
    }
    (sanction.end_time, sanction.permanent) = (new_end, permanent);
    let open = turn.open_jobs(&sanction.tenant, sanction.id)?;
    let mut to = knowing(sanction, &open, enforcers(&sanction.tenant));
    to.retain(|addressee| !learns_anyway(&open, &addressee.id));
    if !to.is_empty() {
        sanction.state = State::Executing;
    }
    // Not `enter`: what is HELD goes on being held.
    let cause = by.cause("the end was moved");
    sanction.history.push(HistoryEntry { state: sanction.state, time: now, cause });
    let telling = line_up(turn, sanction, Notice::Extend, to, now)?;
    save(turn, sanction, now, telling).map(drop)
}

/// Its last job was never tried, and will carry the sanction as it is then.
fn learns_anyway(open: &[Job], enforcer: &ResourceId) -> bool {
    let last = open.iter().rev().find(|job| job.enforcer == *enforcer);
    last.is_some_and(|job| {
        job.webhook
            && job.state == JobState::Waiting
            && job.attempts == 0
            && carries_out(job.notice)
    })
}

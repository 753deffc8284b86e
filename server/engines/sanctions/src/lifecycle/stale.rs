use super::{
    alert,
    notice::{close, delivery_of},
    save,
};
use crate::{EnforcementState, Job, JobState, Policy, Sanction, State, port::Turn};
use umpire_model::{StoreError, Timestamp};

/// Gives up sanctions that could not be carried out for a day, of the first `limit` that were
/// made before; says how many. They are FAILED, and people on duty hear of it.
pub(crate) fn go_stale(
    turn: &mut dyn Turn,
    now: Timestamp,
    policy: &Policy,
    limit: usize,
) -> Result<usize, StoreError> {
    let before = now.plus_seconds(i64::try_from(policy.stale).unwrap_or(i64::MAX).saturating_neg());
    let mut count = 0;
    for sanction in turn.unfinished(before, limit)? {
        if waited(&sanction, now) <= policy.stale.saturating_mul(1_000_000) {
            continue;
        }
        let open = turn.open_jobs(&sanction.tenant, sanction.id)?;
        // What is just being told has its answer in a moment.
        let under_way = |job: &Job| job.webhook && job.state == JobState::Leased && job.due > now;
        if !open.iter().any(under_way) {
            fail(turn, sanction, open, now)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Microseconds that a sanction has been waiting to be carried out: since it was made, hold
/// left out, or since its end was moved.
fn waited(sanction: &Sanction, now: Timestamp) -> u64 {
    let mut steps = sanction.history.windows(2).rev();
    let moved =
        steps.find(|step| step[1].state == State::Executing && step[0].state != State::Pending);
    match moved {
        Some(step) => now.micros_since(step[1].time),
        None => now.micros_since(sanction.start_time).saturating_sub(sanction.held_micros),
    }
}

fn fail(
    turn: &mut dyn Turn,
    mut sanction: Sanction,
    open: Vec<Job>,
    now: Timestamp,
) -> Result<(), StoreError> {
    for job in open {
        if let Some(delivery) = delivery_of(&mut sanction, &job.enforcer) {
            delivery.attempts = job.attempts;
        }
        close(turn, job, JobState::Failed)?;
    }
    for delivery in &mut sanction.deliveries {
        if delivery.state == EnforcementState::Pending {
            delivery.state = EnforcementState::Failed;
            delivery.last_error = "stale".into();
            delivery.next_attempt_time = None;
        }
    }
    sanction.enter(State::Failed, now, "stale");
    save(turn, &mut sanction, now, None)?;
    let title = format!("sanction {} is stale: it could not be carried out", sanction.name());
    alert(turn, &sanction, title, now)
}

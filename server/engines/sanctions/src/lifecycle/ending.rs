//! Sanctions end: lifted by a person, or in their time.

use super::{
    EnforcersOf,
    notice::{knowing, line_up, unread_until},
    save,
};
use crate::{
    Act, Change, EnforcementState, Job, JobState, Notice, Sanction, State,
    crash::crash_point,
    port::{CounterOf, Turn},
};
use std::iter::repeat_n;
use umpire_model::{StoreError, Timestamp};

/// Ends a sanction before its time and tells the enforcers that may know of it. `restore`
/// puts back the strikes that it cleared; `grace` keeps its rule from counting the subject
/// for so many seconds. One that is over stays as it is.
pub(crate) fn lift(
    turn: &mut dyn Turn,
    sanction: &mut Sanction,
    by: &Act,
    restore: bool,
    grace: Option<u64>,
    now: Timestamp,
    enforcers: &EnforcersOf<'_>,
) -> Result<(), StoreError> {
    if !sanction.is_open() {
        return Ok(());
    }
    let cause = by.cause("lifted");
    end(turn, sanction, (State::Lifted, Notice::Lift), cause, now, enforcers)?;
    if restore {
        put_back(turn, sanction, by, now)?;
    }
    grant(turn, sanction, grace.unwrap_or(0), now)
}

/// Ends sanctions whose time has come, at most `limit`, and tells the enforcers that may know
/// of them; says how many.
pub(crate) fn expire(
    turn: &mut dyn Turn,
    now: Timestamp,
    enforcers: &EnforcersOf<'_>,
    limit: usize,
) -> Result<usize, StoreError> {
    let ended = turn.ended(now, limit)?;
    let count = ended.len();
    for mut sanction in ended {
        let into = (State::Expired, Notice::Expire);
        end(turn, &mut sanction, into, "its end came".into(), now, enforcers)?;
    }
    if count > 0 {
        crash_point("expired");
    }
    Ok(count)
}

fn end(
    turn: &mut dyn Turn,
    sanction: &mut Sanction,
    (state, notice): (State, Notice),
    cause: String,
    now: Timestamp,
    enforcers: &EnforcersOf<'_>,
) -> Result<(), StoreError> {
    let open = turn.open_jobs(&sanction.tenant, sanction.id)?;
    let knowing = knowing(sanction, &open, enforcers(&sanction.tenant));
    for job in open {
        withdraw(turn, job, notice, now)?;
    }
    for delivery in &mut sanction.deliveries {
        if delivery.state == EnforcementState::Pending {
            delivery.state = EnforcementState::Cancelled;
            delivery.next_attempt_time = None;
        }
    }
    sanction.enter(state, now, cause);
    let telling = line_up(turn, sanction, notice, knowing, now)?;
    save(turn, sanction, now, telling).map(drop)
}

/// Takes back what was to be told of a sanction that ends. What a webhook is just being told
/// stays, so that what comes next waits behind it. A stream that reads it, or has, and is told
/// of a lift acknowledges both, one after the other.
fn withdraw(
    turn: &mut dyn Turn,
    mut job: Job,
    notice: Notice,
    now: Timestamp,
) -> Result<(), StoreError> {
    match (job.webhook, job.state) {
        (true, JobState::Leased) => return Ok(()),
        (false, JobState::Leased) if notice == Notice::Lift => return Ok(()),
        (false, _) if notice == Notice::Lift => job.due = unread_until(notice, now),
        _ => job.state = JobState::Done,
    }
    turn.put_job(&job).map(drop)
}

/// The strikes of its counter are those from before the sanction and those since.
fn put_back(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    by: &Act,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(rule) = sanction.sanction_rule.as_ref().filter(|_| !sanction.cleared.is_empty())
    else {
        return Ok(());
    };
    let (tenant, subject) = (&sanction.tenant, &sanction.subject);
    let since = turn.strikes(CounterOf { tenant, rule, subject })?;
    let since = since.iter().flat_map(|(time, weight)| repeat_n(time, weight as usize));
    let mut times: Vec<_> = since.chain(sanction.cleared.iter().copied()).collect();
    times.sort_unstable();
    let change = Change::Strikes {
        subject: subject.clone(),
        rule: rule.clone(),
        times,
        operator: by.operator.clone(),
        reason: by.reason.clone(),
    };
    turn.append(tenant, now, &change).map(drop)
}

fn grant(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    seconds: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(rule) = sanction.sanction_rule.clone().filter(|_| seconds > 0) else {
        return Ok(());
    };
    let until = now.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
    let change = Change::Grace { subject: sanction.subject.clone(), rule, until };
    turn.append(&sanction.tenant, now, &change).map(drop)
}

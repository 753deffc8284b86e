//! The scheduler's turns.

use super::{Landed, SWEEP, Scheduler};
use crate::{
    Court, Enforcer, EnforcerKind, Job, Policy, Sanction,
    crash::crash_point,
    lifecycle::{self, NEVER, Settled},
    port::Turn,
    turn::turn,
};
use std::sync::Arc;
use tokio::time::Instant;
use umpire_model::{ResourceId, StoreError, TenantId, Timestamp};

/// Sanctions or jobs that a turn looks at.
const BATCH: usize = 200;
/// The same where those that wait for one tenant's budget must not hide another's.
const WIDE: usize = 2_000;

/// What came out at the front.
struct Front {
    more: bool,
    next_out: Option<Timestamp>,
    leased: Vec<(Job, Sanction)>,
}

/// What was found at the back.
struct Back {
    more: bool,
    next_end: Option<Timestamp>,
}

impl Scheduler {
    /// The way from a decision to the enforcers, in one turn: settles what was told, lets
    /// sanctions out, and takes what is to be told next.
    pub(super) async fn front(&mut self, wide: bool) -> Result<(), StoreError> {
        let (now, room) = (self.clock.now(), self.flights.room());
        let (court, landed) = (self.court.clone(), self.landed.clone());
        let limit = if wide { WIDE } else { BATCH };
        let work = move |turn: &mut dyn Turn| -> Result<Front, StoreError> {
            let policy = court.policy();
            settle_all(turn, landed, now, policy)?;
            let cap_of = |tenant: &TenantId, rule: &ResourceId| {
                court.rules().get(tenant, rule).map(|kept| kept.item.max_per_minute)
            };
            let enforcers = |tenant: &TenantId| enforcers_of(&court, tenant);
            let out = lifecycle::dispatch(turn, now, policy, &enforcers, &cap_of, limit)?;
            if out.count > 0 {
                tracing::debug!(count = out.count, "sanctions went out");
            }
            let leased = lifecycle::lease(turn, now, policy, &room)?;
            Ok(Front { more: out.more, next_out: out.next, leased })
        };
        let Front { more, next_out, leased } = turn(self.store(), work).await?;
        self.has_settled();
        if !leased.is_empty() {
            crash_point("leased");
        }
        self.next_out = next_out;
        self.again |= more;
        leased.into_iter().for_each(|(job, sanction)| self.send(job, sanction, now));
        Ok(())
    }

    /// What comes with time: answers that did not come, ends that did, and what is given up.
    pub(super) async fn back(&mut self) -> Result<(), StoreError> {
        let (now, court) = (self.clock.now(), self.court.clone());
        let sweeps = self.swept.is_none_or(|swept| swept.elapsed() >= SWEEP);
        let work = move |turn: &mut dyn Turn| -> Result<Back, StoreError> {
            let policy = court.policy();
            let enforcers = |tenant: &TenantId| enforcers_of(&court, tenant);
            let overdue = lifecycle::overdue(turn, now, policy, &enforcers, BATCH)?;
            let expired = lifecycle::expire(turn, now, &enforcers, BATCH)?;
            let stale = lifecycle::go_stale(turn, now, policy, WIDE)?;
            let forsaken = if sweeps { lifecycle::forsaken(turn, now, &enforcers)? } else { 0 };
            let more = overdue == BATCH || expired == BATCH || stale == WIDE || forsaken > 0;
            let first = turn.ended(NEVER, 1)?.into_iter().next();
            Ok(Back { more, next_end: first.and_then(|first| first.end_time) })
        };
        let Back { more, next_end } = turn(self.store(), work).await?;
        if sweeps && !more {
            self.swept = Some(Instant::now());
        }
        self.next_end = next_end;
        self.again |= more;
        Ok(())
    }

    /// Notes what has become of what was told, and nothing else.
    pub(super) async fn settle(&mut self) -> Result<(), StoreError> {
        if self.landed.is_empty() {
            return Ok(());
        }
        let (now, court, landed) = (self.clock.now(), self.court.clone(), self.landed.clone());
        let work = move |turn: &mut dyn Turn| settle_all(turn, landed, now, court.policy());
        turn(self.store(), work).await?;
        self.has_settled();
        Ok(())
    }

    fn has_settled(&mut self) {
        if !self.landed.is_empty() {
            crash_point("settled");
            self.landed.clear();
        }
    }

    /// Has an enforcer told of a job. One that was deleted has it settled in the next turn.
    fn send(&mut self, job: Job, sanction: Sanction, now: Timestamp) {
        let enforcer = self.court.enforcers().get(&job.tenant, &job.enforcer);
        match enforcer.map(|kept| kept.item.kind.clone()) {
            Some(EnforcerKind::Webhook(webhook)) => self.flights.start(webhook, job, sanction, now),
            Some(EnforcerKind::Stream) | None => {
                self.landed.push(Landed::new(&job, Settled::Gone));
                self.again = true;
            }
        }
    }
}

fn settle_all(
    turn: &mut dyn Turn,
    landed: Vec<Landed>,
    now: Timestamp,
    policy: &Policy,
) -> Result<(), StoreError> {
    for Landed { job, fence, settled, jitter } in landed {
        if !lifecycle::settle(turn, job, fence, settled, now, policy, jitter)? {
            tracing::debug!(job, "what was told had been given to another");
        }
    }
    Ok(())
}

fn enforcers_of(court: &Arc<Court>, tenant: &TenantId) -> Vec<(ResourceId, Enforcer)> {
    let shelf = court.enforcers().shelf(tenant).unwrap_or_default();
    shelf.iter().map(|kept| (kept.id.clone(), kept.item.clone())).collect()
}

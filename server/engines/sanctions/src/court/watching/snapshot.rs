//! What a watch begins with.

use super::{Event, Found, Stage, Watch, What, stream};
use crate::{
    CourtError, Enforcement, EnforcementState, Enforcer, Notice, Sanction, State, port::Turn,
    turn::turn,
};
use std::collections::HashSet;
use umpire_catalog::Kept;
use umpire_model::{ResourceId, SanctionId, SanctionKind, StoreError, TenantId, Timestamp};

/// Events of a snapshot that are given at once.
const CHUNK: usize = 100;

impl Watch {
    /// Reads what is in force for this enforcer, and what was lifted and it did not hear.
    pub(super) async fn take_snapshot(&mut self, now: Timestamp) -> Result<(), CourtError> {
        let (sequence, open) = self.store.open(Some(self.tenant.clone())).await?;
        let lifted = self.unheard_lifts().await?;
        // What was open is lifted in the journal after `sequence`, and told from there.
        let known: HashSet<SanctionId> = open.iter().map(|sanction| sanction.id).collect();
        let lifted = lifted.into_iter().filter(|sanction| !known.contains(&sanction.id));
        let open = open.into_iter();
        let kept = stream(&self.enforcers, &self.tenant, &self.enforcer)?;
        let in_force = open.filter_map(|sanction| in_force(sanction, &kept, now));
        let mut found: Vec<_> = in_force.chain(lifted.map(lift)).collect();
        found.reverse();
        self.stage = Stage::Snapshot(found);
        (self.given, self.read) = (sequence, sequence);
        Ok(())
    }

    /// The next of the snapshot, and its end.
    pub(super) async fn next_of_snapshot(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<Event>, CourtError> {
        let Stage::Snapshot(rest) = &self.stage else { return Ok(Vec::new()) };
        let kept = rest.len().saturating_sub(CHUNK);
        self.mark(&rest[kept..], now).await?;
        let Stage::Snapshot(rest) = &mut self.stage else { return Ok(Vec::new()) };
        let next = rest.split_off(kept);
        let mut events: Vec<_> = next.into_iter().rev().map(|found| self.event(found)).collect();
        if kept == 0 {
            self.stage = Stage::Journal;
            let resume = Some(self.token(self.given));
            events.push(Event { resume, what: What::SnapshotEnd, attempt: 0 });
        }
        Ok(events)
    }

    /// Lifted sanctions of which this enforcer was told, and did not say that they are
    /// undone.
    async fn unheard_lifts(&self) -> Result<Vec<Sanction>, StoreError> {
        let (tenant, enforcer) = (self.tenant.clone(), self.enforcer.clone());
        let read = move |turn: &mut dyn Turn| unheard_lifts(turn, &tenant, &enforcer);
        turn(&*self.store, read).await
    }
}

fn unheard_lifts(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    enforcer: &ResourceId,
) -> Result<Vec<Sanction>, StoreError> {
    let jobs = turn.jobs_of(tenant, enforcer)?;
    let ids: HashSet<SanctionId> = jobs.iter().map(|job| job.sanction).collect();
    let mut lifted = Vec::new();
    for id in ids {
        let known = turn.sanction(tenant, id)?;
        lifted.extend(known.filter(|known| known.state == State::Lifted));
    }
    Ok(lifted)
}

/// What a snapshot says of an open sanction.
fn in_force(sanction: Sanction, enforcer: &Kept<Enforcer>, now: Timestamp) -> Option<Found> {
    let ended = sanction.end_time.is_some_and(|end| end <= now);
    let delivery = sanction.deliveries.iter().find(|delivery| delivery.enforcer == enforcer.id);
    let Some(delivery) = delivery else { return before_it(sanction, enforcer, now) };
    if ended || sanction.dispatch_time.is_none() || is_settled(&sanction, delivery) {
        return None;
    }
    let (notice, attempt) = (delivery.notice, delivery.attempts.max(1));
    let open = delivery.state == EnforcementState::Pending;
    Some(Found { sequence: 0, sanction: Box::new(sanction), notice, attempt, open })
}

/// What was let out before this enforcer was there, and would be addressed to it now.
fn before_it(sanction: Sanction, enforcer: &Kept<Enforcer>, now: Timestamp) -> Option<Found> {
    let holds = sanction.dispatch_time.is_some() && sanction.restricts(now);
    let addressed = holds && enforcer.item.addresses(&sanction.subject);
    let sanction = Box::new(sanction);
    addressed.then_some(Found {
        sequence: 0,
        sanction,
        notice: Notice::Apply,
        attempt: 1,
        open: true,
    })
}

/// There is nothing to tell: it is not addressed to this enforcer any more, or it is a
/// warning, which is over once it was answered.
fn is_settled(sanction: &Sanction, delivery: &Enforcement) -> bool {
    match delivery.state {
        EnforcementState::Cancelled => true,
        EnforcementState::Applied | EnforcementState::Failed => sanction.kind == SanctionKind::Warn,
        EnforcementState::Pending => false,
    }
}

/// What a snapshot says of a lifted sanction.
fn lift(sanction: Sanction) -> Found {
    let sanction = Box::new(sanction);
    Found { sequence: 0, sanction, notice: Notice::Lift, attempt: 1, open: true }
}

//! Policies that run while nobody acknowledges an alert, and levels that rise.

use super::{Round, matter::Matter, telling::Cause};
use crate::{
    AlertState, Escalation, EscalationStep, HappeningKind, Raise, Reason,
    queue::later,
    routing::{Way, addressed, silenced_by},
};
use std::mem;
use umpire_model::{Level, ResourceId, StoreError, Timestamp};

impl Round<'_> {
    /// An alert was told on a way: its policy starts, as it is now, unless it runs already.
    pub(super) fn start_policy(&self, matter: &mut Matter, way: &Way) {
        let alert = &mut matter.alert;
        let Some(policy) = &way.plan.escalation_policy else { return };
        if alert.escalations.iter().any(|escalation| escalation.policy == *policy) {
            return;
        }
        let Some(kept) = self.world.policies.get(&alert.tenant, policy) else { return };
        let mut escalation = Escalation {
            policy: policy.clone(),
            plan: kept.item.clone(),
            step: 0,
            due: None,
            rounds: 0,
            raised: Vec::new(),
        };
        if alert.state == AlertState::Open {
            escalation.start(self.now);
        }
        alert.escalations.push(escalation);
    }

    /// Nobody acknowledged an alert in time: the next step of a policy is taken.
    pub(super) fn take_step(
        &mut self,
        matter: &mut Matter,
        which: usize,
    ) -> Result<(), StoreError> {
        let Some(escalation) = matter.alert.escalations.get_mut(which) else { return Ok(()) };
        let policy = escalation.policy.clone();
        let Some(step) = escalation.advance(self.now) else { return Ok(()) };
        let before = matter.alert.level;
        if let Some(to) = step.raise_to {
            matter.alert.raise(to, policy.as_str(), self.now);
        }
        matter.note(HappeningKind::Escalated, policy.as_str());
        let rose = matter.rose_from(before);
        self.call(matter, &step.receivers, rose)?;
        if rose.is_some() {
            self.pass(matter, rose)?;
        }
        Ok(())
    }

    /// Tells the receivers of a step.
    fn call(
        &mut self,
        matter: &mut Matter,
        receivers: &[ResourceId],
        previous: Option<Level>,
    ) -> Result<(), StoreError> {
        let cause = Cause { previous, ..Cause::of(Reason::Escalated) };
        let notice = self.notice(&matter.alert, cause, 0);
        let silence = silenced_by(self.world, &matter.alert, self.now);
        for receiver in addressed(self.world, &matter.alert, receivers) {
            match &silence {
                Some(silence) => self.leave_out(matter, &receiver, &notice, silence)?,
                None => {
                    self.send(matter, &receiver, &notice)?;
                }
            }
        }
        Ok(())
    }
}

impl Matter {
    /// Makes raises that are reached, each once; what they raise to may be reached already.
    pub(super) fn raise_by_count(&mut self, now: Timestamp) {
        let alert = &mut self.alert;
        let mut escalations = mem::take(&mut alert.escalations);
        for escalation in &mut escalations {
            for (at, raise) in escalation.plan.raises.iter().enumerate() {
                if !escalation.raised.contains(&at) && is_reached(&alert.recent, raise) {
                    escalation.raised.push(at);
                    alert.raise(raise.to, escalation.policy.as_str(), now);
                }
            }
        }
        alert.escalations = escalations;
    }
}

/// Whether so many events ever happened within so long.
fn is_reached(recent: &[Timestamp], raise: &Raise) -> bool {
    let within = |first: Timestamp, last: Timestamp| last <= later(first, raise.seconds);
    let count = raise.count.max(1) as usize;
    recent.windows(count).any(|events| within(events[0], events[count - 1]))
}

impl Escalation {
    /// Waits for the step that comes next, from its beginning.
    pub(super) fn start(&mut self, now: Timestamp) {
        let next = self.plan.steps.get(self.step);
        self.due = next.map(|step| later(now, step.wait));
    }

    /// Gives the step that is taken now, and waits for the one after it.
    fn advance(&mut self, now: Timestamp) -> Option<EscalationStep> {
        let step = self.plan.steps.get(self.step).cloned();
        self.step += usize::from(step.is_some());
        if self.step == self.plan.steps.len() && self.rounds < self.plan.repeat {
            self.rounds += 1;
            self.step = 0;
        }
        self.start(now);
        step
    }
}

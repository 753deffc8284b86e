//! The safety switch, and what becomes of what it holds.

use super::{
    Act, Court, CourtError, Wave,
    ending::{SAMPLE, compare, has_paid},
};
use crate::{
    Change, LetOut, SafetyState, SafetySwitch, State, lifecycle, port::Turn, query::SanctionField,
    turn::turn,
};
use umpire_model::{SanctionId, StoreError, TenantId, Timestamp, Violation};
use umpire_query::{Expr, Op};

/// Held sanctions that are decided about in one turn.
const CHUNK: usize = 200;
/// Most sanctions of a sample.
const MAX_SAMPLE: usize = 1_000;

/// A tenant's safety switch, and how much is on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchStatus {
    /// The switch.
    pub switch: SafetySwitch,
    /// Automatic sanctions let out in the last minute.
    pub budget_used: u32,
    /// Sanctions that are HELD.
    pub held: u64,
    /// The server's ceiling for all tenants together.
    pub ceiling: u32,
    /// The configuration keeps automatic sanctions off.
    pub stopped: bool,
}

/// How a safety switch is changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetSwitch {
    /// Unchanged when absent.
    pub state: Option<SafetyState>,
    /// Unchanged when absent.
    pub budget: Option<u32>,
    /// With ON: so many go out before it is HOLD again; absent or 0: no probe.
    pub probe: Option<u32>,
    /// Of the switch as it was read; empty: whatever it is.
    pub etag: String,
}

/// What becomes of sanctions that are HELD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drain {
    /// They go out, as the budget allows.
    Apply,
    /// They are LIFTED, and nobody is told.
    Drop,
    /// So many of them go out, the oldest; the rest stays HELD.
    Sample(usize),
}

impl SetSwitch {
    /// The switch after this, or everything that is wrong with it.
    fn apply(
        &self,
        mut switch: SafetySwitch,
        act: &Act,
        ceiling: u32,
    ) -> Result<SafetySwitch, Vec<Violation>> {
        let violations = self.violations(act, ceiling);
        if !violations.is_empty() {
            return Err(violations);
        }
        if let Some(state) = self.state {
            switch.state = state;
            switch.surged_rule = None;
            switch.probe_left = self.probe.filter(|probe| *probe > 0);
            switch.armed_time = (state == SafetyState::On).then_some(act.time);
        }
        if let Some(budget) = self.budget {
            switch.budget_per_minute = budget;
        }
        switch.operator.clone_from(&act.operator);
        switch.reason.clone_from(&act.reason);
        switch.update_time = Some(act.time);
        switch.version += 1;
        Ok(switch)
    }

    fn violations(&self, act: &Act, ceiling: u32) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut wrong = |path: &str, message: String| found.push(Violation::invalid(path, message));
        let arms = self.state == Some(SafetyState::On);
        if self.state.is_none() && self.budget.is_none() {
            wrong("update_mask", "must name `state` or `budget_per_minute`".into());
        }
        if self.budget.is_some_and(|budget| !(1..=ceiling).contains(&budget)) {
            wrong("safety_switch.budget_per_minute", format!("must be 1 to {ceiling}"));
        }
        if self.probe.is_some_and(|probe| probe > 0) && !arms {
            wrong("probe", "goes with the state ON only".into());
        }
        if arms && act.operator.is_empty() {
            wrong("reason", "only a named operator may arm it".into());
        }
        found.extend(act.check_reason().err());
        found
    }
}

impl Drain {
    /// How many it takes hold of at most.
    fn most(self) -> Result<usize, Violation> {
        match self {
            Self::Apply | Self::Drop => Ok(usize::MAX),
            Self::Sample(size) if (1..=MAX_SAMPLE).contains(&size) => Ok(size),
            Self::Sample(_) => {
                Err(Violation::invalid("sample_size", format!("must be 1 to {MAX_SAMPLE}")))
            }
        }
    }
}

impl Court {
    /// A tenant's safety switch.
    ///
    /// # Errors
    /// [`CourtError`].
    pub async fn switch(
        &self,
        tenant: &TenantId,
        now: Timestamp,
    ) -> Result<SwitchStatus, CourtError> {
        let of = tenant.clone();
        let read = turn(&*self.store, move |turn| -> Result<_, StoreError> {
            let switch = turn.switch(&of)?;
            let all = LetOut { tenant: Some(&of), ..LetOut::default() };
            let used = turn.dispatched(all, lifecycle::counted_since(&switch, now))?;
            Ok((switch, used))
        });
        let (switch, budget_used) = read.await?;
        self.view.catch_up(&*self.store).await?;
        Ok(SwitchStatus {
            switch,
            budget_used,
            held: self.view.held(tenant),
            ceiling: self.policy.ceiling_per_minute,
            stopped: self.policy.stopped,
        })
    }

    /// Changes a tenant's safety switch. Only a person turns it ON.
    ///
    /// # Errors
    /// [`CourtError`].
    pub async fn set_switch(
        &self,
        tenant: &TenantId,
        set: SetSwitch,
        act: &Act,
    ) -> Result<SwitchStatus, CourtError> {
        let (of, ceiling) = (tenant.clone(), self.policy.ceiling_per_minute);
        let changed = self.carry_out(tenant, act, move |turn, act| {
            let switch = turn.switch(&of)?;
            if !set.etag.is_empty() && set.etag != switch.etag() {
                return Err(CourtError::EtagMismatch(format!("tenants/{of}/safetySwitch")));
            }
            let switch = set.apply(switch, act, ceiling).map_err(CourtError::Invalid)?;
            turn.append(&of, act.time, &Change::Safety(switch.clone()))?;
            Ok(switch)
        });
        let switch = changed.await?;
        Ok(SwitchStatus { switch, ..self.switch(tenant, act.time).await? })
    }

    /// Decides about the HELD sanctions that meet a filter, the oldest first, and gives
    /// those it took hold of.
    ///
    /// # Errors
    /// [`CourtError`]; what was decided before the store failed stays decided.
    pub async fn drain(
        &self,
        tenant: &TenantId,
        mode: Drain,
        filter: &Expr<SanctionField>,
        act: &Act,
    ) -> Result<Wave, CourtError> {
        let most = mode.most()?;
        if !act.validate_only {
            act.check_reason()?;
        }
        let held = compare(SanctionField::State, Op::Eq, State::Held as i64);
        let filter = Expr::And(vec![filter.clone(), held]);
        let mut held = Vec::new();
        self.each(tenant, filter, |sanction| held.push((sanction.id, has_paid(sanction)))).await?;
        // They came newest first.
        held.reverse();
        held.truncate(most);
        if act.validate_only {
            return self.preview(tenant, held).await;
        }
        self.let_go(tenant, mode, held, act).await
    }

    async fn preview(
        &self,
        tenant: &TenantId,
        held: Vec<(SanctionId, bool)>,
    ) -> Result<Wave, CourtError> {
        let payers = held.iter().filter(|(_, paid)| *paid).count();
        let ids: Vec<_> = held.into_iter().map(|(id, _)| id).collect();
        let mut wave = Wave::default();
        for id in ids.iter().take(SAMPLE) {
            if let Some(sanction) = self.store.sanction(tenant, *id).await? {
                wave.sample.push(sanction);
            }
        }
        Ok(Wave { ids, payers: payers as u64, ..wave })
    }

    async fn let_go(
        &self,
        tenant: &TenantId,
        mode: Drain,
        held: Vec<(SanctionId, bool)>,
        act: &Act,
    ) -> Result<Wave, CourtError> {
        let mut wave = Wave::default();
        for chunk in held.chunks(CHUNK) {
            let ids: Vec<_> = chunk.iter().map(|(id, _)| *id).collect();
            let (of, act) = (tenant.clone(), act.clone());
            let decide = move |turn: &mut dyn Turn| decide(turn, &of, &ids, mode, &act);
            let decided = turn(&*self.store, decide).await;
            // Those before may be let out even if these could not be decided about.
            self.wake.notify_one();
            wave.extend(decided?);
        }
        Ok(wave)
    }
}

/// Decides about those that are still HELD.
fn decide(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    ids: &[SanctionId],
    mode: Drain,
    act: &Act,
) -> Result<Wave, StoreError> {
    let mut wave = Wave::default();
    for id in ids {
        let known = turn.sanction(tenant, *id)?;
        let Some(mut sanction) = known.filter(|known| known.state == State::Held) else { continue };
        match mode {
            Drain::Drop => sanction.enter(State::Lifted, act.time, act.cause("dropped")),
            Drain::Apply | Drain::Sample(_) => {
                sanction.released = true;
                sanction.enter(State::Pending, act.time, act.cause("let out"));
            }
        }
        lifecycle::save(turn, &mut sanction, act.time, None)?;
        wave.add(&sanction);
    }
    Ok(wave)
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::ResourceId;

    fn act(operator: &str, reason: &str) -> Act {
        Act {
            operator: operator.into(),
            time: Timestamp(7),
            reason: reason.into(),
            request: None,
            validate_only: false,
        }
    }

    fn check(set: &SetSwitch, act: &Act, expected: &[&str]) {
        let found = set.apply(SafetySwitch::default(), act, 500).err().unwrap_or_default();
        let found: Vec<_> = found.iter().map(|violation| violation.path.as_str()).collect();
        assert_eq!(found, expected, "{set:?}");
    }

    #[test]
    fn only_a_named_operator_with_a_reason_arms() {
        let arm = SetSwitch { state: Some(SafetyState::On), ..SetSwitch::default() };
        let hold = SetSwitch { state: Some(SafetyState::Hold), ..SetSwitch::default() };
        check(&arm, &act("ann", "looked at it"), &[]);
        check(&arm, &act("", "looked at it"), &["reason"]);
        check(&arm, &act("ann", ""), &["reason"]);
        check(&hold, &act("", "a wave"), &[]);
        check(&hold, &act("", ""), &["reason"]);
    }

    #[test]
    fn budgets_and_probes_have_their_place() {
        let (ann, nothing) = (act("ann", "why"), SetSwitch::default());
        check(&nothing, &ann, &["update_mask"]);
        let budget = |budget| SetSwitch { budget: Some(budget), ..SetSwitch::default() };
        check(&budget(1), &ann, &[]);
        check(&budget(500), &ann, &[]);
        for bad in [0, 501] {
            check(&budget(bad), &ann, &["safety_switch.budget_per_minute"]);
        }
        let off = Some(SafetyState::Off);
        check(&SetSwitch { state: off, probe: Some(3), ..nothing.clone() }, &ann, &["probe"]);
        check(&SetSwitch { state: off, probe: Some(0), ..nothing }, &ann, &[]);
    }

    #[test]
    fn arming_forgets_the_surge_and_counts_a_probe() {
        let surged = ResourceId::new("spam").expect("an id");
        let held = SafetySwitch {
            state: SafetyState::Hold,
            surged_rule: Some(surged.clone()),
            version: 4,
            ..SafetySwitch::default()
        };
        let set = SetSwitch { probe: Some(3), state: Some(SafetyState::On), ..Default::default() };
        let armed = set.apply(held.clone(), &act("ann", "why"), 500).expect("a good change");
        assert_eq!((armed.state, armed.probe_left), (SafetyState::On, Some(3)));
        assert_eq!((armed.surged_rule, armed.version), (None, 5));
        assert_eq!((armed.operator.as_str(), armed.update_time), ("ann", Some(Timestamp(7))));
        let budget = SetSwitch { budget: Some(9), ..SetSwitch::default() };
        let still = budget.apply(held, &act("ann", "why"), 500).expect("a good change");
        assert_eq!((still.state, still.surged_rule), (SafetyState::Hold, Some(surged)));
        assert_eq!(still.budget_per_minute, 9);
    }

    #[test]
    fn samples_are_bounded() {
        assert_eq!(Drain::Sample(1).most(), Ok(1));
        assert_eq!(Drain::Drop.most(), Ok(usize::MAX));
        assert!(Drain::Sample(0).most().is_err() && Drain::Sample(1_001).most().is_err());
    }
}

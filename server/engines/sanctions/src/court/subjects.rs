//! What holds for a subject, and what was counted.

use super::{Act, Court, CourtError, resource_name};
use crate::{
    Change, Sanction, SanctionRule, Subject,
    port::{Counted, CounterOf, Turn},
    query::StrikeQuery,
};
use std::sync::Arc;
use umpire_model::{ResourceId, StoreError, TenantId, Timestamp};
use umpire_query::Page;

impl Court {
    /// The mutes and bans in force for a subject, permanent ones first, then the one that
    /// ends last; from memory. An empty field of the subject stands for all.
    #[must_use]
    pub fn check_subject(
        &self,
        tenant: &TenantId,
        subject: &Subject,
        now: Timestamp,
    ) -> Vec<Arc<Sanction>> {
        self.view.restrictions(tenant, subject, now)
    }

    /// Up to when what [`Court::check_subject`] is about to say is complete; to be asked
    /// before it.
    #[must_use]
    pub fn as_of(&self, now: Timestamp) -> Timestamp {
        self.view.as_of(*self.store.settled().borrow(), now)
    }

    /// A page of counters that hold a strike.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn strikes(&self, query: StrikeQuery) -> Result<Page<Counted>, StoreError> {
        self.store.counters(query).await
    }

    /// Forgets the strikes of a subject, under one rule or all, and says how many.
    ///
    /// # Errors
    /// [`CourtError`].
    pub async fn reset_strikes(
        &self,
        tenant: &TenantId,
        subject: Subject,
        rule: Option<ResourceId>,
        act: &Act,
    ) -> Result<u32, CourtError> {
        let rules = self.windows(tenant, rule.as_ref());
        let of = tenant.clone();
        let forgotten = self.carry_out(tenant, act, move |turn, act| {
            act.check_reason()?;
            let violations = subject.violations("subject");
            if !violations.is_empty() {
                return Err(CourtError::Invalid(violations));
            }
            let mut forgotten: u32 = 0;
            for (rule, window) in rules? {
                let counter = CounterOf { tenant: &of, rule: &rule, subject: &subject };
                forgotten = forgotten.saturating_add(forget(turn, counter, window, act)?);
            }
            Ok(forgotten)
        });
        forgotten.await
    }

    /// One rule of a tenant or all of them, each with its window.
    fn windows(
        &self,
        tenant: &TenantId,
        rule: Option<&ResourceId>,
    ) -> Result<Vec<(ResourceId, u64)>, CourtError> {
        let shelf = self.rules.shelf(tenant).unwrap_or_default();
        let Some(id) = rule else {
            return Ok(shelf.iter().map(|kept| (kept.id.clone(), kept.item.window)).collect());
        };
        let missing = || CourtError::NotFound(resource_name::<SanctionRule>(tenant, id));
        let kept = shelf.get(id.as_str()).ok_or_else(missing)?;
        Ok(vec![(id.clone(), kept.item.window)])
    }
}

/// Empties a counter; says how many strikes still counted.
fn forget(
    turn: &mut dyn Turn,
    counter: CounterOf<'_>,
    window: u64,
    act: &Act,
) -> Result<u32, StoreError> {
    let strikes = turn.strikes(counter)?;
    let count = strikes.within(strikes.effective(act.time), window);
    if count == 0 {
        return Ok(0);
    }
    let change = Change::Strikes {
        subject: counter.subject.clone(),
        rule: counter.rule.clone(),
        times: Vec::new(),
        operator: act.operator.clone(),
        reason: act.reason.clone(),
    };
    turn.append(counter.tenant, act.time, &change)?;
    Ok(count)
}

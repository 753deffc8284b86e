//! Ends that are moved: lifted, extended, and whole waves undone.

use super::{Act, Court, CourtError};
use crate::{
    Enforcer, Sanction, SanctionRule, State,
    crash::crash_point,
    lifecycle,
    port::Turn,
    query::{SanctionField, SanctionQuery},
};
use std::sync::Arc;
use umpire_catalog::Catalog;
use umpire_model::{
    ResourceId, SanctionId, SanctionKind, StoreError, TenantId, Timestamp, Violation,
};
use umpire_query::{Expr, Op, Term, Value};

/// Longest grace, in seconds.
const MAX_GRACE: u64 = 366 * 86_400;
/// Sanctions that are read at once.
const PAGE: usize = 1_000;
/// Sanctions that a wave shows.
pub(super) const SAMPLE: usize = 10;

/// How sanctions are lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lift {
    /// Put back the strikes that the sanction cleared.
    pub restore_strikes: bool,
    /// Seconds the rule does not count the subject for; the rule's own when absent.
    pub grace: Option<u64>,
}

/// Where an end is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewEnd {
    /// To this moment.
    At(Timestamp),
    /// Away.
    Permanent,
    /// By so many seconds, nearer when negative.
    By(i64),
}

/// Sanctions that something is done to together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wave {
    /// Which.
    pub ids: Vec<SanctionId>,
    /// The first ten.
    pub sample: Vec<Sanction>,
    /// How many are of subjects that have paid.
    pub payers: u64,
}

impl Wave {
    pub(super) fn add(&mut self, sanction: &Sanction) {
        self.ids.push(sanction.id);
        self.payers += u64::from(has_paid(sanction));
        if self.sample.len() < SAMPLE {
            self.sample.push(sanction.clone());
        }
    }

    /// The next ones.
    pub(super) fn extend(&mut self, next: Self) {
        self.ids.extend(next.ids);
        self.payers += next.payers;
        let free = SAMPLE.saturating_sub(self.sample.len());
        self.sample.extend(next.sample.into_iter().take(free));
    }
}

/// The recharge of its subject is known, and more than nothing.
pub(super) fn has_paid(sanction: &Sanction) -> bool {
    sanction.total_recharge.is_some_and(|recharge| recharge > 0)
}

/// What lifting goes by, inside a turn.
struct Lifting<E> {
    lift: Lift,
    rules: Arc<Catalog<SanctionRule>>,
    enforcers: E,
}

impl<E: Fn(&TenantId) -> Vec<(ResourceId, Enforcer)>> Lifting<E> {
    fn lift(
        &self,
        turn: &mut dyn Turn,
        sanction: &mut Sanction,
        act: &Act,
    ) -> Result<(), StoreError> {
        let Lift { restore_strikes, grace } = self.lift;
        let grace = grace.or_else(|| {
            let rule = self.rules.get(&sanction.tenant, sanction.sanction_rule.as_ref()?)?;
            Some(rule.item.grace)
        });
        let grace = grace.filter(|seconds| *seconds > 0);
        lifecycle::lift(turn, sanction, act, restore_strikes, grace, act.time, &self.enforcers)
    }
}

impl Court {
    fn lifting(
        &self,
        lift: Lift,
    ) -> Lifting<impl Fn(&TenantId) -> Vec<(ResourceId, Enforcer)> + Send + use<>> {
        Lifting { lift, rules: self.rules.clone(), enforcers: self.addressees() }
    }

    /// Ends a sanction before its time and tells the enforcers that know of it. An empty
    /// etag is always current.
    ///
    /// # Errors
    /// [`CourtError`].
    pub async fn lift(
        &self,
        tenant: &TenantId,
        id: SanctionId,
        etag: &str,
        lift: Lift,
        act: &Act,
    ) -> Result<Sanction, CourtError> {
        let (of, etag, lifting) = (tenant.clone(), etag.to_owned(), self.lifting(lift));
        let lifted = self.carry_out(tenant, act, move |turn, act| {
            act.check_reason()?;
            check_grace(lift)?;
            let mut sanction = current(turn, &of, id, &etag, act.time)?;
            lifting.lift(turn, &mut sanction, act)?;
            Ok(sanction)
        });
        let lifted = lifted.await?;
        crash_point("lifted");
        Ok(lifted)
    }

    /// Moves the end of a sanction and tells the enforcers that know of it. An empty etag
    /// is always current.
    ///
    /// # Errors
    /// [`CourtError`]; a warning has no end to move.
    pub async fn extend(
        &self,
        tenant: &TenantId,
        id: SanctionId,
        etag: &str,
        end: NewEnd,
        act: &Act,
    ) -> Result<Sanction, CourtError> {
        let (of, etag, enforcers) = (tenant.clone(), etag.to_owned(), self.addressees());
        let extended = self.carry_out(tenant, act, move |turn, act| {
            act.check_reason()?;
            let mut sanction = current(turn, &of, id, &etag, act.time)?;
            if sanction.kind == SanctionKind::Warn {
                return Err(CourtError::WrongKind(sanction.name()));
            }
            let end = moved(sanction.end_time, end, act.time)?;
            let permanent = end.is_none();
            lifecycle::extend(turn, &mut sanction, end, permanent, act, act.time, &enforcers)?;
            Ok(sanction)
        });
        extended.await
    }

    /// The sanctions that meet a filter and could be lifted, newest first.
    ///
    /// # Errors
    /// [`CourtError`].
    pub async fn wave(
        &self,
        tenant: &TenantId,
        filter: &Expr<SanctionField>,
    ) -> Result<Wave, CourtError> {
        let open = [
            compare(SanctionField::Suppressed, Op::Eq, 0),
            compare(SanctionField::State, Op::Lt, State::Lifted as i64),
        ];
        let filter = Expr::And([filter.clone()].into_iter().chain(open).collect());
        let mut wave = Wave::default();
        self.each(tenant, filter, |sanction| wave.add(sanction)).await?;
        Ok(wave)
    }

    /// Lifts these in one turn and says how many; those that are over meanwhile are left
    /// out. There is no request id: lifting twice does nothing.
    ///
    /// # Errors
    /// [`CourtError`].
    pub async fn lift_some(
        &self,
        tenant: &TenantId,
        ids: &[SanctionId],
        lift: &Lift,
        act: &Act,
    ) -> Result<u64, CourtError> {
        let act = Act { request: None, ..act.clone() };
        let (of, ids, lifting) = (tenant.clone(), ids.to_vec(), self.lifting(*lift));
        let lifted = self.carry_out(tenant, &act, move |turn, act| {
            act.check_reason()?;
            check_grace(lifting.lift)?;
            let mut lifted = 0;
            for id in ids {
                let known = turn.sanction(&of, id)?;
                let Some(mut sanction) = known.filter(|known| can_end(known, act.time)) else {
                    continue;
                };
                lifting.lift(turn, &mut sanction, act)?;
                lifted += 1;
            }
            Ok(lifted)
        });
        let lifted = lifted.await?;
        crash_point("lifted");
        Ok(lifted)
    }

    /// Shows every sanction that meets a filter, newest first.
    pub(super) async fn each(
        &self,
        tenant: &TenantId,
        filter: Expr<SanctionField>,
        mut show: impl FnMut(&Sanction) + Send,
    ) -> Result<(), StoreError> {
        let mut cursor = None;
        loop {
            let (tenant, filter) = (tenant.clone(), filter.clone());
            let query = SanctionQuery { tenant, filter, size: PAGE, cursor };
            let page = self.store.sanctions(query).await?;
            page.items.iter().for_each(&mut show);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }
}

/// A comparison of a field with a number or a rank.
pub(super) fn compare(field: SanctionField, op: Op, number: i64) -> Expr<SanctionField> {
    Expr::Term(Term { field, op, value: Value::Number(number) })
}

/// A sanction that can still be ended, if it is as the caller read it.
fn current(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    id: SanctionId,
    etag: &str,
    now: Timestamp,
) -> Result<Sanction, CourtError> {
    let known = turn.sanction(tenant, id)?;
    let sanction = known.ok_or_else(|| CourtError::NotFound(super::name_of(tenant, id)))?;
    if !etag.is_empty() && etag != sanction.etag() {
        return Err(CourtError::EtagMismatch(sanction.name()));
    }
    if !can_end(&sanction, now) {
        return Err(CourtError::Over(sanction.name()));
    }
    Ok(sanction)
}

/// It is open, and its end did not come.
fn can_end(sanction: &Sanction, now: Timestamp) -> bool {
    sanction.is_open() && sanction.end_time.is_none_or(|end| now < end)
}

fn check_grace(lift: Lift) -> Result<(), Violation> {
    if lift.grace.is_some_and(|seconds| seconds > MAX_GRACE) {
        return Err(Violation::too_large("grace", "366 days"));
    }
    Ok(())
}

/// The end that `end` leads to from the present one; `None` when there is none then.
fn moved(
    present: Option<Timestamp>,
    end: NewEnd,
    now: Timestamp,
) -> Result<Option<Timestamp>, Violation> {
    let (path, end) = match (end, present) {
        (NewEnd::Permanent, _) => return Ok(None),
        (NewEnd::At(end), _) => ("end_time", end),
        (NewEnd::By(seconds), Some(present)) => ("extend_by", present.plus_seconds(seconds)),
        (NewEnd::By(_), None) => {
            let message = "a permanent sanction has no end to add to";
            return Err(Violation::invalid("extend_by", message));
        }
    };
    if end <= now {
        return Err(Violation::invalid(path, "the end must lie in the future"));
    }
    let (seconds, nanos) = end.parts();
    if Timestamp::from_parts(seconds, nanos).is_none() {
        return Err(Violation::too_large(path, "the year 9999"));
    }
    Ok(Some(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_move_into_the_future_only() {
        let (now, present) = (Timestamp(0).plus_seconds(100), Timestamp(0).plus_seconds(200));
        let later = Timestamp(0).plus_seconds(300);
        let end = |end| moved(Some(present), end, now);
        assert_eq!(end(NewEnd::Permanent), Ok(None));
        assert_eq!(end(NewEnd::At(later)), Ok(Some(later)));
        assert_eq!(end(NewEnd::By(100)), Ok(Some(later)));
        assert_eq!(end(NewEnd::By(-50)), Ok(Some(Timestamp(0).plus_seconds(150))));
        for bad in [NewEnd::At(now), NewEnd::By(-100), NewEnd::By(i64::MAX), NewEnd::By(i64::MIN)] {
            assert!(end(bad).is_err(), "{bad:?}");
        }
        assert!(moved(None, NewEnd::By(1), now).is_err());
        assert_eq!(moved(None, NewEnd::At(later), now), Ok(Some(later)));
    }

    #[test]
    fn graces_are_bounded() {
        let lift = |grace| Lift { grace, ..Lift::default() };
        assert_eq!(check_grace(lift(Some(MAX_GRACE))), Ok(()));
        assert!(check_grace(lift(Some(MAX_GRACE + 1))).is_err());
    }
}

//! Counting a message, in the commit that records it.

mod identity;
mod sentence;
mod suppression;
#[cfg(test)]
mod tests;

pub use identity::sanction_id;

use crate::{
    Candidate, Change, CounterOf, Offence, RuleMode, Sanction, SanctionRule, Strike, Strikes, Turn,
    crash::crash_point, next_step,
};
use std::{
    iter::repeat_n,
    ops::ControlFlow::{self, Break, Continue},
};
use umpire_model::{Judged, NextStep, StoreError, StrikeStatus, Timestamp};

/// Most strikes a sanction remembers to have cleared; no threshold is higher.
const MAX_CLEARED: usize = 10_000;

/// Counts a message under the rules that fit it, in their order, up to the first that
/// sanctions. What it comes to is written to the journal of the turn. A message that
/// brought a sanction before brings the same one again, and nothing is written.
///
/// # Errors
/// [`StoreError`]; the turn must then be undone.
pub fn judge(turn: &mut dyn Turn, offence: &Offence) -> Result<Judged, StoreError> {
    crash_point("judged");
    let mut judging = Judging::of(offence);
    for candidate in &offence.candidates {
        if judging.count(turn, candidate)?.is_break() {
            break;
        }
    }
    let judged = judging.write(turn)?;
    crash_point("counted");
    Ok(judged)
}

/// A message on its way through the rules. Nothing is written before the last was asked.
struct Judging<'a> {
    offence: &'a Offence,
    judged: Judged,
    strikes: Vec<Strike>,
    sanctions: Vec<Sanction>,
    /// It was judged before.
    again: bool,
}

impl<'a> Judging<'a> {
    fn of(offence: &'a Offence) -> Self {
        let (strikes, sanctions) = (Vec::new(), Vec::new());
        Self { offence, judged: Judged::default(), strikes, sanctions, again: false }
    }

    /// Counts it under one rule; breaks when no other is to be tried.
    fn count(
        &mut self,
        turn: &mut dyn Turn,
        candidate: &Candidate,
    ) -> Result<ControlFlow<()>, StoreError> {
        let (offence, rule) = (self.offence, &candidate.rule);
        let (tenant, subject) = (&offence.tenant, &offence.subject);
        let counter = CounterOf { tenant, rule: &candidate.id, subject };
        if turn.grace(counter)?.is_some_and(|until| offence.time < until) {
            return Ok(Continue(()));
        }
        let strikes = turn.strikes(counter)?;
        let before = strikes.within(strikes.effective(offence.time), rule.window);
        let count = before.saturating_add(candidate.weight);
        let crossed = count >= rule.threshold;
        let cleared = if crossed { newest(strikes, before) } else { Vec::new() };
        let (step, next) = upcoming(turn, counter, rule, offence.time)?;
        let mut status = status(candidate, count, crossed, next);
        let mut flow = Continue(());
        if crossed {
            flow = self.cross(turn, candidate, &mut status, (step, cleared))?;
        }
        let (rule, window, weight) = (candidate.id.clone(), rule.window, candidate.weight);
        self.strikes.push(Strike { rule, window, weight, crossed });
        self.judged.strikes.push(status);
        Ok(flow)
    }

    /// The threshold is reached: adds what this brings, and breaks unless the rule is in
    /// shadow.
    fn cross(
        &mut self,
        turn: &mut dyn Turn,
        candidate: &Candidate,
        status: &mut StrikeStatus,
        (step, cleared): (u32, Vec<Timestamp>),
    ) -> Result<ControlFlow<()>, StoreError> {
        let offence = self.offence;
        let id = sanction_id(&offence.tenant, &offence.subject, &candidate.id, &offence.record);
        let sanction = if let Some(known) = turn.sanction(&offence.tenant, id)? {
            self.again = true;
            known
        } else {
            let suppressed_by = suppression::cause(turn, offence, &candidate.rule)?;
            let sanction = sentence::sanction(offence, candidate, id, status.next, suppressed_by);
            Sanction { step, cleared, ..sanction }
        };
        status.next = sentence::brought(&sanction);
        status.suppressed_by.clone_from(&sanction.suppressed_by);
        if sanction.suppressed_by.is_none() {
            self.judged.sanction = Some(id);
        }
        self.sanctions.push(sanction);
        let shadow = candidate.rule.mode == RuleMode::Shadow;
        Ok(if shadow { Continue(()) } else { Break(()) })
    }

    /// Writes what was counted, and the sanctions after it.
    fn write(self, turn: &mut dyn Turn) -> Result<Judged, StoreError> {
        if self.again || self.strikes.is_empty() {
            return Ok(self.judged);
        }
        let Offence { tenant, subject, time, record, .. } = self.offence;
        let (subject, record) = (subject.clone(), record.clone());
        let counted = Change::Counted { subject, record, strikes: self.strikes };
        turn.append(tenant, *time, &counted)?;
        for sanction in self.sanctions {
            let sanction = Box::new(sanction);
            turn.append(tenant, *time, &Change::Sanction { sanction, telling: None })?;
        }
        Ok(self.judged)
    }
}

/// What the next sanction of a rule for a subject would be.
fn upcoming(
    turn: &mut dyn Turn,
    counter: CounterOf<'_>,
    rule: &SanctionRule,
    now: Timestamp,
) -> Result<(u32, NextStep), StoreError> {
    let earlier = match &rule.ladder {
        Some(ladder) => {
            let memory = i64::try_from(ladder.memory).unwrap_or(i64::MAX);
            turn.earlier_sanctions(counter, now.plus_seconds(-memory))?
        }
        None => Vec::new(),
    };
    Ok(next_step(rule, &earlier, now))
}

fn status(candidate: &Candidate, count: u32, crossed: bool, next: NextStep) -> StrikeStatus {
    let (threshold, window) = (candidate.rule.threshold, candidate.rule.window);
    let rule = candidate.id.to_string();
    StrikeStatus { rule, count, threshold, window, next, crossed, suppressed_by: None }
}

/// When the last `count` strikes were counted, each by itself.
fn newest(strikes: &Strikes, count: u32) -> Vec<Timestamp> {
    let each = strikes.iter().flat_map(|(time, weight)| repeat_n(time, weight as usize));
    let mut times: Vec<_> = each.collect();
    let first = times.len().saturating_sub(MAX_CLEARED.min(count as usize));
    times.split_off(first)
}

//! The one order in which sanction rules are tried, and which of them fit a message.

mod findings;
mod range;
mod ranges;
mod reach;
#[cfg(test)]
mod tests;

pub use findings::{Finding, FindingKind, Sources, findings};

use crate::{Candidate, CountMode, RuleMode, SanctionRule};
use range::ChargeRange;
use std::{cmp::Reverse, sync::Arc};
use umpire_catalog::{Kept, Shelf};
use umpire_model::{Match, Sender};

/// A tenant's sanction rules in the one order they are tried in; those that are OFF are
/// left out.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// First tried first.
    pub rules: Vec<Arc<Kept<SanctionRule>>>,
}

impl Order {
    /// The order of all of a tenant's.
    #[must_use]
    pub fn of(shelf: &Shelf<SanctionRule>) -> Self {
        let mut rules: Vec<_> =
            shelf.iter().filter(|kept| kept.item.mode != RuleMode::Off).cloned().collect();
        rules.sort_by(|a, b| rank(&a.item).cmp(&rank(&b.item)).then_with(|| a.id.cmp(&b.id)));
        Self { rules }
    }

    /// The rules that count a message of this sender with these matches, in order.
    #[must_use]
    pub fn candidates(&self, sender: &Sender<'_>, matches: &[Match]) -> Vec<Candidate> {
        let watching = self.rules.iter().filter(|kept| watches(&kept.item, sender));
        watching.filter_map(|kept| candidate(kept, matches)).collect()
    }
}

/// Sorts first what is tried first. The gravest classes and kinds sort last by themselves.
fn rank(rule: &SanctionRule) -> impl Ord + use<> {
    let length = if rule.is_permanent() { u64::MAX } else { rule.duration.unwrap_or(0) };
    let narrowness = ChargeRange::of(rule).width();
    let (class, kind) = (rule.risk_class, rule.kind);
    (Reverse(class), Reverse(rule.priority), Reverse(kind), Reverse(length), narrowness)
}

/// Whether a rule looks at this sender's messages.
fn watches(rule: &SanctionRule, sender: &Sender<'_>) -> bool {
    let within = |ids: &[String], id: &str| ids.is_empty() || ids.iter().any(|known| known == id);
    within(&rule.servers, sender.server_id)
        && within(&rule.channels, sender.channel)
        && ChargeRange::of(rule).holds(sender.total_recharge)
}

fn candidate(kept: &Kept<SanctionRule>, matches: &[Match]) -> Option<Candidate> {
    let rule = &kept.item;
    let fitting = matches.iter().filter(|found| fits(rule, found)).count();
    if fitting == 0 {
        return None;
    }
    let weight = match rule.count_mode {
        CountMode::PerMessage => 1,
        CountMode::PerMatch => u32::try_from(fitting).unwrap_or(u32::MAX),
    };
    Some(Candidate { id: kept.id.clone(), rule: rule.clone(), weight })
}

/// Whether a rule counts this match.
fn fits(rule: &SanctionRule, found: &Match) -> bool {
    let counts = |label: &str| rule.labels.iter().any(|own| own == label);
    !found.shadow
        && found.risk_class == Some(rule.risk_class)
        && (rule.labels.is_empty() || found.labels.iter().any(|label| counts(label)))
}

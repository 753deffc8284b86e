//! Ranges of charge that overlap, and charges that lie between them.

use super::{Finding, FindingKind, range::ChargeRange, reach::Reach};
use crate::{RuleMode, SanctionRule};
use std::{collections::BTreeMap, sync::Arc};
use umpire_catalog::Kept;

/// What is odd about the ranges of rules that count the same matches, with the same
/// consequence or none.
pub(super) fn odd_ranges(order: &[Arc<Kept<SanctionRule>>]) -> Vec<Finding> {
    let mut groups: BTreeMap<_, Vec<&Kept<SanctionRule>>> = BTreeMap::new();
    for kept in order {
        let shadow = kept.item.mode == RuleMode::Shadow;
        groups.entry((shadow, Reach::of(&kept.item))).or_default().push(kept);
    }
    let ranged = |rules: &Vec<&Kept<SanctionRule>>| {
        rules.iter().any(|kept| !ChargeRange::of(&kept.item).is_open())
    };
    groups.into_values().filter(ranged).flat_map(|rules| within(&rules)).collect()
}

/// What is odd about the ranges of these, which stand in the order they are tried in.
fn within(rules: &[&Kept<SanctionRule>]) -> Vec<Finding> {
    let ranges: Vec<_> = rules.iter().map(|kept| ChargeRange::of(&kept.item)).collect();
    let runs = runs(&ranges);
    let overlaps = runs.iter().filter(|run| run.rules.len() > 1);
    let overlaps = overlaps.map(|run| overlap(rules, run));
    let gaps = runs.windows(2).filter_map(|pair| gap(rules, &pair[0], &pair[1]));
    overlaps.chain(gaps).collect()
}

/// Ranges that hang together because they overlap.
struct Run {
    /// Where they stand in the order, and the first of them by charge at the front.
    rules: Vec<usize>,
    start: i128,
    end: i128,
    /// The one that ends last.
    furthest: usize,
}

/// In ascending order of charge.
fn runs(ranges: &[ChargeRange]) -> Vec<Run> {
    let mut by_start: Vec<usize> = (0..ranges.len()).collect();
    by_start.sort_by_key(|&at| ranges[at].start());
    let mut runs: Vec<Run> = Vec::new();
    for at in by_start {
        let (start, end) = (ranges[at].start(), ranges[at].end());
        match runs.last_mut() {
            Some(run) if start < run.end => run.add(at, end),
            _ => runs.push(Run { rules: vec![at], start, end, furthest: at }),
        }
    }
    runs
}

impl Run {
    fn add(&mut self, at: usize, end: i128) {
        self.rules.push(at);
        if end > self.end {
            (self.end, self.furthest) = (end, at);
        }
    }
}

fn overlap(rules: &[&Kept<SanctionRule>], run: &Run) -> Finding {
    let mut places = run.rules.clone();
    places.sort_unstable();
    Finding {
        kind: FindingKind::Overlap,
        rules: places.into_iter().map(|at| rules[at].id.clone()).collect(),
        message: "their ranges of charge overlap: where two hold a sender, the first one that \
                  reaches its threshold wins"
            .into(),
    }
}

fn gap(rules: &[&Kept<SanctionRule>], below: &Run, above: &Run) -> Option<Finding> {
    if below.end == above.start {
        return None;
    }
    let (from, to) = (below.end, above.start - 1);
    let next = *above.rules.first()?;
    Some(Finding {
        kind: FindingKind::Gap,
        rules: [below.furthest, next].map(|at| rules[at].id.clone()).into(),
        message: format!("charges from {from} to {to} fit none of the rules for these matches"),
    })
}

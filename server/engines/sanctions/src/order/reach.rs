use crate::{RuleMode, SanctionRule};
use std::collections::BTreeSet;
use umpire_model::RiskClass;

/// What a rule looks at, charges left out. Rules with the same one count the same
/// matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reach<'a> {
    class: RiskClass,
    labels: BTreeSet<&'a str>,
    servers: BTreeSet<&'a str>,
    channels: BTreeSet<&'a str>,
}

impl<'a> Reach<'a> {
    pub(super) fn of(rule: &'a SanctionRule) -> Self {
        let set = |ids: &'a [String]| ids.iter().map(String::as_str).collect();
        Self {
            class: rule.risk_class,
            labels: set(&rule.labels),
            servers: set(&rule.servers),
            channels: set(&rule.channels),
        }
    }

    /// It holds all that the other one holds.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.class == other.class
            && holds_all(&self.labels, &other.labels)
            && holds_all(&self.servers, &other.servers)
            && holds_all(&self.channels, &other.channels)
    }
}

/// Whether a choice holds another; an empty one is no choice and holds everything.
fn holds_all(wide: &BTreeSet<&str>, narrow: &BTreeSet<&str>) -> bool {
    wide.is_empty() || (!narrow.is_empty() && narrow.is_subset(wide))
}

/// Whether a rule sanctions at the first strike, so that nothing after it is tried.
pub(super) fn stops_at_once(rule: &SanctionRule) -> bool {
    rule.mode == RuleMode::Enforced && rule.threshold == 1
}

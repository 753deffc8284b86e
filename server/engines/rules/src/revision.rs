use crate::rule::StoredRule;
use serde::{Deserialize, Serialize};
use umpire_model::Timestamp;

/// One change of a tenant's rule set. Never altered once committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Counts up from 1 in each tenant.
    pub number: u64,
    /// SHA-256, in hex, of the rule set as of this revision.
    pub content_hash: String,
    /// Who made it.
    pub author: String,
    /// Why, in the author's words.
    pub reason: String,
    /// When.
    pub time: Timestamp,
    /// What it did.
    pub changes: Vec<RuleChange>,
}

/// What a revision did to one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleChange {
    /// What happened.
    pub kind: ChangeKind,
    /// The rule as it was.
    pub before: Option<StoredRule>,
    /// The rule as it became.
    pub after: StoredRule,
}

/// What can happen to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ChangeKind {
    Created,
    Updated,
    Deleted,
    Undeleted,
}

impl Revision {
    /// About how many bytes it takes in an answer.
    #[must_use]
    pub fn weight(&self) -> usize {
        let rules = |change: &RuleChange| {
            change.before.as_ref().map_or(0, StoredRule::weight) + change.after.weight()
        };
        512 + self.changes.iter().map(rules).sum::<usize>()
    }
}

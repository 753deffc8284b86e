use crate::{
    lists::{Delta, DeltaCounts, EntryChange, StoredWordList},
    policy_test::PolicyTest,
    rule::StoredRule,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{ResourceId, Timestamp};

/// Entry changes a revision shows of each list.
const SHOWN_ENTRIES: usize = 100;

/// One change of a tenant's policy. Never altered once committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Counts up from 1 in each tenant.
    pub number: u64,
    /// SHA-256, in hex, of the policy as of this revision.
    pub content_hash: String,
    /// Who made it.
    pub author: String,
    /// Why, in the author's words.
    pub reason: String,
    /// When.
    pub time: Timestamp,
    /// What it did.
    #[serde(flatten)]
    pub changes: Changes,
}

/// What one revision does.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// To rules.
    #[serde(rename = "changes")]
    pub rules: Vec<RuleChange>,
    /// To word lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<ListChange>,
    /// To test cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestChange>,
}

impl Changes {
    /// Whether nothing is done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.lists.is_empty() && self.tests.is_empty()
    }
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

/// What a revision did to one word list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListChange {
    /// What happened.
    pub kind: ChangeKind,
    /// The list as it was.
    pub before: Option<StoredWordList>,
    /// The list as it became.
    pub after: StoredWordList,
    /// How many entries changed.
    pub counts: DeltaCounts,
    /// The first entries that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<EntryChange>,
    /// Every entry that changed; kept apart from the revision, and empty when it is
    /// read with it.
    #[serde(skip)]
    pub delta: Arc<Delta>,
}

impl ListChange {
    /// A change with this delta.
    #[must_use]
    pub fn new(
        kind: ChangeKind,
        before: Option<StoredWordList>,
        after: StoredWordList,
        delta: Delta,
    ) -> Self {
        let shown = delta.changes().iter().take(SHOWN_ENTRIES).cloned().collect();
        Self { kind, before, after, counts: delta.counts(), shown, delta: Arc::new(delta) }
    }
}

/// What a revision did to one test case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestChange {
    /// Id of the test.
    pub id: ResourceId,
    /// `None` when it was added.
    #[serde(default)]
    pub before: Option<PolicyTest>,
    /// `None` when it was taken away.
    #[serde(default)]
    pub after: Option<PolicyTest>,
}

/// What can happen to something that is kept.
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
        self.changes.weight() + 512
    }
}

impl Changes {
    /// About how many bytes they take in an answer.
    #[must_use]
    pub fn weight(&self) -> usize {
        let rules = self.rules.iter().map(|change| {
            change.before.as_ref().map_or(0, StoredRule::weight) + change.after.weight()
        });
        let entries = self.lists.iter().flat_map(|change| &change.shown);
        let entries = entries.flat_map(|change| [&change.before, &change.after]).flatten();
        let tests = self.tests.iter().flat_map(|change| [&change.before, &change.after]).flatten();
        rules.sum::<usize>()
            + 1_024 * self.lists.len()
            + entries.map(crate::lists::Entry::weight).sum::<usize>()
            + tests.map(PolicyTest::weight).sum::<usize>()
    }
}

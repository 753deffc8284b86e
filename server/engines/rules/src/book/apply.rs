//! Documents: the policy written out, and made what a document says.

use super::{Next, RuleBook, Stamp};
use crate::{
    change::{Change, ChangeError},
    compile::RuleSet,
    document::{Document, ListSection},
    lists::{Delta, Entries, WordList},
    policy::{Policy, kind_between},
    policy_test::{PolicyTest, TestResult},
    revision::{ChangeKind, Changes, ListChange, RuleChange, TestChange},
    rule::Rule,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use umpire_model::{StoreError, TenantId, Violation};

/// A document to be applied.
#[derive(Clone)]
pub struct Apply {
    /// What the policy is to be.
    pub document: Document,
    /// What it does not list stays.
    pub keep_unlisted: bool,
    /// Also if test cases fail.
    pub force: bool,
    /// Must be the newest revision, if given.
    pub base_revision: Option<u64>,
    /// Included sets, which judge the test cases too.
    pub included: Vec<Arc<RuleSet>>,
    /// The tenant's time zone, for the test cases.
    pub zone: String,
}

/// What applying a document did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Applied {
    /// The newest revision.
    pub revision: u64,
    /// What differs.
    pub changes: Changes,
    /// How the test cases went.
    pub results: Vec<TestResult>,
}

impl RuleBook {
    /// The policy as a document, with its revision and content hash.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn document(
        &self,
        tenant: &TenantId,
        omit_entries: bool,
    ) -> Result<(Document, u64, String), StoreError> {
        let live = self.live_of(tenant).await?;
        let write = move || {
            let document = Document::of(&live.policy, omit_entries);
            (document, live.number, live.policy.content_hash())
        };
        let written = tokio::task::spawn_blocking(write).await;
        written.map_err(|panicked| StoreError::Corrupt(panicked.to_string().into()))
    }

    /// Makes the policy what a document says.
    ///
    /// # Errors
    /// [`ChangeError`]; [`ChangeError::TestsFailed`] unless forced or only validating.
    pub async fn apply(
        &self,
        tenant: &TenantId,
        apply: Apply,
        change: &Change,
    ) -> Result<Applied, ChangeError> {
        let apply = Arc::new(apply);
        let (edited, time) = (apply.clone(), change.time);
        let may_fail = apply.force || change.validate_only;
        let edit = move |policy: &Policy, stamp: &Stamp| edited.changes(policy, stamp);
        let answer = move |next: &Next<'_>| {
            let rules = next.rules.including(&apply.included);
            let tests = next.policy.tests.values();
            let on_the_wall = |moment: umpire_model::Timestamp| moment.on_the_wall(&apply.zone);
            let results: Vec<_> = tests.map(|test| test.run(&rules, time, on_the_wall)).collect();
            let failed = results.iter().any(|result| !result.passed());
            if failed && !may_fail && !next.changes.is_empty() {
                return Err(ChangeError::TestsFailed(results));
            }
            Ok(Applied { revision: next.number, changes: next.changes.clone(), results })
        };
        self.change(tenant, change, edit, answer).await
    }
}

impl Apply {
    /// What differs between the policy and the document.
    fn changes(&self, policy: &Policy, stamp: &Stamp) -> Result<Changes, ChangeError> {
        if self.base_revision.is_some_and(|base| base + 1 != stamp.number) {
            return Err(ChangeError::EtagMismatch);
        }
        let violations = self.document.violations();
        if !violations.is_empty() {
            return Err(ChangeError::Invalid(violations));
        }
        let changes = Changes {
            rules: self.rules(policy, stamp),
            lists: self.lists(policy, stamp)?,
            tests: self.tests(policy),
        };
        self.check_lists(&policy.with(&changes), &changes)?;
        Ok(changes)
    }

    fn rules(&self, policy: &Policy, stamp: &Stamp) -> Vec<RuleChange> {
        let Some(rules) = &self.document.rules else { return Vec::new() };
        let mut changes: Vec<_> =
            rules.iter().filter_map(|rule| changed_rule(policy, stamp, rule)).collect();
        let listed: BTreeSet<_> = rules.iter().map(|rule| &rule.id).collect();
        let unlisted = policy.rules_in_force().filter(|rule| !listed.contains(&rule.id));
        for rule in unlisted.filter(|_| !self.keep_unlisted) {
            let before = policy.rules.get(&rule.id).map(Arc::as_ref);
            let mut after = stamp.rule(rule.clone(), before);
            after.delete_time = Some(stamp.time);
            let (kind, before) = (ChangeKind::Deleted, before.cloned());
            changes.push(RuleChange { kind, before, after });
        }
        changes
    }

    fn lists(&self, policy: &Policy, stamp: &Stamp) -> Result<Vec<ListChange>, ChangeError> {
        let Some(lists) = &self.document.word_lists else { return Ok(Vec::new()) };
        let mut changes = Vec::new();
        for (index, section) in lists.iter().enumerate() {
            changes.extend(changed_list(policy, stamp, section, index)?);
        }
        let listed: BTreeSet<_> = lists.iter().map(|list| &list.id).collect();
        let unlisted = policy.live_lists().filter(|list| !listed.contains(&list.stored.list.id));
        for list in unlisted.filter(|_| !self.keep_unlisted) {
            let mut after = stamp.list(list.stored.list.clone(), Some(&list.stored));
            after.delete_time = Some(stamp.time);
            let before = Some(list.stored.clone());
            changes.push(ListChange::new(ChangeKind::Deleted, before, after, Delta::default()));
        }
        Ok(changes)
    }

    fn tests(&self, policy: &Policy) -> Vec<TestChange> {
        let Some(tests) = &self.document.tests else { return Vec::new() };
        let current = |test: &PolicyTest| policy.tests.get(&test.id).map(|test| (**test).clone());
        let changed = tests.iter().filter(|test| current(test).as_ref() != Some(test));
        let mut changes: Vec<_> = changed
            .map(|test| TestChange {
                id: test.id.clone(),
                before: current(test),
                after: Some(test.clone()),
            })
            .collect();
        let listed: BTreeSet<_> = tests.iter().map(|test| &test.id).collect();
        let unlisted = policy.tests.values().filter(|test| !listed.contains(&test.id));
        changes.extend(unlisted.filter(|_| !self.keep_unlisted).map(|test| TestChange {
            id: test.id.clone(),
            before: Some((**test).clone()),
            after: None,
        }));
        changes
    }

    /// Rules must find their lists in the policy to come.
    fn check_lists(&self, next: &Policy, changes: &Changes) -> Result<(), ChangeError> {
        let rules = self.document.rules.iter().flatten().enumerate();
        let unknown: Vec<_> = rules
            .flat_map(|(index, rule)| next.unknown_lists(rule, &format!("document.rules[{index}]")))
            .collect();
        if !unknown.is_empty() {
            return Err(ChangeError::Invalid(unknown));
        }
        for change in changes.lists.iter().filter(|change| change.kind == ChangeKind::Deleted) {
            let users = next.users_of(&change.after.list.id).map(|rule| rule.id.to_string());
            let users: Vec<_> = users.collect();
            if !users.is_empty() {
                let list = change.after.list.id.to_string();
                return Err(ChangeError::InUse { list, rules: users });
            }
        }
        Ok(())
    }
}

fn changed_rule(policy: &Policy, stamp: &Stamp, rule: &Rule) -> Option<RuleChange> {
    let before = policy.rules.get(&rule.id).map(Arc::as_ref);
    let was_live = before.map(|before| before.delete_time.is_none());
    if was_live == Some(true) && before.is_some_and(|before| before.rule == *rule) {
        return None;
    }
    let kind = kind_between(was_live, true);
    Some(RuleChange { kind, before: before.cloned(), after: stamp.rule(rule.clone(), before) })
}

fn changed_list(
    policy: &Policy,
    stamp: &Stamp,
    section: &ListSection,
    index: usize,
) -> Result<Option<ListChange>, ChangeError> {
    let current = policy.lists.get(&section.id);
    let before = current.map(|list| &list.stored);
    let head: WordList = section.head();
    if before.is_some_and(|before| before.list.purpose != head.purpose) {
        let path = format!("document.word_lists[{index}].purpose");
        let violation = Violation::invalid(path, "the purpose of a list cannot be changed");
        return Err(ChangeError::Invalid(vec![violation]));
    }
    let delta = match &section.entries {
        None => Delta::default(),
        Some(entries) => {
            let (entries, _) = Entries::collect(entries.clone());
            let none = Arc::default();
            current.map_or(&none, |list| &list.entries).delta_to(&entries)
        }
    };
    let was_live = current.map(|list| list.is_live());
    let same_head = before.is_some_and(|before| before.list == head);
    if was_live == Some(true) && same_head && delta.is_empty() {
        return Ok(None);
    }
    let after = stamp.list(head, before).with(&delta);
    let kind = kind_between(was_live, true);
    Ok(Some(ListChange::new(kind, before.cloned(), after, delta)))
}

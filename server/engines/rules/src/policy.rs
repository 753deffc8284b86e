//! Everything a tenant keeps about judging, as of one revision.

use crate::{
    compile::{CompileError, MAX_RULES, RuleSet, rule_name},
    lists::{Entries, List, ListPurpose},
    policy_test::PolicyTest,
    revision::{ChangeKind, Changes, ListChange, TestChange},
    rule::{Rule, StoredRule},
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};
use umpire_model::{ResourceId, TenantId, Violation};

/// Most entries of one word list.
pub const MAX_LIST_ENTRIES: usize = 1_000_000;
/// Most entries of a tenant's lists together, deleted lists included.
pub const MAX_ENTRIES: usize = 2_000_000;
/// Most word lists of a tenant that are not deleted.
pub const MAX_LISTS: usize = 1_000;
/// Most test cases of a tenant.
pub const MAX_TESTS: usize = 10_000;

/// Rules, word lists and test cases. Immutable; a copy is cheap.
#[derive(Clone, Default)]
pub(crate) struct Policy {
    /// Deleted rules included.
    pub rules: BTreeMap<ResourceId, Arc<StoredRule>>,
    /// Deleted lists included.
    pub lists: BTreeMap<ResourceId, Arc<List>>,
    pub tests: BTreeMap<ResourceId, Arc<PolicyTest>>,
}

impl Policy {
    /// This policy with changes made.
    pub fn with(&self, changes: &Changes) -> Self {
        let mut next = self.clone();
        for change in &changes.rules {
            next.rules.insert(change.after.rule.id.clone(), Arc::new(change.after.clone()));
        }
        for change in &changes.lists {
            next.put_list(change);
        }
        for TestChange { id, after, .. } in &changes.tests {
            match after {
                Some(test) => next.tests.insert(id.clone(), Arc::new(test.clone())),
                None => next.tests.remove(id),
            };
        }
        next
    }

    fn put_list(&mut self, change: &ListChange) {
        let (id, stored) = (&change.after.list.id, change.after.clone());
        let list = match self.lists.get(id) {
            Some(list) => list.with(stored, &change.delta),
            None => List::new(stored, Arc::new(Entries::default().with(&change.delta)), 0),
        };
        self.lists.insert(id.clone(), Arc::new(list));
    }

    /// Rules that are not deleted.
    pub fn rules_in_force(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values().filter(|stored| stored.delete_time.is_none()).map(|stored| &stored.rule)
    }

    /// Lists that are not deleted.
    pub fn live_lists(&self) -> impl Iterator<Item = &Arc<List>> {
        self.lists.values().filter(|list| list.is_live())
    }

    /// Rules that are not deleted and name a list.
    pub fn users_of(&self, list: &ResourceId) -> impl Iterator<Item = &Rule> {
        self.rules_in_force().filter(move |rule| {
            let (sought, allowed) = rule.lists();
            sought == Some(list) || allowed.contains(list)
        })
    }

    /// The lists a rule names that are not there, or not for that; `path` is the
    /// rule's.
    pub fn unknown_lists(&self, rule: &Rule, path: &str) -> Vec<Violation> {
        let (sought, allowed) = rule.lists();
        let sought = sought.map(|id| (format!("{path}.text.word_list"), id, ListPurpose::Match));
        let allowed = allowed.iter().enumerate().map(|(index, id)| {
            (format!("{path}.text.allow_lists[{index}]"), id, ListPurpose::Allow)
        });
        let named = sought.into_iter().chain(allowed);
        named.filter_map(|(path, id, purpose)| self.unfit(id, purpose, path)).collect()
    }

    fn unfit(&self, id: &ResourceId, purpose: ListPurpose, path: String) -> Option<Violation> {
        let found = self.lists.get(id).filter(|list| list.is_live());
        let Some(list) = found else {
            return Some(Violation::invalid(path, format!("there is no word list `{id}`")));
        };
        if list.stored.list.purpose == purpose {
            return None;
        }
        let wanted = if purpose == ListPurpose::Match { "MATCH" } else { "ALLOW" };
        Some(Violation::invalid(path, format!("the purpose of word list `{id}` is not {wanted}")))
    }

    /// The limit that is passed, if one is.
    pub fn over_limit(&self) -> Option<String> {
        let entries: usize = self.lists.values().map(|list| list.entries.as_slice().len()).sum();
        let longest = self.live_lists().map(|list| list.entries.as_slice().len()).max();
        let limits = [
            (self.rules_in_force().count(), MAX_RULES, "a tenant has at most {} rules"),
            (self.live_lists().count(), MAX_LISTS, "a tenant has at most {} word lists"),
            (longest.unwrap_or(0), MAX_LIST_ENTRIES, "a word list has at most {} entries"),
            (entries, MAX_ENTRIES, "the lists of a tenant have at most {} entries together"),
            (self.tests.len(), MAX_TESTS, "a tenant has at most {} test cases"),
        ];
        let passed = limits.into_iter().find(|(count, limit, _)| count > limit);
        passed.map(|(_, limit, text)| text.replace("{}", &limit.to_string()))
    }

    /// The rules in force, ready to judge.
    pub fn compile(&self, tenant: &TenantId, revision: u64) -> Result<RuleSet, CompileError> {
        let named = self.rules_in_force().map(|rule| (rule_name(tenant, rule), rule));
        RuleSet::compile_named(tenant, revision, self, named)
    }

    /// SHA-256 over all that is not deleted, in the order of ids, in document form.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |text: String| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        };
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        self.rules_in_force().for_each(|rule| add(json(serde_json::to_string(rule))));
        for list in self.live_lists() {
            add(json(serde_json::to_string(&list.stored.list)));
            add(HEXLOWER.encode(&list.digest()));
        }
        self.tests.values().for_each(|test| add(json(serde_json::to_string(test.as_ref()))));
        HEXLOWER.encode(&hash.finalize())
    }
}

/// What happens to something that goes from one state to the other; a state is
/// whether it is there and not deleted.
pub(crate) fn kind_between(before: Option<bool>, after: bool) -> ChangeKind {
    match (before, after) {
        (None, _) => ChangeKind::Created,
        (Some(true), false) => ChangeKind::Deleted,
        (Some(false), true) => ChangeKind::Undeleted,
        (Some(_), _) => ChangeKind::Updated,
    }
}

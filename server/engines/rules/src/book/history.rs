//! Revisions: read, compared, gone back to, followed.

use super::{Next, RuleBook, Stamp};
use crate::{
    change::{Change, ChangeError},
    listing::RevisionField,
    lists::{Delta, Entries, StoredWordList},
    policy::{Policy, kind_between},
    policy_test::PolicyTest,
    quiet::quietly,
    revision::{Changes, ListChange, Revision, RuleChange, TestChange},
    rule::StoredRule,
};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::watch;
use umpire_model::{ResourceId, StoreError, TenantId};
use umpire_query::{Expr, PAGE_BYTES, Page};

/// Revisions read at once while a filtered page is filled.
const REVISION_CHUNK: usize = 50;
/// How often a rollback starts again because somebody changed something meanwhile.
const ROLLBACK_TRIES: usize = 10;

/// What lies between two revisions, each thing from its first state to its last.
#[derive(Debug, Clone, Default)]
struct Difference {
    rules: BTreeMap<ResourceId, (Option<StoredRule>, Option<StoredRule>)>,
    lists: BTreeMap<ResourceId, (Option<StoredWordList>, Option<StoredWordList>, Delta)>,
    tests: BTreeMap<ResourceId, (Option<PolicyTest>, Option<PolicyTest>)>,
}

impl RuleBook {
    /// One revision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn revision(
        &self,
        tenant: &TenantId,
        number: u64,
    ) -> Result<Option<Revision>, StoreError> {
        self.store.revision(tenant, number).await
    }

    /// A page of revisions, newest first. The cursor is a revision's number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn revisions(
        &self,
        tenant: &TenantId,
        filter: &Expr<RevisionField>,
        size: usize,
        cursor: Option<Vec<u8>>,
    ) -> Result<Page<Revision>, StoreError> {
        let below = cursor.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
        let mut before = below.unwrap_or(u64::MAX);
        let (mut found, mut weight) = (Vec::new(), 0);
        while found.len() <= size && weight <= PAGE_BYTES && before > 1 {
            let chunk = self.store.revisions(tenant, before, REVISION_CHUNK).await?;
            // Revision 1 is the oldest; below the newest none is missing.
            before = chunk.last().map_or(1, |last| last.number);
            found.extend(chunk.into_iter().filter(|revision| revision.meets(filter)));
            weight = found.iter().map(Revision::weight).sum();
        }
        let key = |revision: &Revision| revision.number.to_be_bytes().to_vec();
        let mut page = Page::gather(found.into_iter().map(Ok), size, Revision::weight, key)?;
        if before > 1 && page.next.is_none() {
            // Full by weight before older ones were looked at.
            page.next = Some(before.to_be_bytes().to_vec());
        }
        Ok(page)
    }

    /// Number of the newest revision; 0 before the first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn newest(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        Ok(self.live_of(tenant).await?.number)
    }

    /// Number of the newest revision, and word of each that comes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn watch(&self, tenant: &TenantId) -> Result<watch::Receiver<u64>, StoreError> {
        Ok(self.policy_of(tenant).await?.newest.subscribe())
    }

    /// What changed from one revision to another, which may be the older; 0 is the
    /// empty policy. `None` when there is no such revision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn diff(
        &self,
        tenant: &TenantId,
        from: u64,
        to: u64,
    ) -> Result<Option<Changes>, StoreError> {
        let newest = self.newest(tenant).await?;
        if from.max(to) > newest {
            return Ok(None);
        }
        let difference = self.difference(tenant, from.min(to), from.max(to)).await?;
        let mut difference = if from <= to { difference } else { difference.inverted() };
        // A list that is there on one side only came or went with all its entries.
        for id in difference.one_sided() {
            let came = difference.lists.get(&id).is_some_and(|(before, ..)| !is_there(before));
            let entries = self.entries_at(tenant, &id, if came { to } else { from }).await?;
            if let Some((_, _, delta)) = difference.lists.get_mut(&id) {
                let whole = Entries::default().delta_to(&entries);
                *delta = if came { whole } else { whole.inverted() };
            }
        }
        Ok(Some(difference.changes()))
    }

    async fn difference(
        &self,
        tenant: &TenantId,
        older: u64,
        newer: u64,
    ) -> Result<Difference, StoreError> {
        let mut difference = Difference::default();
        let mut before = newer + 1;
        while before > older + 1 {
            let wanted = usize::try_from(before - older - 1).unwrap_or(usize::MAX);
            let wanted = wanted.min(REVISION_CHUNK);
            let chunk = self.store.revisions(tenant, before, wanted).await?;
            let Some(last) = chunk.last() else { break };
            before = last.number;
            for revision in chunk {
                let deltas = self.deltas(tenant, &revision).await?;
                let prepended = quietly(move || difference.prepended(revision, deltas)).await;
                difference = prepended.map_err(|e| StoreError::Corrupt(e.to_string().into()))?;
            }
        }
        Ok(difference)
    }

    /// What a revision did to the entries of each list it touched, in its order.
    async fn deltas(
        &self,
        tenant: &TenantId,
        revision: &Revision,
    ) -> Result<Vec<Delta>, StoreError> {
        let mut deltas = Vec::new();
        for change in &revision.changes.lists {
            let found = match change.counts.is_zero() {
                true => None,
                false => self.store.delta(tenant, &change.after.list.id, revision.number).await?,
            };
            deltas.push(found.unwrap_or_default());
        }
        Ok(deltas)
    }

    /// A list's entries as of a revision.
    async fn entries_at(
        &self,
        tenant: &TenantId,
        list: &ResourceId,
        revision: u64,
    ) -> Result<Entries, StoreError> {
        let live = self.live_of(tenant).await?;
        let since = self.difference(tenant, revision, live.number).await?;
        let entries = live.policy.lists.get(list).map(|list| list.entries.clone());
        let entries = entries.unwrap_or_default();
        Ok(match since.lists.get(list) {
            Some((_, _, delta)) => entries.with(&delta.inverted()),
            None => entries.as_ref().clone(),
        })
    }

    /// Makes the policy what it was at a revision; gives the revision that does, or
    /// the newest when nothing differs.
    ///
    /// # Errors
    /// [`ChangeError`]; [`ChangeError::NotFound`] when there is no such revision.
    pub async fn rollback(
        &self,
        tenant: &TenantId,
        target: u64,
        change: &Change,
    ) -> Result<u64, ChangeError> {
        for _ in 0..ROLLBACK_TRIES {
            let newest = self.newest(tenant).await?;
            if target > newest {
                return Err(ChangeError::NotFound);
            }
            let back = Arc::new(self.difference(tenant, target, newest).await?.inverted());
            let edit = move |policy: &Policy, stamp: &Stamp| {
                if stamp.number != newest + 1 {
                    return Err(ChangeError::EtagMismatch);
                }
                Ok(back.onto(policy, stamp))
            };
            match self.change(tenant, change, edit, |next: &Next<'_>| Ok(next.number)).await {
                // Somebody changed something meanwhile.
                Err(ChangeError::EtagMismatch) => {}
                result => return result,
            }
        }
        Err(StoreError::Overloaded.into())
    }
}

fn is_there(list: &Option<StoredWordList>) -> bool {
    list.as_ref().is_some_and(|list| list.delete_time.is_none())
}

impl Difference {
    /// This difference with an older revision before it.
    fn prepended(mut self, revision: Revision, deltas: Vec<Delta>) -> Self {
        for RuleChange { before, after, .. } in revision.changes.rules {
            let id = after.rule.id.clone();
            self.rules.entry(id).or_insert((None, Some(after))).0 = before;
        }
        for TestChange { id, before, after } in revision.changes.tests {
            self.tests.entry(id).or_insert((None, after)).0 = before;
        }
        for (change, delta) in revision.changes.lists.into_iter().zip(deltas) {
            let id = change.after.list.id.clone();
            let last = (None, Some(change.after), Delta::default());
            let entry = self.lists.entry(id).or_insert(last);
            entry.0 = change.before;
            entry.2 = delta.then(&entry.2);
        }
        self
    }

    /// Lists that are there on one side only.
    fn one_sided(&self) -> Vec<ResourceId> {
        let one_sided = self.lists.iter().filter(|(_, (a, b, _))| is_there(a) != is_there(b));
        one_sided.map(|(id, _)| id.clone()).collect()
    }

    fn inverted(self) -> Self {
        let rules = self.rules.into_iter().map(|(id, (a, b))| (id, (b, a)));
        let tests = self.tests.into_iter().map(|(id, (a, b))| (id, (b, a)));
        let lists = self.lists.into_iter().map(|(id, (a, b, d))| (id, (b, a, d.inverted())));
        Self { rules: rules.collect(), lists: lists.collect(), tests: tests.collect() }
    }

    /// As changes for people: what is deleted counts as not there.
    fn changes(self) -> Changes {
        let mut changes = Changes::default();
        for (before, after) in self.rules.into_values() {
            let before = before.filter(|rule| rule.delete_time.is_none());
            let is_there = after.as_ref().is_some_and(|rule| rule.delete_time.is_none());
            let same = before.as_ref().map(|rule| &rule.rule)
                == after.as_ref().filter(|_| is_there).map(|rule| &rule.rule);
            if let Some(after) = after.or_else(|| before.clone()).filter(|_| !same) {
                let kind = kind_between(before.as_ref().map(|_| true), is_there);
                changes.rules.push(RuleChange { kind, before, after });
            }
        }
        for (before, after, delta) in self.lists.into_values() {
            let before = before.filter(|list| list.delete_time.is_none());
            let is_there = after.as_ref().is_some_and(|list| list.delete_time.is_none());
            let same = before.as_ref().map(|list| &list.list)
                == after.as_ref().filter(|_| is_there).map(|list| &list.list);
            let nothing = same && (delta.is_empty() || !is_there);
            if let Some(after) = after.or_else(|| before.clone()).filter(|_| !nothing) {
                let kind = kind_between(before.as_ref().map(|_| true), is_there);
                changes.lists.push(ListChange::new(kind, before, after, delta));
            }
        }
        let tests = self.tests.into_iter().filter(|(_, (before, after))| before != after);
        changes.tests =
            tests.map(|(id, (before, after))| TestChange { id, before, after }).collect();
        changes
    }

    /// As changes of a policy that stands at its first side.
    fn onto(&self, policy: &Policy, stamp: &Stamp) -> Changes {
        let rules = self.rules.iter().filter_map(|(id, (_, target))| {
            let current = policy.rules.get(id)?;
            let deleted = target.as_ref().is_none_or(|target| target.delete_time.is_some());
            let rule = target.as_ref().map_or(&current.rule, |target| &target.rule);
            if *rule == current.rule && deleted == current.delete_time.is_some() {
                return None;
            }
            let mut after = stamp.rule(rule.clone(), Some(current));
            after.delete_time = deleted.then_some(stamp.time);
            let kind = kind_between(Some(current.delete_time.is_none()), !deleted);
            Some(RuleChange { kind, before: Some(current.as_ref().clone()), after })
        });
        let lists = self.lists.iter().filter_map(|(id, (_, target, delta))| {
            let current = policy.lists.get(id)?;
            let deleted = target.as_ref().is_none_or(|target| target.delete_time.is_some());
            let list = target.as_ref().map_or(&current.stored.list, |target| &target.list);
            let same = *list == current.stored.list && deleted != current.is_live();
            if same && (delta.is_empty() || target.is_none()) {
                return None;
            }
            // One that was not there goes with its entries: it can be undeleted.
            let delta = if target.is_some() { delta.clone() } else { Delta::default() };
            let mut after = stamp.list(list.clone(), Some(&current.stored)).with(&delta);
            after.delete_time = deleted.then_some(stamp.time);
            let kind = kind_between(Some(current.is_live()), !deleted);
            Some(ListChange::new(kind, Some(current.stored.clone()), after, delta))
        });
        let tests = self.tests.iter().filter(|(_, (current, target))| current != target);
        let tests = tests.map(|(id, (before, after))| TestChange {
            id: id.clone(),
            before: before.clone(),
            after: after.clone(),
        });
        Changes { rules: rules.collect(), lists: lists.collect(), tests: tests.collect() }
    }
}

//! Word lists and their entries.

use super::{
    Next, RuleBook, Stamp,
    kept::{changeable, deletable},
};
use crate::{
    change::{Change, ChangeError},
    listing::{EntryQuery, ListQuery},
    lists::{
        Delta, DeltaCounts, Entries, Entry, EntryChange, ListPurpose, StoredWordList, WordList,
    },
    policy::Policy,
    revision::{ChangeKind, Changes, ListChange},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use umpire_model::{ResourceId, StoreError, TenantId};
use umpire_query::Page;

/// A file to be put into a list.
#[derive(Debug, Clone)]
pub struct Import {
    /// Which list; made if it is not there.
    pub list: ResourceId,
    /// Of a list that is made; of one that exists, it must agree.
    pub purpose: Option<ListPurpose>,
    /// What the file holds.
    pub entries: Arc<Entries>,
    /// The list becomes exactly this.
    pub replace: bool,
    /// Must be the list's, unless empty.
    pub etag: String,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The list.
    pub list: StoredWordList,
    /// The newest revision.
    pub revision: u64,
    /// What changed.
    pub counts: DeltaCounts,
}

/// What a change of single entries did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntriesUpdated {
    /// What an import would tell.
    #[serde(flatten)]
    pub imported: Imported,
    /// Words to be removed that were not there.
    pub unknown: Vec<String>,
}

impl RuleBook {
    /// One list with its entries, deleted or not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn word_list(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<(StoredWordList, Arc<Entries>)>, StoreError> {
        let live = self.live_of(tenant).await?;
        let list = live.policy.lists.get(id);
        Ok(list.map(|list| (list.stored.clone(), list.entries.clone())))
    }

    /// A page of lists.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn word_lists(
        &self,
        tenant: &TenantId,
        query: &ListQuery,
    ) -> Result<Page<StoredWordList>, StoreError> {
        let live = self.live_of(tenant).await?;
        Ok(query.page(live.policy.lists.values().map(|list| &list.stored)))
    }

    /// A page of a list's entries; `None` when there is no such list.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn entries(
        &self,
        tenant: &TenantId,
        id: &str,
        query: EntryQuery,
    ) -> Result<Option<Page<Entry>>, StoreError> {
        let found = self.word_list(tenant, id).await?;
        let found = found.filter(|(stored, _)| stored.delete_time.is_none());
        let Some((_, entries)) = found else { return Ok(None) };
        // A search looks at every entry.
        let page = tokio::task::spawn_blocking(move || query.page(&entries)).await;
        page.map(Some).map_err(|panicked| StoreError::Corrupt(panicked.to_string().into()))
    }

    /// Adds an empty list.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn create_list(
        &self,
        tenant: &TenantId,
        list: WordList,
        change: &Change,
    ) -> Result<StoredWordList, ChangeError> {
        self.change_list(tenant, &list.id.clone(), change, move |current, stamp| {
            if current.is_some() {
                return Err(ChangeError::AlreadyExists);
            }
            Ok((ChangeKind::Created, stamp.list(list.clone(), None)))
        })
        .await
    }

    /// Changes the head of a list: `edit` makes the new one from the current one.
    ///
    /// # Errors
    /// [`ChangeError`], `edit`'s among them.
    pub async fn update_list(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        change: &Change,
        edit: impl Fn(&StoredWordList) -> Result<WordList, ChangeError> + Send + Sync + 'static,
    ) -> Result<StoredWordList, ChangeError> {
        let etag = etag.to_owned();
        self.change_list(tenant, id, change, move |current, stamp| {
            let current = changeable(current, &etag)?;
            Ok((ChangeKind::Updated, stamp.list(edit(current)?, Some(current))))
        })
        .await
    }

    /// Takes a list away, or brings it back with its entries.
    ///
    /// # Errors
    /// [`ChangeError`]; [`ChangeError::InUse`] while a rule names it.
    pub async fn set_list_deleted(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        deleted: bool,
        change: &Change,
    ) -> Result<StoredWordList, ChangeError> {
        let etag = etag.to_owned();
        self.change_list(tenant, id, change, move |current, stamp| {
            let (kind, current) = deletable(current, &etag, deleted)?;
            let mut stored = stamp.list(current.list.clone(), Some(current));
            stored.delete_time = deleted.then_some(stamp.time);
            Ok((kind, stored))
        })
        .await
    }

    async fn change_list(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        change: &Change,
        edit: impl Fn(
            Option<&StoredWordList>,
            &Stamp,
        ) -> Result<(ChangeKind, StoredWordList), ChangeError>
        + Send
        + Sync
        + 'static,
    ) -> Result<StoredWordList, ChangeError> {
        let (id, found) = (id.clone(), id.clone());
        let edit = move |policy: &Policy, stamp: &Stamp| {
            let before = policy.lists.get(&id).map(|list| &list.stored);
            let (kind, after) = edit(before, stamp)?;
            let users: Vec<_> = policy.users_of(&id).map(|rule| rule.id.to_string()).collect();
            if kind == ChangeKind::Deleted && !users.is_empty() {
                return Err(ChangeError::InUse { list: id.to_string(), rules: users });
            }
            if kind == ChangeKind::Updated && before.is_some_and(|b| b.list == after.list) {
                return Ok(Changes::default());
            }
            let change = ListChange::new(kind, before.cloned(), after, Delta::default());
            Ok(Changes { lists: vec![change], ..Changes::default() })
        };
        let answer = move |next: &Next<'_>| head(next, &found);
        self.change(tenant, change, edit, answer).await
    }

    /// Puts a file into a list.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn import(
        &self,
        tenant: &TenantId,
        import: Import,
        change: &Change,
    ) -> Result<Imported, ChangeError> {
        let id = import.list.clone();
        let edit = move |policy: &Policy, stamp: &Stamp| {
            let current = policy.lists.get(&import.list);
            if current.is_some_and(|list| !list.is_live()) {
                return Err(ChangeError::AlreadyExists);
            }
            let Some(current) = current else {
                if !import.etag.is_empty() {
                    return Err(ChangeError::EtagMismatch);
                }
                let list = WordList::new(import.list.clone(), import.purpose.unwrap_or_default());
                let delta = Entries::default().delta_to(&import.entries);
                return Ok(stamp.entries_changed(None, list, delta));
            };
            changeable(Some(&current.stored), &import.etag)?;
            let list = current.stored.list.clone();
            if import.purpose.is_some_and(|purpose| purpose != list.purpose) {
                let message = "the list that exists has another purpose";
                let violation = umpire_model::Violation::invalid("purpose", message);
                return Err(ChangeError::Invalid(vec![violation]));
            }
            let delta = match import.replace {
                true => current.entries.delta_to(&import.entries),
                false => current.entries.delta_adding(&import.entries),
            };
            Ok(stamp.entries_changed(Some(&current.stored), list, delta))
        };
        self.change(tenant, change, edit, move |next| imported(next, &id)).await
    }

    /// Puts single entries into a list and removes others.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn update_entries(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        (put, remove): (Arc<Entries>, Vec<String>),
        change: &Change,
    ) -> Result<EntriesUpdated, ChangeError> {
        let (id, list, etag) = (id.clone(), id.clone(), etag.to_owned());
        let to_remove = remove.clone();
        let edit = move |policy: &Policy, stamp: &Stamp| {
            let current = policy.lists.get(&id).ok_or(ChangeError::NotFound)?;
            changeable(Some(&current.stored), &etag)?;
            let removed =
                Delta::removing(remove.iter().filter_map(|word| current.entries.get(word)));
            let delta = removed.then(&current.entries.delta_adding(&put));
            Ok(stamp.entries_changed(Some(&current.stored), current.stored.list.clone(), delta))
        };
        let answer = move |next: &Next<'_>| {
            let imported = imported(next, &list)?;
            let changes = next.changes.lists.iter().flat_map(|change| change.delta.changes());
            let gone = changes.filter(|change| change.after.is_none());
            let gone: BTreeSet<&str> = gone.map(EntryChange::word).collect();
            let unknown = to_remove.iter().filter(|word| !gone.contains(word.as_str()));
            Ok(EntriesUpdated { imported, unknown: unknown.cloned().collect() })
        };
        self.change(tenant, change, edit, answer).await
    }
}

fn head(next: &Next<'_>, id: &ResourceId) -> Result<StoredWordList, ChangeError> {
    let list = next.policy.lists.get(id).ok_or(ChangeError::NotFound)?;
    Ok(list.stored.clone())
}

fn imported(next: &Next<'_>, id: &ResourceId) -> Result<Imported, ChangeError> {
    let counts = next.changes.lists.first().map(|change| change.counts).unwrap_or_default();
    Ok(Imported { list: head(next, id)?, revision: next.number, counts })
}

impl Delta {
    /// That removes these entries.
    fn removing<'e>(entries: impl Iterator<Item = &'e Entry>) -> Self {
        let mut gone: Vec<_> = entries.cloned().collect();
        gone.sort_by(|a, b| a.word.cmp(&b.word));
        gone.dedup_by(|a, b| a.word == b.word);
        Self::of(gone.into_iter().map(|entry| EntryChange { before: Some(entry), after: None }))
    }
}

impl Stamp {
    /// A list as it is kept from this change on, its entries unchanged.
    pub(super) fn list(&self, list: WordList, before: Option<&StoredWordList>) -> StoredWordList {
        StoredWordList {
            list,
            entry_count: before.map_or(0, |before| before.entry_count),
            revision: self.number,
            create_time: before.map_or(self.time, |before| before.create_time),
            update_time: self.time,
            author: self.author.clone(),
            delete_time: None,
        }
    }

    /// A change of a list's entries; none if they stay as they are.
    fn entries_changed(
        &self,
        before: Option<&StoredWordList>,
        list: WordList,
        delta: Delta,
    ) -> Changes {
        if before.is_some() && delta.is_empty() {
            return Changes::default();
        }
        let kind = if before.is_some() { ChangeKind::Updated } else { ChangeKind::Created };
        let after = self.list(list, before).with(&delta);
        let change = ListChange::new(kind, before.cloned(), after, delta);
        Changes { lists: vec![change], ..Changes::default() }
    }
}

impl StoredWordList {
    /// With the number of entries a delta leaves.
    pub(super) fn with(mut self, delta: &Delta) -> Self {
        let counts = delta.counts();
        self.entry_count = (self.entry_count + counts.added).saturating_sub(counts.removed);
        self
    }
}

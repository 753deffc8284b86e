use super::{Delta, Entries, Entry};
use crate::scope::Scope;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};
use umpire_model::{Level, ResourceId, Timestamp, Violation};
use umpire_text::{BuildError, Lexicon, LexiconWord};

/// Longest display name, in characters.
const MAX_DISPLAY_NAME_CHARS: usize = 200;

/// Entry changes a list may gather, however short it is, before it is kept whole.
const SNAPSHOT_SLACK: usize = 10_000;

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListPurpose {
    /// Words rules look for.
    #[default]
    Match,
    /// Harmless phrases.
    Allow,
}

/// A word list without its entries, as its author wrote it. Its serialised form is
/// that of policy documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordList {
    /// Unique within the tenant.
    pub id: ResourceId,
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What it is for.
    #[serde(default)]
    pub purpose: ListPurpose,
    /// ALLOW: holds for every rule, not only for those that name it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_rules: bool,
    /// ALLOW: where it holds.
    #[serde(default, skip_serializing_if = "Scope::is_everywhere")]
    pub scope: Scope,
}

/// A word list as it is kept, without its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredWordList {
    /// What its author wrote.
    pub list: WordList,
    /// Number of entries.
    pub entry_count: u64,
    /// The revision that last changed it or its entries.
    pub revision: u64,
    /// When it was made.
    pub create_time: Timestamp,
    /// When it or its entries were last changed.
    pub update_time: Timestamp,
    /// Who last changed it.
    pub author: String,
    /// Set while it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_time: Option<Timestamp>,
}

impl StoredWordList {
    /// Changes with every change of the list or its entries.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("l{}", self.revision)
    }
}

impl WordList {
    /// A list with nothing but an id and a purpose.
    #[must_use]
    pub fn new(id: ResourceId, purpose: ListPurpose) -> Self {
        let (display_name, scope) = (String::new(), Scope::default());
        Self { id, display_name, purpose, all_rules: false, scope }
    }

    /// Everything that is wrong with it; paths start with `path`.
    #[must_use]
    pub fn violations(&self, path: &str) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.display_name.chars().count() > MAX_DISPLAY_NAME_CHARS {
            let path = format!("{path}.display_name");
            found.push(Violation::too_large(path, MAX_DISPLAY_NAME_CHARS));
        }
        self.scope.check(&format!("{path}.scope"), &mut found);
        if self.purpose == ListPurpose::Match {
            let message = "is for lists with purpose ALLOW only";
            if self.all_rules {
                found.push(Violation::invalid(format!("{path}.all_rules"), message));
            }
            if !self.scope.is_everywhere() {
                found.push(Violation::invalid(format!("{path}.scope"), message));
            }
        }
        found
    }
}

/// What a match through an entry takes from it. The most urgent comes first, those
/// without a level of their own last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tag {
    /// `false` when there is a level.
    no_level: bool,
    pub level: Option<Level>,
    pub category: Option<Arc<str>>,
}

impl Tag {
    fn of(entry: &Entry) -> Self {
        let (level, category) = (entry.level, entry.category.clone());
        Self { no_level: level.is_none(), level, category }
    }
}

/// A word list with its entries, and what is compiled of them when it is first
/// needed. Revisions that do not touch the list share it.
pub struct List {
    /// The list without its entries.
    pub stored: StoredWordList,
    /// The entries.
    pub entries: Arc<Entries>,
    /// Entries that changed since the list was last kept whole.
    changed: usize,
    /// Level and category that entries share, the most urgent first. An entry's tag is
    /// its place here.
    tags: OnceLock<Arc<[Tag]>>,
    lexicon: OnceLock<Result<Arc<Lexicon>, BuildError>>,
    digest: OnceLock<[u8; 32]>,
}

impl List {
    pub(crate) fn new(stored: StoredWordList, entries: Arc<Entries>, changed: usize) -> Self {
        let (tags, lexicon, digest) = <_>::default();
        Self { stored, entries, changed, tags, lexicon, digest }
    }

    /// What a change makes of it.
    pub(crate) fn with(&self, stored: StoredWordList, delta: &Delta) -> Self {
        if delta.is_empty() {
            return self.renamed(stored);
        }
        let before = if self.wants_snapshot() { 0 } else { self.changed };
        let entries = Arc::new(self.entries.with(delta));
        Self::new(stored, entries, before + delta.changes().len())
    }

    /// Whether reading all changes since the list was last kept whole costs more than
    /// reading the list. If so it is kept whole with the revision that made it.
    pub(crate) fn wants_snapshot(&self) -> bool {
        self.changed > 2 * self.entries.as_slice().len() + SNAPSHOT_SLACK
    }

    /// The same entries under a changed head; what is compiled stays.
    fn renamed(&self, stored: StoredWordList) -> Self {
        let entries = self.entries.clone();
        let (tags, lexicon, digest) =
            (self.tags.clone(), self.lexicon.clone(), self.digest.clone());
        Self { stored, entries, changed: self.changed, tags, lexicon, digest }
    }

    pub(crate) fn is_live(&self) -> bool {
        self.stored.delete_time.is_none()
    }

    /// The compiled entries, numbered in their order: one lexicon, whatever the rules that
    /// look for it undo.
    pub(crate) fn lexicon(&self) -> Result<Arc<Lexicon>, BuildError> {
        self.lexicon.get_or_init(|| self.compile().map(Arc::new)).clone()
    }

    pub(crate) fn tags(&self) -> Arc<[Tag]> {
        let find = || {
            let all: BTreeSet<Tag> = self.entries.as_slice().iter().map(Tag::of).collect();
            all.into_iter().collect()
        };
        self.tags.get_or_init(find).clone()
    }

    fn compile(&self) -> Result<Lexicon, BuildError> {
        let tags = self.tags();
        let number = |entry: &Entry| {
            let place = tags.binary_search(&Tag::of(entry)).unwrap_or_default();
            u32::try_from(place).unwrap_or(u32::MAX)
        };
        let words = self.entries.as_slice().iter().map(|entry| LexiconWord {
            word: &entry.word,
            mode: entry.mode.map(Into::into),
            end: entry.end_time,
            tag: number(entry),
        });
        Lexicon::build(words)
    }

    /// SHA-256 over all entries.
    pub(crate) fn digest(&self) -> [u8; 32] {
        *self.digest.get_or_init(|| self.entries.digest())
    }
}

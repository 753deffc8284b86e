use super::{Delta, Entry, EntryChange};
use itertools::Itertools;
use sha2::{Digest, Sha256};

/// The entries of a list, ordered by their words. Immutable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entries(Box<[Entry]>);

impl Entries {
    /// From entries in any order; of those with the same word the first stays.
    /// Gives also how many did not.
    #[must_use]
    pub fn collect(mut entries: Vec<Entry>) -> (Self, usize) {
        let all = entries.len();
        entries.sort_by(|a, b| a.word.cmp(&b.word));
        entries.dedup_by(|later, first| later.word == first.word);
        let repeated = all - entries.len();
        (Self(entries.into_boxed_slice()), repeated)
    }

    /// All of them, in order, to be changed.
    #[must_use]
    pub fn into_vec(self) -> Vec<Entry> {
        self.0.into_vec()
    }

    /// All of them, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Entry] {
        &self.0
    }

    /// The entry of a word.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<&Entry> {
        let place = self.0.binary_search_by(|entry| entry.word.as_ref().cmp(word)).ok()?;
        Some(&self.0[place])
    }

    /// What makes `other` of this.
    #[must_use]
    pub fn delta_to(&self, other: &Self) -> Delta {
        let joined = self.0.iter().merge_join_by(&other.0, |a, b| a.word.cmp(&b.word));
        Delta::of(joined.filter_map(|pair| {
            let (before, after) = pair.left_and_right();
            (before != after)
                .then(|| EntryChange { before: before.cloned(), after: after.cloned() })
        }))
    }

    /// What adding `others`, or putting them in place of entries with the same words,
    /// changes.
    #[must_use]
    pub fn delta_adding(&self, others: &Self) -> Delta {
        Delta::of(others.0.iter().filter_map(|after| {
            let before = self.get(&after.word);
            (before != Some(after))
                .then(|| EntryChange { before: before.cloned(), after: Some(after.clone()) })
        }))
    }

    /// These entries with a delta applied.
    #[must_use]
    pub fn with(&self, delta: &Delta) -> Self {
        let joined = self
            .0
            .iter()
            .merge_join_by(delta.changes(), |entry, change| entry.word.as_ref().cmp(change.word()));
        let kept = joined.filter_map(|pair| match pair.left_and_right() {
            (_, Some(change)) => change.after.clone(),
            (entry, None) => entry.cloned(),
        });
        Self(kept.collect())
    }

    /// SHA-256 over all entries.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for entry in &self.0 {
            let bytes = minicbor::to_vec(entry).unwrap_or_default();
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        hash.finalize().into()
    }
}

use super::Entry;
use itertools::Itertools;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What became of one word; one of both sides is there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
pub struct EntryChange {
    /// `None` when it was added.
    #[n(0)]
    pub before: Option<Entry>,
    /// `None` when it was removed.
    #[n(1)]
    pub after: Option<Entry>,
}

/// What one change did to the entries of a list, ordered by words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Delta(#[n(0)] Vec<EntryChange>);

/// How many entries a delta touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeltaCounts {
    pub added: u64,
    pub updated: u64,
    pub removed: u64,
}

impl DeltaCounts {
    /// Whether nothing is touched.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl EntryChange {
    /// The word it is about.
    #[must_use]
    pub fn word(&self) -> &str {
        self.after.as_ref().or(self.before.as_ref()).map_or("", |entry| &entry.word)
    }

    fn inverted(&self) -> Self {
        Self { before: self.after.clone(), after: self.before.clone() }
    }
}

impl Delta {
    /// From changes in the order of their words.
    #[must_use]
    pub fn of(changes: impl IntoIterator<Item = EntryChange>) -> Self {
        Self(changes.into_iter().collect())
    }

    /// All changes, in order.
    #[must_use]
    pub fn changes(&self) -> &[EntryChange] {
        &self.0
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries it touches.
    #[must_use]
    pub fn counts(&self) -> DeltaCounts {
        let mut counts = DeltaCounts::default();
        for change in &self.0 {
            match (&change.before, &change.after) {
                (None, _) => counts.added += 1,
                (_, None) => counts.removed += 1,
                _ => counts.updated += 1,
            }
        }
        counts
    }

    /// What undoes it.
    #[must_use]
    pub fn inverted(&self) -> Self {
        Self(self.0.iter().map(EntryChange::inverted).collect())
    }

    /// This and then `next`, as one.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let joined = self.0.iter().merge_join_by(&next.0, |a, b| a.word().cmp(b.word()));
        let both = joined.map(|pair| match pair.left_and_right() {
            (Some(first), Some(second)) => {
                EntryChange { before: first.before.clone(), after: second.after.clone() }
            }
            (first, second) => {
                first.or(second).cloned().unwrap_or(EntryChange { before: None, after: None })
            }
        });
        Self(both.filter(|change| change.before != change.after).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Entries;
    use super::*;
    use proptest::prelude::*;

    fn entries(words: &[(String, u8)]) -> Entries {
        let entry = |(word, category): &(String, u8)| Entry {
            category: (*category > 0).then(|| category.to_string().into()),
            ..Entry::new(word)
        };
        Entries::collect(words.iter().map(entry).collect()).0
    }

    fn lists() -> impl Strategy<Value = Vec<(String, u8)>> {
        prop::collection::vec(("[abc]{1,2}", 0..3_u8), 0..8)
    }

    proptest! {
        #[test]
        fn deltas_lead_there_and_back_and_add_up(a in lists(), b in lists(), c in lists()) {
            let (a, b, c) = (entries(&a), entries(&b), entries(&c));
            let (ab, bc) = (a.delta_to(&b), b.delta_to(&c));
            prop_assert_eq!(&a.with(&ab), &b);
            prop_assert_eq!(&b.with(&ab.inverted()), &a);
            prop_assert_eq!(ab.then(&bc), a.delta_to(&c));
            let added = a.with(&a.delta_adding(&b));
            prop_assert!(b.as_slice().iter().all(|entry| added.get(&entry.word) == Some(entry)));
            let bytes = minicbor::to_vec(&ab).expect("encodable");
            prop_assert_eq!(minicbor::decode::<Delta>(&bytes).expect("decodable"), ab);
        }
    }
}

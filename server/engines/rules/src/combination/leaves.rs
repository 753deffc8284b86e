use super::Found;
use crate::conditions::tree::MAX_TREE_WORDS;
use umpire_text::SourceHits;

/// Numbers a word of leaves holds.
const BITS: usize = u64::BITS as usize;

/// A set of leaves of one combination, a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Leaves([u64; MAX_TREE_WORDS / BITS]);

impl Leaves {
    pub fn add(&mut self, leaf: usize) {
        self.0[leaf / BITS] |= 1 << (leaf % BITS);
    }

    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub fn union(mut self, other: Self) -> Self {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
        self
    }

    /// Those of them that meet a condition.
    pub fn only(self, meets: impl Fn(usize) -> bool) -> Self {
        self.iter().filter(|leaf| meets(*leaf)).collect()
    }

    /// What was found of them.
    pub fn of<'h>(self, found: &Found<'h>) -> impl Iterator<Item = &'h SourceHits> {
        self.iter().filter_map(move |leaf| found[leaf])
    }

    fn iter(self) -> impl Iterator<Item = usize> {
        (0..MAX_TREE_WORDS).filter(move |leaf| self.0[leaf / BITS] >> (leaf % BITS) & 1 == 1)
    }
}

impl FromIterator<usize> for Leaves {
    fn from_iter<I: IntoIterator<Item = usize>>(leaves: I) -> Self {
        let mut all = Self::default();
        leaves.into_iter().for_each(|leaf| all.add(leaf));
        all
    }
}

impl<const N: usize> From<[usize; N]> for Leaves {
    fn from(leaves: [usize; N]) -> Self {
        leaves.into_iter().collect()
    }
}

//! The rest of very long words, compared in constant time.

use crate::folded::Item;
use std::cell::OnceCell;

/// A Mersenne prime: sums of remainders stay below 2^62.
const PRIME: u64 = (1 << 61) - 1;
/// An arbitrary base, below the prime.
const BASE: u64 = 0x0b4a_5ec7_91d3_f265;

/// The symbols of a word behind those the tree knows.
pub(crate) struct Tail {
    len: usize,
    hash: u64,
}

impl Tail {
    pub fn of(items: &[Item]) -> Self {
        Self { len: items.len(), hash: items.iter().fold(0, add) }
    }

    /// Number of symbols.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it stands at `at` (a chance of about 2^-50 says so by mistake).
    pub fn stands_at(&self, hashes: &Hashes<'_>, at: usize) -> bool {
        hashes.of(at, self.len) == Some(self.hash)
    }
}

fn add(hash: u64, item: &Item) -> u64 {
    remainder(multiply(hash, BASE) + u64::from(item.symbol()) + 1)
}

fn multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    remainder((product as u64 & PRIME) + (product >> 61) as u64)
}

fn remainder(value: u64) -> u64 {
    if value >= PRIME { value - PRIME } else { value }
}

/// Polynomial hashes of all ranges of a text, made when first asked for.
pub(crate) struct Hashes<'t> {
    items: &'t [Item],
    /// Of each prefix, and the powers of the base.
    prefixes: OnceCell<(Vec<u64>, Vec<u64>)>,
}

impl<'t> Hashes<'t> {
    pub fn new(items: &'t [Item]) -> Self {
        Self { items, prefixes: OnceCell::new() }
    }

    /// The hash of `len` symbols from `at` on; `None` beyond the end.
    fn of(&self, at: usize, len: usize) -> Option<u64> {
        let (prefixes, powers) = self.prefixes.get_or_init(|| self.compute());
        let (start, end) = (prefixes.get(at)?, prefixes.get(at + len)?);
        Some(remainder(end + PRIME - multiply(*start, *powers.get(len)?)))
    }

    fn compute(&self) -> (Vec<u64>, Vec<u64>) {
        let (mut prefixes, mut powers) = (vec![0], vec![1]);
        for item in self.items {
            prefixes.push(add(prefixes[prefixes.len() - 1], item));
            powers.push(multiply(powers[powers.len() - 1], BASE));
        }
        (prefixes, powers)
    }
}

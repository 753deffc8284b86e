//! Ordinary Chinese: which characters stand next to each other in ordinary words, and
//! which are everyday words by themselves.

use crate::{
    folded::{Item, symbols_of},
    symbols::{Class, Symbol},
};
use std::sync::LazyLock;

/// Two characters this everyday together are no disguise: the sum of their levels. Chosen
/// where disguises of two characters are found and hardly any ordinary text is.
const EVERYDAY: u8 = 14;

/// Bits for neighbours, as a power of two: three of a hundred strangers pass for them.
const PAIR_BITS: u32 = 21;

struct Everyday {
    /// Neighbours in words, a bit for the hash of each.
    pairs: Box<[u64; 1 << (PAIR_BITS - 6)]>,
    /// How often a symbol is a word by itself: 0, or 5 to 9.
    levels: Box<[u8; 1 << 16]>,
}

static EVERYDAY_CHINESE: LazyLock<Everyday> = LazyLock::new(|| {
    let (pairs, levels) = (Box::new([0; 1 << (PAIR_BITS - 6)]), Box::new([0; 1 << 16]));
    let mut everyday = Everyday { pairs, levels };
    for line in include_str!("../tables/chinese.tsv").lines() {
        let mut columns = line.split('\t').map(symbols_of);
        let mut next = || columns.next().unwrap_or_default();
        let (first, level, followers) = (next(), next(), next());
        let [first] = first[..] else { continue };
        let digit = level.first().and_then(|item| u8::try_from(item.symbol()).ok());
        everyday.levels[first.symbol() as usize] = digit.map_or(0, |d| d.saturating_sub(b'0'));
        for follower in followers {
            let bit = bit(first.symbol(), follower.symbol());
            everyday.pairs[bit / 64] |= 1 << (bit % 64);
        }
    }
    everyday
});

#[inline(always)]
fn bit(a: Symbol, b: Symbol) -> usize {
    let both = u32::from(a) << 16 | u32::from(b);
    ((both ^ both >> 15).wrapping_mul(0x85eb_ca6b) >> (32 - PAIR_BITS)) as usize
}

/// Calls `found` with the first of every two characters that belong to no ordinary word,
/// neither together nor with their neighbours, and are not both everyday words: they
/// stand for something else.
pub(crate) fn odd_pairs(items: &[Item], mut found: impl FnMut(usize)) {
    let everyday = &*EVERYDAY_CHINESE;
    let level = |item: Item| everyday.levels[usize::from(item.symbol())];
    let Some(&(mut before)) = items.first() else { return };
    // Strangers in a row so far, up to the pair that ends with the item at hand.
    let mut strangers = 1;
    for (at, &item) in items.iter().enumerate().skip(1) {
        let bit = bit(before.symbol(), item.symbol());
        let are_neighbours = everyday.pairs[bit / 64] >> (bit % 64) & 1 == 1
            && before.class() == Class::Han
            && item.class() == Class::Han;
        strangers = if are_neighbours { 0 } else { strangers + 1 };
        if strangers > 2 {
            report(items, at - 2, level, &mut found);
        }
        before = item;
    }
    if strangers > 1 {
        report(items, items.len() - 2, level, &mut found);
    }
}

fn report(items: &[Item], first: usize, level: impl Fn(Item) -> u8, found: &mut impl FnMut(usize)) {
    let (a, b) = (items[first], items[first + 1]);
    let characters = a.class() == Class::Han && b.class() == Class::Han;
    if characters && level(a) + level(b) < EVERYDAY {
        found(first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_pairs_are_odd() {
        for (text, expected) in
            [("被筹花了", vec![1]), ("其时", vec![]), ("手机", vec![]), ("a", vec![])]
        {
            let mut found = Vec::new();
            odd_pairs(&symbols_of(text), |at| found.push(at));
            assert_eq!(found, expected, "{text}");
        }
    }
}

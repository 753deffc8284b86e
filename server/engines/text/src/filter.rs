//! Where no word can start, decided in a few instructions.
//!
//! The filter looks at the *compact* stream of a text: letters, digits and characters
//! only, letters by [`letters::key`](crate::letters::key), one for several in a row.
//! Symbols between letters, repeats and leetspeak therefore change nothing of it, and
//! a word that starts at a place has its first keys there, however it is disguised.

use crate::{folded::Item, symbols::Symbol};

/// Keys below are those of Latin letters and digits.
const FIRST_OTHER: Symbol = 32;

/// What the compact stream shows at a place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Window {
    /// The first three keys; 0 behind the end.
    keys: [Symbol; 3],
    /// Up to four Latin keys of five bits, the first on top.
    latin: u32,
}

impl Window {
    /// The window one item further to the front.
    #[inline]
    fn push(&mut self, key: Symbol) {
        if key >= FIRST_OTHER {
            self.latin = 0;
        } else if key == self.keys[0] {
            return;
        } else {
            self.latin = self.latin >> 5 | u32::from(key) << 15;
        }
        self.keys = [key, self.keys[0], self.keys[1]];
    }

    fn has_two_letters(self) -> bool {
        self.latin >> 10 & 31 != 0
    }

    /// The window at the start of a form.
    pub fn of(keys: impl DoubleEndedIterator<Item = Symbol>) -> Self {
        let mut window = Self::default();
        keys.rev().for_each(|key| window.push(key));
        window
    }
}

/// What words start with: never says no where a word starts.
#[derive(Clone, Default)]
pub(crate) struct Filter {
    /// Words of one key, and words of other symbols alone by their first.
    singles: Option<Box<[u64]>>,
    pairs: Bits,
    whole_pairs: Bits,
    triples: Bits,
    /// Latin words by their first two, three and four keys.
    two: Bits,
    three: Bits,
    four: Bits,
}

impl Filter {
    /// Room for so many words, so that one bit of sixteen is set at most.
    pub fn with_capacity(characters: usize, latin: usize) -> Self {
        Self {
            singles: None,
            pairs: Bits::for_keys(characters),
            whole_pairs: Bits::for_keys(characters),
            triples: Bits::for_keys(characters),
            two: Bits::for_keys(latin.min(64)),
            three: Bits::for_keys(latin.min(2048)),
            four: Bits::for_keys(latin),
        }
    }

    /// Whether a window belongs to the Latin tables.
    pub fn is_latin(window: Window) -> bool {
        window.has_two_letters()
    }

    /// Adds a word by its window; `first` is its first symbol.
    pub fn add(&mut self, window: Window, first: Symbol) {
        let [a, b, c] = window.keys;
        if a == 0 || (b == 0 && !window.has_two_letters()) {
            let one = if a == 0 { first } else { a };
            let singles = self.singles.get_or_insert_with(|| vec![0; 1 << 10].into());
            singles[usize::from(one >> 6)] |= 1 << (one & 63);
        } else if window.has_two_letters() {
            match (window.latin >> 5 & 31, window.latin & 31) {
                (0, _) => self.two.set(mix(window.latin >> 10)),
                (_, 0) => self.three.set(mix(window.latin >> 5)),
                _ => self.four.set(mix(window.latin)),
            }
        } else {
            self.pairs.set(pair(a, b));
            match c {
                0 => self.whole_pairs.set(pair(a, b)),
                _ => self.triples.set(triple(a, b, c)),
            }
        }
    }

    /// What any of several allow.
    pub fn union<'f>(all: impl IntoIterator<Item = &'f Self>) -> Self {
        all.into_iter().fold(Self::default(), |union, other| Self {
            singles: either(union.singles, other.singles.as_deref()),
            pairs: union.pairs.or(&other.pairs),
            whole_pairs: union.whole_pairs.or(&other.whole_pairs),
            triples: union.triples.or(&other.triples),
            two: union.two.or(&other.two),
            three: union.three.or(&other.three),
            four: union.four.or(&other.four),
        })
    }

    /// Whether a word of this one symbol may start with it.
    #[inline]
    pub fn has_single(&self, symbol: Symbol) -> bool {
        match &self.singles {
            Some(singles) => singles[usize::from(symbol >> 6)] >> (symbol & 63) & 1 == 1,
            None => false,
        }
    }

    /// Whether a word may start here.
    #[inline]
    pub fn may_start(&self, window: Window) -> bool {
        let [a, b, c] = window.keys;
        let long = if window.has_two_letters() {
            self.four.get(mix(window.latin))
                || self.three.get(mix(window.latin >> 5))
                || self.two.get(mix(window.latin >> 10))
        } else {
            let start = pair(a, b);
            self.pairs.get(start)
                && (self.triples.get(triple(a, b, c)) || self.whole_pairs.get(start))
        };
        long || self.has_single(a)
    }

    /// Bytes it takes.
    pub fn memory(&self) -> usize {
        let bits =
            [&self.pairs, &self.whole_pairs, &self.triples, &self.two, &self.three, &self.four];
        bits.into_iter().map(Bits::memory).sum::<usize>()
            + self.singles.as_deref().map_or(0, size_of_val)
    }
}

/// A place where a word may start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub at: u32,
    /// Something ambiguous is near: the filter was not asked.
    pub open: bool,
    pub window: Window,
}

/// Compact items an ambiguous one keeps open before itself.
const NEAR: u8 = 4;

/// Collects the places where a word may start, last ones first. `key` gives what a
/// layer sees in an item, `is_open` whether an item may stand for several things.
#[inline]
pub(crate) fn sweep(
    filter: &Filter,
    items: &[Item],
    key: impl Fn(Item) -> Symbol,
    is_open: impl Fn(usize, Item) -> bool,
    places: &mut Vec<Place>,
) {
    places.clear();
    let (mut window, mut near) = (Window::default(), 0_u8);
    for (at, &item) in items.iter().enumerate().rev() {
        let opens = is_open(at, item);
        if item.class.is_word() {
            near = near.saturating_sub(1);
            window.push(key(item));
        }
        if opens {
            near = NEAR;
        }
        let open = near > 0;
        let may_start = if item.class.is_word() {
            open || filter.may_start(window)
        } else {
            opens || filter.has_single(item.symbol)
        };
        if may_start {
            places.push(Place { at: at as u32, open, window });
        }
    }
}

fn either(a: Option<Box<[u64]>>, b: Option<&[u64]>) -> Option<Box<[u64]>> {
    match (a, b) {
        (Some(mut a), Some(b)) => {
            a.iter_mut().zip(b).for_each(|(a, b)| *a |= b);
            Some(a)
        }
        (a, b) => a.or_else(|| b.map(Into::into)),
    }
}

/// Keys spread over all bits; the multipliers are those of MurmurHash3 and SplitMix64.
#[inline]
fn mix(key: u32) -> u32 {
    key.wrapping_mul(0x9e37_79b1)
}

#[inline]
fn pair(a: Symbol, b: Symbol) -> u32 {
    let both = u32::from(a) << 16 | u32::from(b);
    (both ^ both >> 15).wrapping_mul(0x85eb_ca6b)
}

#[inline]
fn triple(a: Symbol, b: Symbol, c: Symbol) -> u32 {
    let all = u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c);
    (all.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// A set of hashes, known by their upper bits.
#[derive(Clone)]
struct Bits {
    words: Box<[u64]>,
    /// Lower bits of a hash that do not count.
    ignored: u32,
}

impl Default for Bits {
    fn default() -> Self {
        Self::of_size(6)
    }
}

impl Bits {
    fn for_keys(count: usize) -> Self {
        let wanted = (count * 16).next_power_of_two().trailing_zeros();
        Self::of_size(wanted.clamp(6, 21))
    }

    fn of_size(log_2: u32) -> Self {
        Self { words: vec![0; 1 << (log_2 - 6)].into(), ignored: 32 - log_2 }
    }

    #[inline]
    fn get(&self, hash: u32) -> bool {
        let bit = hash >> self.ignored;
        self.words.get(bit as usize / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    fn set(&mut self, hash: u32) {
        let bit = hash >> self.ignored;
        self.words[bit as usize / 64] |= 1 << (bit % 64);
    }

    fn memory(&self) -> usize {
        size_of_val(&*self.words)
    }

    /// Both sets; a bit of the smaller stands for several of the bigger.
    fn or(&self, other: &Self) -> Self {
        let (bigger, smaller) =
            if self.ignored <= other.ignored { (self, other) } else { (other, self) };
        let (mut union, apart) = (bigger.clone(), smaller.ignored - bigger.ignored);
        for bit in 0..smaller.words.len() * 64 {
            if smaller.words[bit / 64] >> (bit % 64) & 1 == 1 {
                for same in bit << apart..(bit + 1) << apart {
                    union.words[same / 64] |= 1 << (same % 64);
                }
            }
        }
        union
    }
}

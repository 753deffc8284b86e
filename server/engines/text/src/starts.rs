//! A filter that tells in a few instructions that no word starts at a place.

/// Three characters from a place on, as far as there are any.
pub(crate) type Window = (char, Option<char>, Option<char>);

/// What words start with: single characters, those that are words, pairs that words start
/// with and those that are words, and triples that longer words start with. May say
/// yes where the answer is no, never the other way round.
#[derive(Clone, Default)]
pub(crate) struct Starts {
    firsts: Bits,
    has_singles: bool,
    singles: Bits,
    pairs: Bits,
    whole_pairs: Bits,
    triples: Bits,
}

impl Starts {
    pub fn of(words: &[&str]) -> Self {
        let bits = Bits::for_keys(words.len());
        let mut starts = Self {
            firsts: bits.clone(),
            has_singles: false,
            singles: bits.clone(),
            pairs: bits.clone(),
            whole_pairs: bits.clone(),
            triples: bits,
        };
        for word in words {
            let mut chars = word.chars();
            let Some(first) = chars.next() else { continue };
            starts.firsts.set(single(first));
            let Some(second) = chars.next() else {
                starts.has_singles = true;
                starts.singles.set(single(first));
                continue;
            };
            let pair = pair(first, second);
            starts.pairs.set(pair);
            match chars.next() {
                Some(third) => starts.triples.set(triple(pair, third)),
                None => starts.whole_pairs.set(pair),
            }
        }
        starts
    }

    /// What any of several allow.
    pub fn union<'s>(all: impl IntoIterator<Item = &'s Self>) -> Self {
        all.into_iter().fold(Self::default(), |union, starts| Self {
            firsts: union.firsts.or(&starts.firsts),
            has_singles: union.has_singles || starts.has_singles,
            singles: union.singles.or(&starts.singles),
            pairs: union.pairs.or(&starts.pairs),
            whole_pairs: union.whole_pairs.or(&starts.whole_pairs),
            triples: union.triples.or(&starts.triples),
        })
    }

    /// Whether a word may start with these characters.
    pub fn may_start(&self, (first, second, third): Window) -> bool {
        let one = single(first);
        if !self.firsts.get(one) {
            return false;
        }
        if self.has_singles && self.singles.get(one) {
            return true;
        }
        let Some(second) = second else { return false };
        let pair = pair(first, second);
        self.pairs.get(pair)
            && (third.is_some_and(|third| self.triples.get(triple(pair, third)))
                || self.whole_pairs.get(pair))
    }
}

/// Characters spread over all bits (the multipliers are those of MurmurHash3).
fn single(only: char) -> u32 {
    u32::from(only).wrapping_mul(0x85eb_ca6b)
}

fn pair(first: char, second: char) -> u32 {
    let mixed = u32::from(first)
        .wrapping_mul(0xcc9e_2d51)
        .wrapping_add(u32::from(second).wrapping_mul(0x1b87_3593));
    (mixed ^ (mixed >> 15)).wrapping_mul(0x85eb_ca6b)
}

fn triple(pair: u32, third: char) -> u32 {
    (pair ^ u32::from(third).wrapping_mul(0xcc9e_2d51)).wrapping_mul(0xc2b2_ae35)
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
    /// So that one bit of sixteen is set at most: 128 bytes to 256 KiB.
    fn for_keys(count: usize) -> Self {
        let wanted = (count * 16).next_power_of_two().trailing_zeros();
        Self::of_size(wanted.clamp(10, 21))
    }

    fn of_size(log_2: u32) -> Self {
        Self { words: vec![0; 1 << (log_2 - 6)].into(), ignored: 32 - log_2 }
    }

    fn get(&self, hash: u32) -> bool {
        let bit = hash >> self.ignored;
        self.words.get(bit as usize / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    fn set(&mut self, hash: u32) {
        let bit = hash >> self.ignored;
        self.words[bit as usize / 64] |= 1 << (bit % 64);
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

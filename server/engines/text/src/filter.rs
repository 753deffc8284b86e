//! Where no word can start, decided in a few instructions.
//!
//! A filter knows the first two and three elements of all words ([`crate::stream`]). Texts
//! of nothing but characters need no stream: there symbols are elements, and those of
//! every word that can stand in such a text are known, too.

use crate::{
    folded::Item,
    layer::View,
    stream::{Element, Passing, Stream, doublings, is_doubled, is_latin},
    symbols::{Class, Symbol},
};

/// The first elements from a place on; 0 behind the end.
pub(crate) type Window = [Element; 3];

/// What words start with: never says no where a word starts.
#[derive(Clone, Default)]
pub(crate) struct Filter {
    /// Words of one element.
    singles: Option<Exact>,
    /// Whether some of them is a symbol, and whether one is a letter that is not doubled.
    has_plain_singles: bool,
    has_letters: bool,
    /// First symbols of words that start with something else than a letter, a digit or a
    /// character.
    symbols: Option<Exact>,
    /// The first two elements of all others.
    pub pairs: Pairs,
    /// Those of words that need no third one.
    whole_pairs: Bits,
    triples: Bits,
    /// Words of two characters that are sought only where two are odd.
    odd: Bits,
}

/// Collects what words start with.
#[derive(Default)]
pub(crate) struct FilterBuilder {
    singles: Vec<Element>,
    symbols: Vec<Symbol>,
    pairs: Vec<u32>,
    whole_pairs: Vec<u32>,
    triples: Vec<u32>,
    odd: Vec<u32>,
    stream: Stream,
}

impl FilterBuilder {
    /// Adds a word as a view sees it.
    pub fn add(&mut self, word: &[Item], view: View) {
        let Some(first) = word.first() else { return };
        if first.is_word() {
            self.add_stream(word, Passing::Everything, view);
            if word.iter().any(|item| !item.is_word()) {
                self.add_stream(word, Passing::Close, view);
            }
        } else {
            self.symbols.push(first.symbol());
        }
        let symbols = word.iter().map(|item| view.of(item.symbol()));
        self.add_plain(word, symbols);
        if first.is_word() && word.iter().any(|item| !item.is_word()) {
            let words = word.iter().filter(|item| item.is_word());
            self.add_plain(word, words.map(|item| view.of(item.symbol())));
        }
    }

    /// Adds a word of two characters, as a view sees them, that is sought only where two are
    /// odd.
    pub fn add_odd(&mut self, a: Symbol, b: Symbol) {
        self.odd.push(pair(a, b));
    }

    fn add_stream(&mut self, word: &[Item], passing: Passing, view: View) {
        let mut stream = std::mem::take(&mut self.stream);
        stream.fill(word, passing, |item| view.filter_key(item));
        let (elements, open) = stream.of_word();
        match (elements, open) {
            ([], None) => {}
            ([], Some(open)) => self.singles.extend(open.elements()),
            (&[a], None) => self.singles.extend(doublings(a)),
            (&[a], Some(open)) => open.elements().for_each(|b| self.add_pair(a, b)),
            (&[a, b], Some(open)) if open.is_doubled() => {
                open.elements().for_each(|c| self.add_triple(a, b, c));
            }
            (&[a, b], _) => self.add_pair(a, b),
            (&[a, b, c, ..], _) => self.add_triple(a, b, c),
        }
        self.stream = stream;
    }

    fn add_pair(&mut self, a: Element, b: Element) {
        for a in doublings(a) {
            for b in doublings(b) {
                self.pairs.push(pair(a, b));
                self.whole_pairs.push(pair(a, b));
            }
        }
    }

    fn add_triple(&mut self, a: Element, b: Element, c: Element) {
        for a in doublings(a) {
            for b in doublings(b) {
                self.pairs.push(pair(a, b));
                self.triples.extend(doublings(c).map(|c| triple(a, b, c)));
            }
        }
    }

    /// Adds a word as it stands in a text without letters.
    fn add_plain(&mut self, word: &[Item], mut symbols: impl Iterator<Item = Element>) {
        if word.iter().any(|item| item.class() == Class::Latin) {
            return;
        }
        match (symbols.next(), symbols.next(), symbols.next()) {
            (Some(a), None, _) => self.singles.push(a),
            (Some(a), Some(b), None) => {
                self.pairs.push(pair(a, b));
                self.whole_pairs.push(pair(a, b));
            }
            (Some(a), Some(b), Some(c)) => {
                self.pairs.push(pair(a, b));
                self.triples.push(triple(a, b, c));
            }
            (None, ..) => {}
        }
    }

    pub fn build(self) -> Filter {
        let exact = |all: Vec<u16>| {
            let mut set = (!all.is_empty()).then(Exact::default);
            all.iter().for_each(|&key| set.iter_mut().for_each(|set| set.set(key)));
            set
        };
        Filter {
            has_plain_singles: self.singles.iter().any(|&element| !is_latin(element)),
            has_letters: self.singles.iter().any(|&one| is_latin(one) && !is_doubled(one)),
            singles: exact(self.singles),
            symbols: exact(self.symbols),
            pairs: Pairs::of(&self.pairs),
            whole_pairs: Bits::of(self.whole_pairs, 16),
            triples: Bits::of(self.triples, 16),
            odd: Bits::of(self.odd, 16),
        }
    }
}

impl Filter {
    /// What any of several allow.
    pub fn union<'f>(all: impl IntoIterator<Item = &'f Self>) -> Self {
        all.into_iter().fold(Self::default(), |union, other| Self {
            singles: either(union.singles, &other.singles),
            has_plain_singles: union.has_plain_singles || other.has_plain_singles,
            has_letters: union.has_letters || other.has_letters,
            symbols: either(union.symbols, &other.symbols),
            pairs: union.pairs.or(&other.pairs),
            whole_pairs: union.whole_pairs.or(&other.whole_pairs),
            triples: union.triples.or(&other.triples),
            odd: union.odd.or(&other.odd),
        })
    }

    /// Whether there are words of one element that is no doubled letter; `plain`: of one that
    /// is a symbol.
    pub fn has_singles(&self, plain: bool) -> bool {
        self.has_plain_singles || !plain && self.has_letters
    }

    /// Whether a word is one element.
    #[inline(always)]
    pub fn is_single(&self, element: Element) -> bool {
        has(&self.singles, element)
    }

    /// Whether some words start with something else than a letter, digit or character.
    pub fn has_symbols(&self) -> bool {
        self.symbols.is_some()
    }

    /// Whether a word may start with a symbol that is no letter.
    pub fn has_symbol(&self, symbol: Symbol) -> bool {
        has(&self.symbols, symbol)
    }

    /// Whether a word may start with two elements.
    fn has_pair(&self, a: Element, b: Element) -> bool {
        match &self.pairs {
            Pairs::Few(table) => table.has(a, b),
            Pairs::Many(table) => table.has(a, b),
        }
    }

    /// Whether two odd characters, as the view sees them, may be a word.
    pub fn has_odd(&self, a: Symbol, b: Symbol) -> bool {
        self.odd.get(pair(a, b))
    }

    /// Whether a word may start with elements the first two of which it has.
    #[inline(always)]
    pub fn has_more(&self, [a, b, c]: Window) -> bool {
        self.triples.get(triple(a, b, c))
            || self.whole_pairs.get(pair(a, b))
            || has(&self.singles, a)
    }

    /// Whether a word may start with these elements.
    pub fn has_start(&self, window: Window) -> bool {
        let [a, b, _] = window;
        self.is_single(a) || self.has_pair(a, b) && self.has_more(window)
    }

    /// Whether a word may start with these elements, or with this item.
    pub fn lets_pass(&self, window: Window, first: Item) -> bool {
        self.has_start(window) || !first.is_word() && self.has_symbol(first.symbol())
    }

    /// Bytes it takes.
    pub fn memory(&self) -> usize {
        let bits = [&self.whole_pairs, &self.triples, &self.odd].map(Bits::memory);
        let exact = [&self.singles, &self.symbols].into_iter().flatten().count();
        self.pairs.memory() + bits.iter().sum::<usize>() + exact * EXACT
    }
}

#[inline(always)]
fn has(set: &Option<Exact>, key: u16) -> bool {
    set.as_ref().is_some_and(|set| set.get(key))
}

fn either(a: Option<Exact>, b: &Option<Exact>) -> Option<Exact> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (a, b) => a.or_else(|| b.clone()),
    }
}

/// Two elements spread over all bits; the multiplier is that of Fibonacci hashing.
#[inline(always)]
fn pair(a: Element, b: Element) -> u32 {
    (u32::from(a) << 16 | u32::from(b)).wrapping_mul(0x9e37_79b1)
}

/// As [`pair`], with the multiplier of SplitMix64.
#[inline(always)]
fn triple(a: Element, b: Element, c: Element) -> u32 {
    let all = u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c);
    (all.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Bytes of an [`Exact`].
const EXACT: usize = size_of::<[u64; 1 << 10]>();

/// A set of keys.
#[derive(Clone)]
struct Exact(Box<[u64; 1 << 10]>);

impl Default for Exact {
    fn default() -> Self {
        Self(Box::new([0; 1 << 10]))
    }
}

impl Exact {
    #[inline(always)]
    fn get(&self, key: u16) -> bool {
        self.0[usize::from(key >> 6)] >> (key & 63) & 1 == 1
    }

    fn set(&mut self, key: u16) {
        self.0[usize::from(key >> 6)] |= 1 << (key & 63);
    }

    fn or(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&*other.0).for_each(|(mine, theirs)| *mine |= theirs);
        self
    }
}

/// Words of tables of pairs: 2 KiB and 64 KiB.
const FEW: usize = 1 << 8;
const MANY: usize = 1 << 13;
/// Bits of a small table for each pair, at least.
const ROOM: usize = 32;

/// What words start with, in a table of one of two sizes.
#[derive(Clone)]
pub(crate) enum Pairs {
    Few(Table<FEW>),
    Many(Table<MANY>),
}

impl Default for Pairs {
    fn default() -> Self {
        Self::Few(Table::of(&[]))
    }
}

impl Pairs {
    fn of(hashes: &[u32]) -> Self {
        match hashes.len() * ROOM <= FEW * 64 {
            true => Self::Few(Table::of(hashes)),
            false => Self::Many(Table::of(hashes)),
        }
    }

    /// Both sets.
    fn or(&self, other: &Self) -> Self {
        Self::Many(match (self, other) {
            (Self::Few(mine), Self::Few(theirs)) => return Self::Few(mine.or(theirs)),
            (Self::Many(mine), Self::Many(theirs)) => mine.or(theirs),
            (Self::Many(many), Self::Few(few)) | (Self::Few(few), Self::Many(many)) => many.or(few),
        })
    }

    fn memory(&self) -> usize {
        match self {
            Self::Few(_) => FEW * size_of::<u64>(),
            Self::Many(_) => MANY * size_of::<u64>(),
        }
    }
}

/// A set of pairs that is asked at every place of every text, so its size is known to the
/// compiler: the upper bits of a hash choose a word, the lowest six one of its bits.
#[derive(Clone)]
pub(crate) struct Table<const WORDS: usize>(Box<[u64; WORDS]>);

impl<const WORDS: usize> Table<WORDS> {
    fn of(hashes: &[u32]) -> Self {
        let mut words = Box::new([0; WORDS]);
        hashes.iter().for_each(|&hash| words[Self::word(hash)] |= 1 << (hash % 64));
        Self(words)
    }

    /// Whether a word may start with two elements.
    #[inline(always)]
    pub fn has(&self, a: Element, b: Element) -> bool {
        let hash = pair(a, b);
        self.0[Self::word(hash)] >> (hash % 64) & 1 == 1
    }

    #[inline(always)]
    fn word(hash: u32) -> usize {
        (hash >> (32 - WORDS.ilog2())) as usize
    }

    /// Both sets; a word of a smaller one stands for several.
    fn or<const FEWER: usize>(&self, other: &Table<FEWER>) -> Self {
        let mut union = self.clone();
        for (at, word) in union.0.iter_mut().enumerate() {
            *word |= other.0[at / (WORDS / FEWER)];
        }
        union
    }
}

/// A set of hashes: the upper bits choose a word, the lowest six one of its bits.
#[derive(Clone)]
struct Bits {
    words: Box<[u64]>,
    /// Lower bits of a hash that choose no word.
    ignored: u32,
}

/// Most words of a set, as a power of two: 256 KiB.
const MOST_WORDS: u32 = 15;

impl Default for Bits {
    fn default() -> Self {
        Self::of_size(1)
    }
}

impl Bits {
    /// A set of these, of so many bits for each.
    fn of(mut hashes: Vec<u32>, room: usize) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        let wanted = (hashes.len() * room / 64).next_power_of_two().trailing_zeros();
        let mut bits = Self::of_size(wanted.clamp(1, MOST_WORDS));
        hashes.iter().for_each(|&hash| bits.set(hash));
        bits
    }

    fn of_size(log_2: u32) -> Self {
        Self { words: vec![0; 1 << log_2].into(), ignored: 32 - log_2 }
    }

    #[inline(always)]
    fn get(&self, hash: u32) -> bool {
        let word = self.words.get((hash >> self.ignored) as usize).copied().unwrap_or_default();
        word >> (hash % 64) & 1 == 1
    }

    fn set(&mut self, hash: u32) {
        self.words[(hash >> self.ignored) as usize] |= 1 << (hash % 64);
    }

    fn memory(&self) -> usize {
        size_of_val(&*self.words)
    }

    /// Both sets; a word of the smaller stands for several of the bigger.
    fn or(&self, other: &Self) -> Self {
        let (bigger, smaller) =
            if self.ignored <= other.ignored { (self, other) } else { (other, self) };
        let (mut union, apart) = (bigger.clone(), smaller.ignored - bigger.ignored);
        for (at, word) in union.words.iter_mut().enumerate() {
            *word |= smaller.words[at >> apart];
        }
        union
    }
}

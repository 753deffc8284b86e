//! Where no word can start, decided in a few instructions.
//!
//! The filter looks at the *compact* stream of a text: letters, digits and characters
//! only, letters by [`letters::key`](crate::letters::key), one for several in a row.
//! Symbols between letters, repeats and leetspeak therefore change nothing of it, and
//! a word that starts at a place has its first keys there, however it is disguised.

use crate::{
    folded::Item,
    symbols::{Class, Symbol},
};

/// Most words whose first characters are few among all.
const SPARSE: usize = 8_000;

/// Keys below are those of Latin letters, digits and what stands between words.
const FIRST_OTHER: Symbol = 32;
/// The key of blanks, and of punctuation beside Chinese characters, in a close stream.
const BLANK: Symbol = 31;
const MARK: Symbol = 30;
/// What Latin tables know of any other character.
const OTHER: u32 = 29;

/// What the compact stream shows at a place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Window {
    /// The first three keys of sixteen bits, the first on top; 0 behind the end.
    keys: u64,
    /// Up to four Latin keys of five bits, the first on top, and [`OTHER`] behind the last.
    latin: u32,
    /// Which of them are several in a row: a bit each, the first lowest.
    doubled: u8,
}

impl Window {
    /// The window one item further to the front.
    #[inline(always)]
    fn push(&mut self, key: Symbol) {
        if key >= FIRST_OTHER {
            return self.push_other(key);
        }
        if key == self.first() {
            self.doubled |= 1;
            return;
        }
        self.latin = self.latin >> 5 | u32::from(key) << 15;
        self.doubled <<= 1;
        self.keys = self.keys >> 16 | u64::from(key) << 32;
    }

    /// [`Self::push`] of a key that is neither a letter's nor a digit's.
    #[inline(always)]
    fn push_other(&mut self, key: Symbol) {
        (self.latin, self.doubled) = (OTHER << 15, 0);
        self.keys = self.keys >> 16 | u64::from(key) << 32;
    }

    #[inline(always)]
    fn first(self) -> Symbol {
        (self.keys >> 32) as Symbol
    }

    /// The first two keys.
    #[inline(always)]
    fn pair(self) -> u32 {
        pair((self.keys >> 16) as u32)
    }

    fn of_keys(a: Symbol, b: Symbol, c: Symbol) -> Self {
        let keys = u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c);
        Self { keys, latin: 0, doubled: 0 }
    }

    /// Takes an item of a *close* stream, which nothing passes a blank in, nor punctuation
    /// beside Chinese characters. `marked` remembers punctuation.
    #[inline(always)]
    fn take(&mut self, item: Item, key: Symbol, marked: &mut bool) {
        let key = match item.class() {
            _ if item.is_word() => key,
            Class::Blank => BLANK,
            Class::Decoration => return,
            _ => return *marked = true,
        };
        if *marked {
            *marked = false;
            if key.max(self.first()) >= FIRST_OTHER {
                self.push(MARK);
            }
        }
        self.push(key);
    }

    /// The window at the start of a form in a close stream.
    pub fn close(items: impl DoubleEndedIterator<Item = (Item, Symbol)>) -> Self {
        let (mut window, mut marked) = (Self::default(), false);
        items.rev().for_each(|(item, key)| window.take(item, key, &mut marked));
        window
    }

    fn has_two_letters(self) -> bool {
        !matches!(self.latin >> 10 & 31, 0 | OTHER)
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
    /// Every first key, Latin words aside.
    firsts: Exact,
    /// Whether those are so few that it is worth asking for them alone.
    is_sparse: bool,
    /// Words of one key.
    singles: Option<Exact>,
    /// First symbols of words that start with something else than a letter, a digit or a
    /// character.
    symbols: Option<Exact>,
    pairs: Bits,
    whole_pairs: Bits,
    triples: Bits,
    latin: Latin,
    /// Of words in which one of the keys is several in a row.
    doubled: Latin,
}

/// Latin words by their first two, three and four keys.
#[derive(Clone, Default)]
struct Latin {
    /// The first three keys of all of them, whatever the third of words of two.
    starts: Exact,
    two: Option<Exact>,
    three: Option<Exact>,
    four: Bits,
}

impl Latin {
    fn with_capacity(words: usize) -> Self {
        Self { four: Bits::for_keys(words * 2), ..Self::default() }
    }

    fn add(&mut self, latin: u32) {
        let start = (latin >> 5) as u16;
        match start & 31 {
            0 => (0..32).for_each(|third| self.starts.set(start | third)),
            _ => self.starts.set(start),
        }
        match (latin >> 5 & 31, latin & 31) {
            (0, _) => self.two.get_or_insert_default().set((latin >> 10) as u16),
            (_, 0) => self.three.get_or_insert_default().set((latin >> 5) as u16),
            _ => self.four.set(mix(latin)),
        }
    }

    #[inline(always)]
    fn may_start(&self, latin: u32) -> bool {
        self.starts.get((latin >> 5) as u16)
            && (self.four.get(mix(latin))
                || has(&self.three, (latin >> 5) as u16)
                || has(&self.two, (latin >> 10) as u16))
    }

    fn or(self, other: &Self) -> Self {
        Self {
            starts: self.starts.or(&other.starts),
            two: either(self.two, &other.two),
            three: either(self.three, &other.three),
            four: self.four.or(&other.four),
        }
    }

    fn memory(&self) -> usize {
        let exact = 1 + [&self.two, &self.three].into_iter().flatten().count();
        self.four.memory() + exact * EXACT
    }
}

/// Bytes of an [`Exact`].
const EXACT: usize = size_of::<[u64; 1 << 10]>();

fn either(a: Option<Exact>, b: &Option<Exact>) -> Option<Exact> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (a, b) => a.or_else(|| b.clone()),
    }
}

impl Filter {
    /// Room for so many words, so that one bit of sixteen is set at most.
    pub fn with_capacity(characters: usize, latin: usize) -> Self {
        Self {
            pairs: Bits::for_keys(characters),
            whole_pairs: Bits::for_keys(characters),
            triples: Bits::for_keys(characters),
            latin: Latin::with_capacity(latin),
            doubled: Latin::with_capacity(latin / 2),
            is_sparse: characters <= SPARSE,
            ..Self::default()
        }
    }

    /// Whether a window belongs to the Latin tables.
    pub fn is_latin(window: Window) -> bool {
        window.has_two_letters()
    }

    /// Adds a word by its window and its first item.
    pub fn add(&mut self, window: Window, first: Item) {
        let (a, b, c) = (window.first(), window.keys >> 16 & 0xffff, window.keys & 0xffff);
        if !first.is_word() {
            self.symbols.get_or_insert_default().set(first.symbol());
            self.firsts.set(first.symbol());
        } else if window.has_two_letters() {
            let table = if window.doubled & 15 == 0 { &mut self.latin } else { &mut self.doubled };
            table.add(window.latin);
        } else if b == 0 {
            self.singles.get_or_insert_default().set(a);
            self.firsts.set(a);
        } else {
            self.firsts.set(a);
            self.pairs.set(window.pair());
            match c {
                0 => self.whole_pairs.set(window.pair()),
                _ => self.triples.set(triple(window.keys)),
            }
        }
    }

    /// What any of several allow.
    pub fn union<'f>(all: impl IntoIterator<Item = &'f Self>) -> Self {
        let none = Self { is_sparse: true, ..Self::default() };
        all.into_iter().fold(none, |union, other| Self {
            is_sparse: union.is_sparse && other.is_sparse,
            firsts: union.firsts.or(&other.firsts),
            singles: either(union.singles, &other.singles),
            symbols: either(union.symbols, &other.symbols),
            pairs: union.pairs.or(&other.pairs),
            whole_pairs: union.whole_pairs.or(&other.whole_pairs),
            triples: union.triples.or(&other.triples),
            latin: union.latin.or(&other.latin),
            doubled: union.doubled.or(&other.doubled),
        })
    }

    /// Whether a word may start with a symbol that is no letter.
    #[inline(always)]
    pub fn has_symbol(&self, symbol: Symbol) -> bool {
        has(&self.symbols, symbol)
    }

    /// Whether a word may start here, which is a letter, a digit or a character.
    #[inline(always)]
    pub fn may_start(&self, window: Window) -> bool {
        let may_go_on = if window.has_two_letters() {
            self.latin.may_start(window.latin)
                || window.doubled & 15 != 0 && self.doubled.may_start(window.latin)
        } else {
            self.may_go_on(window)
        };
        may_go_on || has(&self.singles, window.first())
    }

    /// Whether a word may start with this item.
    pub fn lets_pass(&self, window: Window, first: Item) -> bool {
        match first.is_word() {
            true => self.may_start(window),
            false => self.has_symbol(first.symbol()),
        }
    }

    #[inline(always)]
    fn may_go_on(&self, window: Window) -> bool {
        let start = window.pair();
        self.pairs.get(start)
            && (self.triples.get(triple(window.keys)) || self.whole_pairs.get(start))
    }

    /// Bytes it takes.
    pub fn memory(&self) -> usize {
        let bits = [&self.pairs, &self.whole_pairs, &self.triples];
        let exact = [&self.singles, &self.symbols].into_iter().flatten().count() + 1;
        bits.into_iter().map(Bits::memory).sum::<usize>()
            + self.latin.memory()
            + self.doubled.memory()
            + exact * EXACT
    }
}

#[inline(always)]
fn has(set: &Option<Exact>, key: u16) -> bool {
    set.as_ref().is_some_and(|set| set.get(key))
}

/// A place where a word may start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub at: u32,
    /// Something ambiguous is near: the filter was not asked.
    pub open: bool,
    /// Two characters stand here that belong to no ordinary word.
    pub odd: bool,
    pub window: Window,
}

/// Compact items an ambiguous one keeps open before itself.
const NEAR: u8 = 4;

/// Collects the places where a word may start, in order. `key` gives what a
/// layer sees in an item, `is_open` whether an item may stand for several things.
#[inline]
pub(crate) fn sweep(
    filter: &Filter,
    items: &[Item],
    key: impl Fn(Item) -> Symbol,
    is_open: impl Fn(usize) -> bool,
    places: &mut Vec<Place>,
) {
    places.clear();
    let (mut window, mut near) = (Window::default(), 0_u8);
    for (at, &item) in items.iter().enumerate().rev() {
        let opens = is_open(at);
        let is_word = item.is_word();
        if is_word {
            near = near.saturating_sub(1);
            window.push(key(item));
        }
        if opens {
            near = NEAR;
        }
        let may_start = match is_word {
            true => near > 0 || filter.may_start(window),
            false => opens || filter.has_symbol(item.symbol()),
        };
        if may_start {
            places.push(Place { at: at as u32, open: near > 0, odd: false, window });
        }
    }
    places.reverse();
}

/// [`sweep`] where nothing is ambiguous, and nothing passes what a close stream stops at.
#[inline]
pub(crate) fn sweep_close(filter: &Filter, items: &[Item], places: &mut Vec<Place>) {
    places.clear();
    let (mut window, mut marked) = (Window::default(), false);
    for (at, &item) in items.iter().enumerate().rev() {
        let may_start = if item.is_word() && item.key() == 0 && !marked {
            // Nearly all of a Chinese text.
            window.push_other(item.symbol());
            filter.may_go_on(window) || has(&filter.singles, window.first())
        } else {
            window.take(item, item.filter_key(), &mut marked);
            match item.is_word() {
                true => filter.may_start(window),
                false => filter.has_symbol(item.symbol()),
            }
        };
        if may_start {
            places.push(Place { at: at as u32, open: false, odd: false, window });
        }
    }
    places.reverse();
}

/// [`sweep`] for texts without Latin letters, digits and anything ambiguous. `items`
/// come with their padding.
#[inline]
pub(crate) fn sweep_characters(
    filter: &Filter,
    items: &[Item],
    key: impl Fn(Item) -> Symbol,
    places: &mut Vec<Place>,
) {
    places.clear();
    for (at, window) in items.windows(3).enumerate() {
        let [first, second, third] = *window else { continue };
        let a = key(first);
        if filter.is_sparse {
            if !filter.firsts.get(a) {
                continue;
            }
        } else if first.is_word() && second.is_word() {
            // Nearly every character starts some word: ask for the pair at once.
            if !filter.pairs.get(pair(both(a, key(second)))) && !has(&filter.singles, a) {
                continue;
            }
        }
        let (b, c) = match second.is_word() && third.is_word() {
            true => (key(second), key(third)),
            false => next_words(items, at + 1, &key),
        };
        let is_word = first.is_word();
        let window = Window::of_keys(if is_word { a } else { 0 }, b, c);
        let may_start = match is_word {
            true => filter.may_go_on(window) || has(&filter.singles, a),
            false => filter.has_symbol(first.symbol()),
        };
        if may_start {
            places.push(Place { at: at as u32, open: false, odd: false, window });
        }
    }
}

/// The keys of the next two characters from an item on; padding has key 0.
#[cold]
fn next_words(items: &[Item], from: usize, key: impl Fn(Item) -> Symbol) -> (Symbol, Symbol) {
    let mut words = items[from..].iter().filter(|item| item.is_word()).map(|item| key(*item));
    let mut next = || words.next().unwrap_or(0);
    (next(), next())
}

/// Keys spread over all bits; the multipliers are those of MurmurHash3 and SplitMix64.
#[inline(always)]
fn mix(key: u32) -> u32 {
    key.wrapping_mul(0x9e37_79b1)
}

#[inline(always)]
fn both(a: Symbol, b: Symbol) -> u32 {
    u32::from(a) << 16 | u32::from(b)
}

#[inline(always)]
fn pair(both: u32) -> u32 {
    (both ^ both >> 15).wrapping_mul(0x85eb_ca6b)
}

#[inline(always)]
fn triple(all: u64) -> u32 {
    (all.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

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

    #[inline(always)]
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

//! Places of a text that stand for something else: parts of a character, emoji, pinyin.

use crate::{
    folded::Item,
    layer::View,
    letters, sound,
    symbols::{Class, Entry, Symbol, table},
};
use std::{collections::HashMap, sync::LazyLock};
use umpire_model::{Transformation, Transformations};

/// Longest run of letters that is read as pinyin.
const MAX_PINYIN: usize = 60;

/// Some items that may be read as other symbols.
pub(crate) struct Edge {
    pub at: u32,
    /// Items it consumes.
    pub len: u32,
    pub symbols: Box<[Symbol]>,
    pub taken: Transformation,
}

/// Views, as bits.
const SPELLING: u8 = 1;
const OTHERS: u8 = 2;
/// Not a view: the item may hide a letter.
const CENSORED: u8 = 4;
/// Nor this: parts of a character start here; the filter is asked about the character.
const SPLIT: u8 = 8;

/// `* # @ % ^ &` hide a letter even alone, `? - _` only in a row or with others.
const SURE_CENSORS: [Symbol; 6] = [0x2a, 0x23, 0x40, 0x25, 0x5e, 0x26];

/// What stands where in one text, by ascending place.
#[derive(Default)]
pub(crate) struct Edges {
    all: Vec<Edge>,
    /// For each item in which views the filter must let it pass; empty when none is.
    open: Vec<u8>,
    /// The items of which that is so, in any order and several times.
    opened: Vec<u32>,
}

/// Characters by their parts.
struct Splits {
    /// The first two parts, the other parts, and the character; sorted.
    rows: Vec<(u32, Box<[Symbol]>, Symbol)>,
    /// The first two parts: two bits each of [`pair_bits`]. Says no for nearly all others.
    pairs: Box<[u64; 1 << PAIR_WORDS]>,
}

/// Words for the bits of pairs, as a power of two: 128 KiB.
const PAIR_WORDS: u32 = 14;

/// The word of a pair and its bits there; the multiplier is that of SplitMix64.
#[inline(always)]
fn pair_bits(first: Symbol, second: Symbol) -> (usize, u64) {
    let hash = u64::from(both(first, second)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bits = 1 << (hash >> 38 & 63) | 1 << (hash >> 44 & 63);
    ((hash >> (64 - PAIR_WORDS)) as usize, bits)
}

static SPLITS: LazyLock<Splits> = LazyLock::new(|| {
    let mut splits = Splits { rows: Vec::new(), pairs: Box::new([0; 1 << PAIR_WORDS]) };
    let rows = include_str!("../tables/split.tsv").lines().filter_map(|row| row.split_once('\t'));
    for (parts, whole) in rows {
        let parts = symbols(parts);
        let whole = whole.chars().next().and_then(|c| table().single(c));
        let Some(whole) = whole.map(Entry::symbol) else { continue };
        if let [first, second, rest @ ..] = &*parts {
            let (word, bits) = pair_bits(*first, *second);
            splits.pairs[word] |= bits;
            splits.rows.push((both(*first, *second), rest.into(), whole));
        }
    }
    splits.rows.sort();
    splits
});

fn both(first: Symbol, second: Symbol) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

fn symbols(text: &str) -> Box<[Symbol]> {
    crate::folded::symbols_of(text).iter().map(|item| item.symbol()).collect()
}

/// Words an emoji stands for, by its first symbol: the other symbols, and each word.
#[allow(clippy::type_complexity)]
static EMOJI: LazyLock<HashMap<Symbol, Vec<(Box<[Symbol]>, Vec<Box<[Symbol]>>)>>> =
    LazyLock::new(|| {
        let mut emoji: HashMap<Symbol, Vec<_>> = HashMap::new();
        for row in include_str!("../tables/emoji.tsv").lines() {
            let mut columns = row.split('\t');
            let picture = symbols(columns.next().unwrap_or_default());
            let words = columns.flat_map(|words| words.split('|')).filter(|word| !word.is_empty());
            if let [first, rest @ ..] = &picture[..] {
                let words = words.map(symbols).collect();
                emoji.entry(*first).or_default().push((rest.into(), words));
            }
        }
        emoji
    });

/// Whether a symbol may hide a letter.
pub(crate) fn hides(symbol: Symbol) -> bool {
    matches!(symbol, 0x2a | 0x23 | 0x40 | 0x25 | 0x5e | 0x26 | 0x3f | 0x2d | 0x5f)
}

impl Edges {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.all.clear();
        self.open.clear();
        self.opened.clear();
    }

    /// Reads what can be read otherwise in a text, as far as `wanted` asks for it.
    pub fn read(&mut self, items: &[Item], wanted: Transformations) {
        if wanted.contains(Transformation::Leetspeak) {
            self.find_leet(items);
        }
        if wanted.contains(Transformation::SplitCharacters) {
            self.find_splits(items);
        }
        if wanted.contains(Transformation::Emoji) {
            self.find_emoji(items);
        }
        if wanted.contains(Transformation::Pinyin) {
            self.find_pinyin(items);
        }
        self.all.sort_by_key(|edge| edge.at);
    }

    /// Whether there is nothing the filter should let pass.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The items that the filter of a view must let pass, in any order and several times.
    pub fn opened(&self, view: View) -> impl Iterator<Item = u32> {
        let bit = if view == View::Spelling { SPELLING } else { OTHERS };
        self.opened.iter().copied().filter(move |&at| self.open[at as usize] & bit != 0)
    }

    /// Characters that stand there in parts.
    pub fn splits(&self) -> impl Iterator<Item = &Edge> {
        self.all.iter().filter(|edge| edge.taken == Transformation::SplitCharacters)
    }

    /// The edges that start at an item.
    pub fn at(&self, at: u32, view: View) -> impl Iterator<Item = &Edge> {
        let first = match self.all.is_empty() {
            true => 0,
            false => self.all.partition_point(|edge| edge.at < at),
        };
        let here = self.all[first..].iter().take_while(move |edge| edge.at == at);
        here.filter(move |edge| edge.taken != Transformation::Pinyin || view == View::Sound)
    }

    fn open(&mut self, at: usize, items: &[Item], views: u8) {
        if self.open.is_empty() {
            self.open.resize(items.len(), 0);
        }
        self.open[at] |= views;
        self.opened.push(at as u32);
    }

    /// Symbols that may be letters: those next to a letter, a digit or another one.
    fn find_leet(&mut self, items: &[Item]) {
        let stands = |item: &Item| !letters::stands_for(item.symbol()).is_empty();
        let near = |item: Option<&Item>| {
            item.is_some_and(|item| item.key() != 0 || !item.is_word() && stands(item))
        };
        let mut censored = false;
        for (at, item) in items.iter().enumerate().filter(|(_, item)| item.may_stand_in()) {
            censored |= hides(item.symbol());
            let before = at.checked_sub(1).and_then(|at| items.get(at));
            // An exclamation mark behind a word is one.
            let follows = item.class() != Class::Sentence && near(before);
            if stands(item) && (follows || near(items.get(at + 1))) {
                self.open(at, items, SPELLING);
            }
        }
        if censored {
            self.find_censored(items);
        }
    }

    /// Symbols that may hide a letter inside a word: `cr*p`, `f---ing`.
    fn find_censored(&mut self, items: &[Item]) {
        let is_letter = |at: usize| items.get(at).is_some_and(|item| item.class() == Class::Latin);
        let mut at = 1;
        while at < items.len() {
            let hides = |item: &&Item| hides(item.symbol());
            let len = items[at..].iter().take_while(hides).count();
            let surely =
                items[at..at + len].iter().any(|item| SURE_CENSORS.contains(&item.symbol()));
            if (1..=3).contains(&len) && (surely || len > 1) && is_letter(at - 1) {
                let ends = is_letter(at + len);
                if ends || surely {
                    (at..at + len).for_each(|at| self.open(at, items, SPELLING | CENSORED));
                }
            }
            at += len.max(1);
        }
    }

    /// Whether an item is nothing but itself.
    #[inline(always)]
    pub fn is_plain(&self, at: u32) -> bool {
        self.open.get(at as usize).is_none_or(|open| *open == 0)
    }

    /// Whether an item may hide any letter.
    pub fn is_censored(&self, at: u32) -> bool {
        self.open.get(at as usize).is_some_and(|open| open & CENSORED != 0)
    }

    fn find_splits(&mut self, items: &[Item]) {
        let splits = &*SPLITS;
        for (at, pair) in items.windows(2).enumerate() {
            let (word, bits) = pair_bits(pair[0].symbol(), pair[1].symbol());
            if splits.pairs[word] & bits != bits {
                continue;
            }
            let sought = both(pair[0].symbol(), pair[1].symbol());
            let from = splits.rows.partition_point(|(parts, ..)| *parts < sought);
            let rows = splits.rows[from..].iter().take_while(|(parts, ..)| *parts == sought);
            for (_, rest, whole) in rows.filter(|(_, rest, _)| follows(items, at + 2, rest)) {
                let (len, symbols) = (rest.len() as u32 + 2, Box::new([*whole]));
                // Numerals are parts, the digits they count as are not.
                let parts = &items[at..at + len as usize];
                if parts.iter().any(|part| part.class() == Class::Digit) {
                    continue;
                }
                self.open(at, items, SPLIT);
                let taken = Transformation::SplitCharacters;
                self.all.push(Edge { at: at as u32, len, symbols, taken });
            }
        }
    }

    fn find_emoji(&mut self, items: &[Item]) {
        for (at, item) in items.iter().enumerate() {
            let pictures =
                if item.class() == Class::Decoration { EMOJI.get(&item.symbol()) } else { None };
            for (rest, words) in pictures.into_iter().flatten() {
                if !follows(items, at + 1, rest) {
                    continue;
                }
                self.open(at, items, SPELLING | OTHERS);
                let len = rest.len() as u32 + 1;
                for word in words {
                    let (at, symbols) = (at as u32, word.clone());
                    self.all.push(Edge { at, len, symbols, taken: Transformation::Emoji });
                }
            }
        }
    }

    /// Syllables of runs of letters that are nothing but syllables.
    fn find_pinyin(&mut self, items: &[Item]) {
        let mut at = 0;
        while at < items.len() {
            let len = items[at..].iter().take_while(|item| item.class() == Class::Latin).count();
            if (1..=MAX_PINYIN).contains(&len) {
                self.read_run(items, at, len);
            }
            at += len.max(1);
        }
    }

    fn read_run(&mut self, items: &[Item], start: usize, len: usize) {
        let run: String =
            items[start..start + len].iter().map(|item| item.symbol() as u8 as char).collect();
        let mut syllables = vec![];
        let mut ends = vec![false; len + 1];
        ends[len] = true;
        for from in (0..len).rev() {
            let all = sound::syllables_at(run[from..].bytes().map(u16::from));
            let before = syllables.len();
            syllables.extend(all.filter(|(take, _)| ends[from + take]).map(|one| (from, one)));
            ends[from] = syllables.len() > before;
        }
        let mut starts = vec![false; len + 1];
        starts[0] = ends[0];
        // By ascending start, those that begin where the run or another one left off.
        for (from, (take, code)) in syllables.into_iter().rev() {
            if !starts[from] {
                continue;
            }
            starts[from + take] = true;
            self.open(start + from, items, OTHERS);
            self.all.push(Edge {
                at: (start + from) as u32,
                len: take as u32,
                symbols: Box::new([code]),
                taken: Transformation::Pinyin,
            });
        }
    }
}

fn follows(items: &[Item], at: usize, symbols: &[Symbol]) -> bool {
    items.get(at..at + symbols.len()).is_some_and(|items| {
        items.iter().zip(symbols).all(|(item, symbol)| item.symbol() == *symbol)
    })
}

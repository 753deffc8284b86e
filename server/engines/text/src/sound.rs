//! How Chinese characters sound and what they look like, from generated tables.

use crate::{
    symbols::{Pairs, Symbol, pairs, table},
    trie::Trie,
};
use std::{collections::HashMap, sync::LazyLock};

const PINYIN: &str = include_str!("../tables/pinyin.tsv");
const SHAPE: &str = include_str!("../tables/shape.tsv");
/// The first code of a syllable: private-use characters have no symbols of their own.
const FIRST_SYLLABLE: Symbol = 0xe000;
/// How digits are read.
const DIGITS: [&str; 10] = ["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"];

/// Toneless pinyin of symbols.
struct Sounds {
    /// Of each symbol, a syllable or the symbol itself.
    syllables: Box<[Symbol]>,
    by_name: HashMap<&'static str, Symbol>,
    names: Vec<&'static str>,
    /// The names letter by letter, each with its syllable.
    letters: Trie,
}

static SOUNDS: LazyLock<Sounds> = LazyLock::new(|| {
    let mut syllables: Box<[Symbol]> = (0..=u16::MAX).collect();
    let (mut by_name, mut names) = (HashMap::new(), Vec::new());
    let rows = PINYIN.lines().filter_map(|line| line.split_once('\t'));
    for ((name, characters), code) in rows.zip(FIRST_SYLLABLE..) {
        by_name.insert(name, code);
        names.push(name);
        for c in characters.chars() {
            // A variant folds to a character with a sound of its own.
            if let Some(symbol) = itself(c) {
                syllables[symbol as usize] = code;
            }
        }
    }
    for (digit, name) in (b'0'..).zip(DIGITS) {
        syllables[digit as usize] = by_name.get(name).copied().unwrap_or(digit.into());
    }
    let letters = letters_of(&names);
    Sounds { syllables, by_name, names, letters }
});

/// A tree of names, which are different.
fn letters_of(names: &[&str]) -> Trie {
    let mut spelt: Vec<(Vec<Symbol>, Symbol)> = (names.iter().zip(FIRST_SYLLABLE..))
        .map(|(name, code)| (name.bytes().map(Symbol::from).collect(), code))
        .collect();
    spelt.sort();
    let forms: Vec<&[Symbol]> = spelt.iter().map(|(name, _)| &name[..]).collect();
    Trie::build(&forms, |place| spelt[place].1.into()).unwrap_or_default()
}

static SHAPES: LazyLock<Box<[Symbol]>> = LazyLock::new(|| {
    let mut shapes: Box<[Symbol]> = (0..=u16::MAX).collect();
    for (c, key) in pairs(SHAPE) {
        let key = key.chars().next().and_then(|key| table().single(key));
        // A variant folds to a character with a shape of its own.
        if let (Some(key), Some(symbol)) = (key, itself(c)) {
            shapes[symbol as usize] = key.symbol();
        }
    }
    shapes
});

/// The symbol of a character that folds to itself.
fn itself(c: char) -> Option<Symbol> {
    let symbol = table().single(c)?.symbol();
    (u32::from(symbol) == u32::from(c)).then_some(symbol)
}

/// Other readings of characters.
static READINGS: LazyLock<Pairs> = LazyLock::new(|| pairs(include_str!("../tables/readings.tsv")));

/// The syllable of a symbol, or the symbol.
#[inline]
pub(crate) fn syllable(symbol: Symbol) -> Symbol {
    SOUNDS.syllables[symbol as usize]
}

/// The key of all that look like a symbol.
#[inline]
pub(crate) fn shape(symbol: Symbol) -> Symbol {
    SHAPES[symbol as usize]
}

/// The syllable with this spelling.
pub(crate) fn spelt(name: &str) -> Option<Symbol> {
    SOUNDS.by_name.get(name).copied()
}

/// The syllables that letters begin with, the shortest first: their lengths and themselves.
pub(crate) fn syllables_at(
    letters: impl Iterator<Item = Symbol>,
) -> impl Iterator<Item = (usize, Symbol)> {
    let tree = &SOUNDS.letters;
    let nodes = letters.scan(Trie::ROOT, |node, letter| {
        *node = tree.child(*node, letter)?;
        Some(*node)
    });
    let ends = (1..).zip(nodes).filter_map(|(len, node)| Some((len, tree.form(node)?)));
    ends.map(|(len, code)| (len, code as Symbol))
}

/// The syllable of every symbol, or the symbol.
pub(crate) fn syllables() -> &'static [Symbol] {
    &SOUNDS.syllables
}

/// The key of every symbol's shape, or the symbol.
pub(crate) fn shapes() -> &'static [Symbol] {
    &SHAPES
}

/// The first letter of a syllable.
pub(crate) fn initial(code: Symbol) -> Option<u8> {
    let name = SOUNDS.names.get(usize::from(code.checked_sub(FIRST_SYLLABLE)?))?;
    name.bytes().next()
}

/// Every syllable a symbol may be read as, the usual one first.
pub(crate) fn readings(symbol: Symbol) -> Vec<Symbol> {
    let other = char::from_u32(symbol.into()).and_then(|c| READINGS.get(&c));
    let others = other.into_iter().flat_map(|names| names.split(' ')).filter_map(spelt);
    std::iter::once(syllable(symbol)).chain(others).collect()
}

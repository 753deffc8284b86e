//! A text as symbols, each with where it came from.

use crate::{
    canonical::Canonical,
    symbols::{Class, END, Entry, Symbol, dropped, table},
};
use std::cell::{Cell, OnceCell};
use umpire_model::ByteRange;

/// Symbols behind the end of every text, so that nobody needs to ask for it.
pub(crate) const PADDING: usize = 4;

/// One symbol of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item(Entry);

impl Item {
    const PAD: Self = Self(Entry::new(END, Class::Other));

    /// A symbol that came from no text.
    pub fn of(symbol: Symbol, class: Class) -> Self {
        Self(Entry::new(symbol, class))
    }

    #[inline(always)]
    pub fn symbol(self) -> Symbol {
        self.0.symbol()
    }

    #[inline(always)]
    pub fn class(self) -> Class {
        self.0.class()
    }

    /// Whether it is a letter, a digit or a character.
    #[inline(always)]
    pub fn is_word(self) -> bool {
        self.0.is_word()
    }

    /// [`letters::key`](crate::letters::key)
    #[inline(always)]
    pub fn key(self) -> u8 {
        self.0.key()
    }

    /// What filters look at: the same for all that leetspeak mixes.
    #[inline(always)]
    pub fn filter_key(self) -> Symbol {
        match self.key() {
            0 => self.symbol(),
            key => key.into(),
        }
    }
}

/// Turns a text into symbols. `items` is cleared first; what stands in the text is
/// told by the union of its entries' flags.
pub(crate) fn fold_into(text: &str, items: &mut Vec<Item>) -> u32 {
    items.clear();
    // Room for one symbol a byte, so that most are written without looking for it.
    items.resize(text.len() + PADDING, Item::PAD);
    let (table, mut present, mut len) = (table(), 0, 0);
    let mut rest = text.as_bytes();
    loop {
        // Nearly all characters of chat have one byte or three.
        let entry = match *rest {
            [a, ..] if a < 0x80 => {
                rest = &rest[1..];
                table.of_code(a.into())
            }
            [a, b, c, ..] if a & 0xf0 == 0xe0 => {
                rest = &rest[3..];
                let upper = u16::from(a) << 12 | u16::from(b & 0x3f) << 6;
                table.of_code(upper | u16::from(c & 0x3f))
            }
            [] => break,
            _ => {
                let at = text.len() - rest.len();
                let Some(c) = text[at..].chars().next() else { break };
                rest = &rest[c.len_utf8()..];
                table.get(c)
            }
        };
        present |= entry.bits();
        if entry.is_simple() && len < items.len() {
            items[len] = Item(entry);
            len += 1;
        } else {
            items.truncate(len);
            present |= add_unusual(entry, items);
            len = items.len();
            items.resize(len + rest.len() + PADDING, Item::PAD);
        }
    }
    items.truncate(len + PADDING);
    present
}

/// Adds what is not one symbol and nothing more; gives the flags of its parts.
#[cold]
fn add_unusual(entry: Entry, items: &mut Vec<Item>) -> u32 {
    if entry.has(Entry::EXPANDS) {
        let parts = table().expansion(entry);
        items.extend(parts.iter().map(|&part| Item(part)));
        return parts.iter().fold(0, |flags, part| flags | part.bits());
    }
    if !entry.has(Entry::DROPPED) {
        items.push(Item(entry));
    }
    0
}

/// The first byte of the character each symbol of a text came from.
fn starts_of(text: &str) -> Vec<u32> {
    let table = table();
    let mut starts = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let entry = table.get(c);
        if entry.has(Entry::EXPANDS) {
            starts.extend(std::iter::repeat_n(at as u32, table.expansion(entry).len()));
        } else if !entry.has(Entry::DROPPED) {
            starts.push(at as u32);
        }
    }
    starts
}

/// The symbols of a text of less than 4 GiB, and the way back to it.
pub(crate) struct Folded<'t> {
    /// With padding behind.
    items: &'t [Item],
    /// Where the symbols lead: the text, or its composed form.
    base: &'t Canonical<'t>,
    /// Whether `items` were made of the composed form.
    composed: bool,
    original: &'t str,
    /// Whether each character of the text they were made of is one symbol.
    one_by_one: bool,
    /// The first byte of each symbol, where it is not.
    starts: OnceCell<Vec<u32>>,
    /// A symbol and its first byte, from where the next one is sought.
    cursor: Cell<(usize, usize)>,
}

impl<'t> Folded<'t> {
    /// `items` and `present` came from [`fold_into`] of the text, or, where something
    /// in it composes, of its canonical form.
    pub fn new(
        original: &'t str,
        base: &'t Canonical<'t>,
        present: u32,
        items: &'t [Item],
    ) -> Self {
        let composed = present & Entry::COMPLEX != 0;
        let one_by_one = !composed && present & (Entry::EXPANDS | Entry::DROPPED) == 0;
        let (starts, cursor) = (OnceCell::new(), Cell::new((0, 0)));
        Self { items, base, composed, original, one_by_one, starts, cursor }
    }

    /// The first bytes of two symbols in `text`, which they were made of.
    fn starts(&self, text: &str, first: usize, last: usize) -> (usize, usize) {
        if !self.one_by_one || last > first + FAR {
            let starts = self.starts.get_or_init(|| starts_of(text));
            return (starts[first] as usize, starts[last] as usize);
        }
        let (at, byte) = self.cursor.get();
        let from = if first < at { (0, 0) } else { (at, byte) };
        let start = advance(text, from, first);
        self.cursor.set((first, start));
        (start, advance(text, (first, start), last))
    }

    pub fn original(&self) -> &'t str {
        self.original
    }

    /// All symbols, and padding that matches nothing.
    pub fn items(&self) -> &'t [Item] {
        self.items
    }

    /// Without the padding.
    pub fn len(&self) -> usize {
        self.items.len() - PADDING
    }

    /// The original range of the symbols from `first` to `last`, with the marks that
    /// belong to the last one.
    pub fn range(&self, first: usize, last: usize) -> ByteRange {
        let text: &str = if self.composed { self.base.text() } else { self.original };
        let (start, from) = self.starts(text, first, last);
        let range = start..end_of_character(text, from);
        if self.composed { self.base.to_original(range) } else { range }
    }
}

/// Symbols between two that are looked up one by one.
const FAR: usize = 64;

/// The byte of a character, counted from another one and its byte.
fn advance(text: &str, (mut at, mut byte): (usize, usize), to: usize) -> usize {
    while at < to {
        byte += length_of_character(text.as_bytes()[byte]);
        at += 1;
    }
    byte
}

/// Bytes of a character that starts with this one.
fn length_of_character(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0xe0..0xf0 => 3,
        0x80..0xe0 => 2,
        0xf0.. => 4,
    }
}

/// The end of the character at a byte of a text, with the marks that belong to it.
fn end_of_character(text: &str, from: usize) -> usize {
    let mut chars = text[from..].chars();
    chars.next();
    let mut end = text.len() - chars.as_str().len();
    while let Some(c) = chars.next().filter(|c| *c > '\u{2ff}' && is_attached(*c)) {
        end += c.len_utf8();
    }
    end
}

/// Marks and variation selectors belong to the character before them.
fn is_attached(c: char) -> bool {
    dropped(c) == Some(umpire_model::Transformation::Marks)
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The symbols of a word.
pub(crate) fn symbols_of(word: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let present = fold_into(word, &mut items);
    if present & Entry::COMPLEX != 0 {
        fold_into(Canonical::of(word).text(), &mut items);
    }
    items.truncate(items.len() - PADDING);
    items
}

/// The symbols of a composed text, each with the character it came from.
pub(crate) fn letters_of(text: &str) -> Vec<(Item, char)> {
    let char_at = |start: u32| text[start as usize..].chars().next().unwrap_or('\0');
    let mut items = Vec::new();
    fold_into(text, &mut items);
    items.into_iter().zip(starts_of(text).into_iter().map(char_at)).collect()
}

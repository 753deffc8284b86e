//! A text as symbols, each with where it came from.

use crate::{
    canonical::Canonical,
    letters,
    symbols::{Class, END, Entry, Symbol, dropped, table},
};
use umpire_model::ByteRange;

/// Symbols behind the end of every text, so that nobody needs to ask for it.
const PADDING: usize = 4;

/// One symbol of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    /// First byte of the character it came from.
    pub start: u32,
    pub symbol: Symbol,
    pub class: Class,
    /// [`letters::key`]
    pub key: u8,
}

impl Item {
    const PAD: Self = Self { start: u32::MAX, symbol: END, class: Class::Other, key: 0 };

    fn new(start: u32, entry: Entry) -> Self {
        let symbol = entry.symbol();
        Self { start, symbol, class: entry.class(), key: letters::key(symbol) }
    }

    /// What filters look at: the same for all that leetspeak mixes.
    #[inline]
    pub fn filter_key(self) -> Symbol {
        if self.key == 0 { self.symbol } else { self.key.into() }
    }
}

/// Turns a text into symbols. `items` is cleared first; what stands in the text is
/// told by the union of its entries' flags.
pub(crate) fn fold_into(text: &str, items: &mut Vec<Item>) -> u32 {
    items.clear();
    items.reserve(text.len() / 2 + PADDING);
    let (table, mut present) = (table(), 0);
    for (at, c) in text.char_indices() {
        let entry = table.get(c);
        present |= entry.bits();
        if entry.is_simple() {
            items.push(Item::new(at as u32, entry));
        } else if entry.has(Entry::EXPANDS) {
            let parts = table.expansion(entry).iter();
            items.extend(parts.map(|part| Item::new(at as u32, *part)));
        } else if !entry.has(Entry::DROPPED) {
            items.push(Item::new(at as u32, entry));
        }
    }
    items.extend([Item::PAD; PADDING]);
    present
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
}

impl<'t> Folded<'t> {
    /// `items` came from [`fold_into`] of the text, or, when `composed`, of its
    /// canonical form.
    pub fn new(
        original: &'t str,
        base: &'t Canonical<'t>,
        composed: bool,
        items: &'t [Item],
    ) -> Self {
        Self { items, base, composed, original }
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
        let text: &str = if self.composed { &self.base.text } else { self.original };
        let start = self.items[first].start as usize;
        let from = self.items[last].start as usize;
        let mut chars = text[from..].char_indices();
        chars.next();
        let after = chars.find(|(_, c)| dropped(*c).is_none() || !is_attached(*c));
        let range = start..after.map_or(text.len(), |(at, _)| from + at);
        if self.composed { self.base.to_original(range) } else { range }
    }
}

/// Marks and variation selectors belong to the character before them.
fn is_attached(c: char) -> bool {
    dropped(c) == Some(umpire_model::Transformation::Marks)
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The symbols of a word.
pub(crate) fn symbols_of(word: &str) -> Vec<Item> {
    let canonical = Canonical::of(word);
    let mut items = Vec::new();
    let present = fold_into(word, &mut items);
    if present & Entry::COMPLEX != 0 {
        fold_into(&canonical.text, &mut items);
    }
    items.truncate(items.len() - PADDING);
    items
}

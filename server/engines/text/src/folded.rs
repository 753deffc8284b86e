//! A text as symbols, each with where it came from.

use crate::{
    canonical::Canonical,
    symbols::{Class, END, Entry, Plane, Symbol, dropped, table},
};
use umpire_model::ByteRange;

/// Symbols behind the end of every text, so that nobody needs to ask for it.
pub(crate) const PADDING: usize = 4;

/// One symbol of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    entry: Entry,
    /// The first byte of its character.
    start: u32,
}

impl Item {
    const PAD: Self = Self { entry: Entry::new(END, Class::Other), start: 0 };

    /// A symbol that came from no text.
    pub fn of(symbol: Symbol, class: Class) -> Self {
        Self { entry: Entry::new(symbol, class), start: 0 }
    }

    #[inline(always)]
    pub fn symbol(self) -> Symbol {
        self.entry.symbol()
    }

    #[inline(always)]
    pub fn class(self) -> Class {
        self.entry.class()
    }

    /// Whether it is a letter, a digit or a character.
    #[inline(always)]
    pub fn is_word(self) -> bool {
        self.entry.is_word()
    }

    /// [`letters::key`](crate::letters::key)
    #[inline(always)]
    pub fn key(self) -> u8 {
        if self.is_word() { self.entry.key() } else { 0 }
    }

    /// What streams make of it: the same for all that leetspeak mixes, and one key each for
    /// blanks and for what else stands between words.
    #[inline(always)]
    pub fn filter_key(self) -> Symbol {
        match self.entry.key() {
            0 => self.symbol(),
            key => key.into(),
        }
    }

    /// What streams make of it where a table knows all symbols but Latin letters.
    #[inline(always)]
    pub fn table_key(self, table: &[Symbol]) -> Symbol {
        match self.class() {
            Class::Latin => self.entry.key().into(),
            _ if self.is_word() => table[usize::from(self.symbol())],
            _ => self.entry.key().into(),
        }
    }

    /// Whether it is a symbol that may be or hide a letter.
    #[inline(always)]
    pub fn may_stand_in(self) -> bool {
        self.entry.has(Entry::LEET | Entry::PUNCTUATES)
    }

    /// [`Class::Decoration`]
    #[inline(always)]
    pub fn is_loose(self) -> bool {
        self.entry.has(Entry::LOOSE)
    }
}

/// The symbols of one text after the other; keeps its memory.
#[derive(Default)]
pub(crate) struct Symbols {
    items: Vec<Item>,
    len: usize,
}

impl Symbols {
    /// Turns a text of less than 4 GiB into symbols; tells what stands in it, by the
    /// flags of all its characters.
    pub fn fold(&mut self, text: &str) -> u32 {
        // Room for one symbol a byte, so that most are written without looking for it.
        self.reserve(0, text.len());
        let (bytes, bmp) = (text.as_bytes(), table().bmp());
        let (mut at, mut len, mut present, mut unusual) = (0, 0, 0, 0);
        while let Some(&first) = bytes.get(at) {
            let (rest, room) = (&bytes[at..], &mut self.items[len..]);
            let run = match first {
                0..0x80 => fold_narrow(rest, at, room, bmp),
                0xe0..0xf0 => fold_wide(rest, at, room, bmp),
                _ => Run::default(),
            };
            (at, len, present) = (at + run.bytes, len + run.items, present | run.present);
            if run.items > 0 {
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            let (flags, items) = self.add(c, at, len);
            (at, len, unusual) = (at + c.len_utf8(), len + items, unusual | flags);
            self.reserve(len, text.len() - at);
        }
        self.items[len..len + PADDING].fill(Item::PAD);
        self.len = len;
        present & Entry::FLAGS | unusual
    }

    fn reserve(&mut self, len: usize, more: usize) {
        if self.items.len() < len + more + PADDING {
            self.items.resize(len + more + PADDING, Item::PAD);
        }
    }

    /// Adds any character that starts at a byte; gives its flags and how many symbols it has.
    fn add(&mut self, c: char, at: usize, len: usize) -> (u32, usize) {
        let entry = table().get(c);
        let flags = entry.bits() & Entry::FLAGS;
        if entry.has(Entry::UNUSUAL) {
            return self.add_parts(c, at, len, flags);
        }
        self.items[len] = Item { entry, start: at as u32 };
        (flags, 1)
    }

    #[cold]
    fn add_parts(&mut self, c: char, at: usize, len: usize, mut flags: u32) -> (u32, usize) {
        let (composition, parts) = table().parts(c);
        flags |= composition;
        self.reserve(len, parts.len());
        for (item, &entry) in self.items[len..].iter_mut().zip(&*parts) {
            *item = Item { entry, start: at as u32 };
            flags |= entry.bits() & Entry::FLAGS;
        }
        (flags, parts.len())
    }

    /// All symbols and padding behind them.
    pub fn padded(&self) -> &[Item] {
        &self.items[..self.len + PADDING]
    }

    fn into_items(mut self) -> Vec<Item> {
        self.items.truncate(self.len);
        self.items
    }
}

/// Characters that were folded together.
#[derive(Default)]
struct Run {
    bytes: usize,
    items: usize,
    present: u32,
}

/// Folds ASCII, of which nothing is unusual.
#[inline(never)]
fn fold_narrow(bytes: &[u8], at: usize, items: &mut [Item], plane: &Plane) -> Run {
    let mut run = Run::default();
    for (item, &byte) in items.iter_mut().zip(bytes).take_while(|(_, byte)| **byte < 0x80) {
        let entry = plane.ascii(byte);
        *item = Item { entry, start: (at + run.items) as u32 };
        run.present |= entry.bits();
        run.items += 1;
    }
    run.bytes = run.items;
    run
}

/// Folds usual characters of three bytes: nearly all of a Chinese text.
#[inline(never)]
fn fold_wide(bytes: &[u8], at: usize, items: &mut [Item], plane: &Plane) -> Run {
    let mut run = Run::default();
    for (items, bytes) in items.as_chunks_mut().0.iter_mut().zip(bytes.as_chunks().0) {
        if run.take::<4, 12>(bytes, at, items, plane).is_none() {
            break;
        }
    }
    let (items, bytes) = (&mut items[run.items..], &bytes[run.bytes..]);
    for (item, bytes) in items.as_chunks_mut().0.iter_mut().zip(bytes.as_chunks().0) {
        if run.take::<1, 3>(bytes, at, item, plane).is_none() {
            break;
        }
    }
    run
}

impl Run {
    /// Folds so many characters, if all are of three bytes and none is unusual.
    #[inline(always)]
    fn take<const N: usize, const BYTES: usize>(
        &mut self,
        bytes: &[u8; BYTES],
        at: usize,
        items: &mut [Item; N],
        plane: &Plane,
    ) -> Option<()> {
        let start = (at + self.bytes) as u32;
        let mut present = 0;
        for (number, item) in items.iter_mut().enumerate() {
            let entry = plane.of_three([0, 1, 2].map(|byte| bytes[number * 3 + byte]))?;
            *item = Item { entry, start: start + number as u32 * 3 };
            present |= entry.bits();
        }
        (present & Entry::UNUSUAL == 0).then(|| {
            self.present |= present;
            self.items += N;
            self.bytes += BYTES;
        })
    }
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
    /// `items` came with `present` from the text, or, where something in it composes, from
    /// its canonical form.
    pub fn new(
        original: &'t str,
        base: &'t Canonical<'t>,
        present: u32,
        items: &'t [Item],
    ) -> Self {
        Self { items, base, composed: present & Entry::COMPLEX != 0, original }
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
        let (start, from) = (self.items[first].start, self.items[last].start);
        let range = start as usize..end_of_character(text, from as usize);
        if self.composed { self.base.to_original(range) } else { range }
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
    let is_chinese = matches!(c, '\u{3001}'..'\u{fe00}' | '\u{ff00}'..='\u{ffef}');
    !is_chinese && is_mark(c)
}

fn is_mark(c: char) -> bool {
    dropped(c) == Some(umpire_model::Transformation::Marks)
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The symbols of a word.
pub(crate) fn symbols_of(word: &str) -> Vec<Item> {
    let mut symbols = Symbols::default();
    if symbols.fold(word) & Entry::COMPLEX != 0 {
        symbols.fold(Canonical::of(word).text());
    }
    symbols.into_items()
}

/// The symbols of a composed text, each with the character it came from.
pub(crate) fn letters_of(text: &str) -> Vec<(Item, char)> {
    let mut symbols = Symbols::default();
    symbols.fold(text);
    let char_at = |item: &Item| text[item.start as usize..].chars().next().unwrap_or('\0');
    let items = symbols.into_items();
    items.iter().map(|item| (*item, char_at(item))).collect()
}

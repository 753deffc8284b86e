//! A text as filters look at it: letters, digits and characters close together.
//!
//! Symbols between letters, repeats and leetspeak change nothing of it, so the elements
//! of a word stand in the stream of every text that holds the word, however disguised.

use crate::{
    folded::Item,
    symbols::{END, Entry, Symbol},
};

/// One place of a stream: a symbol, or what [`latin`] makes of a letter, a digit or what
/// stands between words.
pub(crate) type Element = u16;

/// Keys below are those of letters and digits and of what stands between words.
const FIRST_OTHER: Symbol = 32;
const BLANK: Symbol = Entry::BLANK as Symbol;
const MARK: Symbol = Entry::MARK as Symbol;
/// What a letter's element knows of a neighbour that is none.
const OTHER: Symbol = 29;
/// Added to a key that comes several times in a row.
const DOUBLED: Symbol = 32;
/// Keys of others are not below.
const LIMIT: Symbol = FIRST_OTHER + DOUBLED;
/// The first element of letters: private-use characters have no symbols of their own.
const FIRST_LATIN: Element = 0xf000;
/// Zeros behind a stream.
const BEHIND: usize = 2;
/// Keys that become elements together.
const LANES: usize = 8;

/// A key below [`LIMIT`] with the next one.
#[inline(always)]
const fn latin(key: Symbol, next: Symbol) -> Element {
    let next = if next < LIMIT { next % DOUBLED } else { OTHER };
    FIRST_LATIN | (key % DOUBLED) << 6 | next << 1 | key / DOUBLED
}

/// What a stream leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passing {
    /// All that is no letter, digit or character.
    Everything,
    /// Decoration, and punctuation between letters: nobody passes a blank.
    Close,
}

/// The elements of a text or a word, and the item each starts with.
#[derive(Default)]
pub(crate) struct Stream {
    /// With room behind the last one.
    keys: Vec<Symbol>,
    starts: Vec<u32>,
    len: usize,
    /// With zeros behind the last one.
    elements: Vec<Element>,
}

impl Stream {
    /// Makes the stream of `items`; `key` gives what a view sees in one.
    #[inline]
    pub fn fill(&mut self, items: &[Item], passing: Passing, key: impl Fn(Item) -> Symbol) {
        let room = items.len() + LANES + BEHIND;
        if self.starts.len() < room {
            self.keys.resize(room, END);
            self.starts.resize(room, 0);
            self.elements.resize(room, END);
        }
        let len = match passing {
            Passing::Close => self.take::<true>(items, key),
            Passing::Everything => self.take::<false>(items, key),
        };
        self.len = len;
        self.keys[len..len + LANES + BEHIND].fill(END);
        self.combine();
    }

    /// Takes the keys of items, and says how many.
    #[inline(always)]
    fn take<const CLOSE: bool>(&mut self, items: &[Item], key: impl Fn(Item) -> Symbol) -> usize {
        let (keys, starts) = (&mut self.keys[..], &mut self.starts[..]);
        let (mut len, mut last) = (0, END);
        let mut at = 0;
        while let Some(&item) = items.get(at) {
            let key = key(item);
            if key == MARK || !CLOSE && key == BLANK {
                let marks = Marks::at(&items[at..]);
                if CLOSE && marks.part(last) {
                    (keys[len], starts[len], last) = (MARK, at as u32, MARK);
                    len += 1;
                }
                at += marks.len;
                continue;
            }
            if key == last && key < FIRST_OTHER {
                keys[len - 1] = key + DOUBLED;
            } else {
                (keys[len], starts[len], last) = (key, at as u32, key);
                len += 1;
            }
            at += 1;
        }
        len
    }

    /// Makes elements of keys, some at a time.
    fn combine(&mut self) {
        for at in (0..self.len + BEHIND).step_by(LANES) {
            let keys = self.keys[at..].first_chunk::<LANES>();
            let nexts = self.keys[at + 1..].first_chunk::<LANES>();
            let elements = self.elements[at..].first_chunk_mut::<LANES>();
            let (Some(keys), Some(nexts), Some(elements)) = (keys, nexts, elements) else { return };
            *elements = combine(*keys, *nexts);
        }
        self.elements[self.len..self.len + BEHIND].fill(END);
    }

    /// All elements, and two zeros.
    pub fn elements(&self) -> &[Element] {
        &self.elements[..self.len + BEHIND]
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The items an element may start with, of a text of so many.
    pub fn items_of(&self, element: usize, len: usize) -> std::ops::Range<usize> {
        let starts = &self.starts[..self.len];
        let end = starts.get(element + 1).map_or(len, |end| *end as usize);
        starts[element] as usize..end
    }

    /// The elements a word has wherever it stands; and, where the last one is a letter and
    /// depends on its neighbour, that one's key.
    pub fn of_word(&self) -> (&[Element], Option<Open>) {
        let elements = &self.elements[..self.len];
        match (elements, self.keys[..self.len].last()) {
            ([known @ .., _], Some(&key)) if key < LIMIT => (known, Some(Open { key })),
            _ => (elements, None),
        }
    }
}

/// Makes elements of some keys and the ones behind them, in step.
#[inline(always)]
fn combine(keys: [Symbol; LANES], nexts: [Symbol; LANES]) -> [Element; LANES] {
    std::array::from_fn(|lane| {
        let latin = latin(keys[lane], nexts[lane]);
        if keys[lane] < LIMIT { latin } else { keys[lane] }
    })
}

/// Punctuation and decoration in a row, or a blank.
struct Marks {
    len: usize,
    /// Whether punctuation is among them.
    punctuate: bool,
    /// What follows.
    next: Symbol,
}

impl Marks {
    fn at(items: &[Item]) -> Self {
        let mut marks = items.iter().take_while(|item| item.filter_key() == MARK);
        let len = marks.clone().count().max(1);
        let next = items.get(len).map_or(END, |item| item.filter_key());
        Self { len, punctuate: marks.any(|item| !item.is_loose()), next }
    }

    /// Whether they part what stands around them: beside anything but letters and blanks.
    fn part(&self, last: Symbol) -> bool {
        self.punctuate && self.next.max(last) >= FIRST_OTHER
    }
}

/// The last letter of a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    key: Symbol,
}

impl Open {
    /// Whether it comes several times.
    pub fn is_doubled(self) -> bool {
        self.key >= DOUBLED
    }

    /// All elements it may be.
    pub fn elements(self) -> impl Iterator<Item = Element> {
        (0..FIRST_OTHER).flat_map(move |next| doublings(latin(self.key, next)))
    }
}

/// What a word's element may be in a text: letters may be repeated.
pub(crate) fn doublings(element: Element) -> impl Iterator<Item = Element> {
    let more = (is_latin(element) && element & 1 == 0).then_some(element | 1);
    std::iter::once(element).chain(more)
}

/// Whether an element is no symbol.
pub(crate) fn is_latin(element: Element) -> bool {
    (FIRST_LATIN..=latin(LIMIT - 1, LIMIT - 1)).contains(&element)
}

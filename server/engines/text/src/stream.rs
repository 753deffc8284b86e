//! A text as filters look at it: letters, digits and characters close together.
//!
//! Symbols between letters, repeats and leetspeak change nothing of it, so the elements
//! of a word stand in the stream of every text that holds the word, however disguised.

use crate::{
    folded::Item,
    symbols::{END, Entry, Symbol},
};
use std::{iter::Zip, slice::IterMut};

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

/// A key below [`LIMIT`] with the next one.
#[inline(always)]
const fn latin(key: Symbol, next: Symbol) -> Element {
    let next = if next < LIMIT { next % DOUBLED } else { OTHER };
    FIRST_LATIN | (key % DOUBLED) << 6 | next << 1 | (key / DOUBLED)
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
    elements: Vec<Element>,
    starts: Vec<u32>,
    len: usize,
    /// The key of the last one.
    last: Symbol,
    /// Items that are punctuation or decoration.
    marks: Vec<u32>,
    /// Elements of letters that come several times in a row.
    doubled: Vec<u32>,
}

impl Stream {
    /// Makes the stream of `items`; `key` gives what a view sees in one.
    #[inline(never)]
    pub fn fill(&mut self, items: &[Item], passing: Passing, key: impl Fn(Item) -> Symbol) {
        if self.starts.len() <= items.len() {
            self.elements.resize(items.len() + 1 + BEHIND, END);
            self.starts.resize(items.len() + 1, 0);
        }
        match passing {
            Passing::Close => self.take::<true>(items, key),
            Passing::Everything => self.take::<false>(items, key),
        }
        self.elements[self.len..self.len + BEHIND].fill(END);
    }

    /// Takes the keys of items.
    #[inline(always)]
    fn take<const CLOSE: bool>(&mut self, items: &[Item], key_of: impl Fn(Item) -> Symbol) {
        self.marks.clear();
        self.doubled.clear();
        let room = self.elements.iter_mut().zip(&mut self.starts);
        let mut writer = Writer { room, doubled: &mut self.doubled, len: 0 };
        // A letter is added with the key behind it, any other at once.
        let (mut last, mut start) = (END, 0);
        let mut at = 0;
        while let Some(&item) = items.get(at) {
            let key = key_of(item);
            if key >= LIMIT {
                writer.letter(last, key, start);
                last = key;
                // Most characters have others behind them.
                while last >= LIMIT {
                    writer.add(last, at as u32);
                    at += 1;
                    let Some(&item) = items.get(at) else { break };
                    let next = key_of(item);
                    if next < LIMIT {
                        break;
                    }
                    last = next;
                }
                continue;
            } else if key == MARK || !CLOSE && key == BLANK {
                let marks = &items[at..];
                let (mut len, mut punctuates) = (1, !item.is_loose());
                while key == MARK && marks.get(len).is_some_and(|mark| mark.filter_key() == MARK) {
                    punctuates |= !marks[len].is_loose();
                    len += 1;
                }
                if CLOSE && punctuates {
                    // Beside anything but letters and blanks it parts what stands around it.
                    let next = marks.get(len).map_or(END, |item| item.filter_key());
                    if next.max(last) >= LIMIT {
                        writer.letter(last, MARK, start);
                        (last, start) = (MARK, at as u32);
                    }
                }
                (at..at + len).for_each(|at| self.marks.push(at as u32));
                at += len;
                continue;
            } else if last < LIMIT && key == last % DOUBLED {
                last = key + DOUBLED;
            } else {
                writer.letter(last, key, start);
                (last, start) = (key, at as u32);
            }
            at += 1;
        }
        writer.letter(last, END, start);
        self.len = writer.len;
        self.last = last;
    }

    /// All elements, and two zeros.
    pub fn elements(&self) -> &[Element] {
        &self.elements[..self.len + BEHIND]
    }

    /// Three elements from one on.
    pub fn window(&self, first: usize) -> [Element; 3] {
        [0, 1, 2].map(|place| self.elements[first + place])
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The elements of letters that come several times in a row, ascending.
    pub fn doubled(&self) -> &[u32] {
        &self.doubled
    }

    /// Items that are punctuation or decoration, and blanks where they are passed.
    pub fn marks(&self) -> &[u32] {
        &self.marks
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
        match &self.elements[..self.len] {
            [known @ .., _] if is_letter(self.last) => (known, Some(Open { key: self.last })),
            all => (all, None),
        }
    }
}

/// Writes elements one behind the other.
struct Writer<'s> {
    room: Zip<IterMut<'s, Element>, IterMut<'s, u32>>,
    doubled: &'s mut Vec<u32>,
    len: usize,
}

impl Writer<'_> {
    #[inline(always)]
    fn add(&mut self, element: Element, start: u32) {
        if let Some(place) = self.room.next() {
            (*place.0, *place.1) = (element, start);
            self.len += 1;
        }
    }

    /// Adds a letter, if it is one, now that the next key is known.
    #[inline(always)]
    fn letter(&mut self, key: Symbol, next: Symbol, start: u32) {
        if !is_letter(key) {
            return;
        }
        if key >= DOUBLED {
            self.doubled.push(self.len as u32);
        }
        self.add(latin(key, next), start);
    }
}

/// Whether a key's element depends on the next one.
fn is_letter(key: Symbol) -> bool {
    key != END && key < LIMIT
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
    let more = (is_latin(element) && !is_doubled(element)).then_some(element | 1);
    std::iter::once(element).chain(more)
}

/// Whether an element is no symbol.
pub(crate) fn is_latin(element: Element) -> bool {
    (FIRST_LATIN..=latin(LIMIT - 1, LIMIT - 1)).contains(&element)
}

/// Whether a letter's element comes several times.
pub(crate) fn is_doubled(element: Element) -> bool {
    element & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folded::symbols_of;

    fn elements(text: &str, passing: Passing) -> Vec<Element> {
        let mut stream = Stream::default();
        stream.fill(&symbols_of(text), passing, Item::filter_key);
        stream.elements().to_vec()
    }

    #[test]
    fn disguises_leave_the_stream_as_it_is() {
        use Passing::{Close, Everything};
        let table = [
            ("f.u.c.k", "fuck", Close, true),
            ("f u c k", "fuck", Close, false),
            ("f u c k", "fuck", Everything, true),
            ("5h1t", "SHIT", Close, true),
            ("法★轮", "法轮", Close, true),
            ("法，轮", "法轮", Close, false),
            ("法，轮", "法轮", Everything, true),
            ("法a轮", "法轮", Everything, false),
            ("一夜", "1夜", Close, true),
            ("法，，!轮", "法，轮", Close, true),
            ("ab", "aab", Close, false),
            ("aaab", "aab", Close, true),
        ];
        for (text, plain, passing, same) in table {
            let is_same = elements(text, passing) == elements(plain, passing);
            assert_eq!(is_same, same, "{text} {plain}");
        }
    }

    #[test]
    fn every_element_knows_its_items() {
        let mut stream = Stream::default();
        let items = symbols_of("aa.a法，b");
        stream.fill(&items, Passing::Close, Item::filter_key);
        let ranges: Vec<_> = (0..stream.len()).map(|at| stream.items_of(at, items.len())).collect();
        assert_eq!(ranges, [0..4, 4..5, 5..6, 6..7]);
        assert_eq!(stream.doubled(), [0]);
        assert_eq!(stream.marks(), [2, 5]);
    }
}

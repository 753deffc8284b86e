//! Places of a text where a word may start.

use crate::{
    edges::{Edge, Edges},
    filter::{Filter, Pairs, Window},
    folded::{Item, PADDING},
    layer::View,
    letters,
    stream::{Element, Passing, Stream},
    symbols::{Class, END, Symbol},
};

/// Different letters and characters that something ambiguous keeps open before itself.
const NEAR: usize = 3;
/// Items among which these are sought: some may be repeated, or have symbols between.
const MOST_NEAR: usize = 64;

/// Zeros behind characters.
const BEHIND: usize = 2;

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

/// Adds the places of a text without letters, digits and decoration in which nobody passes
/// anything: all symbols are elements.
pub(crate) fn close(filter: &Filter, padded: &[Item], view: View, places: &mut Vec<Place>) {
    match view {
        View::Spelling => close_by(filter, padded, |symbol| symbol, places),
        view => {
            let table = view.table();
            close_by(filter, padded, |symbol| table[usize::from(symbol)], places);
        }
    }
}

/// The way most texts go.
#[inline(never)]
fn close_by(
    filter: &Filter,
    padded: &[Item],
    of: impl Fn(Symbol) -> Element,
    places: &mut Vec<Place>,
) {
    let count = padded.len() - PADDING;
    let element = |item: &Item| of(item.symbol());
    sift((filter, true), &padded[..=count], element, |second| {
        let window = [0, 1, 2].map(|place| element(&padded[second - 1 + place]));
        if filter.has_more(window) {
            places.push(Place { at: second as u32 - 1, open: false, odd: false, window });
        }
    });
}

/// The characters of a text without letters and digits, which are its elements.
#[derive(Default)]
pub(crate) struct Characters {
    /// With room behind them, which is 0.
    symbols: Vec<Symbol>,
    starts: Vec<u32>,
    len: usize,
}

impl Characters {
    /// Takes what is neither blank nor mark.
    pub fn fill(&mut self, items: &[Item]) {
        if self.symbols.len() < items.len() + BEHIND {
            self.symbols.resize(items.len() + BEHIND, END);
            self.starts.resize(items.len(), 0);
        }
        let mut len = 0;
        for (at, item) in items.iter().enumerate() {
            (self.symbols[len], self.starts[len]) = (item.symbol(), at as u32);
            len += usize::from(item.is_word());
        }
        self.symbols[len..len + BEHIND].fill(END);
        self.len = len;
    }

    /// Adds the places of a view.
    pub fn sift(&self, filter: &Filter, view: View, places: &mut Vec<Place>) {
        match view {
            View::Spelling => self.sift_by(filter, |symbol| symbol, places),
            view => {
                let table = view.table();
                self.sift_by(filter, |symbol| table[usize::from(symbol)], places);
            }
        }
    }

    #[inline(always)]
    fn sift_by(&self, filter: &Filter, of: impl Fn(Symbol) -> Element, places: &mut Vec<Place>) {
        let element = |symbol: &Symbol| of(*symbol);
        sift((filter, true), &self.symbols[..=self.len], element, |second| {
            let window = [0, 1, 2].map(|place| element(&self.symbols[second - 1 + place]));
            if filter.has_more(window) {
                let at = self.starts[second - 1];
                places.push(Place { at, open: false, odd: false, window });
            }
        });
    }
}

/// Finds places in any text; keeps its memory for the next text.
#[derive(Default)]
pub(crate) struct Sieve {
    stream: Stream,
}

impl Sieve {
    /// Adds the places of any text, in order.
    #[inline(never)]
    pub fn any(
        &mut self,
        filter: &Filter,
        items: &[Item],
        view: View,
        passing: Passing,
        places: &mut Vec<Place>,
    ) {
        match view {
            View::Spelling => self.stream.fill(items, passing, Item::filter_key),
            view => {
                let table = view.table();
                self.stream.fill(items, passing, |item| item.table_key(table));
            }
        }
        self.sift_stream(filter, items, places);
        let before = places.len();
        if !filter.has_singles(false) {
            self.add_doubled(filter, items, places);
        }
        if filter.has_symbols() {
            let may_start = |at: &&u32| filter.has_symbol(items[**at as usize].symbol());
            let starts = self.stream.marks().iter().filter(may_start);
            let place = |&at: &u32| Place { at, open: false, odd: false, window: [0; 3] };
            places.extend(starts.map(place));
        }
        if places.len() > before {
            places.sort_by_key(|place| place.at);
            places.dedup_by_key(|place| place.at);
        }
    }

    /// Adds the places of letters that are words because they come several times.
    fn add_doubled(&self, filter: &Filter, items: &[Item], places: &mut Vec<Place>) {
        for &element in self.stream.doubled() {
            let window = self.stream.window(element as usize);
            if filter.is_single(window[0]) {
                self.add_place(element as usize, window, items, places);
            }
        }
    }

    fn add_place(&self, element: usize, window: Window, items: &[Item], places: &mut Vec<Place>) {
        let words = self.stream.items_of(element, items.len()).filter(|&at| items[at].is_word());
        places.extend(words.map(|at| Place { at: at as u32, open: false, odd: false, window }));
    }

    fn sift_stream(&self, filter: &Filter, items: &[Item], places: &mut Vec<Place>) {
        let elements = self.stream.elements();
        let count = self.stream.len();
        sift(
            (filter, false),
            &elements[..=count],
            |element| *element,
            |second| {
                let window = self.stream.window(second - 1);
                if filter.has_more(window) {
                    self.add_place(second - 1, window, items, places);
                }
            },
        );
    }
}

/// Calls `found` with the second of every two elements that a word may start with.
#[inline(always)]
fn sift<T>(
    (filter, plain): (&Filter, bool),
    all: &[T],
    element: impl Fn(&T) -> Element,
    found: impl FnMut(usize),
) {
    match (&filter.pairs, filter.has_singles(plain)) {
        (Pairs::Few(pairs), false) => sift_by(all, element, found, |a, b| pairs.has(a, b)),
        (Pairs::Many(pairs), false) => sift_by(all, element, found, |a, b| pairs.has(a, b)),
        (Pairs::Few(pairs), true) => {
            sift_by(all, element, found, |a, b| pairs.has(a, b) | filter.is_single(a));
        }
        (Pairs::Many(pairs), true) => {
            sift_by(all, element, found, |a, b| pairs.has(a, b) | filter.is_single(a));
        }
    }
}

/// Sixty-four places at a time are first asked about, then looked at: asking takes the
/// same way whatever the answer, so that the processor has nothing to guess.
#[inline(always)]
fn sift_by<T>(
    all: &[T],
    element: impl Fn(&T) -> Element,
    mut found: impl FnMut(usize),
    may_start: impl Fn(Element, Element) -> bool,
) {
    let mut a = 0;
    let mut ask = |answers: u64, second: &T| {
        let b = element(second);
        let answer = may_start(a, b);
        a = b;
        answers << 1 | u64::from(answer)
    };
    for (chunk, seconds) in all.chunks(64).enumerate() {
        let (fours, rest) = seconds.as_chunks::<4>();
        let answers = fours.iter().fold(0, |answers, four| four.iter().fold(answers, &mut ask));
        let mut answers = rest.iter().fold(answers, &mut ask);
        while answers != 0 {
            let bit = answers.ilog2();
            answers ^= 1 << bit;
            let second = chunk * 64 + seconds.len() - 1 - bit as usize;
            if second > 0 {
                found(second);
            }
        }
    }
}

/// Adds the places that something ambiguous keeps open, and puts all into order.
pub(crate) fn add_open(
    items: &[Item],
    edges: &Edges,
    view: View,
    filter: &Filter,
    places: &mut Vec<Place>,
) {
    let before = places.len();
    for at in edges.opened(view) {
        open_near(items, at, places);
    }
    for split in edges.splits() {
        match Split::of(split, items, edges, view) {
            Some(split) => places.extend(split.starts(filter).map(open)),
            None => open_near(items, split.at, places),
        }
    }
    if places.len() > before {
        places.sort_by_key(|place| (place.at, !place.open));
        places.dedup_by_key(|place| place.at);
    }
}

fn open(at: u32) -> Place {
    Place { at, open: true, odd: false, window: [0; 3] }
}

/// Adds an item that the filter knows nothing of, and those before it.
fn open_near(items: &[Item], at: u32, places: &mut Vec<Place>) {
    places.push(open(at));
    let ahead = (0..at).rev().take(MOST_NEAR).filter(|&at| items[at as usize].is_word());
    let (mut last, mut different) = (None, 0);
    let near = ahead.take_while(|&at| {
        let symbol = Some(items[at as usize].symbol());
        different += usize::from(last != symbol);
        last = symbol;
        different <= NEAR
    });
    places.extend(near.map(open));
}

/// A character in parts among others, two on each side, as a view sees them.
struct Split {
    elements: [Element; 5],
    /// Where the first three of them start.
    starts: [u32; 3],
}

impl Split {
    /// `None` when something near it is no character, or ambiguous itself.
    fn of(edge: &Edge, items: &[Item], edges: &Edges, view: View) -> Option<Self> {
        let seen = |at: u32| {
            let item = items[at as usize];
            let is_plain = item.class() == Class::Han && item.key() == 0 && edges.is_plain(at);
            is_plain.then(|| (view.of(item.symbol()), at))
        };
        let is_word = |at: &u32| items[*at as usize].is_word();
        // Behind the ends of a text nothing stands.
        let pair = |[a, b]: [Option<u32>; 2]| -> Option<[(Element, u32); 2]> {
            let nothing = (END, edge.at);
            Some([a.map_or(Some(nothing), seen)?, b.map_or(Some(nothing), seen)?])
        };
        let mut ahead = (0..edge.at).rev().take(MOST_NEAR).filter(is_word);
        let [b, a] = pair([ahead.next(), ahead.next()])?;
        let mut behind = (edge.at + edge.len..items.len() as u32).take(MOST_NEAR).filter(is_word);
        let [d, e] = pair([behind.next(), behind.next()])?;
        let &[whole] = &*edge.symbols else { return None };
        if letters::key(whole) != 0 {
            return None;
        }
        Some(Self { elements: [a.0, b.0, view.of(whole), d.0, e.0], starts: [a.1, b.1, edge.at] })
    }

    /// The places from which a word may start that has the character among its first three.
    fn starts(self, filter: &Filter) -> impl Iterator<Item = u32> {
        let [a, b, c, d, e] = self.elements;
        let windows = [[a, b, c], [b, c, d], [c, d, e]].into_iter().zip(self.starts);
        windows.filter(|(window, _)| window[0] != END && filter.has_start(*window)).map(|two| two.1)
    }
}

//! Places of a text where a word may start.

use crate::{
    edges::Edges,
    filter::{Filter, Pairs, Window},
    folded::{Item, PADDING},
    layer::View,
    stream::{Element, Passing, Stream},
    symbols::Symbol,
};

/// Different letters and characters that something ambiguous keeps open before itself.
const NEAR: usize = 3;
/// Items among which these are sought: some may be repeated, or have symbols between.
const MOST_NEAR: usize = 64;

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

/// Adds the places of a text without letters, digits and, where it is close, decoration: its
/// symbols are elements.
pub(crate) fn plain(
    filter: &Filter,
    padded: &[Item],
    view: View,
    passing: Passing,
    places: &mut Vec<Place>,
) {
    match (view, passing) {
        (View::Spelling, Passing::Close) => close_spelling(filter, padded, places),
        (View::Spelling, _) => sift_items(filter, padded, places, Item::is_word, |s| s),
        (view, _) => {
            let table = view.table();
            let counts = |item: Item| passing == Passing::Close || item.is_word();
            sift_items(filter, padded, places, counts, |s| table[usize::from(s)]);
        }
    }
}

/// The way most texts go.
#[inline(never)]
fn close_spelling(filter: &Filter, padded: &[Item], places: &mut Vec<Place>) {
    sift_items(filter, padded, places, |_| true, |symbol| symbol);
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
            |_| true,
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

/// Adds the places among items whose symbols are elements; those that do not count are
/// passed.
#[inline(always)]
fn sift_items(
    filter: &Filter,
    padded: &[Item],
    places: &mut Vec<Place>,
    counts: impl Fn(Item) -> bool,
    of: impl Fn(Symbol) -> Element,
) {
    let count = padded.len() - PADDING;
    let element = |item: &Item| of(item.symbol());
    sift(
        (filter, true),
        &padded[..=count],
        |item| counts(*item),
        element,
        |second| {
            let (mut first, mut third) = (second - 1, second + 1);
            while first > 0 && !counts(padded[first]) {
                first -= 1;
            }
            while third < count && !counts(padded[third]) {
                third += 1;
            }
            let window = [first, second, third].map(|at| padded.get(at).map_or(0, element));
            if filter.has_more(window) {
                places.push(Place { at: first as u32, open: false, odd: false, window });
            }
        },
    );
}

/// Calls `found` with the second of every two elements that a word may start with.
#[inline(always)]
fn sift<T>(
    (filter, plain): (&Filter, bool),
    all: &[T],
    counts: impl Fn(&T) -> bool,
    element: impl Fn(&T) -> Element,
    found: impl FnMut(usize),
) {
    match (&filter.pairs, filter.has_singles(plain)) {
        (Pairs::Few(pairs), false) => sift_by(all, counts, element, found, |a, b| pairs.has(a, b)),
        (Pairs::Many(pairs), false) => sift_by(all, counts, element, found, |a, b| pairs.has(a, b)),
        (Pairs::Few(pairs), true) => {
            sift_by(all, counts, element, found, |a, b| pairs.has(a, b) | filter.is_single(a));
        }
        (Pairs::Many(pairs), true) => {
            sift_by(all, counts, element, found, |a, b| pairs.has(a, b) | filter.is_single(a));
        }
    }
}

/// Sixty-four places at a time are first asked about, then looked at: asking takes the
/// same way whatever the answer, so that the processor has nothing to guess.
#[inline(always)]
fn sift_by<T>(
    all: &[T],
    counts: impl Fn(&T) -> bool,
    element: impl Fn(&T) -> Element,
    mut found: impl FnMut(usize),
    may_start: impl Fn(Element, Element) -> bool,
) {
    let mut a = 0;
    let mut ask = |answers: u64, second: &T| {
        let (b, counts) = (element(second), counts(second));
        let answer = may_start(a, b) & counts;
        a = if counts { b } else { a };
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
pub(crate) fn add_open(items: &[Item], edges: &Edges, view: View, places: &mut Vec<Place>) {
    let before = places.len();
    let place = |at| Place { at, open: true, odd: false, window: [0; 3] };
    for at in edges.opened(view) {
        places.push(place(at));
        let ahead = (0..at).rev().take(MOST_NEAR).filter(|&at| items[at as usize].is_word());
        let (mut last, mut different) = (None, 0);
        let near = ahead.take_while(|&at| {
            let symbol = Some(items[at as usize].symbol());
            different += usize::from(last != symbol);
            last = symbol;
            different <= NEAR
        });
        places.extend(near.map(place));
    }
    if places.len() > before {
        places.sort_by_key(|place| (place.at, !place.open));
        places.dedup_by_key(|place| place.at);
    }
}

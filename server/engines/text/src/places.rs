//! Places of a text where a word may start.

use crate::{
    filter::{Filter, Pairs, Window},
    folded::Item,
    layer::View,
    stream::{Element, Passing, Stream},
};

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
pub(crate) fn sift<T>(
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

//! The first look at a text: where words may start, in every view.

use crate::{
    characters::{Characters, close},
    edges::Edges,
    everyday,
    finder::{Finder, Plan},
    folded::{Item, PADDING},
    layer::View,
    open::add_open,
    places::{Place, Sieve},
    sighting::BY_VIEW,
    stream::Passing,
    symbols::Entry,
};
use umpire_model::{Transformation, Transformations};

/// Transformations of words of two characters wherever they stand.
const SHORT: Transformations =
    Transformations::NONE.with(Transformation::ShortHomophone).with(Transformation::ShortLookalike);

/// Transformations that need a look at the text beforehand.
const WITH_EDGES: Transformations = Transformations::NONE
    .with(Transformation::Leetspeak)
    .with(Transformation::SplitCharacters)
    .with(Transformation::Pinyin)
    .with(Transformation::Emoji);

/// What the first look at a text found; keeps its memory for the next one.
#[derive(Default)]
pub(crate) struct Sights {
    edges: Edges,
    /// For each plan of the finder.
    places: Vec<Vec<Place>>,
    /// Where two characters stand that belong to no ordinary word.
    odd: Vec<u32>,
    sieve: Sieve,
    characters: Characters,
}

impl Sights {
    /// Looks at the padded items of a text in which these flags are present. Says whether a
    /// word may start anywhere.
    pub fn look(&mut self, finder: &Finder, padded: &[Item], present: u32) -> bool {
        let items = &padded[..padded.len() - PADDING];
        self.read_edges(finder, items, present);
        self.odd.clear();
        if !finder.wanted.intersection(BY_VIEW).is_empty() {
            everyday::odd_pairs(items, |at| self.odd.push(at as u32));
        }
        if self.places.len() < finder.plans.len() {
            self.places.resize_with(finder.plans.len(), Vec::new);
        }
        let is_mixed = present & (Entry::LATIN | Entry::DIGIT) != 0;
        if !finder.is_close && !is_mixed {
            self.characters.fill(items);
        }
        let mut any = false;
        for (plan, places) in finder.plans.iter().zip(&mut self.places) {
            places.clear();
            match finder.is_close {
                true if is_mixed || present & Entry::LOOSE != 0 => {
                    self.sieve.any(&plan.filter, items, plan.view, Passing::Close, places);
                }
                true => close(&plan.filter, padded, plan.view, places),
                false if is_mixed || plan.filter.has_symbols() => {
                    self.sieve.any(&plan.filter, items, plan.view, Passing::Everything, places);
                }
                false => self.characters.sift(&plan.filter, plan.view, places),
            }
            if !self.edges.is_empty() {
                add_open(items, &self.edges, plan.view, &plan.filter, places);
            }
            if plan.view != View::Spelling {
                add_pairs(finder.wanted, plan, items, &self.odd, places);
            }
            any |= !places.is_empty();
        }
        any
    }

    /// The places for each plan of the finder.
    pub fn places(&self) -> impl Iterator<Item = &[Place]> {
        self.places.iter().map(Vec::as_slice)
    }

    pub fn edges(&self) -> &Edges {
        &self.edges
    }

    fn read_edges(&mut self, finder: &Finder, items: &[Item], present: u32) {
        let has = |flags| present & flags != 0;
        let mut wanted = finder.wanted.intersection(WITH_EDGES);
        let punctuates = has(Entry::PUNCTUATES) && has(Entry::LATIN | Entry::DIGIT);
        if !has(Entry::LEET) && !punctuates {
            wanted = wanted.without(Transformation::Leetspeak);
        }
        if !has(Entry::LATIN) {
            wanted = wanted.without(Transformation::Pinyin);
        }
        if !has(Entry::LOOSE) {
            wanted = wanted.without(Transformation::Emoji);
        }
        self.edges.clear();
        if !wanted.is_empty() {
            self.edges.read(items, wanted);
        }
    }
}

/// Adds the places where a word of two characters may be disguised.
fn add_pairs(
    wanted: Transformations,
    plan: &Plan,
    items: &[Item],
    odd: &[u32],
    places: &mut Vec<Place>,
) {
    let place = |at, odd| Place { at, open: true, odd, window: [0; 3] };
    if !wanted.intersection(SHORT).is_empty() {
        places.extend((0..items.len() as u32).map(|at| place(at, false)));
    }
    let seen = |at: usize| plan.view.of(items[at].symbol());
    let may = |at: &&u32| plan.filter.has_odd(seen(**at as usize), seen(**at as usize + 1));
    places.extend(odd.iter().filter(may).map(|&at| place(at, true)));
}

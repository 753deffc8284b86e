//! Words of several vocabularies, sought together in one text.

use crate::{
    edges::Edges,
    everyday,
    filter::{Filter, Place, Window},
    folded::{Folded, Item},
    layer::{Layer, View},
    ordinary,
    relation::relation,
    symbols::{Class, Entry},
    tail::Hashes,
    vocabulary::Vocabulary,
    walk::{Found, State, Walker},
};
use std::sync::Arc;
use umpire_model::{ByteRange, Transformation, Transformations};

pub(crate) use crate::walk::WholeOnly;

/// How often in a text it is worked out what a hit took. Of hits beyond it the worst is
/// believed, so that a text of nothing but disguises takes no more than its time.
const MAX_RELATIONS: usize = 4_000;
/// Bytes of a hit that count as another one.
const COSTLY: usize = 64;
/// What the characters of such a hit may have taken.
const FOLDS: Transformations = Transformations::SAFE
    .without(Transformation::Leetspeak)
    .without(Transformation::Repeats)
    .without(Transformation::LetterGaps)
    .without(Transformation::Decoration);
/// Steps for each item of a text that walks may take past disguises.
const STEPS_PER_ITEM: usize = 24;

const VIEWS: [View; 3] = [View::Spelling, View::Sound, View::Shape];

/// Transformations of words of two characters wherever they stand.
const SHORT: Transformations =
    Transformations::NONE.with(Transformation::ShortHomophone).with(Transformation::ShortLookalike);

/// Transformations that need a look at the text beforehand.
const WITH_EDGES: Transformations = Transformations::NONE
    .with(Transformation::Leetspeak)
    .with(Transformation::SplitCharacters)
    .with(Transformation::Pinyin)
    .with(Transformation::Emoji);

/// Transformations that pass blanks, or punctuation beside Chinese characters.
const PASSING: Transformations = Transformations::NONE
    .with(Transformation::SpacedLetters)
    .with(Transformation::RunTogether)
    .with(Transformation::Pinyin)
    .with(Transformation::CharacterGaps);

/// What only a view beside the spelling can find.
const BY_VIEW: Transformations = Transformations::NONE
    .with(Transformation::Homophone)
    .with(Transformation::ShortHomophone)
    .with(Transformation::Lookalike)
    .with(Transformation::ShortLookalike)
    .with(Transformation::Pinyin);

/// Buffers one search leaves for the next.
#[derive(Default)]
pub(crate) struct Buffers {
    places: Vec<Place>,
    stack: Vec<State>,
    /// Where two characters stand that belong to no ordinary word.
    odd: Vec<u32>,
    /// What was found from one place.
    seen: Vec<Found>,
}

/// A vocabulary and what any of its users switched on.
struct Segment {
    vocabulary: Arc<Vocabulary>,
    active: Transformations,
    compounds: bool,
}

/// A word that stands in a text, whatever it must look like to count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sighting {
    /// Bytes of the original.
    pub range: ByteRange,
    /// Everything that was undone.
    pub taken: Transformations,
    /// Why it counts only where it is a whole word.
    pub whole_only: Option<WholeOnly>,
}

/// Several vocabularies.
#[derive(Default)]
pub(crate) struct Finder {
    segments: Vec<Segment>,
    /// Of all segments together, for each view; where there is only one it has its own.
    filters: [Filter; 3],
    wanted: Transformations,
    /// The segment whose words need no more than to stand somewhere.
    keys: Option<usize>,
}

impl Finder {
    /// Adds a vocabulary that is prepared for `switches` and gives its place; `compounds`:
    /// some of its words are sought in compounds.
    pub fn add(
        &mut self,
        vocabulary: Arc<Vocabulary>,
        switches: Transformations,
        compounds: bool,
    ) -> usize {
        self.wanted = self.wanted.union(switches);
        let known = self.segments.iter().position(|s| Arc::ptr_eq(&s.vocabulary, &vocabulary));
        match known {
            Some(place) => {
                let segment = &mut self.segments[place];
                segment.active = segment.active.union(switches);
                segment.compounds |= compounds;
                place
            }
            None => {
                self.segments.push(Segment { vocabulary, active: switches, compounds });
                self.segments.len() - 1
            }
        }
    }

    /// Adds words of which nothing but their presence is asked, each as it is written.
    pub fn add_keys(&mut self, vocabulary: Arc<Vocabulary>) {
        self.keys = Some(self.add(vocabulary, Transformations::NONE, false));
    }

    /// To be called when all vocabularies are there.
    pub fn finish(&mut self) {
        if self.segments.len() < 2 {
            return;
        }
        for (filter, view) in self.filters.iter_mut().zip(VIEWS) {
            let layers = self.segments.iter().filter_map(|segment| segment.layer(view));
            *filter = Filter::union(layers.map(Layer::filter));
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// The vocabulary at a place.
    pub fn vocabulary(&self, segment: usize) -> &Vocabulary {
        &self.segments[segment].vocabulary
    }

    /// Calls `found` with the segment, the word's number and the sighting of every word,
    /// those found in their spelling first and by ascending start.
    pub fn find(
        &self,
        text: &Folded<'_>,
        present: u32,
        buffers: &mut Buffers,
        mut found: impl FnMut(usize, u32, Sighting),
    ) {
        if self.segments.is_empty() {
            return;
        }
        let edges = self.edges(text, present);
        let (hashes, mut patience) = (Hashes::new(text.items()), MAX_RELATIONS);
        buffers.odd.clear();
        if !self.wanted.intersection(BY_VIEW).is_empty() {
            let items = &text.items()[..text.len()];
            everyday::odd_pairs(items, |at| buffers.odd.push(at as u32));
        }
        for view in VIEWS {
            self.find_in_view(view, text, present, &edges, buffers, |segment, layer, hit, odd| {
                let vocabulary = &self.segments[segment].vocabulary;
                for &number in layer.words(hit.form) {
                    if self.keys == Some(segment) {
                        found(segment, number, Sighting::default());
                        continue;
                    }
                    let sighting = match view {
                        View::Spelling => {
                            spelt(vocabulary, number, text, &hashes, hit, &mut patience)
                        }
                        _ => disguised(vocabulary, number, text, view, hit, odd),
                    };
                    if let Some(sighting) = sighting {
                        found(segment, number, sighting);
                    }
                }
            });
        }
        self.find_others(text, present, &mut found);
    }

    /// Whether no way passes a blank, nor punctuation beside Chinese characters.
    fn is_close(&self) -> bool {
        self.wanted.intersection(PASSING).is_empty()
            && !self.segments.iter().any(|segment| segment.compounds)
    }

    fn edges(&self, text: &Folded<'_>, present: u32) -> Edges {
        let leet = Transformation::Leetspeak;
        let has_leet = present & (Entry::LEET | Entry::KEYS) != 0;
        let wanted = if has_leet { self.wanted } else { self.wanted.without(leet) };
        let has_letters = present & Entry::KEYS != 0;
        let wanted = if has_letters { wanted } else { wanted.without(Transformation::Pinyin) };
        if wanted.intersection(WITH_EDGES).is_empty() {
            return Edges::default();
        }
        Edges::of(&text.items()[..text.len()], wanted)
    }

    fn find_in_view(
        &self,
        view: View,
        text: &Folded<'_>,
        present: u32,
        edges: &Edges,
        buffers: &mut Buffers,
        mut found: impl FnMut(usize, &Layer, Found, bool),
    ) {
        let layers = || {
            let all = self.segments.iter().enumerate();
            all.filter_map(|(place, segment)| Some((place, segment, segment.layer(view)?)))
        };
        let Some((_, _, first)) = layers().next() else { return };
        let filter = match self.segments.len() {
            1 => first.filter(),
            _ => &self.filters[view as usize],
        };
        let items = &text.items()[..text.len()];
        let Buffers { places, stack, odd, seen } = buffers;
        let mut steps = (text.len() + 256) * STEPS_PER_ITEM;
        let walker = |segment: &Segment, layer, steps| {
            let (active, compounds) = match steps {
                0 => (Transformations::NONE, false),
                _ => (segment.active, segment.compounds),
            };
            Walker { layer, items: text.items(), edges, active, compounds }
        };
        first.places(filter, text.items(), present, edges, self.is_close(), places);
        if view != View::Spelling {
            self.add_pairs(items, odd, places);
        }
        for place in places.iter() {
            for (number, segment, layer) in layers() {
                let may = self.segments.len() == 1
                    || place.open
                    || layer.filter().lets_pass(place.window, items[place.at as usize]);
                if !may {
                    continue;
                }
                seen.clear();
                let taken = walker(segment, layer, steps).walk(place.at, stack, |hit| {
                    if !seen.contains(&hit) {
                        seen.push(hit);
                        found(number, layer, hit, place.odd);
                    }
                });
                steps = steps.saturating_sub(taken);
            }
        }
    }

    /// Adds the places where a word of two characters may be disguised.
    fn add_pairs(&self, items: &[Item], odd: &[u32], places: &mut Vec<Place>) {
        let window = Window::default();
        let place = |at, odd| Place { at, open: true, odd, window };
        if !self.wanted.intersection(SHORT).is_empty() {
            places.extend((0..items.len() as u32).map(|at| place(at, false)));
        }
        places.extend(odd.iter().map(|&at| place(at, true)));
    }

    /// What is found without a tree.
    fn find_others(
        &self,
        text: &Folded<'_>,
        present: u32,
        found: &mut impl FnMut(usize, u32, Sighting),
    ) {
        let items = &text.items()[..text.len()];
        for (place, segment) in self.segments.iter().enumerate() {
            let mut report = |number, first, last, usual, short| {
                let taken = if is_short(&segment.vocabulary, number) { short } else { usual };
                let taken = Transformations::NONE.with(taken);
                let range = text.range(first, last);
                found(place, number, Sighting { range, taken, whole_only: None });
            };
            let has_letters = present & Entry::KEYS != 0;
            if let Some(initials) = segment.vocabulary.initials().filter(|_| has_letters) {
                use Transformation::{Initials, ShortInitials};
                initials
                    .find(items, |n, first, last| report(n, first, last, Initials, ShortInitials));
            }
            if let Some(shuffled) = segment.vocabulary.shuffled() {
                use Transformation::Shuffle;
                shuffled.find(items, |n, first, last| report(n, first, last, Shuffle, Shuffle));
            }
        }
    }
}

impl Segment {
    fn layer(&self, view: View) -> Option<&Layer> {
        self.vocabulary.view(view).filter(|layer| !layer.is_empty())
    }
}

/// A word found as it is spelt.
fn spelt(
    vocabulary: &Vocabulary,
    number: u32,
    text: &Folded<'_>,
    hashes: &Hashes<'_>,
    hit: Found,
    patience: &mut usize,
) -> Option<Sighting> {
    let word = vocabulary.word(number);
    let mut last = hit.last as usize;
    if let Some(tail) = &word.tail {
        if !tail.stands_at(hashes, last + 1) {
            return None;
        }
        last += tail.len();
    }
    let range = text.range(hit.first as usize, last);
    let found = &text.original()[range.clone()];
    // As it is written, whatever marks follow.
    if hit.taken.is_empty() && text.original()[range.start..].starts_with(word.core()) {
        return Some(Sighting { range, taken: hit.taken, whole_only: hit.whole_only });
    }
    if *patience == 0 {
        let taken = hit.taken.union(FOLDS);
        return Some(Sighting { range, taken, whole_only: hit.whole_only });
    }
    *patience = patience.saturating_sub(1 + found.len() / COSTLY);
    let strict = hit.taken.is_empty() && hit.whole_only.is_none();
    let taken = relation(found, word.core(), hit.taken, strict)?;
    Some(Sighting { range, taken, whole_only: hit.whole_only })
}

/// A Chinese word found by sound or shape.
fn disguised(
    vocabulary: &Vocabulary,
    number: u32,
    text: &Folded<'_>,
    view: View,
    hit: Found,
    odd: bool,
) -> Option<Sighting> {
    let (first, last) = (hit.first as usize, hit.last as usize);
    let items = &text.items()[first..=last];
    let word = vocabulary.symbols(number);
    let mut taken = hit.taken;
    let has_emoji = taken.contains(Transformation::Emoji);
    if differs(items, word) || has_emoji {
        let bare = taken.is_empty() && items.len() == 2 && word.len() == 2;
        let short = is_short_word(word) && !(bare && odd);
        taken = taken.with(match (view, short) {
            (View::Shape, false) => Transformation::Lookalike,
            (View::Shape, true) => Transformation::ShortLookalike,
            (_, false) => Transformation::Homophone,
            (_, true) => Transformation::ShortHomophone,
        });
    }
    let is_new = !taken.intersection(BY_VIEW).is_empty();
    let chinese = || text.items().iter().any(|item| item.class() == Class::Han);
    if !is_new || is_one_ordinary_word(items) && !chinese() {
        return None;
    }
    Some(Sighting { range: text.range(first, last), taken, whole_only: None })
}

/// Whether some character is none of the word's.
fn differs(items: &[Item], word: &[Item]) -> bool {
    let mut rest = word.iter();
    let mut characters = items.iter().filter(|item| item.class() == Class::Han);
    characters.any(|item| !rest.any(|other| other.symbol() == item.symbol()))
}

/// Whether a hit is nothing but the letters of one ordinary word.
fn is_one_ordinary_word(items: &[Item]) -> bool {
    items.iter().all(|item| item.class() == Class::Latin) && {
        let word: String = items.iter().map(|item| item.symbol() as u8 as char).collect();
        ordinary::contains(&word)
    }
}

fn is_short(vocabulary: &Vocabulary, number: u32) -> bool {
    is_short_word(vocabulary.symbols(number))
}

fn is_short_word(word: &[Item]) -> bool {
    word.iter().filter(|item| item.class() == Class::Han).count() < 3
}

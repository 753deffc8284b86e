//! Words of several vocabularies, sought together in one text.

use crate::{
    edges::Edges,
    filter::Filter,
    folded::{Folded, Item},
    layer::{Layer, View},
    look::Sights,
    places::Place,
    sighting::{MAX_RELATIONS, Sighting, disguised, is_short, spelt},
    symbols::Entry,
    tail::Hashes,
    vocabulary::Vocabulary,
    walk::{Found, State, Walker},
};
use std::sync::Arc;
use umpire_model::{Transformation, Transformations};

/// Steps for each item of a text that walks may take past disguises.
const STEPS_PER_ITEM: usize = 24;

/// In the order they are looked at.
const VIEWS: [View; 3] = [View::Spelling, View::Sound, View::Shape];

/// Transformations that pass blanks, or punctuation beside Chinese characters.
const PASSING: Transformations = Transformations::NONE
    .with(Transformation::SpacedLetters)
    .with(Transformation::RunTogether)
    .with(Transformation::Pinyin)
    .with(Transformation::CharacterGaps);

/// What is found without a tree.
const WITHOUT_TREE: Transformations = Transformations::NONE
    .with(Transformation::Initials)
    .with(Transformation::ShortInitials)
    .with(Transformation::Shuffle);

/// Buffers one search leaves for the next.
#[derive(Default)]
pub(crate) struct Buffers {
    sights: Sights,
    stack: Vec<State>,
    /// What was found from one place.
    seen: Vec<Found>,
}

/// A vocabulary and what any of its users switched on.
struct Segment {
    vocabulary: Arc<Vocabulary>,
    active: Transformations,
    compounds: bool,
}

/// A view that is looked at.
pub(crate) struct Plan {
    pub view: View,
    /// Those that have words in it, ascending.
    segments: Vec<usize>,
    /// Of all of them together.
    pub filter: Arc<Filter>,
}

/// Several vocabularies.
#[derive(Default)]
pub(crate) struct Finder {
    segments: Vec<Segment>,
    pub(crate) plans: Vec<Plan>,
    /// What any word allows.
    pub(crate) wanted: Transformations,
    /// Whether no way passes a blank, nor punctuation beside Chinese characters.
    pub(crate) is_close: bool,
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
        self.is_close = self.wanted.intersection(PASSING).is_empty()
            && !self.segments.iter().any(|segment| segment.compounds);
        self.plans = VIEWS.into_iter().filter_map(|view| self.plan(view)).collect();
    }

    fn plan(&self, view: View) -> Option<Plan> {
        let with_words = |at: &usize| self.segments[*at].layer(view).is_some();
        let segments: Vec<usize> = (0..self.segments.len()).filter(with_words).collect();
        let layers = || segments.iter().filter_map(|at| self.segments[*at].layer(view));
        let filter = match segments.len() {
            1 => layers().next()?.filter().clone(),
            _ => Arc::new(Filter::union(layers().map(|layer| &**layer.filter()))),
        };
        (!segments.is_empty()).then_some(Plan { view, segments, filter })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// The vocabulary at a place.
    pub fn vocabulary(&self, segment: usize) -> &Vocabulary {
        &self.segments[segment].vocabulary
    }

    /// The first look at the padded items of a text: whether it may hold anything at all.
    pub fn look(&self, padded: &[Item], present: u32, buffers: &mut Buffers) -> bool {
        buffers.sights.look(self, padded, present)
            || !self.wanted.intersection(WITHOUT_TREE).is_empty()
    }

    /// Calls `found` with the segment, the word's number and the sighting of every word,
    /// those found in their spelling first and by ascending start. `buffers` are as
    /// [`Self::look`] left them for this text.
    pub fn find(
        &self,
        text: &Folded<'_>,
        present: u32,
        buffers: &mut Buffers,
        mut found: impl FnMut(usize, u32, Sighting),
    ) {
        let Buffers { sights, stack, seen } = buffers;
        let (hashes, mut patience) = (Hashes::new(text.items()), MAX_RELATIONS);
        for (plan, places) in self.plans.iter().zip(sights.places()) {
            let mut walks = Walks { finder: self, plan, edges: sights.edges(), stack, seen };
            walks.walk(text, places, |segment, layer, hit, odd| {
                let vocabulary = &self.segments[segment].vocabulary;
                for number in layer.words(hit.form) {
                    if self.keys == Some(segment) {
                        found(segment, number, Sighting::default());
                        continue;
                    }
                    let sighting = match plan.view {
                        View::Spelling => {
                            spelt(vocabulary, number, text, &hashes, hit, &mut patience)
                        }
                        view => disguised(vocabulary, number, text, view, hit, odd),
                    };
                    if let Some(sighting) = sighting {
                        found(segment, number, sighting);
                    }
                }
            });
        }
        if !self.wanted.intersection(WITHOUT_TREE).is_empty() {
            self.find_others(text, present, &mut found);
        }
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
            let has_letters = present & Entry::LATIN != 0;
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
    /// The words in a view, if there are any and some user of the segment looks at it.
    fn layer(&self, view: View) -> Option<&Layer> {
        let is_wanted =
            view == View::Spelling || !self.active.intersection(view.finds()).is_empty();
        self.vocabulary.view(view).filter(|layer| is_wanted && !layer.is_empty())
    }
}

/// Walks from all places of one text in one view.
struct Walks<'w> {
    finder: &'w Finder,
    plan: &'w Plan,
    edges: &'w Edges,
    stack: &'w mut Vec<State>,
    seen: &'w mut Vec<Found>,
}

impl Walks<'_> {
    fn walk(
        &mut self,
        text: &Folded<'_>,
        places: &[Place],
        mut found: impl FnMut(usize, &Layer, Found, bool),
    ) {
        let several = self.plan.segments.len() > 1;
        let mut steps = (text.len() + 256) * STEPS_PER_ITEM;
        for place in places {
            for &number in &self.plan.segments {
                let segment = &self.finder.segments[number];
                let Some(layer) = segment.layer(self.plan.view) else { continue };
                let first = text.items()[place.at as usize];
                if several && !place.open && !layer.filter().lets_pass(place.window, first) {
                    continue;
                }
                let (active, compounds) = match steps {
                    0 => (Transformations::NONE, false),
                    _ => (segment.active, segment.compounds),
                };
                let (items, edges) = (text.items(), self.edges);
                let walker = Walker { layer, items, edges, active, compounds };
                let seen = &mut *self.seen;
                seen.clear();
                let taken = walker.walk(place.at, self.stack, |hit| {
                    if !seen.contains(&hit) {
                        seen.push(hit);
                        found(number, layer, hit, place.odd);
                    }
                });
                steps = steps.saturating_sub(taken);
            }
        }
    }
}

//! Harmless phrases: where they stand, and which hits they cancel.

use crate::{
    finder::{Buffers, Finder},
    folded::Folded,
    lexicon::Lexicon,
    place::Whole,
    source::{BuildError, MatchMode},
    vocabulary::Vocabulary,
};
use std::{collections::HashMap, sync::Arc};
use umpire_model::{ByteRange, Timestamp, Transformation, Transformations};

/// What phrases are folded by: single characters. A phrase that only disguise brings
/// about lets nothing through.
const FOLDED: Transformations = Transformations::SAFE
    .without(Transformation::Leetspeak)
    .without(Transformation::Repeats)
    .without(Transformation::LetterGaps)
    .without(Transformation::Decoration);

/// A phrase of a source.
struct Owner {
    source: u32,
    end: Option<Timestamp>,
    switches: Transformations,
}

/// Collects the phrases that sources let through.
#[derive(Default)]
pub(crate) struct AllowedBuilder {
    own: Vec<(Arc<str>, Owner)>,
    lists: Vec<List>,
}

/// A list of phrases.
struct List {
    lexicon: Arc<Lexicon>,
    /// Holds for every source.
    everywhere: bool,
    /// Its place in the finder.
    segment: usize,
}

impl AllowedBuilder {
    /// Adds a phrase of a source with these switches.
    pub fn add(
        &mut self,
        phrase: &Arc<str>,
        end: Option<Timestamp>,
        switches: Transformations,
        source: u32,
    ) {
        let switches = switches.intersection(FOLDED);
        self.own.push((phrase.clone(), Owner { source, end, switches }));
    }

    /// Adds a list, folded by SAFE, and gives its number: 0, 1, 2, ...
    pub fn add_list(&mut self, lexicon: Arc<Lexicon>, everywhere: bool) -> u32 {
        self.lists.push(List { lexicon, everywhere, segment: 0 });
        u32::try_from(self.lists.len() - 1).unwrap_or(u32::MAX)
    }

    /// # Errors
    /// [`BuildError::BlankWord`], [`BuildError::TooBig`].
    pub fn build(self) -> Result<Allowed, BuildError> {
        let Self { own, mut lists } = self;
        let mut finder = Finder::default();
        for list in &mut lists {
            list.segment = finder.add(list.lexicon.vocabulary().clone(), FOLDED, false);
        }
        let (phrases, owners): (Vec<_>, Vec<_>) = own.into_iter().unzip();
        let has_own = !phrases.is_empty();
        if has_own {
            finder.add(Arc::new(Vocabulary::build(phrases)?), FOLDED, false);
        }
        finder.finish();
        Ok(Allowed { finder, owners: owners.into(), has_own, lists })
    }
}

/// The phrases all sources let through.
pub(crate) struct Allowed {
    finder: Finder,
    /// Of the phrases in the last segment, if there are any.
    owners: Box<[Owner]>,
    has_own: bool,
    lists: Vec<List>,
}

impl Allowed {
    /// Whether some list holds for every source.
    pub fn holds_everywhere(&self) -> bool {
        self.lists.iter().any(|list| list.everywhere)
    }

    /// Where the phrases stand in a text. `is_active` says which lists count.
    pub fn find(
        &self,
        text: &Folded<'_>,
        present: u32,
        now: Timestamp,
        is_active: &dyn Fn(u32) -> bool,
    ) -> AllowedPlaces {
        let mut places = AllowedPlaces::default();
        let whole = Whole::new(text.original());
        let active: Vec<bool> =
            (0..).zip(&self.lists).map(|(number, _)| is_active(number)).collect();
        let own = self.finder.len() - usize::from(self.has_own);
        let mut buffers = Buffers::default();
        if !self.finder.look(text.items(), present, &mut buffers) {
            return places;
        }
        self.finder.find(text, present, &mut buffers, |segment, number, sighting| {
            let (range, taken) = (sighting.range, sighting.taken);
            if segment == own && self.has_own {
                let owner = &self.owners[number as usize];
                if owner.end.is_none_or(|end| now < end) && owner.switches.covers(taken) {
                    places.add(Whose::Source(owner.source), &range);
                }
                return;
            }
            let placing = self.finder.vocabulary(segment).word(number).placing;
            let lists = self.lists.iter().enumerate().filter(|(at, _)| active[*at]);
            for (at, list) in lists.filter(|(_, list)| list.segment == segment) {
                let mode = list.lexicon.mode(number, MatchMode::Contains);
                let stands = placing.place(mode, &whole, range.clone(), |_| true);
                if let Some(range) = stands.filter(|_| list.lexicon.holds(number, now)) {
                    let whose = match list.everywhere {
                        true => Whose::Everybody,
                        false => Whose::List(u32::try_from(at).unwrap_or(u32::MAX)),
                    };
                    places.add(whose, &range);
                }
            }
        });
        places.settle();
        places
    }
}

/// Most places that are kept of one text: 16 MB. Phrases beyond them cancel nothing.
const MAX_PLACES: usize = 1 << 20;

/// Whom a phrase holds for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Source(u32),
    /// Those that name the list.
    List(u32),
    Everybody,
}

/// Where harmless phrases stand in one text, in bytes of the original.
#[derive(Default)]
pub(crate) struct AllowedPlaces {
    /// Starts and ends, both ascending: a place that an earlier one covers is left out.
    places: HashMap<Whose, Vec<(usize, usize)>>,
    count: usize,
}

impl AllowedPlaces {
    /// Adds a place.
    fn add(&mut self, whose: Whose, range: &ByteRange) {
        let places = self.places.entry(whose).or_default();
        match places.last_mut() {
            Some((start, end)) if *start <= range.start && range.end <= *end => {}
            _ if self.count < MAX_PLACES => {
                places.push((range.start, range.end));
                self.count += 1;
            }
            _ => {}
        }
    }

    /// Puts the places in order and leaves out those that an earlier one covers.
    fn settle(&mut self) {
        for places in self.places.values_mut() {
            places.sort_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
            let mut reached = 0;
            places.retain(|&(_, end)| {
                let further = end > reached;
                reached = reached.max(end);
                further
            });
        }
    }

    /// Whether a hit of a source, for which these lists hold, lies inside a phrase.
    pub fn cover(&self, source: u32, lists: &[u32], range: &ByteRange) -> bool {
        self.covered(Whose::Source(source), range)
            || lists.iter().any(|&list| self.covered(Whose::List(list), range))
            || self.cover_everywhere(range)
    }

    /// Whether a hit lies inside a phrase that holds for every source.
    pub fn cover_everywhere(&self, range: &ByteRange) -> bool {
        self.covered(Whose::Everybody, range)
    }

    fn covered(&self, whose: Whose, range: &ByteRange) -> bool {
        let places = self.places.get(&whose).map_or(&[][..], Vec::as_slice);
        let before = places.partition_point(|&(start, _)| start <= range.start);
        before > 0 && places[before - 1].1 >= range.end
    }
}

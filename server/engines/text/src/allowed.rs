//! Harmless phrases: where they stand, and which hits they cancel.

use crate::{
    channels::{Channel, Channels},
    dictionary::{Dictionary, DictionaryBuilder},
    lexicon::{Lexicon, trimmed},
    source::{BuildError, MatchMode, Normalization},
    starts::Starts,
    trie::{Trie, sweep},
};
use std::{collections::HashMap, sync::Arc};
use umpire_model::{ByteRange, Timestamp};

/// A phrase of a source.
struct Owner {
    source: u32,
    end: Option<Timestamp>,
}

/// Collects the phrases that sources let through.
#[derive(Default)]
pub(crate) struct AllowedBuilder {
    folded: DictionaryBuilder<Owner>,
    verbatim: DictionaryBuilder<Owner>,
    lists: Vec<List>,
}

/// A list of phrases.
struct List {
    lexicon: Arc<Lexicon>,
    /// Holds for every source.
    everywhere: bool,
}

impl AsRef<Trie> for List {
    fn as_ref(&self) -> &Trie {
        self.lexicon.as_ref().as_ref()
    }
}

impl AllowedBuilder {
    pub fn add(
        &mut self,
        phrase: &str,
        end: Option<Timestamp>,
        normalization: Normalization,
        source: u32,
    ) -> Result<(), BuildError> {
        let target = match normalization {
            Normalization::None => &mut self.verbatim,
            Normalization::Safe => &mut self.folded,
        };
        target.add(&normalization.form(phrase), Owner { source, end })
    }

    /// Adds a list, folded by SAFE, and gives its number: 0, 1, 2, ...
    pub fn add_list(&mut self, lexicon: Arc<Lexicon>, everywhere: bool) -> u32 {
        self.lists.push(List { lexicon, everywhere });
        u32::try_from(self.lists.len() - 1).unwrap_or(u32::MAX)
    }

    pub fn build(self) -> Result<Allowed, BuildError> {
        Ok(Allowed {
            folded: self.folded.build()?,
            verbatim: self.verbatim.build()?,
            starts: Starts::union(self.lists.iter().map(|list| list.as_ref().starts())),
            lists: self.lists,
        })
    }
}

/// The phrases all sources let through.
pub(crate) struct Allowed {
    folded: Dictionary<Owner>,
    verbatim: Dictionary<Owner>,
    lists: Vec<List>,
    /// Of the lists.
    starts: Starts,
}

impl Allowed {
    /// Whether some list holds for every source.
    pub fn holds_everywhere(&self) -> bool {
        self.lists.iter().any(|list| list.everywhere)
    }

    /// Where the phrases stand in a text. `is_active` says which lists count.
    pub fn find(
        &self,
        channels: &Channels<'_>,
        now: Timestamp,
        is_active: &dyn Fn(u32) -> bool,
    ) -> AllowedPlaces {
        let mut places = AllowedPlaces::default();
        for (own, channel) in [(&self.folded, Channel::Folded), (&self.verbatim, Channel::Original)]
        {
            let starts = own.as_ref().starts();
            sweep(&[own], starts, channels.text(channel), |_, form, range| {
                let range = channels.to_original(channel, range);
                let held = |owner: &&Owner| owner.end.is_none_or(|end| now < end);
                for owner in own.owners(form).iter().filter(held) {
                    places.add(Whose::Source(owner.source), &range);
                }
            });
        }
        self.find_lists(channels, now, is_active, &mut places);
        places
    }

    fn find_lists(
        &self,
        channels: &Channels<'_>,
        now: Timestamp,
        is_active: &dyn Fn(u32) -> bool,
        places: &mut AllowedPlaces,
    ) {
        if self.lists.is_empty() {
            return;
        }
        let text = channels.text(Channel::Folded);
        let whole = trimmed(text);
        let mut active: Vec<Option<bool>> = vec![None; self.lists.len()];
        sweep(&self.lists, &self.starts, text, |place, form, range| {
            let (list, number) = (&self.lists[place], u32::try_from(place).unwrap_or(u32::MAX));
            let stands = |&word: &u32| {
                list.lexicon.holds(word, now)
                    && list.lexicon.mode(word, MatchMode::Contains).suits(text, &range, &whole)
            };
            if *active[place].get_or_insert_with(|| is_active(number))
                && list.lexicon.numbers(form).iter().any(stands)
            {
                let range = channels.to_original(Channel::Folded, range.clone());
                let whose = if list.everywhere { Whose::Everybody } else { Whose::List(number) };
                places.add(whose, &range);
            }
        });
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
    /// Adds a place; they come by ascending start.
    fn add(&mut self, whose: Whose, range: &ByteRange) {
        let places = self.places.entry(whose).or_default();
        match places.last_mut() {
            Some((_, end)) if range.end <= *end => {}
            Some((start, end)) if *start == range.start => *end = range.end,
            _ if self.count < MAX_PLACES => {
                places.push((range.start, range.end));
                self.count += 1;
            }
            _ => {}
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

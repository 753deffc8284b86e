//! Harmless phrases: where they stand, and which hits they cancel.

use crate::{
    channels::{Channel, Channels},
    dictionary::{Dictionary, DictionaryBuilder},
    lexicon::Lexicon,
    source::{BuildError, MatchMode, Normalization},
    trie::{Starts, Trie, sweep},
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

/// A list of phrases with the sources it holds for.
struct List {
    lexicon: Arc<Lexicon>,
    everywhere: bool,
    sources: Vec<u32>,
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
        self.lists.push(List { lexicon, everywhere, sources: Vec::new() });
        u32::try_from(self.lists.len() - 1).unwrap_or(u32::MAX)
    }

    /// Makes a list hold for a source.
    pub fn use_list(&mut self, list: u32, source: u32) {
        if let Some(list) = self.lists.get_mut(list as usize) {
            list.sources.push(source);
        }
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
                    places.add(Some(owner.source), &range);
                }
            });
        }
        self.find_lists(channels, now, is_active, &mut places);
        places.sort();
        places
    }

    fn find_lists(
        &self,
        channels: &Channels<'_>,
        now: Timestamp,
        is_active: &dyn Fn(u32) -> bool,
        places: &mut AllowedPlaces,
    ) {
        let text = channels.text(Channel::Folded);
        sweep(&self.lists, &self.starts, text, |number, form, range| {
            let list = &self.lists[number];
            let stands = |&number: &u32| {
                list.lexicon.holds(number, now)
                    && list.lexicon.mode(number, MatchMode::Contains).suits(text, &range)
            };
            if !list.lexicon.numbers(form).iter().any(stands)
                || !is_active(u32::try_from(number).unwrap_or(u32::MAX))
            {
                return;
            }
            let range = channels.to_original(Channel::Folded, range.clone());
            if list.everywhere {
                places.add(None, &range);
            }
            for &source in &list.sources {
                places.add(Some(source), &range);
            }
        });
    }
}

/// Where harmless phrases stand in one text, in bytes of the original.
#[derive(Default)]
pub(crate) struct AllowedPlaces {
    /// For each source, and for all of them (`None`): starts ascending, each with
    /// the farthest end so far.
    places: HashMap<Option<u32>, Vec<(usize, usize)>>,
}

impl AllowedPlaces {
    fn add(&mut self, source: Option<u32>, range: &ByteRange) {
        self.places.entry(source).or_default().push((range.start, range.end));
    }

    fn sort(&mut self) {
        for places in self.places.values_mut() {
            places.sort_unstable();
            let mut farthest = 0;
            for (_, end) in places {
                farthest = farthest.max(*end);
                *end = farthest;
            }
        }
    }

    /// Whether a hit of a source lies inside a phrase that holds for it.
    pub fn cover(&self, source: u32, range: &ByteRange) -> bool {
        self.covered(Some(source), range) || self.cover_everywhere(range)
    }

    /// Whether a hit lies inside a phrase that holds for every source.
    pub fn cover_everywhere(&self, range: &ByteRange) -> bool {
        self.covered(None, range)
    }

    fn covered(&self, whose: Option<u32>, range: &ByteRange) -> bool {
        let places = self.places.get(&whose).map_or(&[][..], Vec::as_slice);
        let before = places.partition_point(|&(start, _)| start <= range.start);
        before > 0 && places[before - 1].1 >= range.end
    }
}

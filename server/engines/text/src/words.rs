//! Words of all sources, sought in one pass.

use crate::{
    dictionary::{Dictionary, DictionaryBuilder},
    lexicon::{Lexicon, trimmed},
    source::{BuildError, MatchMode},
    starts::Starts,
    trie::{Trie, sweep},
};
use std::sync::Arc;
use umpire_model::{ByteRange, Timestamp};

/// A word of a source.
#[derive(Debug, Clone, Copy)]
struct Owner {
    source: u32,
    word: u32,
    mode: MatchMode,
}

/// Words that are sought together: those sources bring themselves, or a lexicon.
enum Segment {
    Own(Dictionary<Owner>),
    /// With the sources that use it.
    Shared(Arc<Lexicon>, Vec<(u32, MatchMode)>),
}

impl AsRef<Trie> for Segment {
    fn as_ref(&self) -> &Trie {
        match self {
            Self::Own(dictionary) => dictionary.as_ref(),
            Self::Shared(lexicon, _) => lexicon.as_ref().as_ref(),
        }
    }
}

/// Collects the words of sources for one channel.
#[derive(Default)]
pub(crate) struct WordsBuilder {
    own: DictionaryBuilder<Owner>,
    shared: Vec<Segment>,
}

impl WordsBuilder {
    /// Adds a word of a source, in the form of the channel.
    pub fn add(
        &mut self,
        form: &str,
        mode: MatchMode,
        source: u32,
        word: u32,
    ) -> Result<(), BuildError> {
        self.own.add(form, Owner { source, word, mode })
    }

    /// Adds a lexicon that a source uses.
    pub fn add_lexicon(&mut self, added: &Arc<Lexicon>, mode: MatchMode, source: u32) {
        for segment in &mut self.shared {
            if let Segment::Shared(lexicon, users) = segment
                && Arc::ptr_eq(lexicon, added)
            {
                return users.push((source, mode));
            }
        }
        self.shared.push(Segment::Shared(added.clone(), vec![(source, mode)]));
    }

    pub fn build(self) -> Result<Words, BuildError> {
        let (own, mut segments) = (self.own.build()?, self.shared);
        if !own.is_empty() {
            segments.push(Segment::Own(own));
        }
        let starts = Starts::union(segments.iter().map(|segment| segment.as_ref().starts()));
        Ok(Words { segments, starts })
    }
}

/// Finds every occurrence of every word, overlapping ones too.
pub(crate) struct Words {
    segments: Vec<Segment>,
    starts: Starts,
}

impl Words {
    /// Calls `found` with source, word and range of each hit, for each source by
    /// ascending start. Words of lexicons come with their tag.
    pub fn find(
        &self,
        text: &str,
        now: Timestamp,
        mut found: impl FnMut(u32, u32, Option<u32>, ByteRange),
    ) {
        if self.segments.is_empty() {
            return;
        }
        let whole = trimmed(text);
        sweep(&self.segments, &self.starts, text, |segment, form, range| {
            match &self.segments[segment] {
                Segment::Own(dictionary) => {
                    for owner in dictionary.owners(form) {
                        if owner.mode.suits(text, &range, &whole) {
                            found(owner.source, owner.word, None, range.clone());
                        }
                    }
                }
                Segment::Shared(lexicon, users) => {
                    let held = lexicon.numbers(form).iter().filter(|&&n| lexicon.holds(n, now));
                    for &number in held {
                        for &(source, mode) in users {
                            if lexicon.mode(number, mode).suits(text, &range, &whole) {
                                found(source, number, Some(lexicon.tag(number)), range.clone());
                            }
                        }
                    }
                }
            }
        });
    }
}

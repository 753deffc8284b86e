//! Words of all sources in one automaton.

use crate::{
    boundary::is_whole_word,
    source::{BuildError, MatchMode},
};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::{collections::HashMap, sync::Arc};
use umpire_model::ByteRange;

/// Below this many bytes of words the automaton is a DFA: a few MB, and twice as fast.
const DFA_WORD_BYTES: usize = 64 * 1024;

/// A word of a source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub source: u32,
    pub word: u32,
    whole: bool,
}

/// Collects words, each already in the form of the channel it will be sought in.
#[derive(Default)]
pub(crate) struct WordsBuilder {
    numbers: HashMap<Arc<str>, u32>,
    patterns: Vec<Arc<str>>,
    owners: Vec<Vec<Owner>>,
    exact: HashMap<Box<str>, Vec<Owner>>,
}

impl WordsBuilder {
    pub fn add(
        &mut self,
        text: &str,
        mode: MatchMode,
        source: u32,
        word: u32,
    ) -> Result<(), BuildError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BuildError::BlankWord);
        }
        let owner = Owner { source, word, whole: mode == MatchMode::Word };
        if mode == MatchMode::Exact {
            self.exact.entry(text.into()).or_default().push(owner);
            return Ok(());
        }
        let number = match self.numbers.get(text) {
            Some(&number) => number as usize,
            None => self.new_pattern(text)?,
        };
        self.owners[number].push(owner);
        Ok(())
    }

    fn new_pattern(&mut self, text: &str) -> Result<usize, BuildError> {
        let number = u32::try_from(self.patterns.len())
            .map_err(|_| BuildError::TooBig("too many words".into()))?;
        let text: Arc<str> = text.into();
        self.numbers.insert(text.clone(), number);
        self.patterns.push(text);
        self.owners.push(Vec::new());
        Ok(number as usize)
    }

    pub fn build(self) -> Result<Words, BuildError> {
        let automaton =
            (!self.patterns.is_empty()).then(|| automaton(&self.patterns)).transpose()?;
        let owners = self.owners.into_iter().map(Vec::into_boxed_slice).collect();
        Ok(Words { automaton, owners, exact: self.exact })
    }
}

fn automaton(patterns: &[Arc<str>]) -> Result<AhoCorasick, BuildError> {
    let bytes: usize = patterns.iter().map(|pattern| pattern.len()).sum();
    let kind =
        if bytes <= DFA_WORD_BYTES { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(kind))
        .build(patterns.iter().map(|pattern| pattern.as_bytes()))
        .map_err(|error| BuildError::TooBig(error.to_string()))
}

/// Finds every occurrence of every word, overlapping ones too.
pub(crate) struct Words {
    automaton: Option<AhoCorasick>,
    owners: Box<[Box<[Owner]>]>,
    exact: HashMap<Box<str>, Vec<Owner>>,
}

impl Words {
    pub fn is_empty(&self) -> bool {
        self.automaton.is_none() && self.exact.is_empty()
    }

    /// Calls `found` for each hit in `text`, by ascending end.
    pub fn find(&self, text: &str, mut found: impl FnMut(Owner, ByteRange)) {
        if let Some(automaton) = &self.automaton {
            for hit in automaton.find_overlapping_iter(text) {
                for &owner in &self.owners[hit.pattern().as_usize()] {
                    if !owner.whole || is_whole_word(text, &hit.range()) {
                        found(owner, hit.range());
                    }
                }
            }
        }
        if !self.exact.is_empty() {
            self.find_exact(text, found);
        }
    }

    fn find_exact(&self, text: &str, mut found: impl FnMut(Owner, ByteRange)) {
        let word = text.trim();
        let start = text.len() - text.trim_start().len();
        for &owner in self.exact.get(word).map_or(&[][..], Vec::as_slice) {
            found(owner, start..start + word.len());
        }
    }
}

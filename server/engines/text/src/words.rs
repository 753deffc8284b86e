//! Words of all sources in one automaton.

use crate::{
    boundary::is_whole_word,
    source::{BuildError, MatchMode},
};
use aho_corasick::{
    Anchored, MatchKind, StartKind, automaton::Automaton as Walk, dfa::DFA, nfa::contiguous::NFA,
};
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

fn automaton(patterns: &[Arc<str>]) -> Result<Automaton, BuildError> {
    let too_big = |error: aho_corasick::BuildError| BuildError::TooBig(error.to_string());
    let bytes: usize = patterns.iter().map(|pattern| pattern.len()).sum();
    let patterns = patterns.iter().map(|pattern| pattern.as_bytes());
    if bytes <= DFA_WORD_BYTES {
        let mut builder = DFA::builder();
        builder.match_kind(MatchKind::Standard).start_kind(StartKind::Unanchored);
        return builder.build(patterns).map(Automaton::Dfa).map_err(too_big);
    }
    let mut builder = NFA::builder();
    builder.match_kind(MatchKind::Standard);
    builder.build(patterns).map(Automaton::Nfa).map_err(too_big)
}

/// The same search over either kind, without a dynamic call for each byte.
enum Automaton {
    Dfa(DFA),
    Nfa(NFA),
}

impl Automaton {
    /// Calls `found` with the number and range of every occurrence, by ascending end.
    fn find(&self, text: &str, found: impl FnMut(usize, ByteRange)) {
        match self {
            Self::Dfa(dfa) => walk(dfa, text, found),
            Self::Nfa(nfa) => walk(nfa, text, found),
        }
    }
}

fn walk<A: Walk>(automaton: &A, text: &str, mut found: impl FnMut(usize, ByteRange)) {
    let Ok(mut state) = automaton.start_state(Anchored::No) else { return };
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        state = automaton.next_state(Anchored::No, state, byte);
        if automaton.is_special(state) && automaton.is_match(state) {
            for index in 0..automaton.match_len(state) {
                let pattern = automaton.match_pattern(state, index);
                let end = at + 1;
                found(pattern.as_usize(), end - automaton.pattern_len(pattern)..end);
            }
        }
    }
}

/// Finds every occurrence of every word, overlapping ones too.
pub(crate) struct Words {
    automaton: Option<Automaton>,
    owners: Box<[Box<[Owner]>]>,
    exact: HashMap<Box<str>, Vec<Owner>>,
}

impl Words {
    /// Calls `found` for each hit in `text`, by ascending end.
    pub fn find(&self, text: &str, mut found: impl FnMut(Owner, ByteRange)) {
        if let Some(automaton) = &self.automaton {
            automaton.find(text, |pattern, range| {
                for &owner in &self.owners[pattern] {
                    if !owner.whole || is_whole_word(text, &range) {
                        found(owner, range.clone());
                    }
                }
            });
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

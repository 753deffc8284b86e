//! A word list made ready for the question every set asks: is anything found in this text?

use crate::switches::Switches;
use std::sync::Arc;
use umpire_text::{Facts, Hits, MatchMode, Matcher, Scanner, ScannerBuilder, Scratch, Source};

/// Words that are sought together, and where they must stand.
pub struct Group {
    pub words: Vec<Arc<str>>,
    pub mode: MatchMode,
}

/// Groups of words compiled with the same switches.
pub struct Finder {
    scanner: Scanner,
    scratch: Scratch,
    groups: Vec<Group>,
}

impl Finder {
    /// One group.
    pub fn new(words: Vec<Arc<str>>, mode: MatchMode, switches: Switches) -> Self {
        Self::of(vec![Group { words, mode }], switches)
    }

    /// Several groups, each a source of its own, so that no group's hit hides another's.
    pub fn of(groups: Vec<Group>, switches: Switches) -> Self {
        let mut builder = ScannerBuilder::default();
        for group in &groups {
            let matcher = Matcher::Words { words: group.words.clone(), mode: group.mode };
            let source = Source { switches: switches.set, ..Source::new(matcher) };
            builder.add(source).unwrap();
        }
        Self { scanner: builder.build().unwrap(), scratch: Scratch::default(), groups }
    }

    fn scan(&mut self, text: &str) -> Hits {
        self.scanner.scan(text, &Facts::default(), &mut self.scratch)
    }

    /// Whether any word is found.
    pub fn finds(&mut self, text: &str) -> bool {
        self.scan(text).sources.iter().any(|source| !source.hits.is_empty())
    }

    /// The numbers of the groups of which a word is found.
    pub fn groups(&mut self, text: &str) -> Vec<usize> {
        let hits = self.scan(text);
        let found = hits.sources.iter().filter(|source| !source.hits.is_empty());
        found.map(|source| source.source as usize).collect()
    }

    /// What is found, for people: word, the place in the text, what was undone.
    pub fn explain(&mut self, text: &str) -> String {
        let hits = self.scan(text);
        let mut found = Vec::new();
        for source in &hits.sources {
            for hit in &source.hits {
                let word = &self.groups[source.source as usize].words[hit.word as usize];
                let piece = &text[hit.range.clone()];
                found.push(format!("{word} in `{piece}` {:?}", hit.transformations));
            }
        }
        format!("{text}  <- {}", found.join("; "))
    }
}

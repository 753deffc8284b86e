use crate::{
    Detector, Lexicon,
    allowed::{Allowed, AllowedBuilder, AllowedPlaces},
    canonical::Canonical,
    collector::{Collector, Hits},
    finder::Buffers,
    folded::{Folded, Symbols},
    regexes::{Regexes, RegexesBuilder},
    source::{BuildError, Matcher, Source},
    symbols::Entry,
    words::{Words, WordsBuilder},
};
use std::{cell::OnceCell, sync::Arc};
use umpire_model::{ByteRange, Timestamp, Transformations};

/// Buffers one scan leaves for the next. One for each task; never shared.
#[derive(Default)]
pub struct Scratch {
    symbols: Symbols,
    buffers: Buffers,
    slots: Vec<u32>,
    /// Patterns whose keys were found.
    patterns: Vec<u32>,
}

/// What a scan knows beside the text.
#[derive(Clone, Copy)]
pub struct Facts<'f> {
    /// The moment, for words and phrases with an end.
    pub now: Timestamp,
    /// Whether the allow-list with this number counts for this text.
    pub is_active: &'f dyn Fn(u32) -> bool,
    /// A scanner whose lists for every source count here too.
    pub outer: Option<Outer<'f>>,
    /// Only hits count that lie on both sides of this byte.
    pub crossing: Option<usize>,
}

/// Another scanner's allow-lists, with what says which of them count.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct Outer<'f> {
    pub scanner: &'f Scanner,
    pub is_active: &'f dyn Fn(u32) -> bool,
}

impl Default for Facts<'_> {
    /// At the epoch, every list active.
    fn default() -> Self {
        Self { now: Timestamp(0), is_active: &|_| true, outer: None, crossing: None }
    }
}

/// Collects sources and compiles them into a [`Scanner`].
#[derive(Default)]
pub struct ScannerBuilder {
    sources: Vec<Compiled>,
    words: WordsBuilder,
    allowed: AllowedBuilder,
    canonical_regexes: RegexesBuilder,
    verbatim_regexes: RegexesBuilder,
    detectors: Vec<Detecting>,
}

impl ScannerBuilder {
    /// Adds a list of harmless phrases, folded character by character, and gives its number: 0, 1,
    /// 2, ... It holds for every source, or for those that name it.
    pub fn add_allow_list(&mut self, lexicon: Arc<Lexicon>, everywhere: bool) -> u32 {
        self.allowed.add_list(lexicon, everywhere)
    }

    /// Adds a source and gives its number: 0, 1, 2, ...
    ///
    /// # Errors
    /// What is wrong with the source; the builder is then of no more use.
    pub fn add(&mut self, source: Source) -> Result<u32, BuildError> {
        let number = u32::try_from(self.sources.len())
            .map_err(|_| BuildError::TooBig("too many rules".into()))?;
        for exception in &source.exceptions {
            if crate::is_blank(&exception.text) {
                return Err(BuildError::BlankWord);
            }
            self.allowed.add(&exception.text, exception.end, source.switches, number);
        }
        let words = self.add_matcher(source.matcher, source.switches, number)?;
        let has_exceptions = !source.exceptions.is_empty() || !source.allow_lists.is_empty();
        self.sources.push(Compiled {
            words,
            has_exceptions,
            allow_lists: source.allow_lists.into_boxed_slice(),
            cover: source.cover,
        });
        Ok(number)
    }

    fn add_matcher(
        &mut self,
        matcher: Matcher,
        switches: Transformations,
        number: u32,
    ) -> Result<SourceWords, BuildError> {
        match matcher {
            Matcher::Words { words: own, mode } => {
                for (word, index) in own.iter().zip(0..) {
                    if crate::is_blank(word) {
                        return Err(BuildError::BlankWord);
                    }
                    self.words.add(word, index, mode, switches, number);
                }
                Ok(SourceWords::Own(own.into_boxed_slice()))
            }
            Matcher::List { lexicon, mode } => {
                self.words.add_lexicon(&lexicon, mode, switches, number);
                Ok(SourceWords::Shared(lexicon))
            }
            Matcher::Regex(pattern) => {
                let folds = !switches.is_empty();
                let target =
                    if folds { &mut self.canonical_regexes } else { &mut self.verbatim_regexes };
                if let Some((number, keys)) = target.add(&pattern, folds, number)? {
                    keys.iter().for_each(|key| self.words.add_key(key, number));
                }
                Ok(SourceWords::Own(Box::new([pattern])))
            }
            Matcher::Detector(detector) => {
                let verbatim = switches.is_empty();
                self.detectors.push(Detecting { source: number, detector, verbatim });
                Ok(SourceWords::Own(Box::new([detector.id().into()])))
            }
        }
    }

    /// Compiles everything. Takes time in the number of words the sources bring
    /// themselves; call it off the request path.
    ///
    /// # Errors
    /// [`BuildError::TooBig`].
    pub fn build(self) -> Result<Scanner, BuildError> {
        let canonical_regexes = self.canonical_regexes.build(true)?;
        let verbatim_regexes = self.verbatim_regexes.build(false)?;
        Ok(Scanner {
            sources: self.sources.into_boxed_slice(),
            words: self.words.build()?,
            allowed: self.allowed.build()?,
            needs: self.detectors.iter().fold(0, |needs, one| needs | one.detector.needs()),
            has_unkeyed: !canonical_regexes.are_keyed() || !verbatim_regexes.are_keyed(),
            canonical_regexes,
            verbatim_regexes,
            detectors: self.detectors.into_boxed_slice(),
        })
    }
}

/// A source's detector.
#[derive(Clone, Copy)]
struct Detecting {
    source: u32,
    detector: Detector,
    /// Whether it looks at the text as sent.
    verbatim: bool,
}

struct Compiled {
    words: SourceWords,
    has_exceptions: bool,
    /// Numbers of the lists that hold for it.
    allow_lists: Box<[u32]>,
    cover: bool,
}

/// What the numbers of a source's words stand for.
enum SourceWords {
    Own(Box<[Arc<str>]>),
    Shared(Arc<Lexicon>),
}

/// Finds every hit of every source in a text, in one call.
pub struct Scanner {
    sources: Box<[Compiled]>,
    words: Words,
    allowed: Allowed,
    canonical_regexes: Regexes,
    verbatim_regexes: Regexes,
    detectors: Box<[Detecting]>,
    /// What a text must have for any detector to find something.
    needs: u32,
    /// Whether some pattern is tried on every text.
    has_unkeyed: bool,
}

impl Scanner {
    /// The word, pattern or detector id that a hit's `word` numbers.
    #[must_use]
    pub fn word(&self, source: u32, word: u32) -> &Arc<str> {
        match &self.sources[source as usize].words {
            SourceWords::Own(words) => &words[word as usize],
            SourceWords::Shared(lexicon) => lexicon.word(word),
        }
    }

    /// Whether an allow-list holds for every source, also those of other scanners.
    #[must_use]
    pub fn allows_everywhere(&self) -> bool {
        self.allowed.holds_everywhere()
    }

    /// Scans a text of less than 4 GiB. Time is linear in the text for a given
    /// set of sources; memory is bounded by the text's length.
    #[must_use]
    pub fn scan(&self, text: &str, facts: &Facts<'_>, scratch: &mut Scratch) -> Hits {
        let present = scratch.symbols.fold(text);
        if present & Entry::COMPLEX != 0 {
            scratch.symbols.fold(Canonical::with(text, present).text());
        }
        let may = self.words.look(scratch.symbols.padded(), present, &mut scratch.buffers);
        if !may && present & self.needs == 0 && !self.has_unkeyed {
            return Hits::default();
        }
        self.scan_closely(text, present, facts, scratch)
    }

    /// Scans a text that may hold something.
    fn scan_closely(
        &self,
        text: &str,
        present: u32,
        facts: &Facts<'_>,
        scratch: &mut Scratch,
    ) -> Hits {
        let Scratch { symbols, buffers, slots, patterns } = scratch;
        let canonical = Canonical::with(text, present);
        let folded = Folded::new(text, &canonical, present, symbols.padded());
        let collector = Collector::new(text.len(), self.sources.len(), slots);
        let mut sink = Sink {
            scanner: self,
            facts,
            folded: &folded,
            present,
            collector,
            allowed: OnceCell::new(),
            outer: OnceCell::new(),
        };
        patterns.clear();
        self.words.find(&folded, present, facts.now, buffers, patterns, |hit| {
            sink.hit(hit.source, (hit.word, hit.tag), hit.range, hit.taken);
        });
        patterns.sort_unstable();
        patterns.dedup();
        self.find_patterns(text, &canonical, patterns, &mut sink);
        sink.collector.finish()
    }

    fn find_patterns(
        &self,
        text: &str,
        canonical: &Canonical<'_>,
        patterns: &[u32],
        sink: &mut Sink<'_>,
    ) {
        let none = Transformations::NONE;
        self.verbatim_regexes.find(text, |source, range| {
            sink.hit(source, (0, None), range, none);
        });
        if !self.canonical_regexes.are_keyed() {
            self.canonical_regexes.find(canonical.text(), |source, range| {
                sink.hit(source, (0, None), canonical.to_original(range), none);
            });
        }
        for &pattern in patterns {
            self.canonical_regexes.find_keyed(pattern, canonical.text(), |source, range| {
                sink.hit(source, (0, None), canonical.to_original(range), none);
            });
        }
        let present = sink.present;
        let may = |one: &&Detecting| present & one.detector.needs() != 0;
        for &Detecting { source, detector, verbatim } in self.detectors.iter().filter(may) {
            match verbatim {
                true => detector.find(text, |range| sink.hit(source, (0, None), range, none)),
                false => detector.find(canonical.text(), |range| {
                    sink.hit(source, (0, None), canonical.to_original(range), none);
                }),
            }
        }
    }
}

/// Where raw hits go: past what is allowed, into the collector.
struct Sink<'s> {
    scanner: &'s Scanner,
    facts: &'s Facts<'s>,
    folded: &'s Folded<'s>,
    /// Flags of the text's entries.
    present: u32,
    collector: Collector<'s>,
    /// Made with the first hit that asks, as is `outer`.
    allowed: OnceCell<AllowedPlaces>,
    outer: OnceCell<AllowedPlaces>,
}

impl Sink<'_> {
    /// `word` comes with its tag.
    fn hit(
        &mut self,
        source: u32,
        (word, tag): (u32, Option<u32>),
        range: ByteRange,
        taken: Transformations,
    ) {
        if self.facts.crossing.is_some_and(|at| range.start >= at || range.end <= at) {
            return;
        }
        let compiled = &self.scanner.sources[source as usize];
        let entry = self.collector.entry(source, compiled.cover);
        if self.is_allowed(source, compiled, &range) {
            return;
        }
        if let (Some(tag), SourceWords::Shared(lexicon)) = (tag, &compiled.words) {
            self.collector.tag(entry, tag, lexicon.tag_count());
        }
        self.collector.push(entry, word, range, taken);
    }

    fn is_allowed(&self, source: u32, compiled: &Compiled, range: &ByteRange) -> bool {
        let (own, facts) = (&self.scanner.allowed, self.facts);
        let places = |allowed: &Allowed, is_active| {
            allowed.find(self.folded, self.present, facts.now, is_active)
        };
        if compiled.has_exceptions || own.holds_everywhere() {
            let allowed = self.allowed.get_or_init(|| places(own, facts.is_active));
            if allowed.cover(source, &compiled.allow_lists, range) {
                return true;
            }
        }
        facts.outer.is_some_and(|outer| {
            let outside = || places(&outer.scanner.allowed, outer.is_active);
            self.outer.get_or_init(outside).cover_everywhere(range)
        })
    }
}

#[cfg(test)]
mod tests;

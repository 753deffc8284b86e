use crate::{
    Detector, Normalization,
    canonical::{self, Canonical},
    channels::{Channel, Channels},
    collector::{Collector, Hits},
    regexes::{Regexes, RegexesBuilder},
    source::{BuildError, Matcher, Source},
    words::{Words, WordsBuilder},
};
use std::{collections::HashMap, sync::Arc};
use umpire_model::{ByteRange, Transformation};

/// Buffers one scan leaves for the next. One for each task; never shared.
#[derive(Default)]
pub struct Scratch {
    folded: String,
    slots: Vec<u32>,
}

/// Collects sources and compiles them into a [`Scanner`].
#[derive(Default)]
pub struct ScannerBuilder {
    sources: Vec<Compiled>,
    folded: WordsBuilder,
    verbatim: WordsBuilder,
    folded_exceptions: WordsBuilder,
    verbatim_exceptions: WordsBuilder,
    canonical_regexes: RegexesBuilder,
    verbatim_regexes: RegexesBuilder,
    detectors: Vec<(u32, Detector)>,
}

impl ScannerBuilder {
    /// Adds a source and gives its number: 0, 1, 2, ...
    ///
    /// # Errors
    /// What is wrong with the source; the builder is then of no more use.
    pub fn add(&mut self, source: Source) -> Result<u32, BuildError> {
        let number = u32::try_from(self.sources.len())
            .map_err(|_| BuildError::TooBig("too many rules".into()))?;
        let folds = source.normalization == Normalization::Safe;
        for exception in &source.exceptions {
            let target =
                if folds { &mut self.folded_exceptions } else { &mut self.verbatim_exceptions };
            target.add(&channel_form(exception, folds), crate::MatchMode::Contains, number, 0)?;
        }
        let is_words = matches!(source.matcher, Matcher::Words { .. });
        let words = self.add_matcher(source.matcher, folds, number)?;
        self.sources.push(Compiled {
            words,
            is_words,
            has_exceptions: !source.exceptions.is_empty(),
            cover: source.cover,
        });
        Ok(number)
    }

    fn add_matcher(
        &mut self,
        matcher: Matcher,
        folds: bool,
        number: u32,
    ) -> Result<Box<[Arc<str>]>, BuildError> {
        match matcher {
            Matcher::Words { words, mode } => {
                let target = if folds { &mut self.folded } else { &mut self.verbatim };
                for (word, index) in words.iter().zip(0..) {
                    target.add(&channel_form(word, folds), mode, number, index)?;
                }
                Ok(words.into_boxed_slice())
            }
            Matcher::Regex(pattern) => {
                let target =
                    if folds { &mut self.canonical_regexes } else { &mut self.verbatim_regexes };
                target.add(&pattern, folds, number)?;
                Ok(Box::new([pattern]))
            }
            Matcher::Detector(detector) => {
                self.detectors.push((number, detector));
                Ok(Box::new([detector.id().into()]))
            }
        }
    }

    /// Compiles everything. Takes time in the number of words; call it off the
    /// request path.
    ///
    /// # Errors
    /// [`BuildError::TooBig`].
    pub fn build(self) -> Result<Scanner, BuildError> {
        Ok(Scanner {
            sources: self.sources.into_boxed_slice(),
            folded: self.folded.build()?,
            verbatim: self.verbatim.build()?,
            folded_exceptions: self.folded_exceptions.build()?,
            verbatim_exceptions: self.verbatim_exceptions.build()?,
            canonical_regexes: self.canonical_regexes.build(true)?,
            verbatim_regexes: self.verbatim_regexes.build(false)?,
            detectors: self.detectors.into_boxed_slice(),
        })
    }
}

/// A word as its channel shows it.
fn channel_form(word: &str, folds: bool) -> String {
    if folds { crate::fold(word) } else { word.to_owned() }
}

struct Compiled {
    words: Box<[Arc<str>]>,
    is_words: bool,
    has_exceptions: bool,
    cover: bool,
}

/// Finds every hit of every source in a text, in one call.
pub struct Scanner {
    sources: Box<[Compiled]>,
    folded: Words,
    verbatim: Words,
    folded_exceptions: Words,
    verbatim_exceptions: Words,
    canonical_regexes: Regexes,
    verbatim_regexes: Regexes,
    detectors: Box<[(u32, Detector)]>,
}

impl Scanner {
    /// The word, pattern or detector id that a hit's `word` numbers.
    #[must_use]
    pub fn word(&self, source: u32, word: u32) -> &Arc<str> {
        &self.sources[source as usize].words[word as usize]
    }

    /// Scans a text of less than 4 GiB. Time is linear in the text for a given
    /// set of sources; memory is bounded by the text's length.
    #[must_use]
    pub fn scan(&self, text: &str, scratch: &mut Scratch) -> Hits {
        let channels = Channels::new(text, &mut scratch.folded);
        let collector = Collector::new(text.len(), self.sources.len(), &mut scratch.slots);
        let mut sink = Sink { scanner: self, channels: &channels, collector, exceptions: None };
        self.find(&channels, &mut sink);
        self.finish(text, sink.collector)
    }

    fn find(&self, channels: &Channels<'_>, sink: &mut Sink<'_>) {
        for (words, channel) in
            [(&self.folded, Channel::Folded), (&self.verbatim, Channel::Original)]
        {
            words.find(channels.text(channel), |owner, range| {
                sink.hit(owner.source, owner.word, channel, range);
            });
        }
        for (regexes, channel) in [
            (&self.canonical_regexes, Channel::Canonical),
            (&self.verbatim_regexes, Channel::Original),
        ] {
            regexes
                .find(channels.text(channel), |source, range| sink.hit(source, 0, channel, range));
        }
        for &(source, detector) in &self.detectors {
            let text = channels.text(Channel::Canonical);
            detector.find(text, |range| sink.hit(source, 0, Channel::Canonical, range));
        }
    }

    fn finish(&self, text: &str, collector: Collector<'_>) -> Hits {
        let mut hits = collector.finish();
        for entry in &mut hits.sources {
            if self.sources[entry.source as usize].is_words {
                for hit in &mut entry.hits {
                    let word = self.word(entry.source, hit.word);
                    hit.transformations = transformations(&text[hit.range.clone()], word);
                }
            }
        }
        hits
    }
}

/// Where raw hits go: back to the original, past the exceptions, into the collector.
struct Sink<'s> {
    scanner: &'s Scanner,
    channels: &'s Channels<'s>,
    collector: Collector<'s>,
    /// Made with the first hit that asks.
    exceptions: Option<Exceptions>,
}

impl Sink<'_> {
    fn hit(&mut self, source: u32, word: u32, channel: Channel, range: ByteRange) {
        let compiled = &self.scanner.sources[source as usize];
        let range = self.channels.to_original(channel, range);
        let entry = self.collector.entry(source, compiled.cover);
        if !compiled.has_exceptions || !self.is_excepted(source, &range) {
            self.collector.push(entry, word, range);
        }
    }

    fn is_excepted(&mut self, source: u32, range: &ByteRange) -> bool {
        let (scanner, channels) = (self.scanner, self.channels);
        self.exceptions
            .get_or_insert_with(|| Exceptions::find(scanner, channels))
            .cover(source, range)
    }
}

/// Where the exceptions of each source stand in a text.
struct Exceptions {
    /// For each source: starts ascending, each with the farthest end so far.
    by_source: HashMap<u32, Vec<(usize, usize)>>,
}

impl Exceptions {
    fn find(scanner: &Scanner, channels: &Channels<'_>) -> Self {
        let mut by_source: HashMap<u32, Vec<(usize, usize)>> = HashMap::new();
        for (words, channel) in [
            (&scanner.folded_exceptions, Channel::Folded),
            (&scanner.verbatim_exceptions, Channel::Original),
        ] {
            words.find(channels.text(channel), |owner, range| {
                let range = channels.to_original(channel, range);
                by_source.entry(owner.source).or_default().push((range.start, range.end));
            });
        }
        for places in by_source.values_mut() {
            places.sort_unstable();
            let mut farthest = 0;
            for (_, end) in places {
                farthest = farthest.max(*end);
                *end = farthest;
            }
        }
        Self { by_source }
    }

    fn cover(&self, source: u32, range: &ByteRange) -> bool {
        let places = self.by_source.get(&source).map_or(&[][..], Vec::as_slice);
        let before = places.partition_point(|&(start, _)| start <= range.start);
        before > 0 && places[before - 1].1 >= range.end
    }
}

/// What had to be folded for `found` to be `word`.
fn transformations(found: &str, word: &str) -> Vec<Transformation> {
    let word = word.trim();
    if found == word {
        return Vec::new();
    }
    let (seen, sought) = (Canonical::of(found), Canonical::of(word));
    let mut taken = Vec::new();
    if seen.text != sought.text {
        taken.push(Transformation::Case);
    }
    if found.chars().any(canonical::is_width_form) != word.chars().any(canonical::is_width_form) {
        taken.push(Transformation::Width);
    } else if taken.is_empty() || seen.text != found {
        taken.push(Transformation::Canonical);
    }
    taken
}

#[cfg(test)]
mod tests;

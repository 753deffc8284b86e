use crate::{
    Detector, Lexicon, Normalization,
    allowed::{Allowed, AllowedBuilder, AllowedPlaces},
    canonical::{self, Canonical},
    channels::{Channel, Channels},
    collector::{Collector, Hits},
    regexes::{Regexes, RegexesBuilder},
    source::{BuildError, Matcher, Source},
    words::{Words, WordsBuilder},
};
use std::{cell::OnceCell, sync::Arc};
use umpire_model::{ByteRange, Timestamp, Transformation};

/// Buffers one scan leaves for the next. One for each task; never shared.
#[derive(Default)]
pub struct Scratch {
    folded: String,
    slots: Vec<u32>,
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
        Self { now: Timestamp(0), is_active: &|_| true, outer: None }
    }
}

/// Collects sources and compiles them into a [`Scanner`].
#[derive(Default)]
pub struct ScannerBuilder {
    sources: Vec<Compiled>,
    folded: WordsBuilder,
    verbatim: WordsBuilder,
    allowed: AllowedBuilder,
    canonical_regexes: RegexesBuilder,
    verbatim_regexes: RegexesBuilder,
    detectors: Vec<(u32, Detector)>,
}

impl ScannerBuilder {
    /// Adds a list of harmless phrases, folded by SAFE, and gives its number: 0, 1,
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
            let (text, end) = (&exception.text, exception.end);
            self.allowed.add(text, end, source.normalization, number)?;
        }
        let matches_words = matches!(source.matcher, Matcher::Words { .. } | Matcher::List { .. });
        let words = self.add_matcher(source.matcher, source.normalization, number)?;
        let has_exceptions = !source.exceptions.is_empty() || !source.allow_lists.is_empty();
        self.sources.push(Compiled {
            words,
            matches_words,
            has_exceptions,
            allow_lists: source.allow_lists.into_boxed_slice(),
            cover: source.cover,
        });
        Ok(number)
    }

    fn add_matcher(
        &mut self,
        matcher: Matcher,
        normalization: Normalization,
        number: u32,
    ) -> Result<SourceWords, BuildError> {
        let folds = normalization == Normalization::Safe;
        let words = if folds { &mut self.folded } else { &mut self.verbatim };
        match matcher {
            Matcher::Words { words: own, mode } => {
                for (word, index) in own.iter().zip(0..) {
                    words.add(&normalization.form(word), mode, number, index)?;
                }
                Ok(SourceWords::Own(own.into_boxed_slice()))
            }
            Matcher::List { lexicon, mode } => {
                debug_assert_eq!(lexicon.normalization(), normalization);
                words.add_lexicon(&lexicon, mode, number);
                Ok(SourceWords::Shared(lexicon))
            }
            Matcher::Regex(pattern) => {
                let target =
                    if folds { &mut self.canonical_regexes } else { &mut self.verbatim_regexes };
                target.add(&pattern, folds, number)?;
                Ok(SourceWords::Own(Box::new([pattern])))
            }
            Matcher::Detector(detector) => {
                self.detectors.push((number, detector));
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
        Ok(Scanner {
            sources: self.sources.into_boxed_slice(),
            folded: self.folded.build()?,
            verbatim: self.verbatim.build()?,
            allowed: self.allowed.build()?,
            canonical_regexes: self.canonical_regexes.build(true)?,
            verbatim_regexes: self.verbatim_regexes.build(false)?,
            detectors: self.detectors.into_boxed_slice(),
        })
    }
}

struct Compiled {
    words: SourceWords,
    matches_words: bool,
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
    folded: Words,
    verbatim: Words,
    allowed: Allowed,
    canonical_regexes: Regexes,
    verbatim_regexes: Regexes,
    detectors: Box<[(u32, Detector)]>,
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
        let channels = Channels::new(text, &mut scratch.folded);
        let collector = Collector::new(text.len(), self.sources.len(), &mut scratch.slots);
        let mut sink = Sink {
            scanner: self,
            facts,
            channels: &channels,
            collector,
            allowed: OnceCell::new(),
            outer: OnceCell::new(),
        };
        self.find(&channels, facts.now, &mut sink);
        self.finish(text, sink.collector)
    }

    fn find(&self, channels: &Channels<'_>, now: Timestamp, sink: &mut Sink<'_>) {
        for (words, channel) in
            [(&self.folded, Channel::Folded), (&self.verbatim, Channel::Original)]
        {
            words.find(channels.text(channel), now, |source, word, tag, range| {
                sink.hit(source, (word, tag), channel, range);
            });
        }
        for (regexes, channel) in [
            (&self.canonical_regexes, Channel::Canonical),
            (&self.verbatim_regexes, Channel::Original),
        ] {
            regexes.find(channels.text(channel), |source, range| {
                sink.hit(source, (0, None), channel, range);
            });
        }
        for &(source, detector) in &self.detectors {
            let text = channels.text(Channel::Canonical);
            detector.find(text, |range| sink.hit(source, (0, None), Channel::Canonical, range));
        }
    }

    fn finish(&self, text: &str, collector: Collector<'_>) -> Hits {
        let mut hits = collector.finish();
        for entry in &mut hits.sources {
            if self.sources[entry.source as usize].matches_words {
                for hit in &mut entry.hits {
                    let word = self.word(entry.source, hit.word);
                    hit.transformations = transformations(&text[hit.range.clone()], word);
                }
            }
        }
        hits
    }
}

/// Where raw hits go: back to the original, past what is allowed, into the collector.
struct Sink<'s> {
    scanner: &'s Scanner,
    facts: &'s Facts<'s>,
    channels: &'s Channels<'s>,
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
        channel: Channel,
        range: ByteRange,
    ) {
        let compiled = &self.scanner.sources[source as usize];
        let range = self.channels.to_original(channel, range);
        let entry = self.collector.entry(source, compiled.cover);
        if self.is_allowed(source, compiled, &range) {
            return;
        }
        if let (Some(tag), SourceWords::Shared(lexicon)) = (tag, &compiled.words) {
            self.collector.tag(entry, tag, lexicon.tag_count());
        }
        self.collector.push(entry, word, range);
    }

    fn is_allowed(&self, source: u32, compiled: &Compiled, range: &ByteRange) -> bool {
        let (own, facts, channels) = (&self.scanner.allowed, self.facts, self.channels);
        if compiled.has_exceptions || own.holds_everywhere() {
            let find = || own.find(channels, facts.now, facts.is_active);
            if self.allowed.get_or_init(find).cover(source, &compiled.allow_lists, range) {
                return true;
            }
        }
        facts.outer.is_some_and(|outer| {
            let find = || outer.scanner.allowed.find(channels, facts.now, outer.is_active);
            self.outer.get_or_init(find).cover_everywhere(range)
        })
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

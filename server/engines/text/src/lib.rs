//! Finds words, regular expressions and validated patterns in a text.
//!
//! ```
//! use umpire_text::{Facts, Matcher, MatchMode, ScannerBuilder, Scratch, Source};
//!
//! let mut builder = ScannerBuilder::default();
//! builder.add(Source::new(Matcher::Words { words: vec!["gold".into()], mode: MatchMode::Word }))?;
//! let scanner = builder.build()?;
//!
//! let hits = scanner.scan("cheap GOLD here", &Facts::default(), &mut Scratch::default());
//! assert_eq!(hits.sources[0].hits[0].range, 6..10);
//! # Ok::<(), umpire_text::BuildError>(())
//! ```
//!
//! Words are sought in a text of *symbols* (`Transformations::SAFE` folded wide, one
//! symbol for all characters that count as the same) by trees of words and filters
//! that say where no word starts. What a hit took is worked out afterwards and must be
//! switched on for its source. Regular expressions and detectors look at the
//! *canonical* text (narrow, composed), or, with nothing switched on, at the text
//! as sent. Whatever was undone, hits are ranges of the original.
//!
//! A [`Lexicon`] is a list of words compiled once and shared by sources and scanners.
//!
//! Overlap: one source reports leftmost-longest hits that do not overlap;
//! hits of different sources are independent.
//!
//! Everything is synchronous, reads no clock (the time is one of the [`Facts`]) and keeps no state between texts.

mod allowed;
mod boundary;
mod canonical;
mod case;
mod characters;
mod collector;
mod compound;
mod coverage;
pub mod detectors;
mod edges;
mod everyday;
mod filter;
mod finder;
mod folded;
mod initials;
mod layer;
mod letters;
mod lexicon;
mod look;
mod mask;
mod open;
mod ordinary;
mod place;
mod places;
mod regexes;
mod relation;
mod scanner;
mod shuffle;
mod sighting;
mod sound;
mod source;
mod stream;
mod symbols;
mod tail;
mod trie;
mod utf16;
mod vocabulary;
mod walk;
mod words;

pub use collector::{Hit, Hits, SourceHits};
pub use coverage::Coverage;
pub use detectors::Detector;
pub use lexicon::{Lexicon, LexiconWord};
pub use mask::mask;
pub use regexes::{MAX_PATTERN_BYTES, MAX_REGEX_BYTES};
pub use scanner::{Facts, Outer, Scanner, ScannerBuilder, Scratch};
pub use source::{BuildError, MatchMode, Matcher, Phrase, Source};
pub use utf16::Utf16Index;

/// Whether a word has nothing that could be seen: blanks and characters without a form.
#[must_use]
pub fn is_blank(word: &str) -> bool {
    folded::symbols_of(word).iter().all(|item| item.class() == symbols::Class::Blank)
}

/// The folded form of a text: what two spellings must share to be the same word.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    case::fold_into(canonical::Canonical::of(text).text(), &mut folded);
    folded
}

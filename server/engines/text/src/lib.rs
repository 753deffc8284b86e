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
//! A text is seen through three channels: as sent, *canonical* (full-width
//! forms narrowed, composed to NFC) and *folded* (canonical, in one letter case).
//! Words look at the folded channel, regular expressions and detectors at the
//! canonical one; with [`Normalization::None`] both look at the text as sent.
//! Whatever the channel, hits are ranges of the original.
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
mod channels;
mod collector;
mod coverage;
pub mod detectors;
mod dictionary;
mod lexicon;
mod mask;
mod profile;
mod regexes;
mod scanner;
mod source;
mod starts;
mod trie;
mod utf16;
mod words;

pub use collector::{Hit, Hits, SourceHits};
pub use coverage::Coverage;
pub use detectors::Detector;
pub use lexicon::{Lexicon, LexiconWord};
pub use mask::mask;
pub use regexes::{MAX_PATTERN_BYTES, MAX_REGEX_BYTES};
pub use scanner::{Facts, Outer, Scanner, ScannerBuilder, Scratch};
pub use source::{BuildError, MatchMode, Matcher, Normalization, Phrase, Source};
pub use utf16::Utf16Index;

/// Whether a word has nothing that could be seen: blanks and invisible characters.
#[must_use]
pub fn is_blank(word: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
                | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}')
    };
    word.chars().all(unseen)
}

/// The folded form of a text: what two spellings must share to be the same word.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    case::fold_into(&canonical::Canonical::of(text).text, &mut folded);
    folded
}

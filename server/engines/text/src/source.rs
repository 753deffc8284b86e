use crate::{Detector, Lexicon};
use std::sync::Arc;
use umpire_model::{Timestamp, Transformations};

/// Where a word must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatchMode {
    /// Anywhere.
    #[default]
    Contains,
    /// The whole text, blanks and, with INVISIBLE, hidden characters at its ends aside.
    Exact,
    /// Not next to another letter or digit of a script written with blanks.
    Word,
    /// As [`Self::Word`], and also inside made-up words: glued to other words or
    /// endings, but not inside an ordinary English word (`cocktail`, `Scunthorpe`).
    Compound,
}

/// What a source looks for.
#[derive(Clone)]
pub enum Matcher {
    /// Any of these words.
    Words {
        /// Not blank.
        words: Vec<Arc<str>>,
        /// Where they must stand.
        mode: MatchMode,
    },
    /// Any word of a list.
    List {
        /// The list.
        lexicon: Arc<Lexicon>,
        /// Where words without a mode of their own must stand.
        mode: MatchMode,
    },
    /// A pattern in the syntax of the `regex` crate.
    Regex(Arc<str>),
    /// A built-in, validating detector.
    Detector(Detector),
}

/// One thing to look for: what a rule declares.
#[derive(Clone)]
pub struct Source {
    /// What to look for.
    pub matcher: Matcher,
    /// What is undone. Patterns and detectors know two ways: nothing, when it is empty,
    /// else letter case, width and canonical equivalence.
    pub switches: Transformations,
    /// Harmless phrases: a hit inside one is cancelled.
    pub exceptions: Vec<Phrase>,
    /// Numbers of the builder's allow-lists that hold for this source.
    pub allow_lists: Vec<u32>,
    /// Whether the scan keeps a [`crate::Coverage`] of all hits, for masking.
    pub cover: bool,
}

impl Source {
    /// A source with SAFE switched on, without exceptions or coverage.
    #[must_use]
    pub fn new(matcher: Matcher) -> Self {
        Self {
            matcher,
            switches: Transformations::SAFE,
            exceptions: Vec::new(),
            allow_lists: Vec::new(),
            cover: false,
        }
    }
}

/// A harmless phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Not blank.
    pub text: Arc<str>,
    /// From then on it does not count.
    pub end: Option<Timestamp>,
}

/// A source cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A word or exception has no character but blanks.
    #[error("a word must not be blank")]
    BlankWord,
    /// The pattern has a mistake; the text says where.
    #[error("{0}")]
    RegexSyntax(String),
    /// The pattern is longer than a pattern may be.
    #[error("the pattern exceeds {limit} bytes")]
    RegexTooLong {
        /// Bytes.
        limit: usize,
    },
    /// The compiled pattern is over the limit.
    #[error("the compiled pattern exceeds {limit} bytes")]
    RegexTooBig {
        /// Bytes.
        limit: usize,
    },
    /// The pattern matches the empty text, so it would match everywhere.
    #[error("the pattern matches the empty text")]
    RegexMatchesEmpty,
    /// All words or patterns together are over a limit of the engine.
    #[error("the rule set is too big to compile: {0}")]
    TooBig(String),
}

//! What a word can be, and where it must stand.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::Violation;
use umpire_text::MatchMode;

/// Longest word or phrase, in characters.
pub const MAX_WORD_CHARS: usize = 10_000;

/// [`MatchMode`] as policy documents write it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
#[allow(missing_docs)]
pub enum WordMode {
    #[default]
    #[n(0)]
    Contains,
    #[n(1)]
    Exact,
    #[n(2)]
    Word,
    #[n(3)]
    Compound,
}

impl WordMode {
    /// Every mode, in the order of the contract.
    pub const ALL: [Self; 4] = [Self::Contains, Self::Exact, Self::Word, Self::Compound];

    /// As documents write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contains => "CONTAINS",
            Self::Exact => "EXACT",
            Self::Word => "WORD",
            Self::Compound => "COMPOUND",
        }
    }
}

impl From<WordMode> for MatchMode {
    fn from(mode: WordMode) -> Self {
        match mode {
            WordMode::Contains => Self::Contains,
            WordMode::Exact => Self::Exact,
            WordMode::Word => Self::Word,
            WordMode::Compound => Self::Compound,
        }
    }
}

/// Whether a word is longer than a word may be. Most are short, so bytes go first.
pub(crate) fn is_too_long(word: &str) -> bool {
    word.len() > MAX_WORD_CHARS && word.chars().count() > MAX_WORD_CHARS
}

/// What is wrong with a word a rule looks for, or a harmless phrase.
pub(super) fn check_word(path: String, word: &str, found: &mut Vec<Violation>) {
    if umpire_text::is_blank(word) {
        found.push(Violation::invalid(path, "must not be blank"));
    } else if is_too_long(word) {
        found.push(Violation::too_large(path, format!("{MAX_WORD_CHARS} characters")));
    }
}

/// What is wrong with at most `limit` of them.
pub(super) fn check_words(
    path: &str,
    words: &[Arc<str>],
    limit: usize,
    found: &mut Vec<Violation>,
) {
    if words.len() > limit {
        return found.push(Violation::too_large(path, limit));
    }
    for (index, word) in words.iter().enumerate() {
        check_word(format!("{path}[{index}]"), word, found);
    }
}

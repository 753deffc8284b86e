use crate::{
    Normalization,
    boundary::is_whole_word,
    dictionary::{Dictionary, DictionaryBuilder},
    source::{BuildError, MatchMode},
    trie::Trie,
};
use std::{collections::HashMap, sync::Arc};
use umpire_model::{ByteRange, Timestamp};

/// A word of a [`Lexicon`].
#[derive(Debug, Clone, Copy)]
pub struct LexiconWord<'w> {
    /// Not blank.
    pub word: &'w Arc<str>,
    /// Where it must stand; as the source says, when `None`.
    pub mode: Option<MatchMode>,
    /// From then on it is not found.
    pub end: Option<Timestamp>,
}

/// A list of words compiled once, for any number of sources and scanners to share.
pub struct Lexicon {
    dictionary: Dictionary<u32>,
    normalization: Normalization,
    words: Box<[Arc<str>]>,
    modes: Box<[Option<MatchMode>]>,
    ends: HashMap<u32, Timestamp>,
}

impl Lexicon {
    /// Compiles words, numbered as they come. Takes time in their number; call it
    /// off the request path.
    ///
    /// # Errors
    /// [`BuildError::BlankWord`], [`BuildError::TooBig`].
    pub fn build<'w>(
        normalization: Normalization,
        words: impl IntoIterator<Item = LexiconWord<'w>>,
    ) -> Result<Self, BuildError> {
        let mut builder = DictionaryBuilder::default();
        let (mut texts, mut modes, mut ends) = (Vec::new(), Vec::new(), HashMap::new());
        for (word, number) in words.into_iter().zip(0..) {
            builder.add(&normalization.form(word.word), number)?;
            texts.push(word.word.clone());
            modes.push(word.mode);
            ends.extend(word.end.map(|end| (number, end)));
        }
        let dictionary = builder.build()?;
        Ok(Self { dictionary, normalization, words: texts.into(), modes: modes.into(), ends })
    }

    /// What its words were folded by.
    #[must_use]
    pub fn normalization(&self) -> Normalization {
        self.normalization
    }

    /// The word with a number.
    #[must_use]
    pub fn word(&self, number: u32) -> &Arc<str> {
        &self.words[number as usize]
    }

    /// The words with the form the trie numbers.
    pub(crate) fn numbers(&self, form: u32) -> &[u32] {
        self.dictionary.owners(form)
    }

    /// Whether a word is still sought.
    pub(crate) fn holds(&self, number: u32, now: Timestamp) -> bool {
        self.ends.is_empty() || self.ends.get(&number).is_none_or(|end| now < *end)
    }

    /// Where a word must stand, for a source with this mode.
    pub(crate) fn mode(&self, number: u32, of_source: MatchMode) -> MatchMode {
        self.modes[number as usize].unwrap_or(of_source)
    }
}

impl AsRef<Trie> for Lexicon {
    fn as_ref(&self) -> &Trie {
        self.dictionary.as_ref()
    }
}

impl MatchMode {
    /// Whether a range of `text` is where a word in this mode must stand.
    pub(crate) fn suits(self, text: &str, range: &ByteRange) -> bool {
        match self {
            Self::Contains => true,
            Self::Word => is_whole_word(text, range),
            Self::Exact => text[range.clone()] == *text.trim(),
        }
    }
}

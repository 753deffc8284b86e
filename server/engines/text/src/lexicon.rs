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
    /// The caller's number for what the word shares with others, such as its category.
    /// Of words that stand in the same place the one with the least tag is reported.
    pub tag: u32,
}

/// A list of words compiled once, for any number of sources and scanners to share.
pub struct Lexicon {
    dictionary: Dictionary<u32>,
    normalization: Normalization,
    words: Box<[Arc<str>]>,
    modes: Box<[Option<MatchMode>]>,
    ends: HashMap<u32, Timestamp>,
    tags: Box<[u32]>,
    /// One more than the greatest.
    tag_count: u32,
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
        let (mut texts, mut modes, mut ends) = (Vec::new(), Vec::new(), HashMap::new());
        let (mut tags, mut tag_count) = (Vec::new(), 0);
        for (word, number) in words.into_iter().zip(0..) {
            texts.push(word.word.clone());
            modes.push(word.mode);
            tags.push(word.tag);
            tag_count = tag_count.max(word.tag.saturating_add(1));
            ends.extend(word.end.map(|end| (number, end)));
        }
        let mut order: Vec<u32> = (0..).zip(&tags).map(|(number, _)| number).collect();
        if tag_count > 1 {
            order.sort_by_key(|&number| tags[number as usize]);
        }
        let mut builder = DictionaryBuilder::default();
        for number in order {
            let word: &Arc<str> = &texts[number as usize];
            builder.add(&normalization.form(word), number)?;
        }
        let dictionary = builder.build()?;
        Ok(Self {
            dictionary,
            normalization,
            words: texts.into(),
            modes: modes.into(),
            ends,
            tags: tags.into(),
            tag_count,
        })
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

    pub(crate) fn tag(&self, number: u32) -> u32 {
        self.tags[number as usize]
    }

    pub(crate) fn tag_count(&self) -> u32 {
        self.tag_count
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
    /// Whether a range of `text` is where a word in this mode must stand; `whole` is
    /// [`trimmed`] of the text.
    pub(crate) fn suits(self, text: &str, range: &ByteRange, whole: &ByteRange) -> bool {
        match self {
            Self::Contains => true,
            Self::Word => is_whole_word(text, range),
            Self::Exact => range == whole,
        }
    }
}

/// Where a text stands without the blanks at its ends.
pub(crate) fn trimmed(text: &str) -> ByteRange {
    let start = text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

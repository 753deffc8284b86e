//! A list of words, compiled once for all who use it.

use crate::{
    source::{BuildError, MatchMode},
    vocabulary::Vocabulary,
};
use std::{collections::HashMap, sync::Arc};
use umpire_model::Timestamp;

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

/// A list of words compiled once, for any number of sources and scanners to share. What
/// a transformation needs beside the spelling is compiled when the first source asks for it.
pub struct Lexicon {
    vocabulary: Arc<Vocabulary>,
    /// Empty when no word says where it must stand.
    modes: Box<[Option<MatchMode>]>,
    ends: HashMap<u32, Timestamp>,
    /// Empty when all are 0.
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
    pub fn build<'w>(words: impl IntoIterator<Item = LexiconWord<'w>>) -> Result<Self, BuildError> {
        let (mut texts, mut modes, mut ends) = (Vec::new(), Vec::new(), HashMap::new());
        let (mut tags, mut tag_count) = (Vec::new(), 0);
        for (word, number) in words.into_iter().zip(0..) {
            texts.push(word.word.clone());
            modes.push(word.mode);
            tags.push(word.tag);
            tag_count = tag_count.max(word.tag.saturating_add(1));
            ends.extend(word.end.map(|end| (number, end)));
        }
        if tag_count <= 1 {
            tags.clear();
        }
        if modes.iter().all(Option::is_none) {
            modes.clear();
        }
        let order = (tag_count > 1).then_some(&tags[..]);
        Ok(Self {
            vocabulary: Arc::new(Vocabulary::in_order(texts, order)?),
            modes: modes.into(),
            ends,
            tags: tags.into(),
            tag_count,
        })
    }

    /// The word with a number.
    #[must_use]
    pub fn word(&self, number: u32) -> &Arc<str> {
        &self.vocabulary.word(number).text
    }

    /// Bytes of the tree of its words and of what says where none starts.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.vocabulary.memory()
    }

    pub(crate) fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// Whether some word says itself that it is sought in compounds.
    pub(crate) fn has_compounds(&self) -> bool {
        self.modes.contains(&Some(MatchMode::Compound))
    }

    /// Whether a word is still sought.
    pub(crate) fn holds(&self, number: u32, now: Timestamp) -> bool {
        self.ends.is_empty() || self.ends.get(&number).is_none_or(|end| now < *end)
    }

    pub(crate) fn tag(&self, number: u32) -> u32 {
        self.tags.get(number as usize).copied().unwrap_or_default()
    }

    pub(crate) fn tag_count(&self) -> u32 {
        self.tag_count
    }

    /// Where a word must stand, for a source with this mode.
    pub(crate) fn mode(&self, number: u32, of_source: MatchMode) -> MatchMode {
        self.modes.get(number as usize).copied().flatten().unwrap_or(of_source)
    }
}

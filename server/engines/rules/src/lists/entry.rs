use crate::conditions::word::{self, MAX_WORD_CHARS, WordMode};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{Level, Timestamp, rfc3339};

/// Longest category, in characters: it becomes a label.
const MAX_CATEGORY_CHARS: usize = 64;
/// Longest note, in characters.
const MAX_NOTE_CHARS: usize = 500;

/// One word of a list. In documents a word without anything else is a plain string.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
#[cbor(array)]
pub struct Entry {
    /// As it is written, without blanks at its ends.
    #[cbor(n(0), encode_with = "text::encode", decode_with = "text::decode")]
    pub word: Arc<str>,
    /// Where it must stand; as the rule says, when `None`.
    #[n(1)]
    pub mode: Option<WordMode>,
    /// Becomes a label of the match.
    #[cbor(n(2), encode_with = "optional_text::encode", decode_with = "optional_text::decode")]
    pub category: Option<Arc<str>>,
    /// Level of the match; the rule's, when `None`.
    #[n(3)]
    pub level: Option<Level>,
    /// For people.
    #[cbor(n(4), encode_with = "optional_text::encode", decode_with = "optional_text::decode")]
    pub note: Option<Arc<str>>,
    /// From then on it is no longer looked for.
    #[n(5)]
    pub end_time: Option<Timestamp>,
}

/// Why a word cannot be an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum EntryError {
    #[error("the word is empty")]
    Empty,
    #[error("the word has {0} characters, over the limit of {MAX_WORD_CHARS}")]
    TooLong(usize),
    #[error("control character U+{0:04X}")]
    Control(u32),
    #[error("the category has over {MAX_CATEGORY_CHARS} characters")]
    CategoryTooLong,
    #[error("the note has over {MAX_NOTE_CHARS} characters")]
    NoteTooLong,
}

impl Entry {
    /// A word and nothing else; blanks at its ends are cut off.
    #[must_use]
    pub fn new(word: &str) -> Self {
        let word = word.trim().into();
        Self { word, mode: None, category: None, level: None, note: None, end_time: None }
    }

    /// Checks word, category and note.
    ///
    /// # Errors
    /// [`EntryError`].
    pub fn check(&self) -> Result<(), EntryError> {
        if word::is_too_long(&self.word) {
            return Err(EntryError::TooLong(self.word.chars().count()));
        }
        let texts = [Some(&self.word), self.category.as_ref(), self.note.as_ref()];
        for text in texts.into_iter().flatten() {
            if let Some(control) = text.chars().find(|c| c.is_control()) {
                return Err(EntryError::Control(control.into()));
            }
        }
        if umpire_text::is_blank(&self.word) {
            return Err(EntryError::Empty);
        }
        let over = |text: &Option<Arc<str>>, limit: usize| {
            text.as_ref().is_some_and(|text| text.len() > limit && text.chars().count() > limit)
        };
        if over(&self.category, MAX_CATEGORY_CHARS) {
            return Err(EntryError::CategoryTooLong);
        }
        if over(&self.note, MAX_NOTE_CHARS) {
            return Err(EntryError::NoteTooLong);
        }
        Ok(())
    }

    /// About how many bytes it takes in an answer.
    #[must_use]
    pub fn weight(&self) -> usize {
        let optional = |text: &Option<Arc<str>>| text.as_ref().map_or(0, |text| text.len() + 4);
        32 + self.word.len() + optional(&self.category) + optional(&self.note)
    }
}

/// How documents write an entry.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "an entry is a word, or an object with `word`")]
enum Form {
    Word(Arc<str>),
    Full(Full),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Full {
    word: Arc<str>,
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    mode: Option<WordMode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Arc<str>>,
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
}

impl From<Form> for Entry {
    fn from(form: Form) -> Self {
        match form {
            Form::Word(word) => Self::new(&word),
            Form::Full(Full { word, mode, category, level, note, end_time }) => {
                Self { mode, category, level, note, end_time, ..Self::new(&word) }
            }
        }
    }
}

impl From<Entry> for Form {
    fn from(entry: Entry) -> Self {
        if entry == Entry::new(&entry.word) {
            return Self::Word(entry.word);
        }
        let Entry { word, mode, category, level, note, end_time } = entry;
        Self::Full(Full { word, mode, category, level, note, end_time })
    }
}

/// Shared texts, which minicbor has no form for.
mod text {
    use super::Arc;
    use minicbor::{
        Decoder, Encoder,
        decode::Error as Decoding,
        encode::{Error as Encoding, Write},
    };

    pub fn encode<C, W: Write>(
        text: &Arc<str>,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), Encoding<W::Error>> {
        e.str(text)?.ok()
    }

    pub fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Arc<str>, Decoding> {
        d.str().map(Arc::from)
    }
}

mod optional_text {
    use super::Arc;
    use minicbor::{
        Decoder, Encoder,
        data::Type,
        decode::Error as Decoding,
        encode::{Error as Encoding, Write},
    };

    pub fn encode<C, W: Write>(
        text: &Option<Arc<str>>,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), Encoding<W::Error>> {
        match text {
            Some(text) => e.str(text)?.ok(),
            None => e.null()?.ok(),
        }
    }

    pub fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Option<Arc<str>>, Decoding> {
        if d.datatype()? == Type::Null {
            d.null()?;
            return Ok(None);
        }
        d.str().map(|text| Some(text.into()))
    }
}

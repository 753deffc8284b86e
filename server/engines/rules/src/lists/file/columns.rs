//! What the columns of a file mean.

use crate::{conditions::text::WordMode, lists::Entry};
use std::borrow::Cow;
use umpire_model::{Level, Timestamp};

/// A column by one of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Word,
    Match,
    Category,
    Level,
    Note,
    EndTime,
}

impl Column {
    pub fn of(name: &str) -> Option<Self> {
        Some(match name.trim().to_lowercase().as_str() {
            "word" | "text" | "token" | "term" | "keyword" | "词" | "词语" | "敏感词"
            | "关键词" => Self::Word,
            "match" | "匹配" => Self::Match,
            "category" | "category_1" | "label" | "tag" | "type" | "类别" | "分类" | "标签" => {
                Self::Category
            }
            "level" | "级别" | "等级" => Self::Level,
            "note" | "备注" | "说明" => Self::Note,
            "end_time" | "截止时间" => Self::EndTime,
            _ => return None,
        })
    }
}

/// A word that says by its first character how it matches: `=word` is EXACT,
/// `\=word` starts with `=`, `\\=word` with `\=`, and so on.
pub(super) fn marked(word: &str) -> Entry {
    let word = word.trim();
    if let Some(exact) = word.strip_prefix('=') {
        return Entry { mode: Some(WordMode::Exact), ..Entry::new(exact) };
    }
    Entry::new(if needs_escape(word) { &word[1..] } else { word })
}

/// The word as [`marked`] reads it back, for an entry without a mode of its own.
pub(super) fn escaped(word: &str) -> Cow<'_, str> {
    if needs_escape(word) { Cow::Owned(format!("\\{word}")) } else { Cow::Borrowed(word) }
}

/// Whether a word starts with `=`, after any number of backslashes.
fn needs_escape(word: &str) -> bool {
    word.trim_start_matches('\\').starts_with('=')
}

/// The name of a mode in any case; nothing when empty.
pub(super) fn mode(text: &str) -> Result<Option<WordMode>, String> {
    let name = text.trim();
    if name.is_empty() {
        return Ok(None);
    }
    let known = WordMode::ALL.into_iter().find(|mode| name.eq_ignore_ascii_case(mode.name()));
    known.map(Some).ok_or_else(|| {
        let names = WordMode::ALL.map(WordMode::name).join(", ");
        format!("match `{text}` is none of {names}")
    })
}

/// P0 to P3 in any case; nothing when empty.
pub(super) fn level(text: &str) -> Result<Option<Level>, String> {
    Ok(match text.trim().to_ascii_uppercase().as_str() {
        "" => None,
        "P0" => Some(Level::P0),
        "P1" => Some(Level::P1),
        "P2" => Some(Level::P2),
        "P3" => Some(Level::P3),
        _ => return Err(format!("level `{text}` is none of P0, P1, P2, P3")),
    })
}

/// An RFC 3339 time; nothing when empty.
pub(super) fn end_time(text: &str) -> Result<Option<Timestamp>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let time = Timestamp::parse_rfc3339(text);
    time.map(Some).ok_or_else(|| format!("end_time `{text}` is no RFC 3339 time"))
}

//! Where a word must stand, and wildcards.

use crate::{
    boundary::{extend_left, extend_right, is_free_left, is_free_right},
    source::MatchMode,
    symbols::dropped,
};
use std::{borrow::Cow, cell::OnceCell};
use umpire_model::{ByteRange, Transformation};

/// What the stars at a word's ends ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Placing {
    /// `*cat`: something may stand before it.
    pub before: bool,
    /// `cat*`: something may stand behind it.
    pub behind: bool,
}

impl Placing {
    /// A word's stars, and what is left of it. A star counts next to a letter, digit or
    /// character; `\*` is a star itself.
    pub fn of(word: &str) -> (Self, Cow<'_, str>) {
        let word = word.trim();
        let core = word.strip_prefix('*').filter(|rest| rest.starts_with(char::is_alphanumeric));
        let before = core.is_some();
        let core = core.unwrap_or(word);
        let stripped = core.strip_suffix('*').filter(|rest| rest.ends_with(char::is_alphanumeric));
        let placing = Self { before, behind: stripped.is_some() };
        let core = stripped.unwrap_or(core);
        let core = match core.contains(r"\*") {
            true => Cow::Owned(core.replace(r"\*", "*")),
            false => Cow::Borrowed(core),
        };
        (placing, core)
    }

    /// Whether there are stars.
    pub fn is_wild(self) -> bool {
        self.before || self.behind
    }

    /// The range a wild word takes, when it may stand at `range`: to the ends of the
    /// word it is a part of.
    fn taken(self, text: &str, range: &ByteRange) -> Option<ByteRange> {
        let start = match self.before {
            true => extend_left(text, range.start),
            false if is_free_left(text, range) => range.start,
            false => return None,
        };
        let end = match self.behind {
            true => extend_right(text, range.end),
            false if is_free_right(text, range) => range.end,
            false => return None,
        };
        Some(start..end)
    }

    /// The range with the stars themselves, which EXACT takes as they are.
    fn with_stars(self, text: &str, range: &ByteRange) -> Option<ByteRange> {
        let start = range.start.checked_sub(usize::from(self.before))?;
        let end = range.end + usize::from(self.behind);
        let is_star = |at: usize| text.as_bytes().get(at) == Some(&b'*');
        let starred = (!self.before || is_star(start)) && (!self.behind || is_star(range.end));
        starred.then_some(start..end)
    }

    /// The range a word takes, when it may stand at `range` in this mode; `compound` is asked
    /// for words inside others.
    pub fn place(
        self,
        mode: MatchMode,
        text: &Whole<'_>,
        range: ByteRange,
        compound: impl FnOnce(&ByteRange) -> bool,
    ) -> Option<ByteRange> {
        let (whole, text) = (text, text.text);
        let stands = match mode {
            MatchMode::Exact => {
                return self.with_stars(text, &range).filter(|range| range == whole.trimmed());
            }
            _ if self.is_wild() => return self.taken(text, &range),
            MatchMode::Contains => true,
            MatchMode::Word => is_free_left(text, &range) && is_free_right(text, &range),
            MatchMode::Compound => compound(&range),
        };
        stands.then_some(range)
    }
}

/// A text, and where it stands without the blanks at its ends.
pub(crate) struct Whole<'t> {
    text: &'t str,
    /// Made for the first word that asks.
    trimmed: OnceCell<ByteRange>,
}

impl<'t> Whole<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, trimmed: OnceCell::new() }
    }

    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Whether nothing else is seen in it than what stands there.
    pub fn is_seen_at(&self, range: &ByteRange) -> bool {
        let hidden = |c: char| c.is_whitespace() || dropped(c) == Some(Transformation::Invisible);
        let (before, behind) = (&self.text[..range.start], &self.text[range.end..]);
        before.chars().all(hidden) && behind.chars().all(hidden)
    }

    fn trimmed(&self) -> &ByteRange {
        self.trimmed.get_or_init(|| {
            let start = self.text.len() - self.text.trim_start().len();
            start..start + self.text.trim().len()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars() {
        let table = [
            ("cat", false, false, "cat"),
            ("cat*", false, true, "cat"),
            ("*cat", true, false, "cat"),
            (" *cat* ", true, true, "cat"),
            ("a**", false, false, "a**"),
            ("***", false, false, "***"),
            ("*", false, false, "*"),
            (r"cat\*", false, false, "cat*"),
            (r"ca\*t*", false, true, "ca*t"),
        ];
        for (word, before, behind, core) in table {
            assert_eq!(Placing::of(word), (Placing { before, behind }, core.into()), "{word}");
        }
    }
}

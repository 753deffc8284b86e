//! Word boundaries that suit mixed Latin and Chinese chat.

use crate::symbols::dropped;
use umpire_model::ByteRange;

/// Longest part of a word a wildcard stands for, in characters.
const MAX_WILD: usize = 256;

/// Whether neither side of `range` is glued to a letter or digit.
pub(crate) fn is_whole_word(text: &str, range: &ByteRange) -> bool {
    is_free_left(text, range) && is_free_right(text, range)
}

/// Whether no letter or digit touches `range`, whatever it starts and ends with.
pub(crate) fn is_apart(text: &str, range: &ByteRange) -> bool {
    let before = text[..range.start].chars().rev().find(is_seen);
    let after = text[range.end..].chars().find(is_seen);
    !before.is_some_and(joins) && !after.is_some_and(joins)
}

/// Whether `range` starts a word.
pub(crate) fn is_free_left(text: &str, range: &ByteRange) -> bool {
    let before = text[..range.start].chars().rev().find(is_seen);
    !glued(before, text[range.clone()].chars().find(is_seen))
}

/// Whether `range` ends a word.
pub(crate) fn is_free_right(text: &str, range: &ByteRange) -> bool {
    let after = text[range.end..].chars().find(is_seen);
    !glued(text[range.clone()].chars().rev().find(is_seen), after)
}

/// The start of the word that `at` lies in.
pub(crate) fn extend_left(text: &str, at: usize) -> usize {
    let part = text[..at].char_indices().rev().take(MAX_WILD).take_while(|(_, c)| continues(*c));
    part.last().map_or(at, |(start, _)| start)
}

/// The end of the word that `at` lies in.
pub(crate) fn extend_right(text: &str, at: usize) -> usize {
    let part = text[at..].char_indices().take(MAX_WILD).take_while(|(_, c)| continues(*c));
    part.last().map_or(at, |(start, c)| at + start + c.len_utf8())
}

/// Marks and invisible characters are no boundary.
fn is_seen(c: &char) -> bool {
    dropped(*c).is_none()
}

fn continues(c: char) -> bool {
    joins(c) || !is_seen(&c)
}

fn glued(left: Option<char>, right: Option<char>) -> bool {
    left.is_some_and(joins) && right.is_some_and(joins)
}

/// Letters and digits of scripts that separate words with blanks.
fn joins(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() && !written_without_blanks(c)
}

fn written_without_blanks(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'     // Thai, Lao
        | '\u{0f00}'..='\u{0fff}'   // Tibetan
        | '\u{1000}'..='\u{109f}'   // Myanmar
        | '\u{1100}'..='\u{11ff}'   // Hangul jamo
        | '\u{1780}'..='\u{17ff}'   // Khmer
        | '\u{2e80}'..='\u{a4cf}'   // kana, Han, Yi
        | '\u{ac00}'..='\u{d7ff}'   // Hangul
        | '\u{f900}'..='\u{faff}'   // compatibility Han
        | '\u{20000}'..='\u{3ffff}' // Han extensions
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries() {
        let table = [
            ("a gold b", "gold", true),
            ("golden", "gold", false),
            ("marigold", "gold", false),
            ("gold_1", "gold", true),
            ("gold!", "gold", true),
            ("买gold吗", "gold", true),
            ("买外挂吗", "外挂", true),
            ("ёgold", "gold", false),
            ("gold2", "gold", false),
        ];
        for (text, word, whole) in table {
            let start = text.find(word).expect("present");
            assert_eq!(is_whole_word(text, &(start..start + word.len())), whole, "{text}");
        }
    }
}

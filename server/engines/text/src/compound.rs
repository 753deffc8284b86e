//! Words inside made-up words: `shithead69` holds one, `cocktail` does not.

use crate::{
    boundary::{extend_left, extend_right, is_free_left, is_free_right},
    folded::symbols_of,
    ordinary,
    symbols::Class,
};
use umpire_model::ByteRange;

/// Longest word that may be an ordinary one, in bytes.
const MAX_ORDINARY: usize = 64;
/// Shortest word that is sought inside others, in bytes.
const MIN_INSIDE: usize = 3;
/// From so many bytes on a word's neighbours may be endings, or anything if it is rare.
const LONG: usize = 4;

/// What words are made longer with, beside ordinary words of three letters and more.
const AFFIXES: [&str; 45] = [
    "a", "an", "as", "at", "az", "be", "by", "d", "do", "e", "ed", "en", "er", "ers", "es", "go",
    "he", "i", "ie", "ier", "ies", "im", "in", "ing", "ings", "is", "ish", "it", "ly", "mc", "me",
    "my", "no", "o", "of", "off", "on", "or", "s", "so", "to", "up", "ur", "y", "z",
];

/// Whether a word at `range` stands alone or inside a made-up word: one that is no
/// ordinary word, and whose other parts are words, endings or digits. `is_rare`: no
/// ordinary word has it inside, so its neighbours do not matter; `is_word`: another word
/// that is sought.
pub(crate) fn stands(
    text: &str,
    range: &ByteRange,
    is_rare: bool,
    is_word: impl Fn(&str) -> bool,
) -> bool {
    let left_free = is_free_left(text, range) || rises(text, range.start);
    let right_free = is_free_right(text, range) || rises(text, range.end);
    if left_free && right_free {
        return true;
    }
    let word = &text[range.clone()];
    if word.len() < MIN_INSIDE || word.contains(' ') {
        return false;
    }
    let whole = around(text, range);
    if whole.len() > MAX_ORDINARY {
        return is_rare;
    }
    if ordinary::contains(&letters(&text[whole.clone()])) {
        return false;
    }
    let is_long = word.len() >= LONG;
    let is_part = |part: &str| {
        let part = letters(part);
        let is_word = || ordinary::contains(&part) || is_word(&part);
        match is_long {
            true => part.is_empty() || AFFIXES.contains(&&*part) || is_word(),
            false => part.len() >= LONG && is_word(),
        }
    };
    is_rare && is_long
        || (left_free || is_part(&text[whole.start..range.start]))
            && (right_free || is_part(&text[range.end..whole.end]))
}

/// Whether a word stands at the start or the end of a word that is no ordinary one, and
/// the rest of it is ordinary: blanks were left out.
pub(crate) fn is_glued(text: &str, range: &ByteRange) -> bool {
    let whole = around(text, range);
    let is_part = |part: &str| {
        let part = letters(part);
        part.is_empty() || AFFIXES.contains(&&*part) || ordinary::contains(&part)
    };
    whole.len() <= MAX_ORDINARY
        && !ordinary::contains(&letters(&text[whole.clone()]))
        && is_part(&text[whole.start..range.start])
        && is_part(&text[range.end..whole.end])
}

/// Whether a disguise is only an ordinary word that happens to look like one: `sheet`
/// is not `shet` with a letter repeated.
pub(crate) fn is_ordinary(text: &str, range: &ByteRange) -> bool {
    let whole = around(text, range);
    let word = &text[whole.clone()];
    whole.len() <= MAX_ORDINARY
        && word.bytes().all(|b| b.is_ascii_alphabetic())
        && ordinary::contains(&word.to_ascii_lowercase())
}

/// Whether the letters that are spelt out around a range make an ordinary word, of
/// which the range is only a part: `a.s.s.i.s.t`; `by_blanks` or by symbols.
pub(crate) fn is_spelt_ordinary(text: &str, range: &ByteRange, by_blanks: bool) -> bool {
    let before: Vec<char> = spelt(text[..range.start].chars().rev(), by_blanks);
    let after = spelt(text[range.end..].chars(), by_blanks);
    if before.is_empty() && after.is_empty() {
        return false;
    }
    let run: String =
        before.into_iter().rev().chain(text[range.clone()].chars()).chain(after).collect();
    ordinary::contains(&letters(&run))
}

/// The single letters that follow, each after a gap.
fn spelt(chars: impl Iterator<Item = char>, by_blanks: bool) -> Vec<char> {
    let is_gap = |c: &char| !c.is_alphanumeric() && c.is_whitespace() == by_blanks;
    let mut found = Vec::new();
    let mut chars = chars.take(MAX_ORDINARY).peekable();
    while chars.next_if(is_gap).is_some() {
        let Some(letter) = chars.next_if(|c| c.is_alphabetic()) else { break };
        if chars.peek().is_some_and(|c| c.is_alphanumeric()) {
            break;
        }
        found.push(letter);
    }
    found
}

/// The word that a range is part of.
fn around(text: &str, range: &ByteRange) -> ByteRange {
    extend_left(text, range.start)..extend_right(text, range.end)
}

/// Whether a capital follows a small letter at `at`: `CumGuzzler`.
fn rises(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    before.is_some_and(char::is_lowercase) && after.is_some_and(char::is_uppercase)
}

/// The Latin letters of a word.
fn letters(word: &str) -> String {
    let items = symbols_of(word);
    items.iter().filter(|i| i.class() == Class::Latin).map(|i| i.symbol() as u8 as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_words_and_ordinary_ones() {
        let table = [
            ("cock", "cocktail", false),
            ("cock", "cock", true),
            ("cock", "nice cock!", true),
            ("cock", "cocknob1", true),
            ("cock", "mycock69", true),
            ("cock", "CockMaster", true),
            ("cock", "cockxqzk", false),
            ("ass", "assess", false),
        ];
        for (word, text, expected) in table {
            let start = text.to_lowercase().find(word).expect("there");
            let range = start..start + word.len();
            assert_eq!(stands(text, &range, false, |part| part == "nob"), expected, "{text}");
        }
    }
}

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

/// What words are made longer with, beside ordinary words of four letters and more.
const AFFIXES: [&str; 98] = [
    "a", "able", "age", "all", "ally", "an", "and", "are", "as", "ass", "at", "az", "be", "big",
    "boy", "but", "by", "can", "did", "do", "d", "e", "ed", "en", "er", "ers", "es", "est", "et",
    "eye", "fan", "fat", "for", "get", "go", "god", "guy", "he", "her", "him", "his", "hot", "how",
    "i", "ie", "ier", "ies", "ily", "im", "in", "ing", "ings", "is", "ish", "ist", "it", "ity",
    "ive", "joy", "less", "ly", "man", "mc", "me", "men", "mo", "my", "ness", "new", "no", "not",
    "of", "off", "oh", "old", "on", "or", "our", "out", "re", "s", "she", "so", "tard", "the",
    "to", "un", "up", "ur", "us", "we", "who", "wit", "y", "you", "your", "z", "o",
];

/// Whether a word at `range` stands alone or inside a made-up word: one that is no
/// ordinary word, and whose other parts are words, endings or digits. `is_rare`: no
/// ordinary word has it inside; `is_word`: another word that is sought.
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
    let whole = extend_left(text, range.start)..extend_right(text, range.end);
    if whole.len() > MAX_ORDINARY {
        return is_rare;
    }
    let token = letters(&text[whole.clone()]);
    if ordinary::contains(&token) {
        return false;
    }
    if is_rare {
        return true;
    }
    let is_part = |part: &str| {
        let part = letters(part);
        part.is_empty() || AFFIXES.contains(&&*part) || ordinary::contains(&part) || is_word(&part)
    };
    (left_free || is_part(&text[whole.start..range.start]))
        && (right_free || is_part(&text[range.end..whole.end]))
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
    items.iter().filter(|i| i.class == Class::Latin).map(|i| i.symbol as u8 as char).collect()
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

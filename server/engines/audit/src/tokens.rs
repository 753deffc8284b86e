//! What records can be searched by: tokens that every store indexes the same way.
//!
//! Text is indexed by pairs of neighbouring characters of its folded form,
//! because words of Chinese often have two characters and no blanks around
//! them. A search narrows by tokens and then looks at the text itself.

use crate::{contents::Contents, record::Record};
use data_encoding::{BASE32HEX_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Stands after the last character, so that it starts a pair too.
const END: char = '\0';
/// Most text tokens of one record; the rest of a longer text is not searchable.
const MAX_TEXT_TOKENS: usize = 20_000;

/// What a text must hold to be a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextTokens {
    /// All of these tokens.
    All(Vec<String>),
    /// A token that starts so: the search is for one character.
    Prefix(String),
}

/// All tokens of a record, without repeats.
#[must_use]
pub fn record_tokens(record: &Record, contents: &Contents) -> Vec<String> {
    let mut tokens = BTreeSet::new();
    for found in &record.matches {
        tokens.insert(rule_token(&found.rule));
        tokens.extend(found.labels.iter().map(|label| label_token(label)));
    }
    tokens.extend(record.labels.iter().map(|label| label_token(label)));
    let texts = contents.texts.iter().flat_map(|(_, text)| pairs(&umpire_text::fold(text), true));
    tokens.extend(texts.take(MAX_TEXT_TOKENS));
    tokens.into_iter().collect()
}

/// The token of a rule, given its name or id.
#[must_use]
pub fn rule_token(rule: &str) -> String {
    hashed('r', rule.rsplit('/').next().unwrap_or_default())
}

/// The token of a label.
#[must_use]
pub fn label_token(label: &str) -> String {
    hashed('l', label)
}

/// The tokens to search a text by; `None` when it is empty.
#[must_use]
pub fn text_tokens(sought: &str) -> Option<TextTokens> {
    let folded = umpire_text::fold(sought);
    let mut chars = folded.chars();
    match (chars.next(), chars.next()) {
        (None, _) => None,
        (Some(only), None) => Some(TextTokens::Prefix(format!("t{}", code(only)))),
        _ => Some(TextTokens::All(pairs(&folded, false))),
    }
}

fn hashed(kind: char, text: &str) -> String {
    format!("{kind}{}", HEXLOWER.encode(&Sha256::digest(text)[..8]))
}

fn pairs(folded: &str, with_end: bool) -> Vec<String> {
    let next = folded.chars().skip(1).chain(with_end.then_some(END));
    folded.chars().zip(next).map(|(a, b)| format!("t{}{}", code(a), code(b))).collect()
}

/// Five letters and digits for a character.
fn code(c: char) -> String {
    let mut text = BASE32HEX_NOPAD.encode(&u32::from(c).to_be_bytes()[1..]);
    text.make_ascii_lowercase();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, sought: &str) -> bool {
        let tokens = pairs(&umpire_text::fold(text), true);
        match text_tokens(sought) {
            Some(TextTokens::All(all)) => all.iter().all(|token| tokens.contains(token)),
            Some(TextTokens::Prefix(start)) => tokens.iter().any(|token| token.starts_with(&start)),
            None => true,
        }
    }

    #[test]
    fn candidates() {
        for (text, sought, expected) in [
            ("请转账给我", "转账", true),
            ("请转账给我", "转帐", false),
            ("请转账给我", "我", true),
            ("请转账给我", "请", true),
            ("Hello World", "LO WO", true),
            ("ＨＥＬＬＯ", "hello", true),
            ("hello", "x", false),
        ] {
            assert_eq!(found(text, sought), expected, "{text} {sought}");
        }
        assert_eq!(code('a').len(), 5);
        assert_eq!(code(char::MAX).len(), 5);
    }
}

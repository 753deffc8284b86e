//! What records can be searched by: tokens that every store indexes the same way.
//!
//! Text is indexed by pairs of neighbouring characters of its folded form,
//! because words of Chinese often have two characters and no blanks around
//! them. A search narrows by tokens and then looks at the text itself.

use crate::{contents::Contents, record::Record};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Stands after the last character, so that it starts a pair too.
const END: char = '\0';
/// Most different text tokens of one record: more than a text of the default
/// limit can have.
const MAX_TEXT_TOKENS: usize = 70_000;

/// What a text must hold to be a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextTokens {
    /// All of these tokens.
    All(Vec<String>),
    /// A token that starts so: the search is for one character.
    Prefix(String),
}

/// All tokens of a record without repeats, joined by blanks.
#[must_use]
pub fn record_tokens(record: &Record, contents: &Contents) -> String {
    let mut hashed = BTreeSet::new();
    let own = format!("tenants/{}/rules/", record.tenant);
    for found in &record.matches {
        hashed.insert(rule_token(found.rule.strip_prefix(&own).unwrap_or(&found.rule)));
        hashed.extend(found.labels.iter().map(|label| label_token(label)));
    }
    hashed.extend(record.labels.iter().map(|label| label_token(label)));
    let mut pairs = Vec::new();
    for (_, text) in &contents.texts {
        add_pairs(&umpire_text::fold(text), true, &mut pairs);
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.truncate(MAX_TEXT_TOKENS);
    let mut joined = String::with_capacity((hashed.len() + pairs.len()) * 18);
    for token in hashed {
        joined += &token;
        joined.push(' ');
    }
    for pair in pairs {
        joined.extend(pair.map(char::from));
        joined.push(' ');
    }
    joined
}

/// The token of a rule, given the id of one of the tenant's own, or the whole name of
/// an included one.
#[must_use]
pub fn rule_token(rule: &str) -> String {
    hashed('r', rule)
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
        (Some(only), None) => Some(TextTokens::Prefix(format!(
            "t{}",
            code(only).map(char::from).iter().collect::<String>()
        ))),
        _ => Some(TextTokens::All(pairs(&folded, false))),
    }
}

fn hashed(kind: char, text: &str) -> String {
    format!("{kind}{}", HEXLOWER.encode(&Sha256::digest(text)[..8]))
}

/// A token of two neighbouring characters, in ASCII.
type Pair = [u8; 11];

fn add_pairs(folded: &str, with_end: bool, pairs: &mut Vec<Pair>) {
    let mut last: Option<[u8; 5]> = None;
    for c in folded.chars().chain(with_end.then_some(END)) {
        let next = code(c);
        if let Some(last) = last {
            let mut pair = *b"t0000000000";
            pair[1..6].copy_from_slice(&last);
            pair[6..].copy_from_slice(&next);
            pairs.push(pair);
        }
        last = Some(next);
    }
}

fn pairs(folded: &str, with_end: bool) -> Vec<String> {
    let mut pairs = Vec::new();
    add_pairs(folded, with_end, &mut pairs);
    pairs.into_iter().map(|pair| pair.map(char::from).iter().collect()).collect()
}

/// Five letters and digits for a character: its number in base 32.
fn code(c: char) -> [u8; 5] {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let number = u32::from(c) as usize;
    [20, 15, 10, 5, 0].map(|shift| DIGITS[number >> shift & 31])
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
        assert_eq!(code('a'), *b"00031");
        assert_eq!(code(char::MAX), *b"11vvv");
    }
}

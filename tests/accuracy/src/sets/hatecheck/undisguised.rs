//! The sentence behind a disguise.
//!
//! The file names the sentence by the number of its case in the whole of HateCheck, and the
//! part at hand has neither numbers nor all the sentences. So it is made again: with the
//! vocabulary of all English sentences that are not disguised, which know the words because
//! each sentence is there with several target groups.

use std::collections::BTreeSet;

/// How a sentence was disguised.
#[derive(Clone, Copy)]
pub enum Disguise {
    /// Digits and symbols for letters.
    Leetspeak,
    /// Blanks between the letters of a word.
    SpacesAdded,
    /// No blank between two words.
    SpacesDeleted,
}

/// The words of undisguised sentences, in small letters.
pub struct Vocabulary {
    words: BTreeSet<String>,
}

/// Signs that stand for letters, with the letters.
const READINGS: [(char, &str); 12] = [
    ('0', "o"),
    ('1', "il"),
    ('3', "e"),
    ('4', "a"),
    ('5', "s"),
    ('7', "t"),
    ('8', "b"),
    ('9', "g"),
    ('@', "a"),
    ('$', "s"),
    ('!', "i"),
    ('+', "t"),
];

impl Vocabulary {
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let words = texts.flat_map(|text| text.split(|c: char| !is_letter(c)));
        let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
        Self { words: words.collect() }
    }

    /// The sentence without the disguise; what cannot be read stays as it is.
    pub fn undisguise(&self, text: &str, disguise: Disguise) -> String {
        let tokens: Vec<&str> = text.split(' ').collect();
        let tokens: Vec<String> = match disguise {
            Disguise::Leetspeak => tokens.iter().map(|token| self.spelt(token)).collect(),
            Disguise::SpacesAdded => self.joined(&tokens),
            Disguise::SpacesDeleted => tokens.iter().map(|token| self.parted(token)).collect(),
        };
        tokens.join(" ")
    }

    fn knows(&self, word: &str) -> bool {
        self.words.contains(&word.to_lowercase())
    }

    /// A token with letters for the signs within it.
    fn spelt(&self, token: &str) -> String {
        let (core, tail) = split_tail(token);
        let has_letters = core.chars().any(char::is_alphabetic);
        if !has_letters || core.chars().all(is_letter) {
            return token.into();
        }
        let known = self.words.iter().find(|word| reads_as(core, word));
        let first =
            || core.chars().map(|c| readings(c).and_then(|r| r.chars().next()).unwrap_or(c));
        known.cloned().unwrap_or_else(|| first().collect()) + tail
    }

    /// Tokens with runs of single letters put together to words.
    fn joined(&self, tokens: &[&str]) -> Vec<String> {
        let is_single = |token: &&str| split_tail(token).0.chars().count() == 1;
        let mut out = Vec::new();
        for run in tokens.chunk_by(|a, b| is_single(a) && is_single(b)) {
            if run.len() == 1 {
                out.push(run[0].to_owned());
            } else {
                out.push(self.parted(&run.concat()));
            }
        }
        out
    }

    /// A token as the fewest words that it may be, with blanks between them.
    fn parted(&self, token: &str) -> String {
        let (core, tail) = split_tail(token);
        if self.knows(core) || !core.chars().all(is_letter) || !core.is_ascii() {
            return token.into();
        }
        // best[end]: the fewest words the text before `end` falls into.
        let mut best: Vec<Option<Vec<&str>>> = vec![None; core.len() + 1];
        best[0] = Some(Vec::new());
        for end in 1..=core.len() {
            for start in 0..end {
                let word = &core[start..end];
                let may_stand = word.len() > 1 || matches!(word, "a" | "A" | "I");
                if !may_stand || !self.knows(word) {
                    continue;
                }
                let Some(before) = &best[start] else { continue };
                if best[end].as_ref().is_none_or(|words| before.len() + 1 < words.len()) {
                    let mut words = before.clone();
                    words.push(word);
                    best[end] = Some(words);
                }
            }
        }
        best.pop().flatten().map_or_else(|| token.into(), |words| words.join(" ") + tail)
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '\'' || c == '-'
}

/// A token and the sentence marks at its end.
fn split_tail(token: &str) -> (&str, &str) {
    token.split_at(token.trim_end_matches(['.', ',', '!', '?']).len())
}

fn readings(sign: char) -> Option<&'static str> {
    READINGS.iter().find(|(from, _)| *from == sign).map(|(_, letters)| *letters)
}

/// Whether letters can be read for the signs of `token` so that it is `word`.
fn reads_as(token: &str, word: &str) -> bool {
    let agree = |(seen, letter): (char, char)| {
        seen.to_lowercase().eq([letter]) || readings(seen).is_some_and(|r| r.contains(letter))
    };
    token.chars().count() == word.chars().count() && token.chars().zip(word.chars()).all(agree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_made_again() {
        let plain = ["I dislike green tea.", "All so silly", "a silly cat."];
        let vocabulary = Vocabulary::of(plain.into_iter());
        let check = |disguise, text: &str, expected: &str| {
            assert_eq!(vocabulary.undisguise(text, disguise), expected, "{text}");
        };
        check(Disguise::Leetspeak, "I d1slike gr3en te4.", "I dislike green tea.");
        check(Disguise::Leetspeak, "It costs 50, c4mel", "It costs 50, camel");
        check(Disguise::SpacesAdded, "I d i s l i k e tea.", "I dislike tea.");
        check(Disguise::SpacesAdded, "That is a s i l l y.", "That is a silly.");
        check(Disguise::SpacesDeleted, "Idislike greentea.", "I dislike green tea.");
        check(Disguise::SpacesDeleted, "sosilly zebra", "so silly zebra");
    }
}

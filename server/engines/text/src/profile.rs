//! What a text needs before it can be matched: one pass over its bytes.

use crate::canonical;

/// What stands in a text. Nearly all chat needs nothing or little, and pays for
/// no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Profile {
    /// ASCII capitals.
    pub capitals: bool,
    /// Full-width ASCII or the ideographic space, which take one byte when narrow.
    pub wide: bool,
    /// Other letters that may have a lower case.
    pub cased: bool,
    /// Characters that change, or join their neighbours, in composition.
    pub composes: bool,
}

impl Profile {
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut profile = Self::default();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                0..=0x7f => {
                    profile.capitals |= byte.is_ascii_uppercase();
                    at += 1;
                }
                // U+4000 to U+9FFF: Chinese characters stand as they are.
                0xe4..=0xe9 => at += 3,
                _ => {
                    let Some(c) = text[at..].chars().next() else { break };
                    profile.note(c);
                    at += c.len_utf8();
                }
            }
        }
        profile
    }

    fn note(&mut self, c: char) {
        match c {
            // General punctuation, CJK punctuation, kana, emoji.
            '\u{2010}'..='\u{2027}'
            | '\u{3001}'..='\u{3096}'
            | '\u{309b}'..='\u{30ff}'
            | '\u{1f300}'..='\u{1faff}' => {}
            '\u{3000}' | '\u{ff01}'..='\u{ff5e}' => {
                self.wide = true;
                self.capitals |= ('\u{ff21}'..='\u{ff3a}').contains(&c);
            }
            c if canonical::stands_alone(c) => self.cased = true,
            _ => self.composes = true,
        }
    }

    /// Whether the canonical form is the text itself.
    pub fn is_canonical(self) -> bool {
        !self.wide && !self.composes
    }

    /// Whether the folded form is the canonical form itself.
    pub fn is_folded(self) -> bool {
        !self.capitals && !self.cased && !self.composes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{canonical::Canonical, case};

    #[test]
    fn promises_are_kept_for_every_character() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let profile = Profile::of(&text);
            let canonical = Canonical::of(&text).text.into_owned();
            assert!(!profile.is_canonical() || canonical == text, "{c:?}");
            let mut folded = String::new();
            case::fold_into(&canonical, &mut folded);
            assert!(!profile.is_folded() || folded == canonical, "{c:?}");
            if !profile.cased && !profile.composes {
                assert_eq!(folded, canonical.to_ascii_lowercase(), "{c:?}");
            }
        }
    }
}

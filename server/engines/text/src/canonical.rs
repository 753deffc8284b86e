//! Width narrowing and canonical composition, with the way back to the original.

use crate::symbols::{Entry, table};
use std::{borrow::Cow, cell::OnceCell};
use umpire_model::ByteRange;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc, is_nfc_quick,
};

/// A text with full-width and half-width forms made ordinary, composed to NFC.
pub(crate) struct Canonical<'t> {
    original: &'t str,
    present: u32,
    /// Made when it is first asked for.
    text: OnceCell<Cow<'t, str>>,
    /// For each byte of the text, the original range its character came from.
    /// Made with the first hit; unused when the text is the original.
    map: OnceCell<Vec<(u32, u32)>>,
}

impl<'t> Canonical<'t> {
    pub fn of(original: &'t str) -> Self {
        let table = table();
        let present = original.chars().fold(0, |present, c| present | table.flags(c));
        Self::with(original, present)
    }

    /// The form of a text in which entries with these flags stand.
    pub fn with(original: &'t str, present: u32) -> Self {
        Self { original, present, text: OnceCell::new(), map: OnceCell::new() }
    }

    pub fn text(&self) -> &Cow<'t, str> {
        self.text.get_or_init(|| {
            if self.present & Entry::RECOMPOSED != 0 {
                let Composer { text, map, .. } = Composer::run(self.original);
                // Not there yet: this is the only place that sets both.
                let _ = self.map.set(map);
                Cow::Owned(text)
            } else if self.present & Entry::WIDE != 0 {
                Cow::Owned(self.original.chars().map(narrow).collect())
            } else {
                Cow::Borrowed(self.original)
            }
        })
    }

    /// The composed form of a text, its width as it is.
    pub fn composed(text: &str) -> Cow<'_, str> {
        match is_nfc(text) {
            true => Cow::Borrowed(text),
            false => Cow::Owned(text.nfc().collect()),
        }
    }

    /// The range of the original that a range of `text`, not empty, came from.
    pub fn to_original(&self, range: ByteRange) -> ByteRange {
        if matches!(self.text(), Cow::Borrowed(_)) {
            return range;
        }
        let map = self.map.get_or_init(|| Composer::run(self.original).map);
        map[range.start].0 as usize..map[range.end - 1].1 as usize
    }
}

/// Full-width and half-width forms, and the ideographic space.
pub(crate) fn is_width_form(c: char) -> bool {
    matches!(c, '\u{3000}' | '\u{ff01}'..='\u{ffee}')
}

/// Full-width ASCII and the ideographic space made narrow.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Whether a character is already narrow and can neither change nor join the
/// one before it.
pub(crate) fn stands_alone(c: char) -> bool {
    if c < '\u{300}' || ('\u{3400}'..='\u{9fff}').contains(&c) {
        return true;
    }
    !is_width_form(c)
        && canonical_combining_class(c) == 0
        && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
}

/// Whether a character may compose with the one before it.
pub(crate) fn joins(c: char) -> bool {
    c > '\u{2ff}' && is_nfc_quick(std::iter::once(c)) == IsNormalized::Maybe || is_voicing(c)
}

/// Half-width voicing marks, which compose once they are wide.
fn is_voicing(c: char) -> bool {
    matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

/// Whether a character can never compose with the one before it.
fn cannot_join(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) != IsNormalized::Maybe
}

/// Collects characters until one stands alone, then composes what it has.
#[derive(Default)]
struct Composer {
    text: String,
    map: Vec<(u32, u32)>,
    /// Narrowed characters of the open segment, each with where it came from.
    segment: Vec<(usize, char)>,
}

impl Composer {
    fn run(original: &str) -> Self {
        let mut composer = Self::default();
        for (at, c) in original.char_indices() {
            composer.push(at, c);
        }
        composer.flush(original.len());
        composer
    }

    fn push(&mut self, at: usize, c: char) {
        if !is_width_form(c) {
            return self.push_narrow(at, c);
        }
        for narrow in std::iter::once(c).nfkc() {
            self.push_narrow(at, narrow);
        }
    }

    fn push_narrow(&mut self, at: usize, c: char) {
        if cannot_join(c) {
            self.flush(at);
        }
        self.segment.push((at, c));
    }

    /// Composes the open segment, which ends at byte `end` of the original.
    fn flush(&mut self, end: usize) {
        if let [(at, c)] = self.segment[..]
            && stands_alone(c)
        {
            self.emit(c, at, end);
        } else if !self.segment.is_empty() {
            self.compose(end);
        }
        self.segment.clear();
    }

    fn compose(&mut self, end: usize) {
        let start = self.segment[0].0;
        let composed: Vec<char> = self.segment.iter().map(|&(_, c)| c).nfc().collect();
        let unchanged = composed.iter().eq(self.segment.iter().map(|(_, c)| c));
        for (i, c) in composed.into_iter().enumerate() {
            if unchanged {
                let stop =
                    self.segment[i + 1..].iter().map(|s| s.0).find(|&at| at > self.segment[i].0);
                self.emit(c, self.segment[i].0, stop.unwrap_or(end));
            } else {
                self.emit(c, start, end);
            }
        }
    }

    fn emit(&mut self, c: char, start: usize, end: usize) {
        self.text.push(c);
        let origin = (narrow_offset(start), narrow_offset(end));
        self.map.resize(self.text.len(), origin);
    }
}

/// Texts are far below 4 GiB: the API's limit and the scanner's guard see to it.
fn narrow_offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(original: &str, canonical: &str, spans: &[(ByteRange, ByteRange)]) {
        let made = Canonical::of(original);
        assert_eq!(*made.text(), canonical, "{original:?}");
        for (from, to) in spans {
            assert_eq!(made.to_original(from.clone()), *to, "{original:?} {from:?}");
        }
    }

    #[test]
    fn narrows_and_composes_with_exact_origins() {
        check("plain", "plain", &[(1..3, 1..3)]);
        check("加微信", "加微信", &[(3..6, 3..6)]);
        check("ＶＸ１", "VX1", &[(0..1, 0..3), (0..2, 0..6), (2..3, 6..9)]);
        check("cafe\u{301}!", "café!", &[(3..5, 3..6), (0..5, 0..6), (5..6, 6..7)]);
        check("ｶﾞx", "ガx", &[(0..3, 0..6), (3..4, 6..7)]);
        check("x\u{323}\u{301}y", "x\u{323}\u{301}y", &[(0..1, 0..1), (1..3, 1..3)]);
        check("\u{1112}\u{1161}\u{11ab}", "한", &[(0..3, 0..9)]);
        check("\u{301}", "\u{301}", &[(0..2, 0..2)]);
        check("a\u{212a}b", "aKb", &[(0..1, 0..1), (1..2, 1..4), (2..3, 4..5)]);
    }
}

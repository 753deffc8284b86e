//! Characters as the matcher sees them: one symbol for all that count as the same.
//!
//! Folding is wide: whatever SAFE can undo in a single character is undone for every
//! text and every word. What a hit really took is worked out afterwards
//! ([`crate::relation`]), so rules with different switches share one automaton.

mod data;
mod table;

use crate::letters;

pub(crate) use data::{Pairs, pairs};
pub(crate) use table::{Plane, blank, dropped, homoglyphs, number, simplified, table};

/// A folded character: its code point, or for those beyond the BMP a surrogate code
/// that several share.
pub(crate) type Symbol = u16;

/// Stands for nothing: behind the end of a text.
pub(crate) const END: Symbol = 0;

/// What a symbol is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    /// Letters and digits of other scripts, and the end of a text.
    Other,
    /// `a` to `z`, whatever they looked like.
    Latin,
    /// `0` to `9`, those written as Chinese characters aside.
    Digit,
    /// Chinese characters and kana: written without blanks.
    Han,
    Blank,
    /// Symbols people decorate with: `★`, `~`, emoji.
    Decoration,
    /// Other punctuation.
    Punctuation,
    /// What ends a sentence or a clause.
    Sentence,
}

/// What the table says about a character: the symbol in bits 0 to 15, its [`Class`] in 16
/// to 18, its key in 19 to 23, flags above. The key is that of [`letters::key`], or what
/// stands between words has: [`Entry::BLANK`] or [`Entry::MARK`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry(u32);

impl Entry {
    /// A full-width or half-width form.
    pub const WIDE: u32 = 1 << 24;
    /// Something else than one symbol and nothing more: its symbol means nothing, the table
    /// knows its parts.
    pub const UNUSUAL: u32 = 1 << 31;
    /// A symbol that may stand for a letter.
    pub const LEET: u32 = 1 << 26;
    /// Punctuation that may stand for a letter beside others.
    pub const PUNCTUATES: u32 = 1 << 27;
    /// A digit that is written as one.
    pub const DIGIT: u32 = 1 << 28;
    /// `@ . : _ -`: what addresses and accounts are made of.
    pub const JOINT: u32 = 1 << 29;
    /// A Latin letter.
    pub const LATIN: u32 = 1 << 30;
    /// [`Class::Decoration`]
    pub const LOOSE: u32 = 1 << 25;
    /// All of them; below are the symbol, the class and the key.
    pub const FLAGS: u32 = 0xff << 24;
    /// Of unusual characters only, in what the table tells of their parts: composes with what
    /// stands before it, so the text must be composed first.
    pub const COMPLEX: u32 = 1;
    /// As before: changes in canonical composition.
    pub const RECOMPOSED: u32 = 1 << 1;

    /// The key of blanks.
    pub const BLANK: u8 = 31;
    /// The key of punctuation and decoration.
    pub const MARK: u8 = 30;

    pub const fn new(symbol: Symbol, class: Class) -> Self {
        let key = match class {
            Class::Blank => Self::BLANK,
            Class::Decoration | Class::Punctuation | Class::Sentence => Self::MARK,
            _ => letters::key(symbol),
        };
        let flags = match class {
            Class::Latin => Self::LATIN,
            Class::Digit => Self::DIGIT,
            Class::Decoration => Self::LOOSE,
            _ => 0,
        };
        Self(symbol as u32 | (class as u32) << 16 | (key as u32) << 19 | flags)
    }

    pub fn with(self, flags: u32) -> Self {
        Self(self.0 | flags)
    }

    #[inline(always)]
    pub fn bits(self) -> u32 {
        self.0
    }

    #[inline(always)]
    pub fn symbol(self) -> Symbol {
        self.0 as Symbol
    }

    #[inline(always)]
    pub fn has(self, flags: u32) -> bool {
        self.0 & flags != 0
    }

    /// Whether it is a letter, a digit or a character.
    #[inline(always)]
    pub fn is_word(self) -> bool {
        self.0 >> 16 & 4 == 0
    }

    #[inline(always)]
    pub fn key(self) -> u8 {
        (self.0 >> 19 & 31) as u8
    }

    #[inline(always)]
    pub fn class(self) -> Class {
        match self.0 >> 16 & 7 {
            1 => Class::Latin,
            2 => Class::Digit,
            3 => Class::Han,
            4 => Class::Blank,
            5 => Class::Decoration,
            6 => Class::Punctuation,
            7 => Class::Sentence,
            _ => Class::Other,
        }
    }
}

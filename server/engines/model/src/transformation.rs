//! What a disguise can be undone by, one switch each.

/// What had to be undone for a word to be found.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode,
)]
#[cbor(index_only)]
pub enum Transformation {
    /// Upper and lower case.
    #[n(0)]
    Case,
    /// Full-width and half-width forms.
    #[n(1)]
    Width,
    /// Canonically equivalent sequences.
    #[n(2)]
    Canonical,
    /// Compatibility forms: ligatures, superscripts, circled and squared letters, styled
    /// alphabets.
    #[n(3)]
    Compatibility,
    /// Traditional and variant Chinese characters for simplified ones.
    #[n(4)]
    Simplified,
    /// Zero-width and bidirectional controls, and variation selectors.
    #[n(5)]
    Invisible,
    /// Combining marks and accents.
    #[n(6)]
    Marks,
    /// Letters that look like others.
    #[n(7)]
    Homoglyph,
    /// Digits and symbols for letters, where letters are near.
    #[n(8)]
    Leetspeak,
    /// Letters repeated.
    #[n(9)]
    Repeats,
    /// 1, ①, 一 and 壹 for one another.
    #[n(10)]
    NumberStyle,
    /// Up to two symbols between Latin letters.
    #[n(11)]
    LetterGaps,
    /// One decoration symbol between Chinese characters.
    #[n(12)]
    Decoration,
    /// Up to three blanks and symbols between Chinese characters, sentence marks excepted.
    #[n(13)]
    CharacterGaps,
    /// Blanks between the letters of a Latin word.
    #[n(14)]
    SpacedLetters,
    /// Latin words written without the blanks between them.
    #[n(15)]
    RunTogether,
    /// Chinese characters written as their parts.
    #[n(16)]
    SplitCharacters,
    /// Pinyin typed for Chinese characters.
    #[n(17)]
    Pinyin,
    /// Initials of the pinyin of a word of three characters or more, beside Chinese.
    #[n(18)]
    Initials,
    /// Characters of the same sound, in words of three characters or more, and of two
    /// where they stand for no ordinary word.
    #[n(19)]
    Homophone,
    /// Characters that look alike, in words of three characters or more, and of two
    /// where they stand for no ordinary word.
    #[n(20)]
    Lookalike,
    /// Emoji for what they show or sound like.
    #[n(21)]
    Emoji,
    /// Characters in another order.
    #[n(22)]
    Shuffle,
    /// [`Self::Homophone`] in words of two characters.
    #[n(23)]
    ShortHomophone,
    /// [`Self::Initials`] of words of two characters.
    #[n(24)]
    ShortInitials,
    /// [`Self::Lookalike`] in words of two characters.
    #[n(25)]
    ShortLookalike,
}

impl Transformation {
    /// Every transformation, in the order of the contract.
    pub const ALL: [Self; 26] = [
        Self::Case,
        Self::Width,
        Self::Canonical,
        Self::Compatibility,
        Self::Simplified,
        Self::Invisible,
        Self::Marks,
        Self::Homoglyph,
        Self::Leetspeak,
        Self::Repeats,
        Self::NumberStyle,
        Self::LetterGaps,
        Self::Decoration,
        Self::CharacterGaps,
        Self::SpacedLetters,
        Self::RunTogether,
        Self::SplitCharacters,
        Self::Pinyin,
        Self::Initials,
        Self::Homophone,
        Self::Lookalike,
        Self::Emoji,
        Self::Shuffle,
        Self::ShortHomophone,
        Self::ShortInitials,
        Self::ShortLookalike,
    ];
}

/// A set of transformations: what is switched on, or what a hit took.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Transformations(u32);

impl Transformations {
    /// None.
    pub const NONE: Self = Self(0);
    /// Those that hardly ever make a harmless text look like a word.
    pub const SAFE: Self = Self((1 << (Transformation::Decoration as u32 + 1)) - 1);
    /// SAFE and those that are right more often than not.
    pub const AGGRESSIVE: Self = Self((1 << (Transformation::Emoji as u32 + 1)) - 1);
    /// All there are.
    pub const ALL: Self = Self((1 << Transformation::ALL.len()) - 1);

    /// The set with one more.
    #[must_use]
    pub const fn with(self, one: Transformation) -> Self {
        Self(self.0 | 1 << one as u32)
    }

    /// The set without one.
    #[must_use]
    pub const fn without(self, one: Transformation) -> Self {
        Self(self.0 & !(1 << one as u32))
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether one is in it.
    #[must_use]
    pub const fn contains(self, one: Transformation) -> bool {
        self.0 >> one as u32 & 1 == 1
    }

    /// Whether everything in `other` is in it too.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in it, in the order of the contract.
    pub fn iter(self) -> impl Iterator<Item = Transformation> {
        Transformation::ALL.into_iter().filter(move |one| self.contains(*one))
    }
}

impl FromIterator<Transformation> for Transformations {
    fn from_iter<I: IntoIterator<Item = Transformation>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}

impl std::fmt::Debug for Transformations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_their_names_say() {
        for one in Transformation::ALL {
            assert_eq!(Transformations::SAFE.contains(one), one <= Transformation::Decoration);
            assert_eq!(Transformations::AGGRESSIVE.contains(one), one <= Transformation::Emoji);
            assert!(Transformations::ALL.contains(one));
            assert_eq!(Transformations::NONE.with(one).iter().collect::<Vec<_>>(), [one]);
            assert!(!Transformations::ALL.without(one).contains(one));
        }
    }
}

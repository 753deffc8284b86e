//! How a masked hit is shown.

use crate::ByteRange;
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, sync::Arc};

/// What stands in for a hit whose author named no text.
const DEFAULT_TEXT: &str = "***";

/// How an action masks, as its author names it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
pub enum MaskStrategy {
    /// One `*` a character.
    #[default]
    #[n(0)]
    Full,
    /// As FULL, but the ends stay.
    #[n(1)]
    KeepEnds,
    /// One of `@#$%&!` a character.
    #[n(2)]
    Grawlix,
    /// One text for the whole hit.
    #[n(3)]
    Fixed,
}

/// What stands in for one place of a text: a strategy with all it needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cover {
    /// One `*` a character.
    #[default]
    Full,
    /// As `Full`, but the ends stay.
    KeepEnds,
    /// One of `@#$%&!` a character.
    Grawlix,
    /// This text, whatever the length of the place.
    Fixed(Arc<str>),
}

impl Cover {
    /// The cover of a strategy; `text` is for FIXED, `***` when it is empty.
    #[must_use]
    pub fn of(strategy: MaskStrategy, text: &str) -> Self {
        match strategy {
            MaskStrategy::Full => Self::Full,
            MaskStrategy::KeepEnds => Self::KeepEnds,
            MaskStrategy::Grawlix => Self::Grawlix,
            MaskStrategy::Fixed if text.is_empty() => Self::Fixed(DEFAULT_TEXT.into()),
            MaskStrategy::Fixed => Self::Fixed(text.into()),
        }
    }

    /// The strategy it came from.
    #[must_use]
    pub fn strategy(&self) -> MaskStrategy {
        match self {
            Self::Full => MaskStrategy::Full,
            Self::KeepEnds => MaskStrategy::KeepEnds,
            Self::Grawlix => MaskStrategy::Grawlix,
            Self::Fixed(_) => MaskStrategy::Fixed,
        }
    }

    /// What covers are compared by where they meet: the least wins. FULL, then FIXED,
    /// GRAWLIX and KEEP_ENDS, so that nothing is shown that one of them hides.
    #[must_use]
    pub fn precedence(&self) -> impl Ord + use<> {
        Reverse(match self {
            Self::KeepEnds => 0_u8,
            Self::Grawlix => 1,
            Self::Fixed(_) => 2,
            Self::Full => 3,
        })
    }
}

/// A place of a text that is masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Bytes of the text, on character boundaries.
    pub range: ByteRange,
    /// What is shown instead.
    pub cover: Cover,
}

impl Mask {
    /// One `*` for each character of a range.
    #[must_use]
    pub fn full(range: ByteRange) -> Self {
        Self { range, cover: Cover::Full }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_more_goes_first() {
        let covers = [Cover::Full, Cover::Fixed("x".into()), Cover::Grawlix, Cover::KeepEnds];
        assert!(covers.windows(2).all(|pair| pair[0].precedence() < pair[1].precedence()));
        for cover in covers {
            let text = if let Cover::Fixed(text) = &cover { text.clone() } else { "".into() };
            assert_eq!(Cover::of(cover.strategy(), &text), cover);
        }
        assert_eq!(Cover::of(MaskStrategy::Fixed, ""), Cover::Fixed("***".into()));
    }
}

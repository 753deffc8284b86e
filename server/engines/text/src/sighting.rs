//! What a word that was found in a text took to be seen.

use crate::{
    folded::{Folded, Item},
    layer::View,
    ordinary,
    relation::relation,
    symbols::{Class, dropped},
    tail::Hashes,
    vocabulary::Vocabulary,
    walk::{Found, WholeOnly},
};
use umpire_model::{ByteRange, Transformation, Transformations};

/// How often in a text it is worked out what a hit took. Of hits beyond it the worst is
/// believed, so that a text of nothing but disguises takes no more than its time.
pub(crate) const MAX_RELATIONS: usize = 4_000;
/// Bytes of a hit and its word that count as another one.
const COSTLY: usize = 64;
/// What the characters of such a hit may have taken.
const FOLDS: Transformations = Transformations::SAFE
    .without(Transformation::Leetspeak)
    .without(Transformation::Repeats)
    .without(Transformation::LetterGaps)
    .without(Transformation::Decoration);

/// What only a view beside the spelling can find.
pub(crate) const BY_VIEW: Transformations = View::Sound.finds().union(View::Shape.finds());

/// A word that stands in a text, whatever it must look like to count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sighting {
    /// Bytes of the original.
    pub range: ByteRange,
    /// Everything that was undone.
    pub taken: Transformations,
    /// Why it counts only where it is a whole word.
    pub whole_only: Option<WholeOnly>,
}

/// A word found as it is spelt.
pub(crate) fn spelt(
    vocabulary: &Vocabulary,
    number: u32,
    text: &Folded<'_>,
    hashes: &Hashes<'_>,
    hit: Found,
    patience: &mut usize,
) -> Option<Sighting> {
    let word = vocabulary.word(number);
    let mut last = hit.last as usize;
    if let Some(tail) = &word.tail {
        if !tail.stands_at(hashes, last + 1) {
            return None;
        }
        last += tail.len();
    }
    let mut range = text.range(hit.first as usize, last);
    let (before, from) = text.original().split_at(range.start);
    // As it is written, whatever marks follow.
    if hit.taken.is_empty() && from.starts_with(word.core()) {
        return Some(Sighting { range, taken: hit.taken, whole_only: hit.whole_only });
    }
    if *patience == 0 {
        let taken = hit.taken.union(FOLDS);
        return Some(Sighting { range, taken, whole_only: hit.whole_only });
    }
    range.start -= hidden_before(word.core(), before);
    let found = &text.original()[range.clone()];
    *patience = patience.saturating_sub(1 + (found.len() + word.core().len()) / COSTLY);
    let strict = hit.taken.is_empty() && hit.whole_only.is_none();
    let taken = relation(found, word.core(), hit.taken, strict)?;
    Some(Sighting { range, taken, whole_only: hit.whole_only })
}

/// Bytes before a word that are its own: what it starts with that has no symbol.
fn hidden_before(word: &str, before: &str) -> usize {
    let seen = word.trim_start_matches(|c| dropped(c).is_some());
    let hidden = &word[..word.len() - seen.len()];
    if before.ends_with(hidden) { hidden.len() } else { 0 }
}

/// A Chinese word found by sound or shape.
pub(crate) fn disguised(
    vocabulary: &Vocabulary,
    number: u32,
    text: &Folded<'_>,
    view: View,
    hit: Found,
    odd: bool,
) -> Option<Sighting> {
    let (first, last) = (hit.first as usize, hit.last as usize);
    let items = &text.items()[first..=last];
    let word = vocabulary.symbols(number);
    let mut taken = hit.taken;
    let has_emoji = taken.contains(Transformation::Emoji);
    if differs(items, word) || has_emoji {
        let bare = taken.is_empty() && items.len() == 2 && word.len() == 2;
        let short = is_short_word(word) && !(bare && odd);
        taken = taken.with(match (view, short) {
            (View::Shape, false) => Transformation::Lookalike,
            (View::Shape, true) => Transformation::ShortLookalike,
            (_, false) => Transformation::Homophone,
            (_, true) => Transformation::ShortHomophone,
        });
    }
    let is_new = !taken.intersection(BY_VIEW).is_empty();
    let chinese = || text.items().iter().any(|item| item.class() == Class::Han);
    if !is_new || is_one_ordinary_word(items) && !chinese() {
        return None;
    }
    Some(Sighting { range: text.range(first, last), taken, whole_only: None })
}

/// Whether some character is none of the word's.
fn differs(items: &[Item], word: &[Item]) -> bool {
    let mut rest = word.iter();
    let mut characters = items.iter().filter(|item| item.class() == Class::Han);
    characters.any(|item| !rest.any(|other| other.symbol() == item.symbol()))
}

/// Whether a hit is nothing but the letters of one ordinary word.
fn is_one_ordinary_word(items: &[Item]) -> bool {
    items.iter().all(|item| item.class() == Class::Latin) && {
        let word: String = items.iter().map(|item| item.symbol() as u8 as char).collect();
        ordinary::contains(&word)
    }
}

pub(crate) fn is_short(vocabulary: &Vocabulary, number: u32) -> bool {
    is_short_word(vocabulary.symbols(number))
}

fn is_short_word(word: &[Item]) -> bool {
    word.iter().filter(|item| item.class() == Class::Han).count() < 3
}

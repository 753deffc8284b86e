//! What it takes to see a word in the characters of a text.

use crate::{
    canonical::{self, Canonical},
    case,
    folded::{Item, letters_of},
    letters,
    symbols::{Class, dropped, table},
};
use umpire_model::{Transformation, Transformations};
use unicode_normalization::UnicodeNormalization;

/// What had to be undone for `found` to be `word`, beside what the way there took;
/// `strict`: symbol for symbol.
/// `None` when they are different after all.
pub(crate) fn relation(
    found: &str,
    word: &str,
    way: Transformations,
    strict: bool,
) -> Option<Transformations> {
    if found == word {
        return Some(way);
    }
    if found.eq_ignore_ascii_case(word) {
        return Some(way.with(Transformation::Case));
    }
    let (seen, sought) = (Canonical::composed(found), Canonical::composed(word));
    let mut taken = way;
    if seen != found || sought != word {
        taken = taken.with(Transformation::Canonical);
        if seen == sought {
            return Some(taken);
        }
    }
    taken = taken.union(ignored(&seen, &sought));
    // Half-width voicing marks compose once they are wide.
    let seen = match seen.chars().any(canonical::joins) {
        true => {
            taken = taken.with(Transformation::Width);
            Canonical::of(&seen).text().clone().into_owned().into()
        }
        false => seen,
    };
    let (seen, sought) = (letters_of(&seen), letters_of(&sought));
    align(&seen, &sought, strict).map(|folds| taken.union(folds))
}

/// Characters without a symbol that only one of them has.
fn ignored(seen: &str, sought: &str) -> Transformations {
    let of = |text: &str| text.chars().filter_map(dropped).collect::<Transformations>();
    let (left, right) = (of(seen), of(sought));
    let same = seen
        .chars()
        .filter(|c| dropped(*c).is_some())
        .eq(sought.chars().filter(|c| dropped(*c).is_some()));
    if same { Transformations::NONE } else { left.union(right) }
}

/// Walks both side by side. Where the way skipped or replaced something, symbols of
/// `seen` have no counterpart.
fn align(seen: &[(Item, char)], sought: &[(Item, char)], strict: bool) -> Option<Transformations> {
    let mut rest = sought.iter().peekable();
    let mut taken = Transformations::NONE;
    for (item, c) in seen {
        let Some((next, w)) = rest.peek() else { break };
        if item.symbol() == next.symbol() {
            taken = taken.union(of_characters(*c, *w, *item)?);
            rest.next();
        } else if strict {
            return None;
        } else if letters::stands_for(item.symbol()).iter().any(|&l| u16::from(l) == next.symbol())
        {
            rest.next();
        }
    }
    Some(taken)
}

/// What makes one character the other: the steps of folding that bring them together.
fn of_characters(a: char, b: char, item: Item) -> Option<Transformations> {
    use Transformation as T;
    if a == b {
        return Some(Transformations::NONE);
    }
    type Step = (T, fn(&str) -> String);
    const STEPS: [Step; 6] = [
        (T::Width, narrow),
        (T::Compatibility, |text| text.nfkc().map(crate::symbols::blank).collect()),
        (T::Marks, |text| text.nfd().filter(|c| dropped(*c).is_none()).nfc().collect()),
        (T::Simplified, |text| text.chars().map(crate::symbols::simplified).collect()),
        (T::NumberStyle, |text| text.chars().map(crate::symbols::number).collect()),
        (T::Homoglyph, crate::symbols::homoglyphs),
    ];
    let (mut left, mut right) = (a.to_string(), b.to_string());
    let mut taken = Transformations::NONE;
    for (transformation, step) in STEPS {
        if same_case(&left, &right, &mut taken) {
            return Some(taken);
        }
        let (next_left, next_right) = (step(&left), step(&right));
        if next_left != left || next_right != right {
            taken = taken.with(transformation);
        }
        (left, right) = (next_left, next_right);
    }
    if same_case(&left, &right, &mut taken) {
        return Some(taken);
    }
    // One of several symbols of a character, or several characters with one symbol.
    let expands = |c| table().single(c).is_none();
    let shares =
        !expands(a) && !expands(b) && item.symbol() >= 0xd800 && item.class() != Class::Latin;
    (!shares).then_some(taken)
}

fn same_case(left: &str, right: &str, taken: &mut Transformations) -> bool {
    if left == right {
        return true;
    }
    let folded = |text: &str| text.chars().map(case::fold_char).collect::<String>();
    let same = folded(left) == folded(right);
    if same {
        *taken = taken.with(Transformation::Case);
    }
    same
}

fn narrow(text: &str) -> String {
    let wide = |c: &char| canonical::is_width_form(*c);
    text.chars()
        .map(|c| if wide(&c) { std::iter::once(c).nfkc().next().unwrap_or(c) } else { c })
        .collect()
}

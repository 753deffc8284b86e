//! The generated tables (`tables/README.md` says from what), read once.

use std::{collections::HashMap, sync::LazyLock};

/// Single characters and what each stands for.
pub(crate) type Pairs = HashMap<char, &'static str>;

/// The rows of a table of single characters.
pub(crate) fn pairs(table: &'static str) -> Pairs {
    let row = |line: &'static str| {
        let (from, to) = line.split_once('\t')?;
        Some((from.chars().next()?, to))
    };
    table.lines().filter_map(row).collect()
}

/// Traditional and variant characters.
pub(super) static SIMPLIFIED: LazyLock<Pairs> =
    LazyLock::new(|| pairs(include_str!("../../tables/simplified.tsv")));
/// Characters that look like ASCII letters.
pub(super) static HOMOGLYPHS: LazyLock<Pairs> =
    LazyLock::new(|| pairs(include_str!("../../tables/homoglyphs.tsv")));
/// Chinese numerals of one digit.
pub(super) static NUMBERS: LazyLock<Pairs> =
    LazyLock::new(|| pairs(include_str!("../../tables/numbers.tsv")));

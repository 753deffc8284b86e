//! Chinese words with their characters in another order.

use crate::{
    folded::Item,
    symbols::{Class, Symbol},
};
use std::collections::HashMap;

/// Words that are tried in a text whatever its length, and for each item; then no more.
const MAX_TRIES: usize = 20_000;
const TRIES_PER_ITEM: usize = 16;
/// Longest word that is sought in any order.
const MAX_CHARACTERS: usize = 8;

/// Numbers of words, each with its characters.
type Words = Vec<(u32, Box<[Symbol]>)>;

/// Words by their rarest character.
pub(crate) struct Shuffled {
    words: HashMap<Symbol, Words>,
}

impl Shuffled {
    /// Of words that are nothing but Chinese characters.
    pub fn of(words: impl Iterator<Item = (u32, Vec<Item>)>) -> Self {
        let suits = |items: &[Item]| {
            items.len() <= MAX_CHARACTERS && items.iter().all(|item| item.class() == Class::Han)
        };
        let symbols =
            |items: Vec<Item>| items.iter().map(|item| item.symbol()).collect::<Box<[_]>>();
        let words: Words = words
            .filter(|(_, items)| suits(items))
            .map(|(number, items)| (number, symbols(items)))
            .collect();
        let mut counts: HashMap<Symbol, usize> = HashMap::new();
        for symbol in words.iter().flat_map(|(_, symbols)| &**symbols) {
            *counts.entry(*symbol).or_default() += 1;
        }
        let mut by_rarest: HashMap<Symbol, Words> = HashMap::new();
        for (number, symbols) in words {
            if let Some(rarest) = symbols.iter().copied().min_by_key(|symbol| counts[symbol]) {
                by_rarest.entry(rarest).or_default().push((number, symbols));
            }
        }
        Self { words: by_rarest }
    }

    /// Calls `found` with the word, the first and the last item of every place where all
    /// characters of a word stand close together.
    pub fn find(&self, items: &[Item], mut found: impl FnMut(u32, usize, usize)) {
        let mut patience = MAX_TRIES + items.len() * TRIES_PER_ITEM;
        for (at, item) in items.iter().enumerate().filter(|(_, item)| item.class() == Class::Han) {
            for (word, symbols) in self.words.get(&item.symbol()).into_iter().flatten() {
                let Some(left) = patience.checked_sub(1) else { return };
                patience = left;
                if let Some((first, last)) = gathered(items, at, symbols) {
                    found(*word, first, last);
                }
            }
        }
    }
}

/// The first window around `at` that holds all of `symbols`: as many items as there are
/// symbols, and one more for two of them, two more for others.
fn gathered(items: &[Item], at: usize, symbols: &[Symbol]) -> Option<(usize, usize)> {
    let reach = symbols.len() + if symbols.len() == 2 { 1 } else { 2 };
    let (from, to) = ((at + 1).saturating_sub(reach), (at + reach).min(items.len()));
    let near = &items[from..to];
    if !symbols.iter().all(|symbol| near.iter().any(|item| item.symbol() == *symbol)) {
        return None;
    }
    (from..=at).find_map(|first| {
        let mut missing = symbols.to_vec();
        let window = &items[first..(first + reach).min(items.len())];
        let mut window = window.iter().take_while(|item| item.class() == Class::Han);
        let last = window.position(|item| {
            if let Some(place) = missing.iter().position(|symbol| *symbol == item.symbol()) {
                missing.swap_remove(place);
            }
            missing.is_empty()
        })?;
        let holds = symbols.contains(&items[first].symbol()) && first + last >= at;
        holds.then_some((first, first + last))
    })
}

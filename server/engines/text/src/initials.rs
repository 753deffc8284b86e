//! Chinese words by the initials of their pinyin: `cnm`.

use crate::{folded::Item, ordinary, sound, symbols::Class};
use std::collections::HashMap;

/// Shortest and longest run of letters that is looked up.
const RUN: std::ops::RangeInclusive<usize> = 2..=8;
/// Longest run that may be several words.
const MAX_SEVERAL: usize = 16;

/// Words by their initials.
pub(crate) struct Initials {
    words: HashMap<Box<[u8]>, Vec<u32>>,
}

impl Initials {
    /// Of words that are nothing but Chinese characters.
    pub fn of(words: impl Iterator<Item = (u32, Vec<Item>)>) -> Self {
        let mut all: HashMap<Box<[u8]>, Vec<u32>> = HashMap::new();
        for (number, items) in words.filter(|(_, items)| RUN.contains(&items.len())) {
            let letter = |item: &Item| sound::initial(sound::syllable(item.symbol()));
            if let Some(initials) = items.iter().map(letter).collect() {
                all.entry(initials).or_default().push(number);
            }
        }
        Self { words: all }
    }

    /// Calls `found` with the word, the first and the last item of runs of letters that
    /// stand beside Chinese and are no word of their own.
    pub fn find(&self, items: &[Item], mut found: impl FnMut(u32, usize, usize)) {
        let mut at = 0;
        while at < items.len() {
            let len = items[at..].iter().take_while(|item| item.class() == Class::Latin).count();
            if (*RUN.start()..=MAX_SEVERAL).contains(&len) {
                self.find_run(items, at, len, &mut found);
            }
            at += len.max(1);
        }
    }

    fn find_run(
        &self,
        items: &[Item],
        start: usize,
        len: usize,
        found: &mut impl FnMut(u32, usize, usize),
    ) {
        let run: Vec<u8> =
            items[start..start + len].iter().map(|item| item.symbol() as u8).collect();
        let text = std::str::from_utf8(&run).unwrap_or_default();
        if !beside_characters(items, start, start + len) || ordinary::contains(text) {
            return;
        }
        if let Some(words) = self.words.get(&run[..]) {
            words.iter().for_each(|&word| found(word, start, start + len - 1));
            return;
        }
        // Two words one after the other.
        for split in 2..len.saturating_sub(1) {
            let (left, right) = run.split_at(split);
            if let (Some(first), Some(second)) = (self.words.get(left), self.words.get(right)) {
                first.iter().for_each(|&word| found(word, start, start + split - 1));
                second.iter().for_each(|&word| found(word, start + split, start + len - 1));
            }
        }
    }
}

/// Whether Chinese stands next to a run, blanks and punctuation aside, and no digit does.
fn beside_characters(items: &[Item], start: usize, end: usize) -> bool {
    let is_digit = |item: Option<&Item>| item.is_some_and(|item| item.class() == Class::Digit);
    let before = items[..start].iter().rev();
    let is_glued = is_digit(before.clone().next()) || is_digit(items.get(end));
    let neighbour = |item: &&Item| item.is_word() && item.symbol() != 0;
    let is_han = |item: Option<&Item>| item.is_some_and(|item| item.class() == Class::Han);
    !is_glued
        && (is_han(before.take(8).find(neighbour))
            || is_han(items[end..].iter().take(8).find(neighbour)))
}

//! Ordinary English words and names: a bad word inside one of them is none.

use crate::{layer::Layer, trie::Trie};
use std::sync::LazyLock;

/// Sorted words, 16 a line: the first in full, of the others an upper-case letter for
/// how many letters they share with the one before (`A` for none), then the rest.
static LINES: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("../tables/ordinary.txt").lines().collect());

/// Whether a lower-case word is an ordinary one.
pub(crate) fn contains(word: &str) -> bool {
    let after = LINES.partition_point(|line| head(line) <= word);
    let Some(line) = after.checked_sub(1).and_then(|place| LINES.get(place)) else { return false };
    let mut buffer = String::new();
    words(line, &mut buffer, |found| found == word)
}

fn head(line: &str) -> &str {
    line.split(|c: char| c.is_ascii_uppercase()).next().unwrap_or_default()
}

/// Goes through the words of a line until `is_done` says so.
fn words(line: &str, buffer: &mut String, mut is_done: impl FnMut(&str) -> bool) -> bool {
    let head = head(line);
    buffer.clear();
    buffer.push_str(head);
    let mut rest = &line[head.len()..];
    loop {
        if is_done(buffer) {
            return true;
        }
        let Some(shared) = rest.bytes().next() else { return false };
        let end =
            rest[1..].find(|c: char| c.is_ascii_uppercase()).map_or(rest.len(), |end| end + 1);
        buffer.truncate(usize::from(shared.saturating_sub(b'A')));
        buffer.push_str(&rest[1..end]);
        rest = &rest[end..];
    }
}

/// Of so many words, those that stand inside no ordinary word.
pub(crate) fn rare(layer: &Layer, count: usize) -> Box<[bool]> {
    let mut rare = vec![true; count];
    let mut buffer = String::new();
    for line in LINES.iter() {
        words(line, &mut buffer, |word| {
            mark_inside(layer, word.as_bytes(), &mut rare);
            false
        });
    }
    rare.into()
}

fn mark_inside(layer: &Layer, word: &[u8], rare: &mut [bool]) {
    for start in 0..word.len() {
        let mut node = Trie::ROOT;
        for (at, &letter) in word.iter().enumerate().skip(start) {
            let Some(child) = layer.trie().child(node, letter.into()) else { break };
            node = child;
            let whole = start == 0 && at + 1 == word.len();
            if let Some(form) = layer.trie().form(node).filter(|_| !whole) {
                layer.words(form).for_each(|word| rare[word as usize] = false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_words_are_found() {
        for word in ["cocktail", "assess", "scunthorpe", "analysis", "zebra", "aardvark"] {
            assert!(contains(word), "{word}");
        }
        for word in ["", "fuckface", "zzzz", "aaaa", "cocktai"] {
            assert!(!contains(word), "{word}");
        }
    }
}

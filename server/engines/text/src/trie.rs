//! Words as a tree of characters.

use crate::{
    source::BuildError,
    starts::{Starts, Window},
};

/// No word ends at a node.
const NONE: u32 = u32::MAX;
const ROOT: u32 = 0;

/// A set of words, numbered in their order. Nodes lie breadth first, so the children
/// of a node end where those of the next begin: twelve bytes a node.
#[derive(Default)]
pub(crate) struct Trie {
    labels: Box<[char]>,
    /// First child of each node; one more at the end.
    children: Box<[u32]>,
    /// Number of the word that ends at each node.
    words: Box<[u32]>,
    starts: Starts,
}

impl Trie {
    /// A tree of words, which are sorted, different and not empty.
    ///
    /// # Errors
    /// [`BuildError::TooBig`] beyond four billion nodes.
    pub fn build(words: &[&str]) -> Result<Self, BuildError> {
        let too_big = |_| BuildError::TooBig("too many words".into());
        let (mut labels, mut children, mut ends) = (vec!['\0'], Vec::new(), Vec::new());
        // Of each node that has no children yet: its words, and how much it spells.
        let mut open = std::collections::VecDeque::from([(0, words.len(), 0)]);
        while let Some((mut from, to, spelt)) = open.pop_front() {
            children.push(u32::try_from(labels.len()).map_err(too_big)?);
            let ends_here = from < to && words[from].len() == spelt;
            ends.push(if ends_here { u32::try_from(from).map_err(too_big)? } else { NONE });
            from += usize::from(ends_here);
            while let Some(label) = words[from..to].first().and_then(|w| w[spelt..].chars().next())
            {
                let shares = |word: &&str| word[spelt..].starts_with(label);
                let end = from + words[from..to].partition_point(shares);
                labels.push(label);
                open.push_back((from, end, spelt + label.len_utf8()));
                from = end;
            }
        }
        children.push(u32::try_from(labels.len()).map_err(too_big)?);
        Ok(Self {
            labels: labels.into(),
            children: children.into(),
            words: ends.into(),
            starts: Starts::of(words),
        })
    }

    pub fn starts(&self) -> &Starts {
        &self.starts
    }

    /// Calls `found` with the number and end of every word that starts at byte `at`,
    /// shorter ones first.
    fn walk(&self, text: &str, at: usize, mut found: impl FnMut(u32, usize)) {
        let mut node = ROOT;
        for (offset, c) in text[at..].char_indices() {
            let Some(child) = self.child(node, c) else { return };
            node = child;
            let word = self.words[node as usize];
            if word != NONE {
                found(word, at + offset + c.len_utf8());
            }
        }
    }

    fn child(&self, node: u32, c: char) -> Option<u32> {
        let (first, end) = (self.children[node as usize], self.children[node as usize + 1]);
        let labels = &self.labels[first as usize..end as usize];
        let place = match labels {
            [only] => (*only == c).then_some(0),
            _ => labels.binary_search(&c).ok(),
        };
        place.and_then(|place| Some(first + u32::try_from(place).ok()?))
    }
}

impl AsRef<Trie> for Trie {
    fn as_ref(&self) -> &Trie {
        self
    }
}

/// Calls `found` with the tree, the word and the range of every word of several
/// trees in a text, by ascending start, in one pass. `starts` must cover them all.
pub(crate) fn sweep<T: AsRef<Trie>>(
    trees: &[T],
    starts: &Starts,
    text: &str,
    mut found: impl FnMut(usize, u32, std::ops::Range<usize>),
) {
    match trees {
        [] => {}
        [only] => places(only.as_ref().starts(), text, |at, _| {
            only.as_ref().walk(text, at, |word, end| found(0, word, at..end));
        }),
        _ => places(starts, text, |at, window| {
            for (number, tree) in trees.iter().enumerate() {
                let tree = tree.as_ref();
                if tree.starts.may_start(window) {
                    tree.walk(text, at, |word, end| found(number, word, at..end));
                }
            }
        }),
    }
}

/// Calls `start` with every place where a word may start.
fn places(starts: &Starts, text: &str, mut start: impl FnMut(usize, Window)) {
    let mut chars = text.char_indices();
    let mut first = chars.next();
    let mut second = chars.next();
    while let Some((at, c)) = first {
        let third = chars.next();
        let window = (c, second.map(|(_, c)| c), third.map(|(_, c)| c));
        if starts.may_start(window) {
            start(at, window);
        }
        (first, second) = (second, third);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn found(words: &[&str], text: &str) -> Vec<(String, usize)> {
        let trie = Trie::build(words).expect("small");
        let (starts, mut found) = (Starts::union([trie.starts()]), Vec::new());
        sweep(&[trie], &starts, text, |_, word, range| {
            assert_eq!(words[word as usize], &text[range.clone()]);
            found.push((words[word as usize].to_owned(), range.start));
        });
        found
    }

    fn naive(words: &[&str], text: &str) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for (at, _) in text.char_indices() {
            for word in words.iter().filter(|word| text[at..].starts_with(**word)) {
                found.push(((*word).to_owned(), at));
            }
        }
        found
    }

    #[test]
    fn prefixes_and_single_characters_are_found() {
        let words = ["a", "ab", "abc", "b", "外", "外挂", "外挂群"];
        let text = "abc外挂群外";
        assert_eq!(found(&words, text), naive(&words, text));
        assert_eq!(found(&[], text), []);
    }

    proptest! {
        #[test]
        fn several_trees_find_what_each_finds(
            few in prop::collection::btree_set("[ab外挂]{1,4}", 0..6),
            many in prop::collection::btree_set("[a-z外挂群]{2,4}", 60..200),
            text in "[abc外挂群]{0,24}",
        ) {
            let sorted = |words: &BTreeSet<String>| -> Vec<String> {
                words.iter().cloned().collect()
            };
            let all = [sorted(&few), sorted(&many)];
            let tries = all.each_ref().map(|words| {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                Trie::build(&words).expect("small")
            });
            let starts = Starts::union(tries.iter().map(Trie::starts));
            let mut together = [Vec::new(), Vec::new()];
            sweep(&tries, &starts, &text, |tree, word, range| {
                together[tree].push((all[tree][word as usize].clone(), range.start));
            });
            for (words, found) in all.iter().zip(together) {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                prop_assert_eq!(found, naive(&words, &text));
            }
        }

        #[test]
        fn finds_what_a_naive_search_finds(
            words in prop::collection::btree_set("[ab外挂😀]{1,4}", 0..12),
            text in "[ab外挂😀c]{0,24}",
        ) {
            let words: BTreeSet<String> = words;
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(found(&words, &text), naive(&words, &text));
        }
    }
}

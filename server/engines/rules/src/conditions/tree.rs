//! Combinations of words in one text.

mod form;

use super::word::check_word;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::Violation;

/// Most words of a tree.
pub const MAX_TREE_WORDS: usize = 256;
/// Most nodes above one another.
const MAX_DEPTH: usize = 16;
/// Most words of one [`Within`].
const MAX_WITHIN_WORDS: usize = 16;
/// Greatest distance of one [`Within`].
const MAX_DISTANCE: u32 = 1_000;

/// What must stand in a text, and what must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordTree {
    /// This word.
    Word(Arc<str>),
    /// Each of these.
    All(Vec<WordTree>),
    /// One of these at least.
    Any(Vec<WordTree>),
    /// Not one of these.
    None(Vec<WordTree>),
    /// Words near one another.
    Within(Within),
}

/// Words near one another, in any order. A word that is listed twice must stand there
/// twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// Each of them.
    pub words: Vec<Arc<str>>,
    /// Most characters between the end of the first and the start of the last.
    pub distance: u32,
}

impl WordTree {
    /// Every word in it, in the order of the tree, as often as it is listed; with
    /// whether it stands outside `none`.
    pub(crate) fn words(&self) -> Vec<(&Arc<str>, bool)> {
        let mut words = Vec::new();
        self.gather(true, &mut words);
        words
    }

    fn gather<'t>(&'t self, sought: bool, words: &mut Vec<(&'t Arc<str>, bool)>) {
        match self {
            Self::Word(word) => words.push((word, sought)),
            Self::Within(within) => words.extend(within.words.iter().map(|word| (word, sought))),
            Self::All(nodes) | Self::Any(nodes) => {
                nodes.iter().for_each(|node| node.gather(sought, words));
            }
            Self::None(nodes) => nodes.iter().for_each(|node| node.gather(false, words)),
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Word(_) | Self::Within(_) => 1,
            Self::All(nodes) | Self::Any(nodes) | Self::None(nodes) => {
                1 + nodes.iter().map(Self::depth).max().unwrap_or_default()
            }
        }
    }

    /// Adds everything that is wrong with it.
    pub(super) fn check(&self, path: &str, found: &mut Vec<Violation>) {
        let words = self.words();
        if words.len() > MAX_TREE_WORDS {
            return found.push(Violation::too_large(path, format!("{MAX_TREE_WORDS} words")));
        }
        if self.depth() > MAX_DEPTH {
            return found.push(Violation::too_large(path, format!("{MAX_DEPTH} levels")));
        }
        if !words.is_empty() && !words.iter().any(|(_, sought)| *sought) {
            found.push(Violation::invalid(path, "must have a word outside `none`"));
        }
        self.check_node(path, found);
    }

    fn check_node(&self, path: &str, found: &mut Vec<Violation>) {
        match self {
            Self::Word(word) => check_word(format!("{path}.word"), word, found),
            Self::All(nodes) => check_group(&format!("{path}.all"), nodes, found),
            Self::Any(nodes) => check_group(&format!("{path}.any"), nodes, found),
            Self::None(nodes) => check_group(&format!("{path}.none"), nodes, found),
            Self::Within(within) => within.check(&format!("{path}.within"), found),
        }
    }
}

fn check_group(path: &str, nodes: &[WordTree], found: &mut Vec<Violation>) {
    if nodes.is_empty() {
        found.push(Violation::invalid(path, "must not be empty"));
    }
    for (index, node) in nodes.iter().enumerate() {
        node.check_node(&format!("{path}.nodes[{index}]"), found);
    }
}

impl Within {
    fn check(&self, path: &str, found: &mut Vec<Violation>) {
        if !(2..=MAX_WITHIN_WORDS).contains(&self.words.len()) {
            let message = format!("must have 2 to {MAX_WITHIN_WORDS} words");
            found.push(Violation::invalid(format!("{path}.words"), message));
        }
        if self.distance > MAX_DISTANCE {
            let message = format!("must be 0 to {MAX_DISTANCE}");
            found.push(Violation::invalid(format!("{path}.distance"), message));
        }
        for (index, word) in self.words.iter().enumerate() {
            check_word(format!("{path}.words[{index}]"), word, found);
        }
    }
}

#[cfg(test)]
mod tests;

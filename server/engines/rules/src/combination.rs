//! Whether a combination of words holds in one text, and through which of them.

mod characters;
mod leaves;
mod within;

use crate::conditions::tree::WordTree;
use std::{collections::HashMap, sync::Arc};
use umpire_model::{FieldId, Transformation, Transformations};
use umpire_text::SourceHits;

pub(crate) use characters::Texts;
use leaves::Leaves;
use within::Within;

/// A tree whose words are numbered, each different word once: its *leaves*. The scanner
/// looks for each leaf alone, so that words do not hide one another.
pub(crate) struct Combination {
    root: Node,
    /// How many leaves there are.
    count: usize,
    /// Leaves that stand outside `none`: without one there is nothing to show.
    sought: Leaves,
}

enum Node {
    Word(usize),
    All(Box<[Node]>),
    Any(Box<[Node]>),
    None(Box<[Node]>),
    Within(Within),
}

/// What the scanner found of each leaf in one text: nothing; or hits, none of which may be
/// left, because all stood in harmless phrases.
type Found<'h> = [Option<&'h SourceHits>];

/// What comes of a combination in one text.
enum Outcome {
    Fails,
    /// It would hold if it were not for harmless phrases.
    Excepted,
    /// It holds through these leaves.
    Holds(Leaves),
}

impl Combination {
    /// The tree with its words numbered, and the words. Words that `switches` make one,
    /// such as `gold` and `Gold`, share a number.
    pub fn of(tree: &WordTree, switches: Transformations) -> (Self, Vec<Arc<str>>) {
        let mut numbering = Numbering { switches, numbers: HashMap::new(), words: Vec::new() };
        let (root, mut sought) = (numbering.node(tree), Leaves::default());
        for (word, _) in tree.words().into_iter().filter(|(_, is_sought)| *is_sought) {
            sought.add(numbering.number(word));
        }
        (Self { root, count: numbering.words.len(), sought }, numbering.words)
    }

    /// The hits that count, text by text; `None` when the rule has nothing to do with the
    /// message, nothing at all when harmless phrases are why. `hits` come text by text,
    /// of sources numbered from `first` on.
    pub fn counting<'h>(
        &self,
        first: u32,
        hits: &[(FieldId, &'h SourceHits)],
        texts: &mut Texts<'_>,
    ) -> Option<Vec<(FieldId, &'h SourceHits)>> {
        let (mut counting, mut excepted) = (Vec::new(), false);
        for group in hits.chunk_by(|(a, _), (b, _)| a == b) {
            let field = group[0].0;
            let mut found = vec![None; self.count];
            for (_, entry) in group {
                found[(entry.source - first) as usize] = Some(*entry);
            }
            match self.judge(&found, field, texts) {
                Outcome::Fails => {}
                Outcome::Excepted => excepted = true,
                Outcome::Holds(leaves) => {
                    let start = counting.len();
                    counting.extend(leaves.of(&found).map(|entry| (field, entry)));
                    counting[start..].sort_by_key(|(_, entry)| place(entry));
                }
            }
        }
        (excepted || !counting.is_empty()).then_some(counting)
    }

    fn judge(&self, found: &Found<'_>, field: FieldId, texts: &mut Texts<'_>) -> Outcome {
        if self.sought.of(found).next().is_none() {
            return Outcome::Fails;
        }
        let mut near = |within: &Within| within.holds(found, texts.characters(field));
        if let Some(took) = self.root.witnesses(&|leaf| stands(found[leaf]), &mut near) {
            // What holds only because something is absent is shown by what is there.
            let shown = if took.is_empty() { self.sought } else { took };
            let shown = shown.only(|leaf| stands(found[leaf]));
            if !shown.is_empty() {
                return Outcome::Holds(shown);
            }
        }
        let mut allowed = |within: &Within| within.might_hold(found, texts.characters(field));
        let has_allowed = found.iter().flatten().any(|entry| entry.hits.is_empty());
        if has_allowed && self.root.witnesses(&|leaf| found[leaf].is_some(), &mut allowed).is_some()
        {
            return Outcome::Excepted;
        }
        Outcome::Fails
    }
}

/// Whether a leaf was found, outside harmless phrases.
fn stands(found: Option<&SourceHits>) -> bool {
    found.is_some_and(|entry| !entry.hits.is_empty())
}

/// Where it was found first.
fn place(entry: &SourceHits) -> Option<usize> {
    entry.hits.first().map(|hit| hit.range.start)
}

impl Node {
    /// The leaves through which the node holds; `None` when it does not.
    fn witnesses(
        &self,
        stands: &dyn Fn(usize) -> bool,
        near: &mut dyn FnMut(&Within) -> bool,
    ) -> Option<Leaves> {
        match self {
            Self::Word(leaf) => stands(*leaf).then(|| Leaves::from([*leaf])),
            Self::Within(within) => near(within).then(|| within.leaves().collect()),
            Self::All(nodes) => nodes.iter().try_fold(Leaves::default(), |all, node| {
                node.witnesses(stands, near).map(|leaves| all.union(leaves))
            }),
            Self::Any(nodes) => {
                nodes.iter().filter_map(|node| node.witnesses(stands, near)).reduce(Leaves::union)
            }
            Self::None(nodes) => {
                let one = nodes.iter().any(|node| node.witnesses(stands, near).is_some());
                (!one).then(Leaves::default)
            }
        }
    }
}

/// Numbers words as they come, those that are one to the scanner alike.
struct Numbering {
    switches: Transformations,
    numbers: HashMap<String, usize>,
    words: Vec<Arc<str>>,
}

impl Numbering {
    fn node(&mut self, tree: &WordTree) -> Node {
        match tree {
            WordTree::Word(word) => Node::Word(self.number(word)),
            WordTree::All(nodes) => Node::All(self.nodes(nodes)),
            WordTree::Any(nodes) => Node::Any(self.nodes(nodes)),
            WordTree::None(nodes) => Node::None(self.nodes(nodes)),
            WordTree::Within(within) => {
                let leaves = within.words.iter().map(|word| self.number(word));
                Node::Within(Within::new(leaves, within.distance))
            }
        }
    }

    fn nodes(&mut self, nodes: &[WordTree]) -> Box<[Node]> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn number(&mut self, word: &Arc<str>) -> usize {
        let next = self.words.len();
        let number = *self.numbers.entry(form(word, self.switches)).or_insert(next);
        if number == next {
            self.words.push(word.clone());
        }
        number
    }
}

/// What words that are one to the scanner share.
fn form(word: &str, switches: Transformations) -> String {
    let folding = [Transformation::Case, Transformation::Width, Transformation::Canonical];
    if switches.covers(folding.into_iter().collect()) {
        umpire_text::fold(word)
    } else {
        word.into()
    }
}

#[cfg(test)]
mod tests;

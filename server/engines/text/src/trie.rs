//! Forms of words as a tree of symbols.

use crate::{source::BuildError, symbols::Symbol};

/// No form ends at a node.
const NONE: u32 = u32::MAX;
/// From so many children on the root finds them by their symbol.
const WIDE_ROOT: usize = 64;
/// Children that are looked at one after the other.
const FEW: usize = 8;

/// A place in a [`Trie`].
pub(crate) type Node = u32;

/// A set of different, non-empty forms. Siblings lie side by side, and before their
/// cousins come the children of the first one: the end of a long form is one piece of memory.
#[derive(Default)]
pub(crate) struct Trie {
    nodes: Box<[Place]>,
    /// The root's child for each symbol, or 0; empty for small roots.
    roots: Box<[Node]>,
    jumps: Jumps,
    /// Whether some form is one symbol.
    has_short: bool,
}

/// One node: twelve bytes.
#[derive(Clone, Copy)]
struct Place {
    /// Its first child.
    first: Node,
    /// What ends here.
    form: u32,
    label: Symbol,
    /// Number of children.
    count: u16,
}

impl Trie {
    pub const ROOT: Node = 0;

    /// A tree of forms, which are sorted and different; `number` gives what ends with a form
    /// from its place among them, below 2^32 - 1.
    ///
    /// # Errors
    /// [`BuildError::TooBig`] beyond four billion nodes.
    pub fn build(forms: &[&[Symbol]], number: impl Fn(usize) -> u32) -> Result<Self, BuildError> {
        let too_big = |_| BuildError::TooBig("too many words".into());
        let node = |label| Place { first: 0, form: NONE, label, count: 0 };
        let mut nodes = vec![node(0)];
        // Nodes whose children are to come: their forms, and how much these spell.
        let mut open = vec![(0, 0..forms.len(), 0)];
        while let Some((at, mut range, spelt)) = open.pop() {
            if range.start < range.end && forms[range.start].len() == spelt {
                nodes[at].form = number(range.start);
                range.start += 1;
            }
            let (first, behind) = (nodes.len(), open.len());
            while range.start < range.end {
                let label = forms[range.start][spelt];
                let same = forms[range.clone()].partition_point(|form| form[spelt] == label);
                let end = range.start + same;
                open.push((nodes.len(), range.start..end, spelt + 1));
                nodes.push(node(label));
                range.start = end;
            }
            open[behind..].reverse();
            nodes[at].first = Node::try_from(first).map_err(too_big)?;
            // Symbols are sixteen bits, and none is 0.
            nodes[at].count = (nodes.len() - first) as u16;
        }
        let mut trie = Self {
            nodes: nodes.into(),
            roots: Box::default(),
            jumps: Jumps::default(),
            has_short: forms.iter().any(|form| form.len() == 1),
        };
        trie.widen_root();
        Ok(trie)
    }

    fn widen_root(&mut self) {
        let range = self.children_of(Self::ROOT);
        if range.len() < WIDE_ROOT {
            return;
        }
        let mut roots = vec![0; 1 << 16];
        let mut pairs = Vec::new();
        for child in range {
            let a = self.nodes[child].label;
            roots[a as usize] = child as Node;
            let children = self.children_of(child as Node);
            pairs.extend(children.map(|node| (both(a, self.nodes[node].label), node as Node)));
        }
        self.roots = roots.into();
        self.jumps = Jumps::of(&pairs);
    }

    fn children_of(&self, node: Node) -> std::ops::Range<usize> {
        let Place { first, count, .. } = self.nodes[node as usize];
        first as usize..first as usize + usize::from(count)
    }

    /// The node a symbol leads to.
    #[inline]
    pub fn child(&self, node: Node, symbol: Symbol) -> Option<Node> {
        if node == Self::ROOT && !self.roots.is_empty() {
            return match self.roots[symbol as usize] {
                0 => None,
                child => Some(child),
            };
        }
        let range = self.children_of(node);
        let first = range.start;
        let children = &self.nodes[range];
        let place = match children.len() {
            0..=FEW => children.iter().position(|child| child.label == symbol),
            _ => children.binary_search_by_key(&symbol, |child| child.label).ok(),
        };
        place.map(|place| (first + place) as Node)
    }

    /// Where the first two symbols lead, where that is known at once: in trees that are
    /// not small.
    #[inline]
    pub fn jump(&self, a: Symbol, b: Symbol) -> Option<Option<Node>> {
        (!self.roots.is_empty()).then(|| self.jumps.get(both(a, b)))
    }

    /// Whether some form is one symbol.
    pub fn has_short(&self) -> bool {
        self.has_short
    }

    /// Whether a node leads on with another symbol than this one, or a form ends there
    /// that this one does not make longer.
    pub fn leads_elsewhere(&self, node: Node, symbol: Symbol) -> bool {
        let children = &self.nodes[self.children_of(node)];
        children.iter().any(|child| child.label != symbol)
            || children.is_empty() && self.form(node).is_some()
    }

    /// The Latin letters that lead on, and where to.
    pub fn letters(&self, node: Node) -> impl Iterator<Item = (Symbol, Node)> + '_ {
        let all = self.children_of(node).map(|child| (self.nodes[child].label, child as Node));
        all.filter(|(label, _)| (0x61..=0x7a).contains(label))
    }

    /// What ends at a node.
    #[inline]
    pub fn form(&self, node: Node) -> Option<u32> {
        let form = self.nodes[node as usize].form;
        (form != NONE).then_some(form)
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// Bytes it takes.
    pub fn memory(&self) -> usize {
        size_of_val(&*self.nodes) + size_of_val(&*self.roots) + size_of_val(&*self.jumps.slots)
    }
}

fn both(a: Symbol, b: Symbol) -> u32 {
    u32::from(a) << 16 | u32::from(b)
}

/// Nodes by their first two symbols: a table with open addressing, at most half full.
#[derive(Default)]
struct Jumps {
    /// 0 where there is none: no pair has symbols 0.
    slots: Box<[(u32, Node)]>,
    /// Lower bits of a hash that do not count.
    ignored: u32,
}

impl Jumps {
    fn of(pairs: &[(u32, Node)]) -> Self {
        let size = (pairs.len() * 2).next_power_of_two().max(2);
        let mut jumps =
            Self { slots: vec![(0, 0); size].into(), ignored: 32 - size.trailing_zeros() };
        for &(pair, node) in pairs {
            let mut at = jumps.slot(pair);
            while jumps.slots[at].0 != 0 {
                at = (at + 1) % size;
            }
            jumps.slots[at] = (pair, node);
        }
        jumps
    }

    /// The multiplier is that of Fibonacci hashing.
    fn slot(&self, pair: u32) -> usize {
        (pair.wrapping_mul(0x9e37_79b1) >> self.ignored) as usize
    }

    fn get(&self, pair: u32) -> Option<Node> {
        let mut at = self.slot(pair);
        loop {
            match self.slots[at] {
                (found, node) if found == pair => return Some(node),
                (0, _) => return None,
                _ => at = (at + 1) % self.slots.len(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn every_form_is_found_and_no_other(
            forms in prop::collection::btree_set(prop::collection::vec(1_u16..90, 1..6), 0..300),
            other in prop::collection::vec(1_u16..90, 1..6),
        ) {
            let all: Vec<&[Symbol]> = forms.iter().map(Vec::as_slice).collect();
            let trie = Trie::build(&all, |place| place as u32).expect("small");
            let find = |form: &[Symbol]| {
                let mut symbols = form.iter();
                let end = symbols.try_fold(Trie::ROOT, |node, &symbol| trie.child(node, symbol));
                trie.form(end?)
            };
            for (place, form) in all.iter().enumerate() {
                prop_assert_eq!(find(form), Some(place as u32));
            }
            prop_assert_eq!(find(&other).is_some(), forms.contains(&other));
            let starts: BTreeSet<&[Symbol]> = all.iter().filter_map(|form| form.get(..2)).collect();
            if let [a, b, ..] = other[..]
                && let Some(jump) = trie.jump(a, b)
            {
                let steps = trie.child(Trie::ROOT, a).and_then(|node| trie.child(node, b));
                prop_assert_eq!(jump, steps);
                prop_assert_eq!(jump.is_some(), starts.contains(&other[..2]));
            }
        }
    }
}

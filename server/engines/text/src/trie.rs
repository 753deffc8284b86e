//! Forms of words as a tree of symbols.

use crate::{source::BuildError, symbols::Symbol};

/// No form ends at a node.
const NONE: u32 = u32::MAX;
/// From so many children on the root finds them by their symbol.
const WIDE_ROOT: usize = 64;

/// A set of different, non-empty forms, numbered in their order. Nodes lie breadth
/// first, so the children of a node end where those of the next begin: ten bytes a node.
#[derive(Default)]
pub(crate) struct Trie {
    labels: Box<[Symbol]>,
    /// First child of each node; one more at the end.
    children: Box<[u32]>,
    /// Number of the form that ends at each node.
    forms: Box<[u32]>,
    /// The root's child for each symbol, or 0; empty for small roots.
    roots: Box<[u32]>,
}

/// A place in a [`Trie`].
pub(crate) type Node = u32;

impl Trie {
    pub const ROOT: Node = 0;

    /// A tree of forms, which are sorted and different.
    ///
    /// # Errors
    /// [`BuildError::TooBig`] beyond four billion nodes.
    pub fn build(forms: &[&[Symbol]]) -> Result<Self, BuildError> {
        let too_big = |_| BuildError::TooBig("too many words".into());
        let (mut labels, mut children, mut ends) = (vec![0], Vec::new(), Vec::new());
        // Of each node that has no children yet: its forms, and how much it spells.
        let mut open = std::collections::VecDeque::from([(0, forms.len(), 0)]);
        while let Some((mut from, to, spelt)) = open.pop_front() {
            children.push(u32::try_from(labels.len()).map_err(too_big)?);
            let ends_here = from < to && forms[from].len() == spelt;
            ends.push(if ends_here { u32::try_from(from).map_err(too_big)? } else { NONE });
            from += usize::from(ends_here);
            while from < to {
                let label = forms[from][spelt];
                let end = from + forms[from..to].partition_point(|form| form[spelt] == label);
                labels.push(label);
                open.push_back((from, end, spelt + 1));
                from = end;
            }
        }
        children.push(u32::try_from(labels.len()).map_err(too_big)?);
        let mut trie = Self {
            labels: labels.into(),
            children: children.into(),
            forms: ends.into(),
            roots: Box::default(),
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
        for child in range {
            roots[self.labels[child] as usize] = child as u32;
        }
        self.roots = roots.into();
    }

    fn children_of(&self, node: Node) -> std::ops::Range<usize> {
        self.children[node as usize] as usize..self.children[node as usize + 1] as usize
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
        let labels = &self.labels[range];
        let place = match labels {
            [only] => (*only == symbol).then_some(0),
            few if few.len() <= 8 => few.iter().position(|label| *label == symbol),
            many => many.binary_search(&symbol).ok(),
        };
        place.map(|place| (first + place) as u32)
    }

    /// Whether a node leads on with another symbol than this one, or a form ends there
    /// that this one does not make longer.
    pub fn leads_elsewhere(&self, node: Node, symbol: Symbol) -> bool {
        let labels = &self.labels[self.children_of(node)];
        labels.iter().any(|label| *label != symbol)
            || labels.is_empty() && self.form(node).is_some()
    }

    /// The Latin letters that lead on, and where to.
    pub fn letters(&self, node: Node) -> impl Iterator<Item = (Symbol, Node)> + '_ {
        let all = self.children_of(node).map(|child| (self.labels[child], child as u32));
        all.filter(|(label, _)| (0x61..=0x7a).contains(label))
    }

    /// The form that ends at a node.
    #[inline]
    pub fn form(&self, node: Node) -> Option<u32> {
        let form = self.forms[node as usize];
        (form != NONE).then_some(form)
    }

    /// Bytes it takes.
    pub fn memory(&self) -> usize {
        size_of_val(&*self.labels)
            + size_of_val(&*self.children)
            + size_of_val(&*self.forms)
            + size_of_val(&*self.roots)
    }
}

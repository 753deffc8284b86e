//! From a place in a text through a tree of words, past every disguise.
//!
//! The walk tries, at each symbol, what the word's next symbol may look like: itself, a
//! letter it stands for, a repeat, something to skip, parts or an emoji that stand for
//! it. The plain way is tried first and never given up; the rest of the steps of
//! one place are bounded.

use crate::{
    edges::Edges,
    folded::Item,
    layer::{Layer, View},
    letters,
    symbols::{Class, Symbol},
    trie::{Node, Trie},
};
use umpire_model::{Transformation, Transformations};

/// Most steps from one place; more than twice those of the longest plain way.
const MAX_STEPS: usize = 256;
/// Most repeats of a letter.
const MAX_REPEATS: usize = 64;
/// Most letters of a word that are hidden behind symbols.
const MAX_GUESSES: u8 = 3;
/// Most items, the blank among them, of two words that are not tried as one.
const MAX_PHRASE: u32 = 7;
/// Most symbols between two Latin letters.
const LETTER_GAP: u8 = 2;
/// Most blanks between the letters of a word spelt out.
const SPELT_GAP: u8 = 3;
/// Most blanks and symbols between two Chinese characters.
const CHARACTER_GAP: u8 = 3;

/// What all walks in one text share.
pub(crate) struct Walker<'a> {
    pub layer: &'a Layer,
    pub items: &'a [Item],
    pub edges: &'a Edges,
    /// What some word allows.
    pub active: Transformations,
    /// Whether some word is sought in compounds.
    pub compounds: bool,
}

/// A form of a word that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub form: u32,
    pub first: u32,
    /// Its last item.
    pub last: u32,
    /// What the way took; folded characters are not among it.
    pub taken: Transformations,
    pub whole_only: Option<WholeOnly>,
}

/// Ways that lead to whole words only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WholeOnly {
    /// A letter was hidden behind a symbol: `cr*p`.
    Censored,
    /// A long word is written as two: `blue waffle` for `bluewaffle`.
    Apart,
}

/// A way that leads on.
#[derive(Clone, Copy)]
pub(crate) struct State {
    node: Node,
    at: u32,
    /// The item that was consumed last.
    last: u32,
    /// Items skipped since.
    gap: u8,
    /// It was repeated.
    repeated: bool,
    /// Real letters, and digits that stand for letters.
    letters: u8,
    digits: u8,
    /// Symbols taken for any letter.
    guesses: u8,
    apart: bool,
    taken: Transformations,
}

impl Walker<'_> {
    /// Calls `found` with every form that starts at `first`, and says how many steps that
    /// took.
    pub fn walk(&self, first: u32, stack: &mut Vec<State>, mut found: impl FnMut(Found)) -> usize {
        stack.clear();
        let mut next = Some(State {
            node: Trie::ROOT,
            at: first,
            last: first,
            gap: 0,
            repeated: false,
            letters: 0,
            digits: 0,
            guesses: 0,
            apart: false,
            taken: Transformations::NONE,
        });
        for steps in 0..MAX_STEPS {
            let Some(mut state) = next.take().or_else(|| stack.pop()) else { return steps };
            if self.run(&mut state, first, &mut found) {
                self.branch(state, first, stack, &mut found);
            }
        }
        MAX_STEPS
    }

    /// Goes on while there is only one way. Says whether it leads on.
    #[inline]
    fn run(&self, state: &mut State, first: u32, found: &mut impl FnMut(Found)) -> bool {
        if state.at == first && !self.jump(state, first, found) {
            return false;
        }
        loop {
            let item = self.items[state.at as usize];
            if !self.is_only_itself(state, item, first) {
                return true;
            }
            let Some(node) = self.layer.trie().child(state.node, self.seen(item.symbol())) else {
                return false;
            };
            let letters = state.letters.saturating_add(u8::from(item.class() == Class::Latin));
            let (at, last) = (state.at + 1, state.at);
            *state = State { node, at, last, gap: 0, repeated: false, letters, ..*state };
            self.report(*state, first, found);
        }
    }

    /// Takes the first two characters at once, where they are nothing but themselves. Says
    /// whether the way leads on.
    #[inline]
    fn jump(&self, state: &mut State, first: u32, found: &mut impl FnMut(Found)) -> bool {
        let [a, b] = [first, first + 1].map(|at| self.items[at as usize]);
        let is_character = |item: Item, at| item.class() == Class::Han && self.edges.is_plain(at);
        if !is_character(a, first) || !is_character(b, first + 1) {
            return true;
        }
        let (trie, a, b) = (self.layer.trie(), self.seen(a.symbol()), self.seen(b.symbol()));
        let jump = trie.jump(a, b);
        if jump.is_some()
            && trie.has_short()
            && let Some(node) = trie.child(Trie::ROOT, a)
        {
            self.report(State { node, ..*state }, first, found);
        }
        match jump {
            Some(Some(node)) => {
                *state = State { node, at: first + 2, last: first + 1, ..*state };
                self.report(*state, first, found);
                true
            }
            Some(None) => false,
            None => true,
        }
    }

    /// Whether an item stands for nothing else and cannot be passed: a character, or a
    /// letter that repeats none.
    #[inline]
    fn is_only_itself(&self, state: &State, item: Item, first: u32) -> bool {
        if !item.is_word() || !self.edges.is_plain(state.at) {
            return false;
        }
        match item.class() {
            Class::Latin => {
                let repeats = self.items[state.last as usize].symbol() == item.symbol();
                (!repeats || state.at == first)
                    && letters::stands_for(item.symbol()).is_empty()
                    && !self.active.contains(Transformation::RunTogether)
            }
            Class::Digit => false,
            _ => true,
        }
    }

    /// All ways from a place where there may be several.
    fn branch(
        &self,
        state: State,
        first: u32,
        stack: &mut Vec<State>,
        found: &mut impl FnMut(Found),
    ) {
        let item = self.items[state.at as usize];
        if state.at != first {
            self.skips(state, item, first, stack, found);
        }
        self.stand_ins(state, item, first, stack, found);
        if state.gap > 0 && !item.is_word() {
            return;
        }
        if let Some(node) = self.layer.trie().child(state.node, self.seen(item.symbol())) {
            self.step(state, node, 1, Transformations::NONE, first, stack, found);
        }
    }

    /// Consumes `len` items.
    #[allow(clippy::too_many_arguments)]
    fn step(
        &self,
        state: State,
        node: Node,
        len: u32,
        taken: Transformations,
        first: u32,
        stack: &mut Vec<State>,
        found: &mut impl FnMut(Found),
    ) {
        let taken = state.taken.union(taken);
        let is_leet = taken.contains(Transformation::Leetspeak);
        let item = self.items[state.at as usize];
        let stands_in = is_leet && item.class() != Class::Latin;
        let next = State {
            node,
            at: state.at + len,
            last: state.at + len - 1,
            gap: 0,
            repeated: false,
            letters: state.letters.saturating_add(u8::from(item.class() == Class::Latin)),
            digits: state
                .digits
                .saturating_add(u8::from(stands_in && item.class() == Class::Digit)),
            guesses: state.guesses,
            apart: state.apart,
            taken,
        };
        self.report(next, first, found);
        stack.push(next);
    }

    fn report(&self, state: State, first: u32, found: &mut impl FnMut(Found)) {
        // Digits alone are never letters.
        if state.digits > 0 && state.letters == 0 {
            return;
        }
        let whole_only = match state {
            State { apart: true, last, taken, .. }
                if last + 1 - first <= MAX_PHRASE || taken.contains(Transformation::Repeats) =>
            {
                return;
            }
            State { apart: true, .. } => Some(WholeOnly::Apart),
            State { guesses: 0, .. } => None,
            State { letters: 0 | 1, .. } => return,
            _ => Some(WholeOnly::Censored),
        };
        if let Some(form) = self.layer.trie().form(state.node) {
            found(Found { form, first, last: state.last, taken: state.taken, whole_only });
        }
    }

    /// Ways that pass an item without consuming it.
    fn skips(
        &self,
        state: State,
        item: Item,
        first: u32,
        stack: &mut Vec<State>,
        found: &mut impl FnMut(Found),
    ) {
        if let Some(end) = self.end_of_repeats(state, item, first) {
            let taken = state.taken.with(Transformation::Repeats);
            let next = State { at: end, last: end - 1, taken, repeated: true, ..state };
            self.report(next, first, found);
            stack.push(next);
        }
        // A letter repeated among letters spelt out.
        let repeats = state.gap > 0
            && item.class() == Class::Latin
            && item.symbol() == self.items[state.last as usize].symbol()
            && self.active.contains(Transformation::Repeats);
        if repeats {
            let taken = state.taken.with(Transformation::Repeats);
            stack.push(State { at: state.at + 1, last: state.at, gap: 0, taken, ..state });
        }
        // A blank of a phrase repeated.
        let blanks = state.gap == 0
            && item.class() == Class::Blank
            && self.items[state.last as usize].class() == Class::Blank
            && self.active.contains(Transformation::Repeats);
        if blanks {
            let taken = state.taken.with(Transformation::Repeats);
            stack.push(State { at: state.at + 1, last: state.at, taken, ..state });
        }
        if self.may_part(state, item) {
            stack.push(State { at: state.at + 1, last: state.at, apart: true, ..state });
        }
        if !item.is_word() {
            if let Some(transformation) = self.gap(state, item) {
                let taken = state.taken.with(transformation);
                stack.push(State { at: state.at + 1, gap: state.gap + 1, taken, ..state });
            }
        } else if self.joins(state, item)
            && let Some(node) = self.layer.trie().child(state.node, u16::from(b' '))
        {
            let taken = state.taken.with(Transformation::RunTogether);
            stack.push(State { node, taken, ..state });
        }
    }

    /// Whether a blank may part a word in two here.
    fn may_part(&self, state: State, item: Item) -> bool {
        let next = self.items[state.at as usize + 1];
        self.compounds
            && item.symbol() == u16::from(b' ')
            && !state.apart
            && state.gap == 0
            && self.items[state.last as usize].class() == Class::Latin
            && next.class() == Class::Latin
    }

    /// Behind the letters that repeat the one consumed last, when something may follow.
    fn end_of_repeats(&self, state: State, item: Item, first: u32) -> Option<u32> {
        let symbol = self.items[state.last as usize].symbol();
        let may = item.symbol() == symbol
            && item.class() == Class::Latin
            && state.gap == 0
            && !state.repeated
            && self.active.contains(Transformation::Repeats)
            && self.layer.trie().leads_elsewhere(state.node, symbol);
        // Of a word's first letters in a row the first and the last one are enough.
        let follows_itself = || {
            let before = first.checked_sub(1).map(|at| self.items[at as usize].symbol());
            state.last == first && before == Some(symbol)
        };
        if !may || follows_itself() {
            return None;
        }
        let rest = self.items[state.at as usize..].iter().take(MAX_REPEATS);
        Some(state.at + rest.take_while(|item| item.symbol() == symbol).count() as u32)
    }

    /// Whether a blank of a phrase may be missing here.
    fn joins(&self, state: State, item: Item) -> bool {
        self.active.contains(Transformation::RunTogether)
            && item.class() == Class::Latin
            && self.items[state.last as usize].class() == Class::Latin
    }

    /// What it takes to skip `item`, which is no letter.
    fn gap(&self, state: State, item: Item) -> Option<Transformation> {
        let (last, next) = (self.items[state.last as usize], self.next_read(state.at)?);
        let is_latin = |item: Item| item.key() != 0 && item.class() != Class::Han;
        let is_han = |item: Item| item.class() == Class::Han;
        // Of decoration only pictures that stand for characters are read.
        let is_picture = |item: Item| item.class() == Class::Decoration;
        let follows_picture = is_picture(last) && state.taken.contains(Transformation::Emoji);
        let transformation = if is_latin(last) && is_latin(next.1) {
            self.letter_gap(state, item, next)?
        } else if is_han(last) || follows_picture || is_han(next.1) || is_picture(next.1) {
            self.character_gap(state, item)?
        } else {
            return None;
        };
        self.active.contains(transformation).then_some(transformation)
    }

    fn letter_gap(
        &self,
        state: State,
        item: Item,
        (next_at, next): (u32, Item),
    ) -> Option<Transformation> {
        if item.class() == Class::Blank {
            let syllables = self.layer.view == View::Sound && state.gap < LETTER_GAP;
            if syllables {
                return Some(Transformation::Pinyin);
            }
            let alone = self.is_single(state.last) && self.is_single(next_at);
            return (alone && state.gap < SPELT_GAP).then_some(Transformation::SpacedLetters);
        }
        let contraction = matches!(item.symbol(), 0x27 | 0x2019) && self.is_contraction(next_at);
        // `6.4` is a number, not 64.
        let last = self.items[state.last as usize];
        let number = last.class() == Class::Digit && next.class() == Class::Digit;
        (state.gap < LETTER_GAP && !contraction && !number).then_some(Transformation::LetterGaps)
    }

    fn character_gap(&self, state: State, item: Item) -> Option<Transformation> {
        match item.class() {
            Class::Decoration if state.gap == 0 => Some(Transformation::Decoration),
            Class::Blank | Class::Decoration | Class::Punctuation if state.gap < CHARACTER_GAP => {
                Some(Transformation::CharacterGaps)
            }
            _ => None,
        }
    }

    /// The next letter, digit, character or what stands for one within a gap's length.
    fn next_read(&self, at: u32) -> Option<(u32, Item)> {
        let stands = |at: u32, item: Item| {
            item.class() == Class::Decoration && self.edges.at(at, self.layer.view).next().is_some()
        };
        (at + 1..=at + 3)
            .filter_map(|at| self.items.get(at as usize).map(|item| (at, *item)))
            .find(|(at, item)| item.is_word() || stands(*at, *item))
    }

    /// Whether neither neighbour of an item is a letter.
    fn is_single(&self, at: u32) -> bool {
        let is_word =
            |at: usize| self.items.get(at).is_some_and(|item| item.is_word() && item.symbol() != 0);
        let at = at as usize;
        !at.checked_sub(1).is_some_and(is_word) && !is_word(at + 1)
    }

    /// Whether the letters from `at` on are what follows an apostrophe: `'ll`, `'s`.
    fn is_contraction(&self, at: u32) -> bool {
        let letters =
            self.items[at as usize..].iter().take_while(|item| item.class() == Class::Latin);
        let rest: Vec<u8> = letters.take(3).map(|item| item.symbol() as u8).collect();
        matches!(&rest[..], b"s" | b"t" | b"m" | b"d" | b"ll" | b"re" | b"ve")
    }

    /// Ways that consume items which stand for something else.
    fn stand_ins(
        &self,
        state: State,
        item: Item,
        first: u32,
        stack: &mut Vec<State>,
        found: &mut impl FnMut(Found),
    ) {
        let leet = self.active.contains(Transformation::Leetspeak) && item.class() != Class::Han;
        if leet && self.layer.view == View::Spelling {
            for &letter in letters::stands_for(item.symbol()) {
                if let Some(node) = self.layer.trie().child(state.node, letter.into()) {
                    let taken = Transformations::NONE.with(Transformation::Leetspeak);
                    self.step(state, node, 1, taken, first, stack, found);
                }
            }
        }
        let censored = leet && self.edges.is_censored(state.at);
        if censored && state.guesses < MAX_GUESSES && state.gap == 0 {
            let taken = Transformations::NONE.with(Transformation::Leetspeak);
            let guessed = State { guesses: state.guesses + 1, ..state };
            for (_, node) in self.layer.trie().letters(state.node).filter(|_| state.at != first) {
                self.step(guessed, node, 1, taken, first, stack, found);
            }
        }
        for edge in self.edges.at(state.at, self.layer.view) {
            if !self.active.contains(edge.taken) {
                continue;
            }
            let end = edge.symbols.iter().try_fold(state.node, |node, &symbol| {
                self.layer.trie().child(node, self.seen(symbol))
            });
            if let Some(node) = end {
                let taken = Transformations::NONE.with(edge.taken);
                self.step(state, node, edge.len, taken, first, stack, found);
            }
        }
    }

    fn seen(&self, symbol: Symbol) -> Symbol {
        self.layer.view.of(symbol)
    }
}

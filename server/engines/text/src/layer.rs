//! Words under one view: as they are spelt, as they sound, as they look.

use crate::{
    edges::Edges,
    filter::{Filter, Place, Window, sweep, sweep_characters, sweep_close},
    folded::{Item, PADDING},
    letters, sound,
    source::BuildError,
    symbols::{Class, Entry, Symbol},
    trie::Trie,
};

/// Symbols of a word the tree knows; of longer words the rest is compared by hash.
pub(crate) const MAX_DEPTH: usize = 32;

/// How symbols are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// As they are.
    Spelling,
    /// Chinese characters by their pinyin, without tones.
    Sound,
    /// Chinese characters by the part that makes them look alike.
    Shape,
}

impl View {
    /// What it makes of a symbol.
    #[inline]
    pub fn of(self, symbol: Symbol) -> Symbol {
        match self {
            Self::Spelling => symbol,
            Self::Sound => sound::syllable(symbol),
            Self::Shape => sound::shape(symbol),
        }
    }

    /// What its filter makes of an item.
    #[inline]
    pub fn filter_key(self, item: Item) -> Symbol {
        match self {
            Self::Spelling => item.filter_key(),
            _ if item.class() == Class::Latin => item.key().into(),
            view => view.of(item.symbol()),
        }
    }
}

/// Words under a view, compiled.
pub(crate) struct Layer {
    pub view: View,
    trie: Trie,
    filter: Filter,
    /// First word of each form; one more at the end.
    firsts: Box<[u32]>,
    words: Box<[u32]>,
}

/// Collects the forms of words.
pub(crate) struct LayerBuilder {
    view: View,
    /// All forms, one after the other.
    symbols: Vec<Symbol>,
    /// Start, end and word of each form.
    forms: Vec<(u32, u32, u32)>,
    windows: Vec<(Window, Item)>,
}

impl LayerBuilder {
    pub fn new(view: View) -> Self {
        Self { view, symbols: Vec::new(), forms: Vec::new(), windows: Vec::new() }
    }

    /// Adds a form of a word; not empty.
    pub fn add(&mut self, word: u32, items: &[Item]) -> Result<(), BuildError> {
        let too_big = |_| BuildError::TooBig("over 4 billion characters of words".into());
        let start = u32::try_from(self.symbols.len()).map_err(too_big)?;
        let known = &items[..items.len().min(MAX_DEPTH)];
        self.symbols.extend(known.iter().map(|item| self.view.of(item.symbol())));
        let end = u32::try_from(self.symbols.len()).map_err(too_big)?;
        self.forms.push((start, end, word));
        // Beside the spelling, words of two characters are sought where two are odd.
        if self.view != View::Spelling && known.len() < 3 {
            return Ok(());
        }
        let significant = known.iter().filter(|item| item.is_word());
        let window = Window::of(significant.map(|&item| self.view.filter_key(item)));
        self.windows.push((window, known[0]));
        if known.iter().any(|item| !item.is_word()) {
            let keys = known.iter().map(|&item| (item, self.view.filter_key(item)));
            self.windows.push((Window::close(keys), known[0]));
        }
        Ok(())
    }

    /// Adds a form in symbols of the view's own.
    pub fn add_symbols(&mut self, word: u32, form: &[Symbol]) -> Result<(), BuildError> {
        let class = |symbol| if letters::is_letter(symbol) { Class::Latin } else { Class::Han };
        let item = |&symbol| Item::of(symbol, class(symbol));
        let items: Vec<Item> = form.iter().map(item).collect();
        self.add(word, &items)
    }

    /// Puts forms into the order of their words' ranks.
    pub fn rank(&mut self, ranks: &[u32]) {
        self.forms.sort_by_key(|(_, _, word)| ranks[*word as usize]);
    }

    /// Compiles the forms. Words of one form keep their order.
    pub fn build(self) -> Result<Layer, BuildError> {
        let Self { view, symbols, mut forms, windows } = self;
        let latin = windows.iter().filter(|(window, _)| Filter::is_latin(*window)).count();
        let mut filter = Filter::with_capacity(windows.len() - latin, latin);
        for (window, first) in windows {
            filter.add(window, first);
        }
        let form = |(start, end, _): &(u32, u32, u32)| &symbols[*start as usize..*end as usize];
        forms.sort_by(|a, b| form(a).cmp(form(b)));
        let (mut different, mut firsts) = (Vec::new(), Vec::new());
        for (number, entry) in (0..).zip(&forms) {
            if different.last() != Some(&form(entry)) {
                different.push(form(entry));
                firsts.push(number);
            }
        }
        firsts.push(forms.len() as u32);
        let trie = Trie::build(&different)?;
        let words = forms.iter().map(|(_, _, word)| *word).collect();
        Ok(Layer { view, trie, filter, firsts: firsts.into(), words })
    }
}

impl Layer {
    pub fn trie(&self) -> &Trie {
        &self.trie
    }

    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words of a form.
    pub fn words(&self, form: u32) -> &[u32] {
        let form = form as usize;
        &self.words[self.firsts[form] as usize..self.firsts[form + 1] as usize]
    }

    /// Where a word may start in the items of a text and their padding, in order; `close`:
    /// no way passes a blank, nor punctuation beside Chinese characters.
    pub fn places(
        &self,
        filter: &Filter,
        padded: &[Item],
        present: u32,
        edges: &Edges,
        close: bool,
        places: &mut Vec<Place>,
    ) {
        let view = self.view;
        let items = &padded[..padded.len() - PADDING];
        let is_open = |at| edges.is_open(at, view);
        let plain = edges.is_empty();
        let characters = plain && present & Entry::KEYS == 0;
        let table = match view {
            View::Spelling if characters => {
                return sweep_characters(filter, padded, Item::symbol, places);
            }
            View::Spelling if plain && close => return sweep_close(filter, items, places),
            View::Spelling if plain => {
                return sweep(filter, items, Item::filter_key, |_| false, places);
            }
            View::Spelling => return sweep(filter, items, Item::filter_key, is_open, places),
            View::Sound => sound::syllables(),
            View::Shape => sound::shapes(),
        };
        let key = |item: Item| match item.class() {
            Class::Latin => item.key().into(),
            _ => table[usize::from(item.symbol())],
        };
        match characters {
            true => sweep_characters(filter, padded, key, places),
            false => sweep(filter, items, key, is_open, places),
        }
    }

    /// Bytes it takes.
    pub fn memory(&self) -> usize {
        self.trie.memory()
            + self.filter.memory()
            + size_of_val(&*self.firsts)
            + size_of_val(&*self.words)
    }
}

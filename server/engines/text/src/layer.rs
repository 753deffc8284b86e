//! Words under one view: as they are spelt, as they sound, as they look.

use crate::{
    filter::{Filter, FilterBuilder},
    folded::Item,
    letters, sound,
    source::BuildError,
    symbols::{Class, Symbol},
    trie::Trie,
};
use std::sync::Arc;
use umpire_model::{Transformation, Transformations};

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
    /// What only words in this view can find.
    pub const fn finds(self) -> Transformations {
        use Transformation as T;
        let none = Transformations::NONE;
        match self {
            Self::Spelling => none,
            Self::Sound => none.with(T::Homophone).with(T::ShortHomophone).with(T::Pinyin),
            Self::Shape => none.with(T::Lookalike).with(T::ShortLookalike),
        }
    }

    /// What it makes of a symbol.
    #[inline]
    pub fn of(self, symbol: Symbol) -> Symbol {
        match self {
            Self::Spelling => symbol,
            Self::Sound => sound::syllable(symbol),
            Self::Shape => sound::shape(symbol),
        }
    }

    /// What it makes of every symbol; as they are where there is no table.
    pub fn table(self) -> &'static [Symbol] {
        match self {
            Self::Spelling => &[],
            Self::Sound => sound::syllables(),
            Self::Shape => sound::shapes(),
        }
    }

    /// What streams make of an item.
    pub fn filter_key(self, item: Item) -> Symbol {
        match self {
            Self::Spelling => item.filter_key(),
            view => item.table_key(view.table()),
        }
    }
}

/// Words under a view, compiled.
pub(crate) struct Layer {
    pub view: View,
    trie: Trie,
    filter: Arc<Filter>,
    /// Words of forms that are several words', those of one after the other.
    shared: Box<[u32]>,
    /// Where each of these forms begins among them; one more at the end.
    firsts: Box<[u32]>,
}

/// What ends a form that is one word's: this bit and the word. Others have their place in
/// [`Layer::firsts`].
const ALONE: u32 = 1 << 31;

/// Collects the forms of words.
pub(crate) struct LayerBuilder {
    view: View,
    /// All forms, one after the other.
    symbols: Vec<Symbol>,
    /// Start, end and word of each form.
    forms: Vec<(u32, u32, u32)>,
    filter: FilterBuilder,
}

impl LayerBuilder {
    pub fn new(view: View) -> Self {
        Self { view, symbols: Vec::new(), forms: Vec::new(), filter: FilterBuilder::default() }
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
        match known {
            [a, b] if self.view != View::Spelling => {
                self.filter.add_odd(self.view.of(a.symbol()), self.view.of(b.symbol()));
            }
            _ => self.filter.add(known, self.view),
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
        let Self { view, symbols, mut forms, filter } = self;
        let form = |(start, end, _): &(u32, u32, u32)| &symbols[*start as usize..*end as usize];
        forms.sort_by(|a, b| form(a).cmp(form(b)));
        let (mut different, mut ends) = (Vec::new(), Vec::new());
        let (mut shared, mut firsts) = (Vec::new(), vec![0]);
        for same in forms.chunk_by(|a, b| form(a) == form(b)) {
            different.push(form(&same[0]));
            if let [(.., word)] = same {
                ends.push(ALONE | word);
                continue;
            }
            ends.push(firsts.len() as u32 - 1);
            shared.extend(same.iter().map(|(.., word)| *word));
            firsts.push(shared.len() as u32);
        }
        let trie = Trie::build(&different, |place| ends[place])?;
        let filter = Arc::new(filter.build());
        Ok(Layer { view, trie, filter, shared: shared.into(), firsts: firsts.into() })
    }
}

impl Layer {
    pub fn trie(&self) -> &Trie {
        &self.trie
    }

    pub fn filter(&self) -> &Arc<Filter> {
        &self.filter
    }

    pub fn is_empty(&self) -> bool {
        self.trie.is_empty()
    }

    /// The words that what ends at a node stands for.
    #[inline]
    pub fn words(&self, form: u32) -> impl Iterator<Item = u32> + '_ {
        let several = match form & ALONE {
            0 => self.firsts[form as usize] as usize..self.firsts[form as usize + 1] as usize,
            _ => 0..0,
        };
        let one = (form & ALONE != 0).then_some(form & !ALONE);
        one.into_iter().chain(self.shared[several].iter().copied())
    }

    /// Bytes it takes.
    pub fn memory(&self) -> usize {
        self.trie.memory()
            + self.filter.memory()
            + size_of_val(&*self.firsts)
            + size_of_val(&*self.shared)
    }
}

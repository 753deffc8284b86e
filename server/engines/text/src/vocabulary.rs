//! Words compiled for every view that is wanted.

use crate::{
    folded::{Item, symbols_of},
    initials::Initials,
    layer::{Layer, LayerBuilder, MAX_DEPTH, View},
    ordinary,
    place::Placing,
    shuffle::Shuffled,
    sound,
    source::BuildError,
    symbols::Class,
    tail::Tail,
    trie::Trie,
};
use std::sync::{Arc, OnceLock};
use umpire_model::{Transformation, Transformations};

/// Most readings of one word.
const MAX_READINGS: usize = 8;

/// Words, numbered as they came, in every view that was asked for.
pub(crate) struct Vocabulary {
    words: Box<[Word]>,
    spelling: Layer,
    sound: OnceLock<Layer>,
    shape: OnceLock<Layer>,
    initials: OnceLock<Initials>,
    shuffled: OnceLock<Shuffled>,
    /// The symbols of all words, and where each begins; for views beside the spelling.
    spelt: OnceLock<Spelt>,
    /// Whether no ordinary word has it inside, for each word.
    rare: OnceLock<Box<[bool]>>,
}

/// The symbols of all words, and where each word begins.
type Spelt = (Box<[Item]>, Box<[u32]>);

/// A word as it is sought.
pub(crate) struct Word {
    pub text: Arc<str>,
    /// What its stars ask for.
    pub placing: Placing,
    /// The text without stars and blanks around it, where that is something else.
    core: Option<Box<str>>,
    /// What lies beyond the tree.
    pub tail: Option<Box<Tail>>,
}

impl Word {
    /// The text without stars and blanks around it.
    pub fn core(&self) -> &str {
        self.core.as_deref().unwrap_or(&self.text)
    }
}

impl Vocabulary {
    /// Compiles words in their spelling.
    ///
    /// # Errors
    /// [`BuildError::BlankWord`], [`BuildError::TooBig`].
    pub fn build(words: impl IntoIterator<Item = Arc<str>>) -> Result<Self, BuildError> {
        Self::in_order(words.into_iter().collect(), None)
    }

    /// Compiles words in which stars are stars, of at most [`MAX_DEPTH`] symbols.
    pub fn literal(words: impl Iterator<Item = Arc<str>>) -> Result<Self, BuildError> {
        let escaped = words.map(|word| word.replace('*', r"\*").into());
        Self::build(escaped)
    }

    /// As [`Self::build`]; words of one form are found in the order of their `ranks`.
    pub fn in_order(words: Vec<Arc<str>>, ranks: Option<&[u32]>) -> Result<Self, BuildError> {
        let mut builder = LayerBuilder::new(View::Spelling);
        let mut kept = Vec::with_capacity(words.len());
        for (text, number) in words.into_iter().zip(0..) {
            let (placing, core) = Placing::of(&text);
            let items = symbols_of(&core);
            if items.iter().all(|item| item.class() == Class::Blank) {
                return Err(BuildError::BlankWord);
            }
            builder.add(number, &items)?;
            let tail = (items.len() > MAX_DEPTH).then(|| Box::new(Tail::of(&items[MAX_DEPTH..])));
            let core = (*core != *text).then(|| core.into());
            kept.push(Word { text, placing, core, tail });
        }
        if let Some(ranks) = ranks {
            builder.rank(ranks);
        }
        Ok(Self {
            words: kept.into(),
            spelling: builder.build()?,
            sound: OnceLock::new(),
            shape: OnceLock::new(),
            initials: OnceLock::new(),
            shuffled: OnceLock::new(),
            spelt: OnceLock::new(),
            rare: OnceLock::new(),
        })
    }

    /// Compiles what these transformations need, if it is not there yet.
    ///
    /// # Errors
    /// [`BuildError::TooBig`].
    pub fn prepare(&self, switches: Transformations) -> Result<(), BuildError> {
        use Transformation as T;
        let wants = |any: &[T]| any.iter().any(|&one| switches.contains(one));
        let wants_view = |view: View| !switches.intersection(view.finds()).is_empty();
        if !switches.intersection(Self::BESIDE_SPELLING).is_empty() {
            self.spelt.get_or_init(|| self.spell());
        }
        if wants_view(View::Sound) && self.sound.get().is_none() {
            let layer = self.layer(View::Sound)?;
            self.sound.get_or_init(|| layer);
        }
        if wants_view(View::Shape) && self.shape.get().is_none() {
            let layer = self.layer(View::Shape)?;
            self.shape.get_or_init(|| layer);
        }
        if wants(&[T::Initials, T::ShortInitials]) {
            self.initials.get_or_init(|| Initials::of(self.characters()));
        }
        if wants(&[T::Shuffle]) {
            self.shuffled.get_or_init(|| Shuffled::of(self.characters()));
        }
        Ok(())
    }

    const BESIDE_SPELLING: Transformations = Transformations::NONE
        .with(Transformation::Pinyin)
        .with(Transformation::Initials)
        .with(Transformation::Homophone)
        .with(Transformation::Lookalike)
        .with(Transformation::Shuffle)
        .with(Transformation::ShortHomophone)
        .with(Transformation::ShortInitials)
        .with(Transformation::ShortLookalike);

    fn spell(&self) -> Spelt {
        let (mut items, mut starts) = (Vec::new(), vec![0]);
        for word in &self.words {
            items.extend(symbols_of(word.core()));
            starts.push(items.len() as u32);
        }
        (items.into(), starts.into())
    }

    /// The symbols of a word, once a view beside the spelling was prepared.
    pub fn symbols(&self, number: u32) -> &[Item] {
        let Some((items, starts)) = self.spelt.get() else { return &[] };
        let number = number as usize;
        &items[starts[number] as usize..starts[number + 1] as usize]
    }

    /// Works out which words no ordinary word has inside.
    pub fn prepare_compounds(&self) {
        self.rare.get_or_init(|| ordinary::rare(&self.spelling, self.words.len()));
    }

    /// Chinese words of two characters or more, in a view.
    fn layer(&self, view: View) -> Result<Layer, BuildError> {
        let mut builder = LayerBuilder::new(view);
        for (number, items) in self.characters() {
            match view {
                View::Sound => {
                    for form in readings(&items) {
                        builder.add_symbols(number, &form)?;
                    }
                }
                _ => builder.add(number, &items)?,
            }
        }
        builder.build()
    }

    /// The Chinese words of two to [`MAX_DEPTH`] characters.
    fn characters(&self) -> impl Iterator<Item = (u32, Vec<Item>)> + '_ {
        (0..).zip(&self.words).filter_map(|(number, word)| {
            let items = symbols_of(word.core());
            let suits = (2..=MAX_DEPTH).contains(&items.len())
                && items.iter().filter(|item| item.class() == Class::Han).count() >= 2;
            suits.then_some((number, items))
        })
    }

    pub fn word(&self, number: u32) -> &Word {
        &self.words[number as usize]
    }

    /// The words in a view, if it was prepared.
    pub fn view(&self, view: View) -> Option<&Layer> {
        match view {
            View::Spelling => Some(&self.spelling),
            View::Sound => self.sound.get(),
            View::Shape => self.shape.get(),
        }
    }

    pub fn initials(&self) -> Option<&Initials> {
        self.initials.get()
    }

    pub fn shuffled(&self) -> Option<&Shuffled> {
        self.shuffled.get()
    }

    /// Whether a Latin word is one of them.
    pub fn holds(&self, word: &str) -> bool {
        let trie = self.spelling.trie();
        let end = word.bytes().try_fold(Trie::ROOT, |node, letter| trie.child(node, letter.into()));
        !word.is_empty() && end.is_some_and(|node| trie.form(node).is_some())
    }

    /// Whether no ordinary word has this one inside.
    pub fn is_rare(&self, number: u32) -> bool {
        self.rare.get().is_some_and(|rare| rare[number as usize])
    }

    /// Bytes of the tree and filter of its spelling.
    pub fn memory(&self) -> usize {
        self.spelling.memory()
    }
}

/// A word in every reading of its characters, up to [`MAX_READINGS`].
fn readings(items: &[Item]) -> Vec<Vec<u16>> {
    let mut forms = vec![Vec::new()];
    for item in items {
        let read = if item.class() == Class::Han {
            sound::readings(item.symbol())
        } else {
            vec![sound::syllable(item.symbol())]
        };
        let fits = forms.len() * read.len() <= MAX_READINGS;
        let read = if fits { &read[..] } else { &read[..1] };
        let longer = |form: &Vec<u16>| {
            let form = form.clone();
            read.iter()
                .map(move |&syllable| {
                    let mut form = form.clone();
                    form.push(syllable);
                    form
                })
                .collect::<Vec<_>>()
        };
        forms = forms.iter().flat_map(longer).collect();
    }
    forms
}

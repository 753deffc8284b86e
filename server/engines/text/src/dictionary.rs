//! Words with what each of them stands for.

use crate::{source::BuildError, trie::Trie};

/// Collects words, each already in the form of the channel it will be sought in.
pub(crate) struct DictionaryBuilder<O> {
    /// All forms, one after the other.
    forms: String,
    items: Vec<(u32, u32, O)>,
}

/// Different words, each with one or several owners.
pub(crate) struct Dictionary<O> {
    trie: Trie,
    /// First owner of each word; one more at the end.
    firsts: Box<[u32]>,
    owners: Box<[O]>,
}

impl<O> Default for DictionaryBuilder<O> {
    fn default() -> Self {
        Self { forms: String::new(), items: Vec::new() }
    }
}

impl<O> DictionaryBuilder<O> {
    /// Adds a word; blanks at its ends do not count.
    ///
    /// # Errors
    /// [`BuildError::BlankWord`], [`BuildError::TooBig`].
    pub fn add(&mut self, form: &str, owner: O) -> Result<(), BuildError> {
        let form = form.trim();
        if form.is_empty() {
            return Err(BuildError::BlankWord);
        }
        let start = offset(self.forms.len())?;
        self.forms.push_str(form);
        self.items.push((start, offset(self.forms.len())?, owner));
        Ok(())
    }

    /// Compiles the words. Owners of one word keep the order they came in.
    ///
    /// # Errors
    /// [`BuildError::TooBig`].
    pub fn build(self) -> Result<Dictionary<O>, BuildError> {
        let Self { forms, mut items } = self;
        let form = |start: u32, end: u32| &forms[start as usize..end as usize];
        items.sort_by(|a, b| form(a.0, a.1).cmp(form(b.0, b.1)));
        let (mut words, mut firsts) = (Vec::new(), Vec::new());
        for (number, &(start, end, _)) in items.iter().enumerate() {
            let word = form(start, end);
            if words.last() != Some(&word) {
                words.push(word);
                firsts.push(offset(number)?);
            }
        }
        firsts.push(offset(items.len())?);
        let trie = Trie::build(&words)?;
        let owners = items.into_iter().map(|(_, _, owner)| owner).collect();
        Ok(Dictionary { trie, firsts: firsts.into(), owners })
    }
}

fn offset(value: usize) -> Result<u32, BuildError> {
    u32::try_from(value).map_err(|_| BuildError::TooBig("over 4 GiB of words".into()))
}

impl<O> Dictionary<O> {
    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// The owners of a word the trie numbers.
    pub fn owners(&self, word: u32) -> &[O] {
        let word = word as usize;
        &self.owners[self.firsts[word] as usize..self.firsts[word + 1] as usize]
    }
}

impl<O> AsRef<Trie> for Dictionary<O> {
    fn as_ref(&self) -> &Trie {
        &self.trie
    }
}

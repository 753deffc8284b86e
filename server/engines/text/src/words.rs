//! Words of all sources, sought in one pass.

use crate::{
    boundary::{is_apart, is_whole_word},
    compound,
    finder::{Buffers, Finder},
    folded::{Folded, Item},
    lexicon::Lexicon,
    ordinary,
    place::Whole,
    sighting::Sighting,
    source::{BuildError, MatchMode},
    vocabulary::Vocabulary,
    walk::WholeOnly,
};
use std::sync::Arc;
use umpire_model::{ByteRange, Timestamp, Transformation, Transformations};

/// Whose words they are, and how they must stand.
#[derive(Debug, Clone, Copy)]
struct User {
    source: u32,
    mode: MatchMode,
    switches: Transformations,
}

/// What the words of a segment of the finder stand for.
enum Owners {
    /// Words that sources bring themselves: user and number for each.
    Own(Box<[(User, u32)]>),
    /// A lexicon and those who use it.
    Shared(Arc<Lexicon>, Vec<User>),
    /// Keys of patterns, the pattern of each.
    Keys(Box<[u32]>),
}

/// Collects the words of sources.
#[derive(Default)]
pub(crate) struct WordsBuilder {
    own: Vec<(Arc<str>, User, u32)>,
    shared: Vec<(Arc<Lexicon>, Vec<User>)>,
    keys: Vec<(Arc<str>, u32)>,
}

/// A word of a source that was found.
pub(crate) struct Hit {
    pub source: u32,
    pub word: u32,
    /// Of words of lexicons.
    pub tag: Option<u32>,
    /// Bytes of the original.
    pub range: ByteRange,
    pub taken: Transformations,
}

impl WordsBuilder {
    /// Adds a word of a source.
    pub fn add(
        &mut self,
        word: &Arc<str>,
        number: u32,
        mode: MatchMode,
        switches: Transformations,
        source: u32,
    ) {
        self.own.push((word.clone(), User { source, mode, switches }, number));
    }

    /// Adds a word that stands wherever a pattern may match.
    pub fn add_key(&mut self, key: &str, pattern: u32) {
        self.keys.push((key.into(), pattern));
    }

    /// Adds a lexicon that a source uses.
    pub fn add_lexicon(
        &mut self,
        added: &Arc<Lexicon>,
        mode: MatchMode,
        switches: Transformations,
        source: u32,
    ) {
        let user = User { source, mode, switches };
        match self.shared.iter_mut().find(|(lexicon, _)| Arc::ptr_eq(lexicon, added)) {
            Some((_, users)) => users.push(user),
            None => self.shared.push((added.clone(), vec![user])),
        }
    }

    /// Compiles the words sources bring themselves, and prepares the lexicons.
    ///
    /// # Errors
    /// [`BuildError::BlankWord`], [`BuildError::TooBig`].
    pub fn build(self) -> Result<Words, BuildError> {
        let (mut finder, mut owners) = (Finder::default(), Vec::new());
        for (lexicon, users) in self.shared {
            let own = lexicon.has_compounds();
            let (switches, compounds) = prepare(lexicon.vocabulary(), &users, own)?;
            finder.add(lexicon.vocabulary().clone(), switches, compounds);
            owners.push(Owners::Shared(lexicon, users));
        }
        if !self.own.is_empty() {
            let words = self.own.iter().map(|(word, ..)| word.clone());
            let vocabulary = Arc::new(Vocabulary::build(words)?);
            let users: Vec<User> = self.own.iter().map(|(_, user, _)| *user).collect();
            let (switches, compounds) = prepare(&vocabulary, &users, false)?;
            finder.add(vocabulary, switches, compounds);
            let own = self.own.into_iter().map(|(_, user, number)| (user, number));
            owners.push(Owners::Own(own.collect()));
        }
        if !self.keys.is_empty() {
            let vocabulary = Vocabulary::literal(self.keys.iter().map(|(key, _)| key.clone()))?;
            finder.add_keys(Arc::new(vocabulary));
            owners.push(Owners::Keys(self.keys.into_iter().map(|(_, pattern)| pattern).collect()));
        }
        finder.finish();
        Ok(Words { finder, owners })
    }
}

/// Compiles what the users of a vocabulary switched on; gives it all, and whether words
/// are sought in compounds (`own`: by the list's own word).
fn prepare(
    vocabulary: &Vocabulary,
    users: &[User],
    own: bool,
) -> Result<(Transformations, bool), BuildError> {
    let all = users.iter().fold(Transformations::NONE, |all, user| all.union(user.switches));
    vocabulary.prepare(all)?;
    let compounds = own || users.iter().any(|user| user.mode == MatchMode::Compound);
    if compounds || all.contains(Transformation::RunTogether) {
        vocabulary.prepare_compounds();
    }
    Ok((all, compounds))
}

/// Finds every occurrence of every word, overlapping ones too.
pub(crate) struct Words {
    finder: Finder,
    owners: Vec<Owners>,
}

impl Words {
    /// The first look at the padded items of a text: whether it may hold any word at all.
    #[inline]
    pub fn look(&self, padded: &[Item], present: u32, buffers: &mut Buffers) -> bool {
        self.finder.look(padded, present, buffers)
    }

    /// To be called after [`Self::look`]. Fills `patterns` with those whose keys were found, in any order and several times.
    /// Calls `found` with each hit: for each source, hits as they are spelt come by
    /// ascending start and first.
    pub fn find(
        &self,
        text: &Folded<'_>,
        present: u32,
        now: Timestamp,
        buffers: &mut Buffers,
        patterns: &mut Vec<u32>,
        mut found: impl FnMut(Hit),
    ) {
        let judge = Judge { words: self, whole: Whole::new(text.original()) };
        self.finder.find(text, present, buffers, |segment, number, sighting| {
            match &self.owners[segment] {
                Owners::Own(own) => {
                    let (user, word) = own[number as usize];
                    judge.admit(segment, number, user, user.mode, &sighting, |range, taken| {
                        found(Hit { source: user.source, word, tag: None, range, taken });
                    });
                }
                Owners::Shared(lexicon, users) if lexicon.holds(number, now) => {
                    let tag = Some(lexicon.tag(number));
                    for user in users {
                        let mode = lexicon.mode(number, user.mode);
                        judge.admit(segment, number, *user, mode, &sighting, |range, taken| {
                            found(Hit { source: user.source, word: number, tag, range, taken });
                        });
                    }
                }
                Owners::Shared(..) => {}
                Owners::Keys(of) => patterns.push(of[number as usize]),
            }
        });
    }

    fn vocabulary(&self, segment: usize) -> &Vocabulary {
        self.finder.vocabulary(segment)
    }
}

/// Says which sightings count for whom.
struct Judge<'a> {
    words: &'a Words,
    whole: Whole<'a>,
}

impl Judge<'_> {
    /// Whether a disguise is nothing but an ordinary word.
    fn is_mistaken(&self, range: &ByteRange, taken: Transformations, mode: MatchMode) -> bool {
        const SPELT: Transformations = Transformations::NONE
            .with(Transformation::LetterGaps)
            .with(Transformation::SpacedLetters);
        const OFTEN: Transformations =
            Transformations::NONE.with(Transformation::Repeats).with(Transformation::Leetspeak);
        let by_word = matches!(mode, MatchMode::Word | MatchMode::Compound);
        !taken.intersection(OFTEN).is_empty() && compound::is_ordinary(self.whole.text(), range)
            || by_word
                && !taken.intersection(SPELT).is_empty()
                && compound::is_spelt_ordinary(
                    self.whole.text(),
                    range,
                    taken.contains(Transformation::SpacedLetters),
                )
    }

    /// Calls `admitted` when a sighting counts for a user.
    fn admit(
        &self,
        segment: usize,
        number: u32,
        user: User,
        mode: MatchMode,
        sighting: &Sighting,
        admitted: impl FnOnce(ByteRange, Transformations),
    ) {
        let Sighting { range, mut taken, whole_only } = sighting.clone();
        if !user.switches.covers(taken) || self.is_mistaken(&range, taken, mode) {
            return;
        }
        let (vocabulary, text) = (self.words.vocabulary(segment), self.whole.text());
        // Guessed letters and words written apart count as whole words alone.
        let suits = match whole_only {
            Some(WholeOnly::Apart) => {
                mode == MatchMode::Compound
                    && !ordinary::contains(&vocabulary.word(number).text)
                    && is_whole_word(text, &range)
            }
            Some(WholeOnly::Censored) => mode != MatchMode::Exact && is_apart(text, &range),
            None => true,
        };
        if !suits {
            return;
        }
        let compound = |range: &ByteRange| {
            let is_word = |part: &str| vocabulary.holds(part);
            compound::stands(text, range, vocabulary.is_rare(number), is_word)
        };
        let placing = vocabulary.word(number).placing;
        let mut place = placing.place(mode, &self.whole, range.clone(), compound);
        let invisible = Transformation::Invisible;
        let hides = user.switches.contains(invisible) && !placing.is_wild();
        if place.is_none() && mode == MatchMode::Exact && hides {
            taken = taken.with(invisible);
            place = self.whole.is_seen_at(&range).then(|| range.clone());
        }
        let together = Transformation::RunTogether;
        if place.is_none() && mode == MatchMode::Word && user.switches.contains(together) {
            taken = taken.with(together);
            place = compound::is_glued(text, &range).then_some(range);
        }
        if let Some(range) = place {
            admitted(range, taken);
        }
    }
}

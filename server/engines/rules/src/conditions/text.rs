//! Words, a word list, a combination of words, a regular expression or a detector in the
//! texts of a message.

use super::{tree::WordTree, word::check_words};
use crate::combination::Combination;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{ResourceId, Transformations, Violation, ViolationKind};
use umpire_text::{BuildError, Detector, Lexicon, Matcher, Phrase, ScannerBuilder, Source};

pub use super::{
    normalize::{NormalizationSet, Overrides},
    word::WordMode,
};

/// Most words, and most exceptions, of one rule.
pub const MAX_WORDS: usize = 10_000;
/// Most allow-lists of one rule.
const MAX_ALLOW_LISTS: usize = 100;
/// Most exceptions of a tree, times its words: each word of a tree is looked for alone.
const MAX_TREE_EXCEPTIONS: usize = 100_000;

/// Exactly one of `words`, `word_list`, `regex`, `detector`, `tree`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextCondition {
    /// Any of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Arc<str>>,
    /// Any entry of this list of the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word_list: Option<ResourceId>,
    /// A pattern of the `regex` crate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<Arc<str>>,
    /// The id of a [`Detector`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detector: Option<String>,
    /// A combination of words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<WordTree>,
    /// Where words must stand.
    #[serde(rename = "match", skip_serializing_if = "is_default")]
    pub mode: WordMode,
    /// What is undone before words are sought.
    #[serde(skip_serializing_if = "is_default")]
    pub normalize: NormalizationSet,
    /// Switches against `normalize`.
    #[serde(skip_serializing_if = "Overrides::is_empty")]
    pub transformations: Overrides,
    /// Harmless phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Arc<str>>,
    /// Lists of harmless phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_lists: Vec<ResourceId>,
    /// Whether what is written in pieces, one message after another, counts too.
    #[serde(skip_serializing_if = "is_default")]
    pub across_messages: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a condition borrows from the tenant's lists.
pub(crate) struct Borrowed {
    /// The compiled `word_list`.
    pub lexicon: Option<Arc<Lexicon>>,
    /// Numbers of `allow_lists` in the scanner's builder.
    pub allow_lists: Vec<u32>,
}

/// What the scanner has to look for.
pub(crate) struct Sought {
    /// One, or one for each word of a combination.
    pub sources: Vec<Source>,
    /// What hits of the sources must meet together; any hit counts, when `None`.
    pub combination: Option<Combination>,
}

impl TextCondition {
    /// The words it brings itself, not those of its list: of `words` or of `tree`.
    pub fn own_words(&self) -> impl Iterator<Item = &Arc<str>> {
        let tree = self.tree.as_ref().map(WordTree::words).unwrap_or_default();
        self.words.iter().chain(tree.into_iter().map(|(word, _)| word))
    }

    /// What is undone before words are sought: the set, and the switches over it.
    #[must_use]
    pub fn switches(&self) -> Transformations {
        self.transformations.over(self.normalize.transformations())
    }

    /// What the scanner has to look for; `None` unless exactly one thing is given, and
    /// the lexicon where there is a list.
    fn matchers(
        &self,
        lexicon: Option<Arc<Lexicon>>,
    ) -> Option<(Vec<Matcher>, Option<Combination>)> {
        let mode = self.mode.into();
        let words = |words| Matcher::Words { words, mode };
        let one = match (&self.words[..], &self.word_list, &self.regex, &self.detector, &self.tree)
        {
            ([_, ..], None, None, None, None) => words(self.words.clone()),
            ([], Some(_), None, None, None) => Matcher::List { lexicon: lexicon?, mode },
            ([], None, Some(pattern), None, None) => Matcher::Regex(pattern.clone()),
            ([], None, None, Some(id), None) => Matcher::Detector(Detector::from_id(id)?),
            ([], None, None, None, Some(tree)) => {
                let (combination, leaves) = Combination::of(tree, self.switches());
                let matchers = leaves.into_iter().map(|word| words(vec![word])).collect();
                return Some((matchers, Some(combination)));
            }
            _ => return None,
        };
        Some((vec![one], None))
    }

    /// The scanner's sources for this condition.
    ///
    /// # Errors
    /// The violations, with paths under `path`.
    pub(crate) fn sought(
        &self,
        path: &str,
        borrowed: Borrowed,
        cover: bool,
    ) -> Result<Sought, Vec<Violation>> {
        let violations = self.shape_violations(path);
        if !violations.is_empty() {
            return Err(violations);
        }
        let Some((matchers, combination)) = self.matchers(borrowed.lexicon) else {
            return Err(violations);
        };
        let source = |matcher| Source {
            matcher,
            switches: self.switches(),
            exceptions: self.exceptions.iter().cloned().map(endless).collect(),
            allow_lists: borrowed.allow_lists.clone(),
            cover,
        };
        Ok(Sought { sources: matchers.into_iter().map(source).collect(), combination })
    }

    pub(crate) fn violations(&self, path: &str) -> Vec<Violation> {
        // Lists are looked up when the set is compiled; here an empty one stands in.
        let lexicon = Lexicon::build([]).ok().map(Arc::new);
        match self.sought(path, Borrowed { lexicon, allow_lists: Vec::new() }, false) {
            Err(violations) => violations,
            Ok(sought) => {
                let mut builder = ScannerBuilder::default();
                let mut sources = sought.sources.into_iter();
                let added = sources.try_for_each(|source| builder.add(source).map(drop));
                added.err().map(|error| self.explain(path, &error)).into_iter().collect()
            }
        }
    }

    fn shape_violations(&self, path: &str) -> Vec<Violation> {
        let mut found = Vec::new();
        self.check_kind(path, &mut found);
        if self.allow_lists.len() > MAX_ALLOW_LISTS {
            found.push(Violation::too_large(format!("{path}.allow_lists"), MAX_ALLOW_LISTS));
        }
        if let Some(id) = self.detector.as_deref().filter(|id| Detector::from_id(id).is_none()) {
            let known: Vec<_> = Detector::ALL.iter().map(|detector| detector.id()).collect();
            let message = format!("`{id}` is none of {}", known.join(", "));
            found.push(Violation::invalid(format!("{path}.detector"), message));
        }
        check_words(&format!("{path}.words"), &self.words, MAX_WORDS, &mut found);
        if let Some(tree) = &self.tree {
            tree.check(&format!("{path}.tree"), &mut found);
        }
        self.check_exceptions(&format!("{path}.exceptions"), &mut found);
        found
    }

    /// That one thing is sought, and nothing is said that is for others only.
    fn check_kind(&self, path: &str, found: &mut Vec<Violation>) {
        let (has_words, has_tree) = (!self.words.is_empty(), self.tree.is_some());
        let (has_list, has_regex) = (self.word_list.is_some(), self.regex.is_some());
        let given = [has_words, has_list, has_regex, self.detector.is_some(), has_tree];
        if given.into_iter().filter(|&given| given).count() != 1 {
            let message = "exactly one of `words`, `word_list`, `regex`, `detector` and `tree` \
                           must be set";
            found.push(Violation::invalid(path, message));
        }
        if !has_words && !has_list && !has_tree && self.mode != WordMode::Contains {
            let message = "is for `words`, `word_list` and `tree` only";
            found.push(Violation::invalid(format!("{path}.match"), message));
        }
        if has_tree && self.across_messages {
            let path = format!("{path}.across_messages");
            found.push(Violation::invalid(path, "is not for `tree`"));
        }
        if has_regex || self.detector.is_some() {
            let message = "is for words; `regex` and `detector` know NONE and SAFE only";
            if self.normalize == NormalizationSet::Aggressive {
                found.push(Violation::invalid(format!("{path}.normalize"), message));
            }
            if !self.transformations.is_empty() {
                found.push(Violation::invalid(format!("{path}.transformations"), message));
            }
        }
    }

    fn check_exceptions(&self, path: &str, found: &mut Vec<Violation>) {
        check_words(path, &self.exceptions, MAX_WORDS, found);
        let words = self.tree.as_ref().map_or(0, |tree| tree.words().len());
        if words * self.exceptions.len() > MAX_TREE_EXCEPTIONS {
            let limit = MAX_TREE_EXCEPTIONS / words;
            found.push(Violation::too_large(path, format!("{limit} for {words} words of a tree")));
        }
    }

    /// Which field an error of the text engine is about.
    fn explain(&self, path: &str, error: &BuildError) -> Violation {
        let words = if self.tree.is_some() { "tree" } else { "words" };
        let (field, kind) = match error {
            BuildError::BlankWord => (words, ViolationKind::Invalid),
            BuildError::TooBig(_) => (words, ViolationKind::TooLarge),
            BuildError::RegexSyntax(_)
            | BuildError::RegexTooLong { .. }
            | BuildError::RegexTooBig { .. }
            | BuildError::RegexMatchesEmpty => ("regex", ViolationKind::Regex),
        };
        Violation { path: format!("{path}.{field}"), message: error.to_string(), kind }
    }
}

/// A phrase that holds for good.
fn endless(text: Arc<str>) -> Phrase {
    Phrase { text, end: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::Transformation;

    fn check(condition: &TextCondition, expected: &[&str]) {
        let paths: Vec<_> = condition.violations("text").into_iter().map(|v| v.path).collect();
        assert_eq!(paths, expected);
    }

    fn words(words: &[&str]) -> TextCondition {
        let words = words.iter().map(|&word| word.into()).collect();
        TextCondition { words, ..TextCondition::default() }
    }

    #[test]
    fn violations_name_their_field() {
        check(&words(&["ok"]), &[]);
        check(&TextCondition::default(), &["text"]);
        check(&words(&["ok", " "]), &["text.words[1]"]);
        check(&words(&["长".repeat(10_000).as_str()]), &[]);
        check(&words(&["x".repeat(10_001).as_str()]), &["text.words[0]"]);
        check(&words(&["*a", "**"]), &[]);
        check(&TextCondition { regex: Some("a".into()), ..words(&["b"]) }, &["text"]);
        check(&TextCondition { regex: Some("(".into()), ..words(&[]) }, &["text.regex"]);
        check(&TextCondition { regex: Some("x*".into()), ..words(&[]) }, &["text.regex"]);
        check(&TextCondition { detector: Some("nope".into()), ..words(&[]) }, &["text.detector"]);
        check(
            &TextCondition { exceptions: vec!["".into()], ..words(&["a"]) },
            &["text.exceptions[0]"],
        );
        check(&words(&vec!["a"; MAX_WORDS + 1]), &["text.words"]);
    }

    #[test]
    fn trees_stand_alone() {
        let tree = |word: &str| Some(WordTree::Word(word.into()));
        check(&TextCondition { tree: tree("a"), ..words(&[]) }, &[]);
        check(&TextCondition { tree: tree("a"), mode: WordMode::Compound, ..words(&[]) }, &[]);
        check(&TextCondition { tree: tree("a"), ..words(&["b"]) }, &["text"]);
        let across = TextCondition { across_messages: true, ..words(&[]) };
        check(&TextCondition { tree: tree("a"), ..across }, &["text.across_messages"]);
        check(&TextCondition { tree: tree(""), ..words(&[]) }, &["text.tree.word"]);
        let wide = WordTree::Any(vec![WordTree::Word("a".into()); 256]);
        let exceptions = |count: usize| TextCondition {
            tree: Some(wide.clone()),
            exceptions: vec!["b".into(); count],
            ..TextCondition::default()
        };
        check(&exceptions(390), &[]);
        check(&exceptions(391), &["text.exceptions"]);
    }

    #[test]
    fn patterns_know_two_sets_and_no_switches() {
        let pattern = TextCondition { regex: Some("a".into()), ..TextCondition::default() };
        let normalize = NormalizationSet::None;
        check(&TextCondition { normalize, ..pattern.clone() }, &[]);
        let normalize = NormalizationSet::Aggressive;
        check(&TextCondition { normalize, ..pattern.clone() }, &["text.normalize"]);
        let mut transformations = Overrides::default();
        transformations.switch(Transformation::Shuffle, true);
        let switched = TextCondition { transformations, ..pattern };
        check(&switched, &["text.transformations"]);
        let detector = Some("email".into());
        let regex = None;
        check(&TextCondition { regex, detector, ..switched }, &["text.transformations"]);
    }
}

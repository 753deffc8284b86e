//! Words, a word list, a regular expression or a detector in the texts of a message.

use crate::lists::MAX_WORD_BYTES;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{ResourceId, Violation, ViolationKind};
use umpire_text::{
    BuildError, Detector, Lexicon, MatchMode, Matcher, Normalization, Phrase, ScannerBuilder,
    Source,
};

/// Most words, and most exceptions, of one rule.
pub const MAX_WORDS: usize = 10_000;
/// Most allow-lists of one rule.
const MAX_ALLOW_LISTS: usize = 100;

/// Exactly one of `words`, `word_list`, `regex`, `detector`.
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
    /// Where words must stand.
    #[serde(rename = "match", skip_serializing_if = "is_default")]
    pub mode: WordMode,
    /// What is folded.
    #[serde(skip_serializing_if = "is_default")]
    pub normalize: NormalizationSet,
    /// Harmless phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Arc<str>>,
    /// Lists of harmless phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_lists: Vec<ResourceId>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// [`MatchMode`] as policy documents write it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cbor(index_only)]
#[allow(missing_docs)]
pub enum WordMode {
    #[default]
    #[n(0)]
    Contains,
    #[n(1)]
    Exact,
    #[n(2)]
    Word,
}

impl WordMode {
    /// As documents write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["CONTAINS", "EXACT", "WORD"][self as usize]
    }
}

impl From<WordMode> for MatchMode {
    fn from(mode: WordMode) -> Self {
        match mode {
            WordMode::Contains => Self::Contains,
            WordMode::Exact => Self::Exact,
            WordMode::Word => Self::Word,
        }
    }
}

/// [`Normalization`] as policy documents write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)]
pub enum NormalizationSet {
    None,
    #[default]
    Safe,
}

/// What a condition borrows from the tenant's lists.
pub(crate) struct Borrowed {
    /// The compiled `word_list`.
    pub lexicon: Option<Arc<Lexicon>>,
    /// Numbers of `allow_lists` in the scanner's builder.
    pub allow_lists: Vec<u32>,
}

impl TextCondition {
    /// What words are folded by.
    pub(crate) fn normalization(&self) -> Normalization {
        match self.normalize {
            NormalizationSet::None => Normalization::None,
            NormalizationSet::Safe => Normalization::Safe,
        }
    }

    /// What the scanner has to look for; `None` unless exactly one thing is given, and
    /// the lexicon where there is a list.
    fn matcher(&self, lexicon: Option<Arc<Lexicon>>) -> Option<Matcher> {
        let mode = self.mode.into();
        match (&self.words[..], &self.word_list, &self.regex, &self.detector) {
            ([], None, Some(pattern), None) => Some(Matcher::Regex(pattern.clone())),
            ([], None, None, Some(id)) => Detector::from_id(id).map(Matcher::Detector),
            ([], Some(_), None, None) => lexicon.map(|lexicon| Matcher::List { lexicon, mode }),
            ([_, ..], None, None, None) => Some(Matcher::Words { words: self.words.clone(), mode }),
            _ => None,
        }
    }

    /// The scanner's source for this condition.
    ///
    /// # Errors
    /// The violations, with paths under `path`.
    pub(crate) fn source(
        &self,
        path: &str,
        borrowed: Borrowed,
        cover: bool,
    ) -> Result<Source, Vec<Violation>> {
        let violations = self.shape_violations(path);
        match self.matcher(borrowed.lexicon) {
            Some(matcher) if violations.is_empty() => Ok(Source {
                matcher,
                normalization: self.normalization(),
                exceptions: self.exceptions.iter().cloned().map(endless).collect(),
                allow_lists: borrowed.allow_lists,
                cover,
            }),
            _ => Err(violations),
        }
    }

    pub(crate) fn violations(&self, path: &str) -> Vec<Violation> {
        // Lists are looked up when the set is compiled; here an empty one stands in.
        let lexicon = Lexicon::build(self.normalization(), []).ok().map(Arc::new);
        match self.source(path, Borrowed { lexicon, allow_lists: Vec::new() }, false) {
            Err(violations) => violations,
            Ok(source) => match ScannerBuilder::default().add(source) {
                Ok(_) => Vec::new(),
                Err(error) => vec![self.explain(path, &error)],
            },
        }
    }

    fn shape_violations(&self, path: &str) -> Vec<Violation> {
        let mut found = Vec::new();
        let has_list = self.word_list.is_some();
        let given =
            [!self.words.is_empty(), has_list, self.regex.is_some(), self.detector.is_some()];
        if given.into_iter().filter(|&given| given).count() != 1 {
            let message = "exactly one of `words`, `word_list`, `regex` and `detector` must be set";
            found.push(Violation::invalid(path, message));
        }
        if self.words.is_empty() && !has_list && self.mode != WordMode::Contains {
            let message = "is for `words` and `word_list` only";
            found.push(Violation::invalid(format!("{path}.match"), message));
        }
        if self.allow_lists.len() > MAX_ALLOW_LISTS {
            found.push(Violation::too_large(format!("{path}.allow_lists"), MAX_ALLOW_LISTS));
        }
        if let Some(id) = self.detector.as_deref().filter(|id| Detector::from_id(id).is_none()) {
            let known: Vec<_> = Detector::ALL.iter().map(|detector| detector.id()).collect();
            let message = format!("`{id}` is none of {}", known.join(", "));
            found.push(Violation::invalid(format!("{path}.detector"), message));
        }
        check_words(&format!("{path}.words"), &self.words, &mut found);
        check_words(&format!("{path}.exceptions"), &self.exceptions, &mut found);
        found
    }

    /// Which field an error of the text engine is about.
    fn explain(&self, path: &str, error: &BuildError) -> Violation {
        let (field, kind) = match error {
            BuildError::BlankWord => ("words", ViolationKind::Invalid),
            BuildError::TooBig(_) => ("words", ViolationKind::TooLarge),
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

fn check_words(path: &str, words: &[Arc<str>], found: &mut Vec<Violation>) {
    if words.len() > MAX_WORDS {
        found.push(Violation::too_large(path, MAX_WORDS));
        return;
    }
    for (index, word) in words.iter().enumerate() {
        if umpire_text::is_blank(word) {
            found.push(Violation::invalid(format!("{path}[{index}]"), "must not be blank"));
        } else if word.len() > MAX_WORD_BYTES {
            found.push(Violation::too_large(format!("{path}[{index}]"), MAX_WORD_BYTES));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(condition: &TextCondition, expected: &[&str]) {
        let paths: Vec<_> = condition.violations("text").into_iter().map(|v| v.path).collect();
        assert_eq!(paths, expected);
    }

    #[test]
    fn violations_name_their_field() {
        let words = |words: &[&str]| TextCondition {
            words: words.iter().map(|&word| word.into()).collect(),
            ..TextCondition::default()
        };
        check(&words(&["ok"]), &[]);
        check(&TextCondition::default(), &["text"]);
        check(&words(&["ok", " "]), &["text.words[1]"]);
        check(&words(&["x".repeat(1_025).as_str()]), &["text.words[0]"]);
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
}

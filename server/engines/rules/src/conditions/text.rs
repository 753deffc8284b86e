//! Words, a regular expression or a detector in the texts of a message.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{Violation, ViolationKind};
use umpire_text::{
    BuildError, Detector, MatchMode, Matcher, Normalization, ScannerBuilder, Source,
};

/// Most words, and most exceptions, of one rule.
pub const MAX_WORDS: usize = 10_000;
/// Longest word, in bytes.
pub const MAX_WORD_BYTES: usize = 1_024;

/// Exactly one of `words`, `regex`, `detector`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextCondition {
    /// Any of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Arc<str>>,
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
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// [`MatchMode`] as policy documents write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)]
pub enum WordMode {
    #[default]
    Contains,
    Exact,
    Word,
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

impl TextCondition {
    /// What the scanner has to look for; `None` unless exactly one thing is given.
    fn matcher(&self) -> Option<Matcher> {
        let mode = match self.mode {
            WordMode::Contains => MatchMode::Contains,
            WordMode::Exact => MatchMode::Exact,
            WordMode::Word => MatchMode::Word,
        };
        match (&self.words[..], &self.regex, &self.detector) {
            ([], Some(pattern), None) => Some(Matcher::Regex(pattern.clone())),
            ([], None, Some(id)) => Detector::from_id(id).map(Matcher::Detector),
            ([_, ..], None, None) => Some(Matcher::Words { words: self.words.clone(), mode }),
            _ => None,
        }
    }

    /// The scanner's source for this condition.
    ///
    /// # Errors
    /// The violations, with paths under `path`.
    pub(crate) fn source(&self, path: &str, cover: bool) -> Result<Source, Vec<Violation>> {
        let violations = self.shape_violations(path);
        let normalization = match self.normalize {
            NormalizationSet::None => Normalization::None,
            NormalizationSet::Safe => Normalization::Safe,
        };
        match self.matcher() {
            Some(matcher) if violations.is_empty() => {
                Ok(Source { matcher, normalization, exceptions: self.exceptions.clone(), cover })
            }
            _ => Err(violations),
        }
    }

    pub(crate) fn violations(&self, path: &str) -> Vec<Violation> {
        match self.source(path, false) {
            Err(violations) => violations,
            Ok(source) => match ScannerBuilder::default().add(source) {
                Ok(_) => Vec::new(),
                Err(error) => vec![self.explain(path, &error)],
            },
        }
    }

    fn shape_violations(&self, path: &str) -> Vec<Violation> {
        let mut found = Vec::new();
        let given = [!self.words.is_empty(), self.regex.is_some(), self.detector.is_some()];
        if given.into_iter().filter(|&given| given).count() != 1 {
            let message = "exactly one of `words`, `regex` and `detector` must be set";
            found.push(Violation::invalid(path, message));
        }
        if self.words.is_empty() && self.mode != WordMode::Contains {
            found.push(Violation::invalid(format!("{path}.match"), "is for `words` only"));
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

fn check_words(path: &str, words: &[Arc<str>], found: &mut Vec<Violation>) {
    if words.len() > MAX_WORDS {
        found.push(Violation::too_large(path, MAX_WORDS));
        return;
    }
    for (index, word) in words.iter().enumerate() {
        if umpire_text::fold(word).trim().is_empty() {
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

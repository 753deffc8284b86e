//! The whole policy as one document, in YAML or JSON.

use crate::{
    lists::{Entry, ListPurpose, WordList},
    policy::{MAX_LIST_ENTRIES, Policy},
    policy_test::PolicyTest,
    rule::Rule,
    scope::Scope,
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, Visitor},
};
use std::{collections::BTreeSet, fmt};
use umpire_model::{ResourceId, Violation};

/// The only version there is.
pub const API_VERSION: &str = "umpire/v1";
/// Most bytes of a document.
pub const MAX_DOCUMENT_BYTES: usize = 32 << 20;
/// Most values of a YAML document: more than one with every limit reached has.
const MAX_NODES: usize = 20_000_000;

/// Entries that are told to be wrong.
const MAX_VIOLATIONS: usize = 100;

/// The notation of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum Notation {
    #[default]
    Yaml,
    Json,
}

/// A policy, or sections of one. A section that is there is complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`API_VERSION`].
    pub api_version: String,
    /// Rules in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<Rule>>,
    /// Word lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_lists: Option<Vec<ListSection>>,
    /// Test cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<Vec<PolicyTest>>,
}

/// A word list of a document. It repeats the fields of [`WordList`]: serde cannot refuse
/// unknown keys where one struct is flattened into another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the fields are those of `WordList`
pub struct ListSection {
    pub id: ResourceId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    #[serde(default)]
    pub purpose: ListPurpose,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_rules: bool,
    #[serde(default, skip_serializing_if = "Scope::is_everywhere")]
    pub scope: Scope,
    /// All of them; without this the entries stay as they are.
    #[serde(default, deserialize_with = "few", skip_serializing_if = "Option::is_none")]
    pub entries: Option<Vec<Entry>>,
}

impl ListSection {
    /// The list without its entries.
    #[must_use]
    pub fn head(&self) -> WordList {
        WordList {
            id: self.id.clone(),
            display_name: self.display_name.clone(),
            purpose: self.purpose,
            all_rules: self.all_rules,
            scope: self.scope.clone(),
        }
    }
}

impl Document {
    /// Reads a document; one that starts with `{` is JSON.
    ///
    /// # Errors
    /// What is wrong, with line and column, at the path `document`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.len() > MAX_DOCUMENT_BYTES {
            return Err(Violation::too_large("document", format!("{MAX_DOCUMENT_BYTES} bytes")));
        }
        let wrong = |message: String| Violation::invalid("document", message);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?
        } else {
            let options = serde_saphyr::options! {
                budget: serde_saphyr::budget! { max_nodes: MAX_NODES, max_events: 2 * MAX_NODES },
                with_snippet: false,
            };
            serde_saphyr::from_str_with_options(text, options)
                .map_err(|error| wrong(error.to_string()))?
        };
        if document.api_version != API_VERSION {
            let message = format!("`{}` is not {API_VERSION}", document.api_version);
            return Err(Violation::invalid("document.api_version", message));
        }
        Ok(document)
    }

    /// What is in force in a policy.
    pub(crate) fn of(policy: &Policy, omit_entries: bool) -> Self {
        let section = |list: &std::sync::Arc<crate::lists::List>| {
            let WordList { id, display_name, purpose, all_rules, scope } = list.stored.list.clone();
            let entries = (!omit_entries).then(|| list.entries.as_slice().to_vec());
            ListSection { id, display_name, purpose, all_rules, scope, entries }
        };
        Self {
            api_version: API_VERSION.into(),
            rules: Some(policy.rules_in_force().cloned().collect()),
            word_lists: Some(policy.live_lists().map(section).collect()),
            tests: Some(policy.tests.values().map(|test| test.as_ref().clone()).collect()),
        }
    }

    /// The document as text.
    ///
    /// # Errors
    /// What the notation cannot express, which does not occur.
    pub fn write(&self, notation: Notation) -> Result<String, String> {
        match notation {
            Notation::Json => serde_json::to_string_pretty(self).map_err(|error| error.to_string()),
            Notation::Yaml => serde_saphyr::to_string(self).map_err(|error| error.to_string()),
        }
    }

    /// Everything that is wrong with it by itself; paths start with `document`.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for (index, rule) in self.rules.iter().flatten().enumerate() {
            let path = format!("document.rules[{index}]");
            found.extend(
                rule.violations().into_iter().map(|violation| violation.moved("rule", &path)),
            );
        }
        for (index, list) in self.word_lists.iter().flatten().enumerate() {
            list.check(&format!("document.word_lists[{index}]"), &mut found);
        }
        for (index, test) in self.tests.iter().flatten().enumerate() {
            found.extend(test.violations(&format!("document.tests[{index}]")));
        }
        repeated("rules", self.rules.iter().flatten().map(|rule| &rule.id), &mut found);
        repeated("word_lists", self.word_lists.iter().flatten().map(|list| &list.id), &mut found);
        repeated("tests", self.tests.iter().flatten().map(|test| &test.id), &mut found);
        found
    }
}

/// No more entries than a list can have: the rest need not be read to be refused.
fn few<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Entry>>, D::Error> {
    struct Few;
    impl<'de> Visitor<'de> for Few {
        type Value = Vec<Entry>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of entries")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<Entry>, A::Error> {
            let mut few = Vec::new();
            while let Some(entry) = entries.next_element()? {
                if few.len() == MAX_LIST_ENTRIES {
                    let message = format!("a word list has at most {MAX_LIST_ENTRIES} entries");
                    return Err(A::Error::custom(message));
                }
                few.push(entry);
            }
            Ok(few)
        }
    }
    deserializer.deserialize_seq(Few).map(Some)
}

impl ListSection {
    fn check(&self, path: &str, found: &mut Vec<Violation>) {
        found.extend(self.head().violations(path));
        let mut words = BTreeSet::new();
        for (index, entry) in self.entries.iter().flatten().enumerate() {
            let path = || format!("{path}.entries[{index}]");
            if found.len() >= MAX_VIOLATIONS {
                return;
            }
            if let Err(error) = entry.check() {
                found.push(Violation::invalid(path(), error.to_string()));
            } else if !words.insert(&entry.word) {
                found.push(Violation::invalid(path(), format!("`{}` came before", entry.word)));
            }
        }
    }
}

/// Ids that occur twice in a section.
fn repeated<'i>(
    section: &str,
    ids: impl Iterator<Item = &'i ResourceId>,
    found: &mut Vec<Violation>,
) {
    let mut seen = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        if !seen.insert(id) {
            let path = format!("document.{section}[{index}].id");
            found.push(Violation::invalid(path, format!("`{id}` came before")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "api_version: umpire/v1
rules:
  - id: cheat
    text: {word_list: cheats, match: WORD, allow_lists: [fair]}
    actions: [{kind: INTERCEPT}]
    exemptions: [{sender: gm, reason: staff, end_time: 2027-01-01T00:00:00Z}]
    active_window: {weekdays: [6, 7], daily_start: '09:00', daily_end: '18:00'}
word_lists:
  - id: cheats
    entries: [外挂, {word: gg, match: EXACT, category: spam, level: P1}]
  - {id: fair, purpose: ALLOW, all_rules: true, scope: {scenes: [mail]}}
tests:
  - id: one
    message: {text: 卖外挂, sender: {user_id: u}}
    decision: BLOCK
    labels: []
";

    #[test]
    fn both_notations_hold_the_same() {
        let document = Document::parse(SMALL).expect("valid");
        assert_eq!(document.violations(), []);
        for notation in [Notation::Yaml, Notation::Json] {
            let text = document.write(notation).expect("writable");
            assert_eq!(Document::parse(&text), Ok(document.clone()), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, place) in [
            ("api_version: umpire/v2", "umpire/v2"),
            ("rules: []", "api_version"),
            ("api_version: umpire/v1\nsanctions: []", "sanctions"),
            ("api_version: umpire/v1\nrules:\n  - id: a\n    lables: []", "line 4"),
            ("api_version: umpire/v1\nrules:\n  - id: a\n    text: {wrods: [x]}", "wrods"),
            ("api_version: umpire/v1\nrules:\n  - id: a", "condition"),
            ("api_version: umpire/v1\nrules:\n  - id: 'a b'\n    text: {words: [x]}", "63"),
            ("{\"api_version\": \"umpire/v1\", \"rules\": [}", "column"),
            ("api_version: umpire/v1\nword_lists: [{id: a, entries: [{wort: x}]}]", "an entry is"),
            ("- a", ""),
            ("", ""),
        ] {
            let error = Document::parse(text).expect_err(text);
            assert!(error.path.starts_with("document"), "{error}");
            assert!(error.message.contains(place), "{text}: {error}");
        }
    }

    #[test]
    fn violations_name_their_element() {
        let text = "api_version: umpire/v1
rules: [{id: a, text: {words: [x]}}, {id: a, text: {words: ['']}}]
word_lists: [{id: l, all_rules: true, entries: [x, x, \"\\a\"]}]
tests: [{id: t, message: {}, decision: PASS}]";
        let found = Document::parse(text).expect("readable").violations();
        let paths: Vec<_> = found.iter().map(|violation| violation.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "document.rules[1].text.words[0]",
                "document.word_lists[0].all_rules",
                "document.word_lists[0].entries[1]",
                "document.word_lists[0].entries[2]",
                "document.tests[0].message.text",
                "document.rules[1].id",
            ]
        );
    }
}

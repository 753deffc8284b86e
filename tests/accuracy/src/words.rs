//! Word lists that more than one set uses.

use crate::data::{Absent, Data};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub const RUSTRICT: &str = "words/en/rustrict_profanity.csv";
/// Severities from 0 to 3, a column each.
pub const SEVERITIES: [&str; 5] = ["profane", "offensive", "sexual", "mean", "evasive"];

/// The English words that are at least this severe in some respect, each once, in order.
/// Blanks at their ends, which there stand for a word boundary, are taken off.
pub fn english(data: &Data, least: u8) -> Result<Vec<Arc<str>>, Absent> {
    let [profane, offensive, sexual, mean, evasive] = SEVERITIES;
    let columns = ["word", profane, offensive, sexual, mean, evasive];
    let mut words = BTreeSet::new();
    for [word, severities @ ..] in data.csv(RUSTRICT, columns)? {
        let severe = severities.iter().any(|severity| number(severity) >= least);
        if severe && !word.trim().is_empty() {
            words.insert(word.trim().to_owned());
        }
    }
    Ok(words.into_iter().map(Arc::from).collect())
}

/// A severity as a list writes it; 0 when it is left out.
pub fn number(severity: &str) -> u8 {
    severity.trim().parse().unwrap_or(0)
}

/// The English words whose severities, evasiveness aside, come to so much together.
pub fn graded(data: &Data, least: u8) -> Result<Vec<(Arc<str>, u8)>, Absent> {
    let [profane, offensive, sexual, mean, _] = SEVERITIES;
    let mut words = BTreeMap::new();
    for [word, severities @ ..] in data.csv(RUSTRICT, ["word", profane, offensive, sexual, mean])? {
        let severity = severities.iter().map(|severity| number(severity)).sum::<u8>();
        if severity >= least && !word.trim().is_empty() {
            words.insert(word.trim().to_owned(), severity);
        }
    }
    Ok(words.into_iter().map(|(word, severity)| (word.into(), severity)).collect())
}

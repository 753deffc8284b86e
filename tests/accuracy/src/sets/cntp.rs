//! Disguised Chinese: sentences of CNTP, each in eight disguises, the hidden words known.
//!
//! The dictionary is the words of all sentences, of two characters or more. A sentence
//! counts as found when any word of the dictionary is found in it. Sentences all of whose
//! words have one character cannot be found by it and do not count.

use crate::{
    data::{Absent, Data},
    finder::Finder,
    switches::{AGGRESSIVE, OPTIONS, Switches},
    table::{Row, Target, percent},
};
use std::{collections::BTreeSet, sync::Arc};
use umpire_text::MatchMode;

/// Disguise, switches, sentence recall to reach, and the best of the peers.
const ROWS: [(&str, Switches, f64, &str); 8] = [
    ("split", AGGRESSIVE, 99.0, "plain substring 48.1"),
    ("pinyin_full", AGGRESSIVE, 97.0, "plain substring 45.6"),
    ("traditional", AGGRESSIVE, 99.5, "houbb 99.4"),
    ("homophone", AGGRESSIVE, 80.0, "plain substring 46.3"),
    ("pinyin_initials", AGGRESSIVE, 72.0, "plain substring 47.1"),
    ("glyph", AGGRESSIVE, 65.0, "plain substring 56.9"),
    ("emoji", OPTIONS, 80.0, "plain substring 60.7"),
    ("shuffle", OPTIONS, 90.0, "plain substring 53.7"),
];

/// A row of the file.
pub struct Sentence {
    pub disguise: String,
    pub toxic: bool,
    /// The words it hides, of two characters or more.
    pub words: Vec<String>,
    pub text: String,
}

/// Every sentence of the file.
pub fn sentences(data: &Data) -> Result<Vec<Sentence>, Absent> {
    let columns = ["perturbation", "toxic", "toxic_entities", "text"];
    let rows = data.tsv("evasion/cntp_zh_8_perturbations.tsv", columns)?;
    let sentence = |[disguise, toxic, words, text]: [String; 4]| {
        let long = words.split('|').map(str::trim).filter(|word| word.chars().count() >= 2);
        let words = long.map(str::to_owned).collect();
        Sentence { disguise, toxic: toxic == "1", words, text }
    };
    Ok(rows.into_iter().map(sentence).collect())
}

/// The words of all sentences, each once.
pub fn dictionary(sentences: &[Sentence]) -> Vec<Arc<str>> {
    let words = sentences.iter().flat_map(|sentence| &sentence.words);
    let words: BTreeSet<&str> = words.map(String::as_str).collect();
    words.into_iter().map(Arc::from).collect()
}

pub fn run(data: &Data) -> Result<Vec<Row>, Absent> {
    let sentences = sentences(data)?;
    let words = dictionary(&sentences);
    Ok(ROWS.into_iter().map(|row| recall(row, &sentences, &words)).collect())
}

fn recall(
    (disguise, switches, target, peer): (&str, Switches, f64, &'static str),
    sentences: &[Sentence],
    words: &[Arc<str>],
) -> Row {
    let mut finder = Finder::new(words.to_vec(), MatchMode::Contains, switches);
    let counts = |sentence: &&Sentence| {
        sentence.toxic && sentence.disguise == disguise && !sentence.words.is_empty()
    };
    let all: Vec<&Sentence> = sentences.iter().filter(counts).collect();
    let missed: Vec<_> = all.iter().filter(|sentence| !finder.finds(&sentence.text)).collect();
    let told = |sentence: &&&Sentence| format!("{}  [{}]", sentence.text, sentence.words.join("|"));
    Row {
        name: format!("cntp-{disguise}"),
        set: "CNTP",
        measure: format!("recall of {} sentences, {disguise}, {}", all.len(), switches.name),
        ours: percent(all.len() - missed.len(), all.len()),
        target: Target::AtLeast(target),
        peer,
        faults: missed.iter().map(told).collect(),
    }
}

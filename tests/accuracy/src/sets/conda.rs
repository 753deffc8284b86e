//! Explicit toxicity in the chat of a game (CONDA), with a list put together from the
//! published English lists by a principle and not by looking at lines.
//!
//! The game lexicon says which tokens are toxic, the other lists how severe a word is. A
//! token of the lexicon that no list grades is taken; a graded word is taken from certain
//! severities on. The severities were chosen on the training part of the labelled lines
//! (`--choose-conda`), the figures are of the validation part.

mod choose;
mod grades;

use crate::{
    data::{Absent, Data},
    finder::{Finder, Group},
    switches::{SAFE, Switches},
    table::{Row, Target, percent},
};
pub use choose::choose;
use grades::{Grade, NEVER, Thresholds, graded};
use std::{collections::BTreeMap, sync::Arc};
use umpire_text::MatchMode;

/// What goes into the list, and how its words are sought: chosen on the training part.
const CHOSEN: Thresholds = Thresholds {
    profane: 2,
    offensive: 2,
    sexual: NEVER,
    mean: 1,
    surge: NEVER,
    dsojevic: 4,
    only_lexicon: true,
};

/// Characters from which a word is also sought inside made-up words.
const INSIDE_FROM: usize = 4;
const SWITCHES: Switches = SAFE;

/// A line of the chat.
pub struct Line {
    /// Of the validation part, not of the training part.
    pub is_valid: bool,
    /// E explicit toxicity, I implicit toxicity, A action, O other.
    pub intent: String,
    pub text: String,
}

fn lines(data: &Data) -> Result<Vec<Line>, Absent> {
    let rows = data.tsv("labelled/game/conda_dota2.tsv", ["split", "intent", "utterance"])?;
    let line =
        |[split, intent, text]: [String; 3]| Line { is_valid: split == "valid", intent, text };
    Ok(rows.into_iter().map(line).collect())
}

/// Words by grade and mode.
type Grouped = BTreeMap<(Grade, bool), Vec<Arc<str>>>;

/// Words with the same grade together, those sought inside made-up words apart.
fn grouped(words: &BTreeMap<String, Grade>, inside_from: usize) -> Grouped {
    let mut groups = Grouped::new();
    for (word, grade) in words {
        let inside = word.chars().count() >= inside_from;
        groups.entry((*grade, inside)).or_default().push(word.as_str().into());
    }
    groups
}

/// A finder with a group for each entry, in order.
fn finder(groups: Grouped) -> Finder {
    let mode = |inside| if inside { MatchMode::Compound } else { MatchMode::Word };
    let group = |((_, inside), words)| Group { words, mode: mode(inside) };
    Finder::of(groups.into_iter().map(group).collect(), SWITCHES)
}

pub fn run(data: &Data) -> Result<Vec<Row>, Absent> {
    let mut groups = grouped(&graded(data)?, INSIDE_FROM);
    groups.retain(|(grade, _), _| CHOSEN.takes(grade));
    let count: usize = groups.values().map(Vec::len).sum();
    let mut finder = finder(groups);
    let mut lines = lines(data)?;
    lines.retain(|line| line.is_valid);
    let peer = "alt-profanity-check 70.9";
    let (intents, target) = ("E", Target::AtLeast(70.0));
    let mut found = of_intents(&lines, intents, &mut finder);
    let missed = found.lines.iter().filter(|line| !finder.finds(line)).map(ToString::to_string);
    found.faults = missed.collect();
    let measure = format!("found of {}, {count} words, {}", found.lines.len(), SWITCHES.name);
    let recall = found.row("conda-recall", measure, target, peer);

    let wrong = |name: &str, intents: &str, target, finder: &mut Finder| {
        let found = of_intents(&lines, intents, finder);
        let measure = format!("found wrongly of {}, intents {intents}", found.lines.len());
        found.row(name, measure, target, "alt-profanity-check 4.1")
    };
    let harmless = wrong("conda-false-positives", "AO", Target::AtMost(4.0), &mut finder);
    let all = wrong("conda-false-positives-with-implicit", "AOI", Target::None, &mut finder);
    Ok(vec![recall, harmless, all])
}

/// Lines of some intents, and how many of them hold a word.
struct Found<'l> {
    lines: Vec<&'l str>,
    found: usize,
    faults: Vec<String>,
}

/// Faults are the lines found.
fn of_intents<'l>(lines: &'l [Line], intents: &str, finder: &mut Finder) -> Found<'l> {
    let wanted = lines.iter().filter(|line| intents.contains(line.intent.as_str()));
    let lines: Vec<&str> = wanted.map(|line| line.text.as_str()).collect();
    let hit: Vec<&str> = lines.iter().copied().filter(|line| finder.finds(line)).collect();
    let faults = hit.iter().map(|line| finder.explain(line)).collect();
    Found { found: hit.len(), lines, faults }
}

impl Found<'_> {
    fn row(self, name: &str, measure: String, target: Target, peer: &'static str) -> Row {
        Row {
            name: name.into(),
            set: "CONDA valid",
            measure,
            ours: percent(self.found, self.lines.len()),
            target,
            peer,
            faults: self.faults,
        }
    }
}

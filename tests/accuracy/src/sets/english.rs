//! English: rustrict's own tests, and harmless texts that hold a bad word's letters.

use crate::{
    data::{Absent, Data},
    finder::{Finder, Group},
    switches::{SAFE, Switches},
    table::{Row, Target, percent},
    words,
};
use std::sync::Arc;
use umpire_text::MatchMode;

/// How the English list is used. A word is as severe as its columns together say.
#[derive(Clone, Copy)]
pub struct Configuration {
    /// From this severity on words are sought.
    pub words_from: u8,
    /// From this severity on also inside made-up words.
    pub inside_from: u8,
    /// Shorter words are left out.
    pub least_letters: usize,
    pub switches: Switches,
}

/// Where false positives count: what is severe, whole words, the worst inside others too.
pub const PRECISE: Configuration =
    Configuration { words_from: 2, inside_from: 6, least_letters: 3, switches: SAFE };

/// Where nothing may be missed: every word, inside made-up words too.
pub const WIDE: Configuration =
    Configuration { words_from: 0, inside_from: 0, least_letters: 1, switches: SAFE };

/// A file, whether its lines must be found, and what is aimed at.
struct Lines {
    name: &'static str,
    set: &'static str,
    lines: Vec<String>,
    must_be_found: bool,
    target: Target,
    peer: &'static str,
}

/// No configuration meets all four targets, so each is held against the one it is meant
/// for; what the other one gives stands beside it.
pub fn run(data: &Data) -> Result<Vec<Row>, Absent> {
    let files = files(data)?;
    let mut rows = Vec::new();
    for (name, configuration) in [("wide", WIDE), ("precise", PRECISE)] {
        let mut finder = finder(data, configuration)?;
        rows.extend(files.iter().map(|file| {
            let judged = file.must_be_found == (name == "wide");
            row(file, name, configuration, &mut finder, judged)
        }));
    }
    Ok(rows)
}

fn finder(data: &Data, configuration: Configuration) -> Result<Finder, Absent> {
    let mut list = words::graded(data, configuration.words_from)?;
    list.retain(|(word, _)| word.chars().count() >= configuration.least_letters);
    let (inside, whole): (Vec<_>, Vec<_>) =
        list.into_iter().partition(|(_, severity)| *severity >= configuration.inside_from);
    let group = |words: Vec<(Arc<str>, u8)>, mode| Group {
        words: words.into_iter().map(|(word, _)| word).collect(),
        mode,
    };
    let groups = vec![group(whole, MatchMode::Word), group(inside, MatchMode::Compound)];
    Ok(Finder::of(groups, configuration.switches))
}

fn files(data: &Data) -> Result<[Lines; 4], Absent> {
    let sms = data.tsv("labelled/en/uci_sms_spam.tsv", ["label", "sms"])?;
    let normal = sms.into_iter().filter(|[label, _]| label == "ham").map(|[_, text]| text);
    Ok([
        Lines {
            name: "positive",
            set: "rustrict positive tests",
            lines: data.lines("evasion/rustrict_test_positive.txt")?,
            must_be_found: true,
            target: Target::AtLeast(98.0),
            peer: "rustrict 97.7",
        },
        Lines {
            name: "false-positives",
            set: "rustrict false positives",
            lines: data.lines("falsepos/rustrict_false_positives.txt")?,
            must_be_found: false,
            target: Target::AtMost(0.3),
            peer: "rustrict 0.2",
        },
        Lines {
            name: "scunthorpe",
            set: "Scunthorpe list",
            lines: data.lines("falsepos/scunthorpe_list.txt")?,
            must_be_found: false,
            target: Target::AtMost(15.0),
            peer: "rustrict 41.2",
        },
        Lines {
            name: "sms",
            set: "normal SMS",
            lines: normal.collect(),
            must_be_found: false,
            target: Target::AtMost(4.0),
            peer: "rustrict 11.8",
        },
    ])
}

fn row(
    file: &Lines,
    name: &str,
    configuration: Configuration,
    finder: &mut Finder,
    judged: bool,
) -> Row {
    let Configuration { words_from, inside_from, switches, .. } = configuration;
    let (found, other): (Vec<&String>, Vec<&String>) =
        file.lines.iter().partition(|line| finder.finds(line));
    let measure = if file.must_be_found { "found" } else { "found wrongly" };
    let count = file.lines.len();
    let faults = if file.must_be_found {
        other.into_iter().cloned().collect()
    } else {
        found.iter().map(|line| finder.explain(line)).collect()
    };
    Row {
        name: format!("english-{}-{name}", file.name),
        set: file.set,
        measure: format!(
            "{measure} of {count}, severity >= {words_from}, inside >= {inside_from}, {}",
            switches.name
        ),
        ours: percent(found.len(), count),
        target: if judged { file.target } else { Target::None },
        peer: file.peer,
        faults,
    }
}

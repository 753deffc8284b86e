//! English: rustrict's own tests, and harmless texts that hold a bad word's letters.

use crate::{
    data::{Absent, Data},
    finder::Finder,
    switches::{SAFE, Switches},
    table::{Row, Target, percent},
    words,
};
use umpire_text::MatchMode;

/// How the English list is used.
#[derive(Clone, Copy)]
pub struct Configuration {
    /// Words are taken that are at least this severe, from 1 to 3, in some respect.
    pub least_severity: u8,
    pub mode: MatchMode,
    pub switches: Switches,
}

/// The one configuration all targets of this set are held against.
pub const JUDGED: Configuration =
    Configuration { least_severity: 1, mode: MatchMode::Compound, switches: SAFE };

/// Told beside it.
const OTHERS: [Configuration; 1] = [Configuration { least_severity: 2, ..JUDGED }];

/// A file, whether its lines must be found, and what is aimed at.
struct Lines {
    name: &'static str,
    set: &'static str,
    lines: Vec<String>,
    must_be_found: bool,
    target: Target,
    peer: &'static str,
}

pub fn run(data: &Data) -> Result<Vec<Row>, Absent> {
    let files = files(data)?;
    let mut rows = Vec::new();
    for (number, configuration) in [JUDGED].into_iter().chain(OTHERS).enumerate() {
        let list = words::english(data, configuration.least_severity)?;
        let mut finder = Finder::new(list, configuration.mode, configuration.switches);
        let judged = number == 0;
        rows.extend(files.iter().map(|file| row(file, configuration, &mut finder, judged)));
    }
    Ok(rows)
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

fn row(file: &Lines, configuration: Configuration, finder: &mut Finder, judged: bool) -> Row {
    let Configuration { least_severity, mode, switches } = configuration;
    let (found, other): (Vec<&String>, Vec<&String>) =
        file.lines.iter().partition(|line| finder.finds(line));
    let measure = if file.must_be_found { "found" } else { "found wrongly" };
    let count = file.lines.len();
    let faults = if file.must_be_found {
        other.into_iter().cloned().collect()
    } else {
        found.iter().map(|line| finder.explain(line)).collect()
    };
    let suffix = if judged { String::new() } else { format!("-severity-{least_severity}") };
    Row {
        name: format!("english-{}{suffix}", file.name),
        set: file.set,
        measure: format!(
            "{measure} of {count}, severity >= {least_severity}, {mode:?}, {}",
            switches.name
        ),
        ours: percent(found.len(), count),
        target: if judged { file.target } else { Target::None },
        peer: file.peer,
        faults,
    }
}

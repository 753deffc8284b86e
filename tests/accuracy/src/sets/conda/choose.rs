//! Looks for the severities that find most explicit toxicity of the training part for a
//! given share of false positives. It knows grades only, not words.

use super::{
    Line, finder,
    grades::{Grade, NEVER, Thresholds, graded},
    grouped, lines,
};
use crate::{
    data::{Absent, Data},
    table::percent,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// Percent of the training part's harmless lines that may be found: below the target of
/// the validation part, by twice the chance of its size (4,000 lines).
const CEILING: f64 = 3.4;
/// Characters from which words may be sought inside made-up words; the last is never.
const INSIDE_FROM: [usize; 4] = [1, 4, 5, 1_000];
const COLUMN: [u8; 4] = [1, 2, 3, NEVER];
const SURGE: [u8; 5] = [10, 16, 20, 24, NEVER];
const DSOJEVIC: [u8; 5] = [1, 2, 3, 4, NEVER];
const BEST: usize = 8;

/// How many lines have the same hits, of explicit toxicity and of harmless ones.
#[derive(Default)]
struct Counts {
    explicit: usize,
    harmless: usize,
}

/// Lines by the set of grades found in them.
type Profile = BTreeMap<BTreeSet<Grade>, Counts>;

/// The best thresholds for each place words may stand in, as text.
pub fn choose(data: &Data) -> Result<String, Absent> {
    let words = graded(data)?;
    let mut lines = lines(data)?;
    lines.retain(|line| !line.is_valid);
    let mut report = String::new();
    for inside_from in INSIDE_FROM {
        let groups = grouped(&words, inside_from);
        let grades: Vec<Grade> = groups.keys().map(|(grade, _)| *grade).collect();
        let profile = profile(&lines, &grades, finder(groups));
        writeln!(report, "inside made-up words from {inside_from} characters:").unwrap();
        for (recall, wrong, thresholds) in best(&profile) {
            writeln!(report, "  {recall:.2} at {wrong:.2}: {thresholds:?}").unwrap();
        }
    }
    Ok(report)
}

fn profile(lines: &[Line], grades: &[Grade], mut finder: crate::finder::Finder) -> Profile {
    let mut profile = Profile::new();
    for line in lines.iter().filter(|line| line.intent != "I") {
        let found = finder.groups(&line.text).into_iter().map(|group| grades[group]).collect();
        let counts = profile.entry(found).or_default();
        if line.intent == "E" {
            counts.explicit += 1;
        } else {
            counts.harmless += 1;
        }
    }
    profile
}

fn best(profile: &Profile) -> Vec<(f64, f64, Thresholds)> {
    let all = profile.values().fold((0, 0), |sum, c| (sum.0 + c.explicit, sum.1 + c.harmless));
    let mut tried: Vec<_> = every()
        .map(|thresholds| {
            let (explicit, harmless) = found(profile, &thresholds);
            (percent(explicit, all.0), percent(harmless, all.1), thresholds)
        })
        .filter(|(_, wrong, _)| *wrong <= CEILING)
        .collect();
    tried.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
    tried.truncate(BEST);
    tried
}

fn found(profile: &Profile, thresholds: &Thresholds) -> (usize, usize) {
    let hit = profile.iter().filter(|(grades, _)| grades.iter().any(|g| thresholds.takes(g)));
    hit.fold((0, 0), |sum, (_, counts)| (sum.0 + counts.explicit, sum.1 + counts.harmless))
}

/// Every combination of thresholds.
fn every() -> impl Iterator<Item = Thresholds> {
    let columns = COLUMN.len().pow(4);
    (0..columns * SURGE.len() * DSOJEVIC.len() * 2).map(|number| {
        let mut rest = number;
        let mut pick = |from: &[u8]| {
            let picked = from[rest % from.len()];
            rest /= from.len();
            picked
        };
        Thresholds {
            profane: pick(&COLUMN),
            offensive: pick(&COLUMN),
            sexual: pick(&COLUMN),
            mean: pick(&COLUMN),
            surge: pick(&SURGE),
            dsojevic: pick(&DSOJEVIC),
            only_lexicon: pick(&[1, 0]) == 1,
        }
    })
}

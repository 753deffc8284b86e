//! What undoing disguises costs: harmless Chinese texts in which something of the CNTP
//! dictionary is found, in percentage points over plain matching.

use super::cntp;
use crate::{
    data::{Absent, Data},
    finder::Finder,
    switches::{AGGRESSIVE, PLAIN, SAFE, Switches},
    table::{Row, Target, percent},
};
use std::sync::Arc;
use umpire_text::MatchMode;

/// How many shop reviews the peers were measured with.
const FIRST_REVIEWS: usize = 5_000;

/// Switches, and the points they may cost on clean CNTP sentences and on reviews.
const ROWS: [(Switches, f64, f64); 2] = [(SAFE, 0.5, 0.5), (AGGRESSIVE, 3.0, 5.0)];

/// Harmless texts of one kind.
struct Texts {
    name: &'static str,
    set: &'static str,
    texts: Vec<String>,
    peer: &'static str,
    is_review: bool,
}

pub fn run(data: &Data) -> Result<Vec<Row>, Absent> {
    let sentences = cntp::sentences(data)?;
    let words = cntp::dictionary(&sentences);
    let clean = sentences.into_iter().filter(|sentence| !sentence.toxic);
    let clean = clean.filter(|sentence| sentence.disguise == "base");
    let reviews = data.tsv("labelled/zh/reviews_spam.tsv", ["label", "text"])?;
    let reviews = reviews.into_iter().filter(|[label, _]| label == "0").map(|[_, text]| text);
    let reviews: Vec<String> = reviews.collect();
    let kinds = [
        Texts {
            name: "cntp",
            set: "CNTP clean",
            texts: clean.map(|sentence| sentence.text).collect(),
            peer: "houbb +0.0",
            is_review: false,
        },
        Texts {
            name: "first-reviews",
            set: "reviews, first 5,000",
            texts: reviews.iter().take(FIRST_REVIEWS).cloned().collect(),
            peer: "-",
            is_review: true,
        },
        Texts { name: "reviews", set: "reviews, all", texts: reviews, peer: "-", is_review: true },
    ];
    Ok(kinds.iter().flat_map(|kind| rows(kind, &words)).collect())
}

fn rows(kind: &Texts, words: &[Arc<str>]) -> Vec<Row> {
    let finder = |switches| Finder::new(words.to_vec(), MatchMode::Contains, switches);
    let mut plain = finder(PLAIN);
    let found: Vec<bool> = kind.texts.iter().map(|text| plain.finds(text)).collect();
    let row = |(switches, on_cntp, on_reviews): (Switches, f64, f64)| {
        let limit = if kind.is_review { on_reviews } else { on_cntp };
        added(kind, &found, finder(switches), switches, limit)
    };
    ROWS.into_iter().map(row).collect()
}

/// `plain` says in which texts plain matching finds something.
fn added(kind: &Texts, plain: &[bool], mut finder: Finder, switches: Switches, limit: f64) -> Row {
    let (mut found, mut faults) = (0, Vec::new());
    for (text, plain) in kind.texts.iter().zip(plain) {
        let finds = finder.finds(text);
        found += usize::from(finds);
        if finds && !plain {
            faults.push(finder.explain(text));
        }
        if !finds && *plain {
            faults.push(format!("{text}  <- found by plain matching only"));
        }
    }
    let count = kind.texts.len();
    let base = percent(plain.iter().filter(|found| **found).count(), count);
    Row {
        name: format!("added-{}-{}", kind.name, switches.name.to_lowercase()),
        set: kind.set,
        measure: format!("points over plain {base:.1} %, {count} texts, {}", switches.name),
        ours: percent(found, count) - base,
        target: Target::AtMost(limit),
        peer: kind.peer,
        faults,
    }
}

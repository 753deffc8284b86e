//! The English lists as one: each word with what every list says about it.

use crate::{
    data::{Absent, Data},
    words::{RUSTRICT, SEVERITIES, number},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A threshold no severity reaches.
pub const NEVER: u8 = u8::MAX;

/// What the lists say about a word; `None` where a list does not have it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Grade {
    /// Profane, offensive, sexual and mean, each from 0 to 3.
    pub rustrict: Option<[u8; 4]>,
    /// From 10 to 30: its severities have one decimal.
    pub surge: Option<u8>,
    /// From 1 to 4.
    pub dsojevic: Option<u8>,
    /// A toxic token of the game lexicon.
    pub lexicon: bool,
}

/// Severities from which a graded word is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Thresholds {
    pub profane: u8,
    pub offensive: u8,
    pub sexual: u8,
    pub mean: u8,
    pub surge: u8,
    pub dsojevic: u8,
    /// Only toxic tokens of the game lexicon are taken, however severe another word is.
    pub only_lexicon: bool,
}

impl Thresholds {
    /// Whether words of this grade are taken.
    pub fn takes(&self, grade: &Grade) -> bool {
        let known = grade.rustrict.is_some() || grade.surge.is_some() || grade.dsojevic.is_some();
        let severe = self.reached_by(grade);
        if self.only_lexicon {
            grade.lexicon && (severe || !known)
        } else {
            severe || (grade.lexicon && !known)
        }
    }

    fn reached_by(&self, grade: &Grade) -> bool {
        let columns = [self.profane, self.offensive, self.sexual, self.mean];
        let severe = |severities: [u8; 4]| {
            severities.into_iter().zip(columns).any(|(severity, least)| severity >= least)
        };
        grade.rustrict.is_some_and(severe)
            || grade.surge.is_some_and(|severity| severity >= self.surge)
            || grade.dsojevic.is_some_and(|severity| severity >= self.dsojevic)
    }
}

/// Every word of every list, in small letters, with its grade.
pub fn graded(data: &Data) -> Result<BTreeMap<String, Grade>, Absent> {
    let mut words = Words::default();
    rustrict(data, &mut words)?;
    surge(data, &mut words)?;
    dsojevic(data, &mut words)?;
    lexicon(data, &mut words)?;
    Ok(words.0)
}

#[derive(Default)]
struct Words(BTreeMap<String, Grade>);

impl Words {
    /// The grade of a word; a throw-away one for what has no characters.
    fn grade(&mut self, word: &str, change: impl FnOnce(&mut Grade)) {
        let word = word.trim().to_lowercase();
        if !word.is_empty() {
            change(self.0.entry(word).or_default());
        }
    }
}

fn rustrict(data: &Data, words: &mut Words) -> Result<(), Absent> {
    let [profane, offensive, sexual, mean, _] = SEVERITIES;
    for [word, severities @ ..] in data.csv(RUSTRICT, ["word", profane, offensive, sexual, mean])? {
        let new = severities.map(|severity| number(&severity));
        words.grade(&word, |grade| {
            let old = grade.rustrict.unwrap_or_default();
            grade.rustrict = Some(std::array::from_fn(|column| new[column].max(old[column])));
        });
    }
    Ok(())
}

fn surge(data: &Data, words: &mut Words) -> Result<(), Absent> {
    for [word, severity] in
        data.csv("words/en/surge_profanity_en.csv", ["text", "severity_rating"])?
    {
        let severity = tenths(&severity);
        words.grade(&word, |grade| grade.surge = grade.surge.max(Some(severity)));
    }
    Ok(())
}

/// `2.8` as 28.
fn tenths(severity: &str) -> u8 {
    let (whole, tenth) = severity.split_once('.').unwrap_or((severity, "0"));
    number(whole) * 10 + number(tenth.get(..1).unwrap_or("0"))
}

/// An entry of the list: spellings with `|` between them and `*` where letters may repeat.
#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "match")]
    spellings: String,
    severity: u8,
}

fn dsojevic(data: &Data, words: &mut Words) -> Result<(), Absent> {
    let entries: Vec<Entry> =
        serde_json::from_str(&data.read("words/en/dsojevic_en.json")?).unwrap();
    for entry in entries {
        for spelling in entry.spellings.replace('*', "").split('|') {
            words
                .grade(spelling, |grade| grade.dsojevic = grade.dsojevic.max(Some(entry.severity)));
        }
    }
    Ok(())
}

fn lexicon(data: &Data, words: &mut Words) -> Result<(), Absent> {
    for [token, slot] in data.tsv("words/en/conda_game_lexicon.tsv", ["token", "slot"])? {
        if slot.trim() == "T" {
            words.grade(&token.replace('*', ""), |grade| grade.lexicon = true);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_by_their_grade() {
        let thresholds = Thresholds {
            profane: NEVER,
            offensive: NEVER,
            sexual: NEVER,
            mean: 2,
            surge: 20,
            dsojevic: NEVER,
            only_lexicon: true,
        };
        let wide = Thresholds { only_lexicon: false, ..thresholds };
        let ungraded = Grade { lexicon: true, ..Grade::default() };
        let mean = Grade { rustrict: Some([0, 0, 0, 2]), ..Grade::default() };
        let mild = Grade { surge: Some(14), lexicon: true, ..Grade::default() };
        for (grade, narrow, broad) in
            [(ungraded, true, true), (mean, false, true), (mild, false, false)]
        {
            assert_eq!(thresholds.takes(&grade), narrow);
            assert_eq!(wide.takes(&grade), broad);
        }
        assert_eq!(tenths("2.8"), 28);
        assert_eq!(tenths("3"), 30);
    }
}

//! English disguises of HateCheck: letters as digits, blanks put in, blanks left out.
//!
//! Whether a sentence can be found at all is the word list's business, so what counts is
//! how many of the sentences that are found undisguised are found disguised as well.

mod undisguised;

use crate::{
    data::{Absent, Data},
    finder::Finder,
    switches::AGGRESSIVE,
    table::{Row, Target, percent},
    words,
};
use umpire_text::MatchMode;
use undisguised::{Disguise, Vocabulary};

const ROWS: [(&str, Disguise, &str, &str); 3] = [
    ("leet", Disguise::Leetspeak, "spell_leet_h", "rustrict 100"),
    ("spaces-added", Disguise::SpacesAdded, "spell_space_add_h", "rustrict 98"),
    ("spaces-deleted", Disguise::SpacesDeleted, "spell_space_del_h", "rustrict 98"),
];

pub fn run(data: &Data) -> Result<Vec<Row>, Absent> {
    let columns = ["lang", "functionality", "text"];
    let rows = data.tsv("evasion/hatecheck_11_languages.tsv", columns)?;
    let english = rows.into_iter().filter(|[language, ..]| language == "en");
    let english: Vec<(String, String)> = english.map(|[_, kind, text]| (kind, text)).collect();
    let plain = english.iter().filter(|(kind, _)| !kind.starts_with("spell_"));
    let vocabulary = Vocabulary::of(plain.map(|(_, text)| text.as_str()));

    let list = words::english(data, 1)?;
    let mut finder = Finder::new(list, MatchMode::Word, AGGRESSIVE);
    let row = |(name, disguise, kind, peer)| {
        let texts = english.iter().filter(|row| row.0 == kind).map(|row| row.1.as_str());
        kept(name, peer, pairs(texts, disguise, &vocabulary), &mut finder)
    };
    Ok(ROWS.into_iter().map(row).collect())
}

/// Each disguised sentence with the undisguised one.
fn pairs<'t>(
    texts: impl Iterator<Item = &'t str>,
    disguise: Disguise,
    vocabulary: &Vocabulary,
) -> Vec<(&'t str, String)> {
    texts.map(|text| (text, vocabulary.undisguise(text, disguise))).collect()
}

fn kept(name: &str, peer: &'static str, pairs: Vec<(&str, String)>, finder: &mut Finder) -> Row {
    let all = pairs.len();
    let found: Vec<_> = pairs.into_iter().filter(|(_, plain)| finder.finds(plain)).collect();
    let lost: Vec<_> = found.iter().filter(|(disguised, _)| !finder.finds(disguised)).collect();
    Row {
        name: format!("hatecheck-{name}"),
        set: "HateCheck en",
        measure: format!("kept of {} found undisguised (of {all}), AGGRESSIVE", found.len()),
        ours: percent(found.len() - lost.len(), found.len()),
        target: Target::AtLeast(99.0),
        peer,
        faults: lost.iter().map(|(text, plain)| format!("{text}  [{plain}]")).collect(),
    }
}

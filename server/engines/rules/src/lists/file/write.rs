//! Entries as a file.

use super::{FileFormat, columns::escaped, lines::is_header};
use crate::{conditions::text::WordMode, lists::Entry};
use std::borrow::Cow;

/// The part of a file that some entries make, in their order. The first part starts
/// the file, the last ends it.
#[must_use]
pub fn write(format: FileFormat, entries: &[Entry], first: bool, last: bool) -> Vec<u8> {
    match format {
        FileFormat::Plain => plain(entries),
        FileFormat::Tsv => tsv(entries, first),
        FileFormat::Csv => csv(entries, first),
        FileFormat::Json => json(entries, first, last),
    }
}

/// A word as one line shows it; a mode other than EXACT is left out.
fn marked(entry: &Entry) -> Cow<'_, str> {
    match entry.mode {
        Some(WordMode::Exact) => Cow::Owned(format!("={}", entry.word)),
        _ => escaped(&entry.word),
    }
}

/// The word beside a mode that is written too.
fn beside_mode(entry: &Entry) -> Cow<'_, str> {
    match entry.mode {
        Some(_) => Cow::Borrowed(&entry.word),
        None => escaped(&entry.word),
    }
}

fn plain(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(|entry| [marked(entry), "\n".into()]).collect::<String>().into_bytes()
}

fn tsv(entries: &[Entry], first: bool) -> Vec<u8> {
    let mut text = String::new();
    for (index, entry) in entries.iter().enumerate() {
        let category = entry.category.as_deref().map(|category| format!("\t{category}"));
        let line = format!("{}{}\n", marked(entry), category.unwrap_or_default());
        if first && index == 0 && is_header(&line) {
            text += "word\tcategory\n";
        }
        text += &line;
    }
    text.into_bytes()
}

fn csv(entries: &[Entry], first: bool) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut row = |cells: [&str; 6]| {
        // Writing to memory cannot fail.
        let _ = writer.write_record(cells);
    };
    if first {
        row(["word", "match", "category", "level", "note", "end_time"]);
    }
    for entry in entries {
        let end = entry.end_time.map(|time| time.to_string()).unwrap_or_default();
        row([
            &beside_mode(entry),
            entry.mode.map_or("", WordMode::name),
            entry.category.as_deref().unwrap_or_default(),
            entry.level.map_or("", umpire_model::Level::name),
            entry.note.as_deref().unwrap_or_default(),
            &end,
        ]);
    }
    writer.into_inner().unwrap_or_default()
}

fn json(entries: &[Entry], first: bool, last: bool) -> Vec<u8> {
    let mut text = String::from(if first { "[" } else { "" });
    for (index, entry) in entries.iter().enumerate() {
        text += if first && index == 0 { "\n" } else { ",\n" };
        let shown = Entry { word: beside_mode(entry).into(), ..entry.clone() };
        text += &serde_json::to_string(&shown).unwrap_or_default();
    }
    text += if last { "\n]\n" } else { "" };
    text.into_bytes()
}

//! Entries as a file.

use super::FileFormat;
use crate::{conditions::text::WordMode, lists::Entry};

/// The part of a file that some entries make, in their order. The first part starts
/// the file, the last ends it.
#[must_use]
pub fn write(format: FileFormat, entries: &[Entry], first: bool, last: bool) -> Vec<u8> {
    match format {
        FileFormat::Plain => lines(entries, |_| None),
        FileFormat::Tsv => lines(entries, |entry| entry.category.as_deref()),
        FileFormat::Csv => csv(entries, first),
        FileFormat::Json => json(entries, first, last),
    }
}

/// A word as one line shows it.
fn marked(entry: &Entry) -> String {
    match entry.mode {
        Some(WordMode::Exact) => format!("={}", entry.word),
        _ if entry.word.starts_with('=') => format!("\\{}", entry.word),
        _ => entry.word.as_ref().to_owned(),
    }
}

fn lines(entries: &[Entry], category: impl Fn(&Entry) -> Option<&str>) -> Vec<u8> {
    let mut text = String::new();
    for entry in entries {
        text += &marked(entry);
        if let Some(category) = category(entry) {
            text.push('\t');
            text += category;
        }
        text.push('\n');
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
        // A word that starts with `=` says how it matches, or it would say EXACT.
        let literal = entry.word.starts_with('=').then_some(WordMode::Contains);
        row([
            &entry.word,
            entry.mode.or(literal).map_or("", WordMode::name),
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
        text += &serde_json::to_string(entry).unwrap_or_default();
    }
    text += if last { "\n]\n" } else { "" };
    text.into_bytes()
}

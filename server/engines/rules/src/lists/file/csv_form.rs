//! CSV with a header.

use super::{
    FileError, Reading,
    columns::{self, Column, marked},
};
use crate::lists::Entry;
use csv::{ByteRecord, ReaderBuilder, StringRecord};

pub(super) fn read(text: &str, reading: &mut Reading) -> Result<(), FileError> {
    // Rows of another length than the header's are told, not dropped.
    let mut rows = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = rows.byte_headers().cloned().unwrap_or_default();
    let columns = columns_of(&header);
    if !columns.contains(&Some(Column::Word)) {
        return Err(FileError::NoWordColumn);
    }
    let mut lines = LineCounter { text, at: 0, line: 1 };
    let mut last = (0, 1);
    for row in rows.records() {
        match row {
            Ok(row) => {
                let line = lines.line(row.position());
                last = (lines.at, line);
                let entry = entry(&row, &columns, reading);
                reading.take(line, entry);
            }
            Err(error) => reading.take(lines.line(error.position()), Err(error.to_string())),
        }
    }
    let (start, line) = last;
    // A quote that is not closed takes everything up to the end for one cell.
    let quotes = text[start..].bytes().filter(|byte| *byte == b'"').count();
    if quotes % 2 == 1 && text[start..].trim_end().contains(['\r', '\n']) {
        return Err(FileError::UnclosedQuote(line));
    }
    Ok(())
}

/// Tells the line a row starts on. The reader's own count is one short after CR LF.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn line(&mut self, row: Option<&csv::Position>) -> u64 {
        let bytes = self.text.as_bytes();
        let start = row.and_then(|row| usize::try_from(row.byte()).ok()).unwrap_or(self.at);
        while let Some(&byte) = bytes.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            let pair = byte == b'\r' && bytes.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(byte == b'\n' || (byte == b'\r' && !pair));
            self.at += 1;
        }
        self.line
    }
}

/// What each column is; the first of several with one meaning counts.
fn columns_of(header: &ByteRecord) -> Vec<Option<Column>> {
    let mut columns = Vec::new();
    for name in header {
        let column = std::str::from_utf8(name).ok().and_then(Column::of);
        columns.push(column.filter(|column| !columns.contains(&Some(*column))));
    }
    columns
}

fn entry(
    row: &StringRecord,
    columns: &[Option<Column>],
    reading: &mut Reading,
) -> Result<Entry, String> {
    if row.len() != columns.len() {
        return Err(format!("{} columns, the header has {}", row.len(), columns.len()));
    }
    if row.iter().any(|cell| cell.contains(['\r', '\n'])) {
        return Err("a quoted cell goes over several lines".into());
    }
    let cell = |sought: Column| {
        let place = columns.iter().position(|column| *column == Some(sought));
        place.and_then(|place| row.get(place)).unwrap_or_default()
    };
    let note = cell(Column::Note).trim();
    let mode = columns::mode(cell(Column::Match))?;
    let word = match mode {
        Some(_) => Entry { mode, ..Entry::new(cell(Column::Word)) },
        None => marked(cell(Column::Word)),
    };
    Ok(Entry {
        category: reading.share(cell(Column::Category)),
        level: columns::level(cell(Column::Level))?,
        note: (!note.is_empty()).then(|| note.into()),
        end_time: columns::end_time(cell(Column::EndTime))?,
        ..word
    })
}

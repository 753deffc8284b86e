//! Word lists as files: reading what people have, and writing it back.

mod columns;
mod csv_form;
mod decode;
mod json_form;
mod lines;
mod write;

use super::{Entries, Entry};
use crate::policy::MAX_LIST_ENTRIES;
use std::{collections::HashSet, sync::Arc};

pub use write::write;

/// Most bytes of a file.
pub const MAX_FILE_BYTES: usize = 32 << 20;
/// Entries that are read before repeated words among them are dropped.
const COMPACT: usize = 2 * MAX_LIST_ENTRIES;
/// Most bad lines that are told.
pub const MAX_REJECTED: usize = 1_000;

/// The form of a file of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileFormat {
    /// One word a line.
    #[default]
    Plain,
    /// Word TAB category.
    Tsv,
    /// With a header, as RFC 4180 has it.
    Csv,
    /// An array of words or objects.
    Json,
}

/// A file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum FileError {
    #[error("has {0} bytes, over the limit of {MAX_FILE_BYTES}")]
    TooLarge(usize),
    #[error("is not UTF-8 from byte {0} on; UTF-16 needs a byte order mark")]
    NotUtf8(usize),
    #[error("looks like UTF-16 without its byte order mark")]
    NoMark,
    #[error("line {0} opens a quote that nothing closes")]
    UnclosedQuote(u64),
    #[error("is not UTF-16, though it has its byte order mark")]
    NotUtf16,
    #[error("the header has no column `word` (or `text`, `token`, `term`, `keyword`)")]
    NoWordColumn,
    #[error("a word list has at most {MAX_LIST_ENTRIES} entries")]
    TooManyWords,
    #[error("is no JSON array of words or objects: {0}")]
    Json(String),
}

/// A line that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedLine {
    /// Counted from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct FileContent {
    /// Sound entries, each word once.
    pub entries: Arc<Entries>,
    /// Words that came again.
    pub repeated: usize,
    /// The first bad lines.
    pub rejected: Vec<RejectedLine>,
    /// How many lines were bad.
    pub rejected_count: u64,
}

/// Reads a file. Takes time in its length; call it off the request path.
///
/// # Errors
/// [`FileError`] when it cannot be read as a whole.
pub fn read(format: FileFormat, content: &[u8]) -> Result<FileContent, FileError> {
    if content.len() > MAX_FILE_BYTES {
        return Err(FileError::TooLarge(content.len()));
    }
    let text = decode::decode(content)?;
    let mut reading = Reading::default();
    match format {
        FileFormat::Plain => lines::read_plain(&text, &mut reading),
        FileFormat::Tsv => lines::read_tsv(&text, &mut reading),
        FileFormat::Csv => csv_form::read(&text, &mut reading)?,
        FileFormat::Json => json_form::read(&text, &mut reading)?,
    }
    let (entries, repeated) = Entries::collect(reading.entries);
    if entries.as_slice().len() > MAX_LIST_ENTRIES || reading.overflowed {
        return Err(FileError::TooManyWords);
    }
    Ok(FileContent {
        entries: Arc::new(entries),
        repeated: reading.repeated + repeated,
        rejected: reading.rejected,
        rejected_count: reading.rejected_count,
    })
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    entries: Vec<Entry>,
    rejected: Vec<RejectedLine>,
    rejected_count: u64,
    /// Words that came again, as far as they are dropped already.
    repeated: usize,
    /// There are too many different words; no more are kept.
    overflowed: bool,
    /// Texts that come again and again, kept once.
    shared: HashSet<Arc<str>>,
}

impl Reading {
    /// Takes a line, or notes why not.
    fn take(&mut self, line: u64, entry: Result<Entry, String>) {
        let checked = entry.and_then(|entry| match entry.check() {
            Ok(()) => Ok(entry),
            Err(error) => Err(error.to_string()),
        });
        match checked {
            Ok(entry) if !self.overflowed => self.keep(entry),
            Ok(_) => {}
            Err(reason) => {
                self.rejected_count += 1;
                if self.rejected.len() < MAX_REJECTED {
                    self.rejected.push(RejectedLine { line, reason });
                }
            }
        }
    }

    fn keep(&mut self, entry: Entry) {
        self.entries.push(entry);
        if self.entries.len() == COMPACT {
            let (entries, repeated) = Entries::collect(std::mem::take(&mut self.entries));
            self.repeated += repeated;
            self.overflowed = entries.as_slice().len() > MAX_LIST_ENTRIES;
            self.entries = entries.into_vec();
        }
    }

    /// A category: many entries share few of them.
    fn share(&mut self, text: &str) -> Option<Arc<str>> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(known) = self.shared.get(text) {
            return Some(known.clone());
        }
        let text: Arc<str> = text.into();
        self.shared.insert(text.clone());
        Some(text)
    }
}

#[cfg(test)]
mod tests;

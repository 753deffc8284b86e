//! One word a line, alone or with a category after a TAB.

use super::{Reading, columns::marked};
use crate::lists::Entry;

/// Lines with their numbers; they end with LF, CR LF or CR.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let mut rest = Some(text);
    let lines = std::iter::from_fn(move || {
        let text = rest.filter(|text| !text.is_empty())?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let width = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[end + width..]);
        Some(&text[..end])
    });
    (1..).zip(lines)
}

pub(super) fn read_plain(text: &str, reading: &mut Reading) {
    for (line, word) in lines(text) {
        reading.take(line, Ok(marked(word)));
    }
}

pub(super) fn read_tsv(text: &str, reading: &mut Reading) {
    let mut lines = lines(text).peekable();
    if lines.peek().is_some_and(|(_, line)| is_header(line)) {
        lines.next();
    }
    for (line, text) in lines {
        let mut cells = text.split('\t');
        let word = marked(cells.next().unwrap_or_default());
        let category = cells.next().and_then(|category| reading.share(category));
        let entry = match cells.next() {
            None => Ok(Entry { category, ..word }),
            Some(_) => Err("more than two columns".to_owned()),
        };
        reading.take(line, entry);
    }
}

/// Whether a line names the columns.
pub(super) fn is_header(line: &str) -> bool {
    let first = line.split_once('\t').map(|(first, _)| first.trim().to_lowercase());
    matches!(first.as_deref(), Some("word" | "text" | "token"))
}

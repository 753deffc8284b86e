use super::{id_of, short, time};
use crate::output::{Row, safe};
use umpire_client::v1::{
    BatchUpdateWordListEntriesResponse, ImportWordListResponse, WordList, WordListEntry,
};

impl Row for WordList {
    const NAME: &'static str = "WordList";
    const COLUMNS: &'static [&'static str] =
        &["id", "purpose", "entries", "revision", "update_time", "author", "display_name"];

    fn cells(&self) -> Vec<String> {
        let deleted = if self.delete_time.is_some() { " (deleted)" } else { "" };
        vec![
            format!("{}{deleted}", id_of(&self.name)),
            short(self.purpose().as_str_name(), "WORD_LIST_PURPOSE_"),
            self.entry_count.to_string(),
            self.revision.to_string(),
            time(self.update_time),
            self.author.clone(),
            self.display_name.clone(),
        ]
    }
}

impl Row for WordListEntry {
    const NAME: &'static str = "WordListEntry";
    const COLUMNS: &'static [&'static str] =
        &["word", "match", "category", "level", "note", "end_time"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.word.clone(),
            short(self.r#match().as_str_name(), "MATCH_MODE_"),
            self.category.clone(),
            short(self.level().as_str_name(), "LEVEL_"),
            self.note.clone(),
            time(self.end_time),
        ]
    }
}

impl Row for ImportWordListResponse {
    const NAME: &'static str = "ImportWordListResponse";
    const COLUMNS: &'static [&'static str] =
        &["id", "accepted", "duplicates", "rejected", "added", "updated", "removed", "revision"];

    fn cells(&self) -> Vec<String> {
        let name = self.word_list.as_ref().map(|list| id_of(&list.name)).unwrap_or_default();
        let numbers = [
            self.accepted,
            self.duplicates,
            self.rejected_count,
            self.added,
            self.updated,
            self.removed,
            self.revision,
        ];
        let numbers = numbers.iter().map(ToString::to_string);
        std::iter::once(name.to_owned()).chain(numbers).collect()
    }
}

impl Row for BatchUpdateWordListEntriesResponse {
    const NAME: &'static str = "BatchUpdateWordListEntriesResponse";
    const COLUMNS: &'static [&'static str] =
        &["id", "added", "updated", "removed", "unknown", "revision"];

    fn cells(&self) -> Vec<String> {
        let name = self.word_list.as_ref().map(|list| id_of(&list.name)).unwrap_or_default();
        vec![
            name.to_owned(),
            self.added.to_string(),
            self.updated.to_string(),
            self.removed.to_string(),
            self.unknown_words.join(" "),
            self.revision.to_string(),
        ]
    }
}

/// An entry on one safe line.
pub fn entry_text(entry: &WordListEntry) -> String {
    let details: Vec<_> =
        entry.cells().split_off(1).into_iter().filter(|c| !c.is_empty()).collect();
    let word = safe(&entry.word);
    if details.is_empty() { word } else { format!("{word}  ({})", safe(&details.join(", "))) }
}

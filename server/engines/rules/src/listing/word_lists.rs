use crate::{
    conditions::text::WordMode,
    lists::{Entries, Entry, ListPurpose, StoredWordList},
};
use std::convert::Infallible;
use umpire_query::{Choices, Expr, Field, Kind, LEVELS, Page, Term, urgency};

const PURPOSES: Choices = &[("MATCH", 0), ("ALLOW", 1)];
const MODES: Choices = &[("CONTAINS", 0), ("EXACT", 1), ("WORD", 2), ("COMPOUND", 3)];

/// What word lists can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ListField {
    Id,
    DisplayName,
    Purpose,
    EntryCount,
    CreateTime,
    UpdateTime,
    Author,
}

impl Field for ListField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "id" => Self::Id,
            "display_name" => Self::DisplayName,
            "purpose" => Self::Purpose,
            "entry_count" => Self::EntryCount,
            "create_time" => Self::CreateTime,
            "update_time" => Self::UpdateTime,
            "author" => Self::Author,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Id | Self::DisplayName | Self::Author => Kind::Text,
            Self::Purpose => Kind::Choice(PURPOSES),
            Self::EntryCount => Kind::Number,
            Self::CreateTime | Self::UpdateTime => Kind::Time,
        }
    }
}

/// Which word lists, from where on; by id.
pub struct ListQuery {
    /// What they must meet.
    pub filter: Expr<ListField>,
    /// Deleted ones too.
    pub show_deleted: bool,
    /// Most entries of the page.
    pub size: usize,
    /// `next` of the page before.
    pub cursor: Option<Vec<u8>>,
}

impl ListQuery {
    /// The page of `lists`, which come by id, that this asks for.
    pub(crate) fn page<'l>(
        &self,
        lists: impl Iterator<Item = &'l StoredWordList>,
    ) -> Page<StoredWordList> {
        let key = |list: &StoredWordList| list.list.id.as_str().as_bytes().to_vec();
        let found = lists
            .filter(|list| self.show_deleted || list.delete_time.is_none())
            .filter(|list| self.cursor.as_ref().is_none_or(|cursor| key(list) > *cursor))
            .filter(|list| self.filter.matches(&|term| test_list(list, term)));
        Page::of(found.cloned(), self.size, key)
    }
}

fn test_list(stored: &StoredWordList, term: &Term<ListField>) -> bool {
    let list = &stored.list;
    match term.field {
        ListField::Id => term.test_text(list.id.as_str()),
        ListField::DisplayName => term.test_text(&list.display_name),
        ListField::Author => term.test_text(&stored.author),
        ListField::Purpose => term.test_number(i64::from(list.purpose == ListPurpose::Allow)),
        ListField::EntryCount => {
            term.test_number(i64::try_from(stored.entry_count).unwrap_or(i64::MAX))
        }
        ListField::CreateTime => term.test_number(stored.create_time.0),
        ListField::UpdateTime => term.test_number(stored.update_time.0),
    }
}

/// What entries can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum EntryField {
    Word,
    Match,
    Category,
    Level,
    Note,
    EndTime,
}

impl Field for EntryField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "word" => Self::Word,
            "match" => Self::Match,
            "category" => Self::Category,
            "level" => Self::Level,
            "note" => Self::Note,
            "end_time" => Self::EndTime,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Word | Self::Category | Self::Note => Kind::Text,
            Self::Match => Kind::Choice(MODES),
            Self::Level => Kind::Choice(LEVELS),
            Self::EndTime => Kind::Time,
        }
    }
}

/// Which entries of a list, from where on; by word.
pub struct EntryQuery {
    /// What they must meet.
    pub filter: Expr<EntryField>,
    /// Most entries of the page.
    pub size: usize,
    /// `next` of the page before.
    pub cursor: Option<Vec<u8>>,
}

impl EntryQuery {
    /// The page of `entries` this asks for.
    pub(crate) fn page(&self, entries: &Entries) -> Page<Entry> {
        let all = entries.as_slice();
        let seen = |entry: &Entry| {
            self.cursor.as_ref().is_some_and(|cursor| entry.word.as_bytes() <= &cursor[..])
        };
        let found = all[all.partition_point(seen)..].iter();
        let found = found.filter(|entry| self.filter.matches(&|term| test_entry(entry, term)));
        let found = found.map(|entry| Ok::<_, Infallible>(entry.clone()));
        let page =
            Page::gather(found, self.size, Entry::weight, |entry| entry.word.as_bytes().to_vec());
        match page {
            Ok(page) => page,
            Err(never) => match never {},
        }
    }
}

/// An entry without a mode, level or end meets no comparison with one.
fn test_entry(entry: &Entry, term: &Term<EntryField>) -> bool {
    match term.field {
        EntryField::Word => term.test_text(&entry.word),
        EntryField::Category => term.test_text(entry.category.as_deref().unwrap_or_default()),
        EntryField::Note => term.test_text(entry.note.as_deref().unwrap_or_default()),
        EntryField::Match => entry.mode.is_some_and(|mode| {
            term.test_number(match mode {
                WordMode::Contains => 0,
                WordMode::Exact => 1,
                WordMode::Word => 2,
                WordMode::Compound => 3,
            })
        }),
        EntryField::Level => entry.level.is_some_and(|level| term.test_number(urgency(level))),
        EntryField::EndTime => entry.end_time.is_some_and(|end| term.test_number(end.0)),
    }
}

//! Word lists: their entries, what changes in them, and the files they come in.

mod delta;
mod entries;
mod entry;
pub mod file;
mod word_list;

pub use delta::{Delta, DeltaCounts, EntryChange};
pub use entries::Entries;
pub use entry::{Entry, EntryError};
pub(crate) use word_list::Tag;
pub use word_list::{List, ListPurpose, StoredWordList, WordList};

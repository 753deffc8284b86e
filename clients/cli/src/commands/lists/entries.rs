use crate::{
    commands::{filter::quoted, level::Level},
    context::Context,
    exit::Exit,
    failure::Failure,
    moment,
    output::id_of,
};
use clap::{Args, ValueEnum};
use prost_types::Timestamp;
use umpire_client::v1::{self, BatchUpdateWordListEntriesResponse, WordListEntry};

/// Lists or searches the entries of a word list.
#[derive(Args)]
pub struct Entries {
    /// Id or name of the list
    list: String,

    /// Only words that hold this
    #[arg(long, value_name = "PART")]
    search: Option<String>,

    /// Only what it lets through: 'category = advert AND level >= P1'
    #[arg(long)]
    filter: Option<String>,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = usize::MAX, hide_default_value = true)]
    limit: usize,
}

/// Adds words, or replaces what is said of them.
#[derive(Args)]
pub struct Add {
    /// Id or name of the list
    list: String,

    /// The words
    #[arg(required = true)]
    words: Vec<String>,

    /// Becomes a label of the match
    #[arg(long, default_value = "", hide_default_value = true)]
    category: String,

    /// Level of the match; the rule's when absent
    #[arg(long, ignore_case = true)]
    level: Option<Level>,

    /// Where a word must stand; as the rule says when absent
    #[arg(long, value_name = "MODE")]
    r#match: Option<MatchMode>,

    /// For people
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,

    /// Until when: 2026-12-01T08:00:00Z, 2026-12-01 or 7d
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    until: Option<Timestamp>,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// Removes words.
#[derive(Args)]
pub struct Remove {
    /// Id or name of the list
    list: String,

    /// The words
    #[arg(required = true)]
    words: Vec<String>,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// Where a word must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MatchMode {
    /// Anywhere.
    Contains,
    /// The whole text.
    Exact,
    /// Not next to another letter or digit.
    Word,
    /// As word, and inside made-up words.
    Compound,
}

impl Entries {
    /// Fetches and prints them.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let search = self.search.map(|part| format!("word:{}", quoted(&part)));
        let filter = match (search, self.filter) {
            (Some(search), Some(filter)) => format!("{search} AND ({filter})"),
            (search, filter) => search.or(filter).unwrap_or_default(),
        };
        let entries = context.connect().await?.lists().entries(self.list);
        context.output.stream(entries.filter(filter).limit(self.limit).stream()).await?;
        Ok(Exit::DONE)
    }
}

impl Add {
    /// Adds them all or none.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let like = WordListEntry {
            word: String::new(),
            r#match: self.r#match.map_or(v1::MatchMode::Unspecified, MatchMode::proto) as i32,
            category: self.category,
            level: self.level.map_or(v1::Level::Unspecified, Level::proto) as i32,
            note: self.note,
            end_time: self.until,
        };
        let words = self.words.into_iter();
        let entries = words.map(|word| WordListEntry { word, ..like.clone() }).collect();
        let lists = context.connect().await?.lists();
        told(&lists.change_entries(self.list, entries).reason(self.reason).await?, context)
    }
}

impl Remove {
    /// Removes them. Exit code 1 if one was not there.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let lists = context.connect().await?.lists();
        let change = lists.change_entries(self.list, Vec::new()).remove(self.words);
        told(&change.reason(self.reason).await?, context)
    }
}

impl MatchMode {
    fn proto(self) -> v1::MatchMode {
        match self {
            Self::Contains => v1::MatchMode::Contains,
            Self::Exact => v1::MatchMode::Exact,
            Self::Word => v1::MatchMode::Word,
            Self::Compound => v1::MatchMode::Compound,
        }
    }
}

/// What became of entries. Exit code 1 if a word to be removed was not there.
pub fn told(
    changed: &BatchUpdateWordListEntriesResponse,
    context: &Context,
) -> Result<Exit, Failure> {
    let id = changed.word_list.as_ref().map(|list| id_of(&list.name)).unwrap_or_default();
    let BatchUpdateWordListEntriesResponse { added, updated, removed, revision, .. } = changed;
    let sentence = format!(
        "word list {id}: {added} added, {updated} updated, {removed} removed, revision {revision}"
    );
    context.output.changed(&sentence, changed)?;
    for word in &changed.unknown_words {
        context.output.note(&format!("not there: {word}"));
    }
    Ok(Exit::negative_if(!changed.unknown_words.is_empty()))
}

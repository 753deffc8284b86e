mod entries;
mod expire;
mod export;
mod import;
mod update;

use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{counted, id_of},
};
use clap::{Args, Subcommand, ValueEnum};
use entries::{Add, Entries, Remove};
use expire::Expire;
use export::Export;
use import::Import;
use umpire_client::v1::{WordList, WordListFormat, WordListPurpose};
use update::Update;

/// Keeps word lists and their entries.
#[derive(Subcommand)]
pub enum Lists {
    /// List word lists
    List(List),
    /// Show a word list without its entries
    Get {
        /// Id or name
        list: String,
    },
    /// Add an empty word list
    Create(Create),
    /// Change what is said of a word list
    Update(Update),
    /// Fill a word list from a file, making it if it is not there
    Import(Import),
    /// Print a word list as a file
    Export(Export),
    /// List or search the entries of a word list
    Entries(Entries),
    /// Add words, or replace what is said of them
    Add(Add),
    /// Remove words
    Remove(Remove),
    /// Give a word an end
    Expire(Expire),
    /// Take a word list away
    Delete(Named),
    /// Bring a deleted word list back
    Undelete(Named),
}

/// Which lists to list.
#[derive(Args)]
pub struct List {
    /// Only what it lets through: 'purpose = ALLOW'
    #[arg(long, default_value = "", hide_default_value = true)]
    filter: String,

    /// With deleted ones
    #[arg(long)]
    deleted: bool,
}

/// A new list.
#[derive(Args)]
pub struct Create {
    /// Its id
    id: String,

    /// What it is for
    #[arg(long, default_value = "match")]
    purpose: Purpose,

    /// A name for people
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    display_name: String,

    /// With purpose allow: for every rule, not only those that name it
    #[arg(long)]
    all_rules: bool,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// One list, and why.
#[derive(Args)]
pub struct Named {
    /// Id or name
    list: String,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Purpose {
    /// Words rules look for.
    Match,
    /// Harmless phrases.
    Allow,
}

/// The form of a file of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A word a line.
    Plain,
    /// Word and category.
    Tsv,
    /// With a header.
    Csv,
    /// An array.
    Json,
}

impl Purpose {
    /// In the contract's words.
    pub fn proto(self) -> WordListPurpose {
        match self {
            Self::Match => WordListPurpose::Match,
            Self::Allow => WordListPurpose::Allow,
        }
    }
}

impl Format {
    /// In the contract's words.
    pub fn proto(self) -> WordListFormat {
        match self {
            Self::Plain => WordListFormat::Plain,
            Self::Tsv => WordListFormat::Tsv,
            Self::Csv => WordListFormat::Csv,
            Self::Json => WordListFormat::Json,
        }
    }
}

impl Lists {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Get { list } => {
                context.output.one(&context.connect().await?.lists().get(&list).await?)?;
                Ok(Exit::DONE)
            }
            Self::Create(create) => create.run(context).await,
            Self::Update(update) => update.run(context).await,
            Self::Import(import) => import.run(context).await,
            Self::Export(export) => export.run(context).await,
            Self::Entries(entries) => entries.run(context).await,
            Self::Add(add) => add.run(context).await,
            Self::Remove(remove) => remove.run(context).await,
            Self::Expire(expire) => expire.run(context).await,
            Self::Delete(Named { list, reason }) => {
                let lists = context.connect().await?.lists();
                told("deleted", &lists.delete(list).reason(reason).await?, context)
            }
            Self::Undelete(Named { list, reason }) => {
                let lists = context.connect().await?.lists();
                told("undeleted", &lists.undelete(list).reason(reason).await?, context)
            }
        }
    }
}

impl List {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let lists = context.connect().await?.lists().list();
        let lists = lists.filter(self.filter).show_deleted(self.deleted);
        context.output.stream(lists.stream()).await?;
        Ok(Exit::DONE)
    }
}

impl Create {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let list = WordList {
            display_name: self.display_name,
            purpose: self.purpose.proto() as i32,
            all_rules: self.all_rules,
            ..WordList::default()
        };
        let lists = context.connect().await?.lists();
        told("created", &lists.create(self.id, list).reason(self.reason).await?, context)
    }
}

/// What became of a list.
fn told(done: &str, list: &WordList, context: &Context) -> Result<Exit, Failure> {
    let (id, words) = (id_of(&list.name), counted(list.entry_count, "word"));
    let sentence = format!("{done} word list {id}: {words}, revision {}", list.revision);
    context.output.changed(&sentence, list)?;
    Ok(Exit::DONE)
}

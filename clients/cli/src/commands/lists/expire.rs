use super::entries::told;
use crate::{
    commands::{current::until_current, filter::quoted},
    context::Context,
    exit::Exit,
    failure::Failure,
    moment,
};
use clap::Args;
use prost_types::Timestamp;
use umpire_client::{
    Umpire,
    v1::{BatchUpdateWordListEntriesResponse, WordListEntry},
};

/// Gives a word an end.
#[derive(Args)]
pub struct Expire {
    /// Id or name of the list
    list: String,

    /// The word
    word: String,

    /// From when it is no longer looked for: 2026-12-01T08:00:00Z, 2026-12-01 or 7d
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    at: Timestamp,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

impl Expire {
    /// Changes the end and nothing else.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let umpire = context.connect().await?;
        let changed = until_current(async || self.change(&umpire).await).await?;
        told(&changed, context)
    }

    /// The entry is written back whole, so it must be as it was read: the etag is read
    /// before it.
    async fn change(&self, umpire: &Umpire) -> Result<BatchUpdateWordListEntriesResponse, Failure> {
        let lists = umpire.lists();
        let etag = lists.get(&self.list).await?.etag;
        let found = find(umpire, &self.list, &self.word).await?;
        let missing = || Failure::usage(format!("{}: no such word in {}", self.word, self.list));
        let entry = found.ok_or_else(missing)?;
        let entries = vec![WordListEntry { end_time: Some(self.at), ..entry }];
        let change = lists.change_entries(self.list.as_str(), entries).etag(etag);
        Ok(change.reason(self.reason.as_str()).await?)
    }
}

/// The entry of exactly this word: filters fold letter case, entries do not.
async fn find(umpire: &Umpire, list: &str, word: &str) -> Result<Option<WordListEntry>, Failure> {
    let word = word.trim();
    let like = umpire.lists().entries(list).filter(format!("word = {}", quoted(word)));
    Ok(like.all().await?.into_iter().find(|entry| entry.word == word))
}

use super::Format;
use crate::{arguments::Form, context::Context, exit::Exit, failure::Failure};
use clap::Args;
use futures_util::StreamExt;

/// Prints a word list as a file.
#[derive(Args)]
pub struct Export {
    /// Id or name
    list: String,

    /// The form: plain has words alone, tsv words and categories, the others everything;
    /// with `--output json` JSON, otherwise CSV
    #[arg(long, short)]
    format: Option<Format>,
}

impl Export {
    /// Prints it part after part. Cells are not guarded against spreadsheets: the
    /// file is to be imported again.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let lists = context.connect().await?.lists();
        let usual = if context.output.form == Form::Json { Format::Json } else { Format::Csv };
        let mut parts = lists.export(&self.list, self.format.unwrap_or(usual).proto());
        while let Some(part) = parts.next().await {
            context.output.part(&part?)?;
            if context.output.is_closed() {
                break;
            }
        }
        Ok(Exit::DONE)
    }
}

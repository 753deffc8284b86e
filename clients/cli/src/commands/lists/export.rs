use super::Format;
use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Args;
use futures_util::StreamExt;

/// Prints a word list as a file.
#[derive(Args)]
pub struct Export {
    /// Id or name
    list: String,

    /// The form: plain has words alone, tsv words and categories, the others everything
    #[arg(long, short, default_value = "csv")]
    format: Format,
}

impl Export {
    /// Prints it part after part. Cells are not guarded against spreadsheets: the
    /// file is to be imported again.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let lists = context.connect().await?.lists();
        let mut parts = lists.export(&self.list, self.format.proto());
        while let Some(part) = parts.next().await {
            context.output.part(&part?)?;
            if context.output.is_closed() {
                break;
            }
        }
        Ok(Exit::DONE)
    }
}

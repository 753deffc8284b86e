mod lines;

use super::origin::Origin;
use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Args;
use umpire_client::{
    Message, Umpire, VerdictExt,
    v1::{CheckMode, VerdictView},
};

/// Checks messages.
#[derive(Args)]
pub struct Check {
    /// The text; without it, or with `-`, standard input holds a message a line
    text: Option<String>,

    #[command(flatten)]
    origin: Origin,

    /// Id of the message: repeating it within a day gives the recorded verdict
    #[arg(long, value_name = "ID")]
    message_id: Option<String>,

    /// Record nothing
    #[arg(long)]
    dry_run: bool,

    /// Show what was cancelled and how long stages took
    #[arg(long)]
    trace: bool,

    /// End with exit code 1 if a message is blocked
    #[arg(long)]
    exit_code: bool,
}

impl Check {
    /// Checks the text, or the lines of standard input.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self.text.clone().filter(|text| text != "-") {
            Some(text) => self.one(&text, context).await,
            None if self.message_id.is_some() => {
                Err(Failure::usage("--message-id is for one message, not for lines"))
            }
            None => lines::run(self, context).await,
        }
    }

    async fn one(&self, text: &str, context: &Context) -> Result<Exit, Failure> {
        let verdict = self.client(context).await?.check(self.message(text)).await?;
        context.output.verdict(&verdict, text)?;
        Ok(Exit::negative_if(self.exit_code && verdict.is_blocked()))
    }

    async fn client(&self, context: &Context) -> Result<Umpire, Failure> {
        let mode = if self.dry_run { CheckMode::DryRun } else { CheckMode::Enforce };
        let view = if self.trace { VerdictView::Trace } else { VerdictView::Matches };
        Ok(context.connect().await?.with_mode(mode).with_view(view))
    }

    fn message(&self, text: &str) -> Message {
        let message = self.origin.message(text);
        match &self.message_id {
            Some(id) => message.message_id(id),
            None => message,
        }
    }
}

mod lines;

use crate::{arguments::Form, context::Context, exit::Exit, failure::Failure, output::explained};
use clap::Args;
use umpire_client::{
    Message, Umpire, VerdictExt, chat,
    v1::{CheckMode, VerdictView},
};

/// Checks messages.
#[derive(Args)]
pub struct Check {
    /// The text; without it, or with `-`, standard input holds a message a line
    text: Option<String>,

    /// Where it appears: world-chat, nickname
    #[arg(long)]
    scene: Option<String>,

    /// User id of the sender
    #[arg(long, value_name = "ID")]
    sender: Option<String>,

    /// Id of the conversation
    #[arg(long, value_name = "ID")]
    conversation: Option<String>,

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
        let output = &context.output;
        if output.form == Form::Table {
            for line in explained(&verdict, text, output.paint) {
                output.line(&line)?;
            }
        } else {
            output.one(&verdict)?;
        }
        Ok(Exit::negative_if(self.exit_code && verdict.is_blocked()))
    }

    async fn client(&self, context: &Context) -> Result<Umpire, Failure> {
        let mode = if self.dry_run { CheckMode::DryRun } else { CheckMode::Enforce };
        let view = if self.trace { VerdictView::Trace } else { VerdictView::Matches };
        Ok(context.connect().await?.with_mode(mode).with_view(view))
    }

    fn message(&self, text: &str) -> Message {
        let mut message = chat(text);
        if let Some(scene) = &self.scene {
            message = message.scene(scene);
        }
        if let Some(sender) = &self.sender {
            message = message.sender(sender);
        }
        if let Some(conversation) = &self.conversation {
            message = message.conversation(conversation);
        }
        if let Some(id) = &self.message_id {
            message = message.message_id(id);
        }
        message
    }
}

use crate::{
    commands::presence::presence_noted, context::Context, exit::Exit, failure::Failure, output::Row,
};
use clap::Args;
use futures_util::TryStreamExt;
use umpire_client::v1::StreamAlertsResponse;

/// Of which alerts, and from where on.
#[derive(Args)]
pub struct Tail {
    /// Only what it lets through, as it is right after: 'level >= P1 AND kind = TEXT'
    #[arg(long, default_value = "", hide_default_value = true)]
    filter: String,

    /// Of the last event seen; from now on when absent
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    resume_token: String,
}

impl Tail {
    /// Prints events for as long as anybody reads them. While the server is away it waits, and
    /// says so.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        let watch = alerts.watch(self.filter).resume(self.resume_token);
        let mut events = watch.noticing(presence_noted(context)).start().await?;
        context.output.event_header(StreamAlertsResponse::COLUMNS)?;
        while let Some(event) = events.try_next().await? {
            context.output.happened(&event.into())?;
            if context.output.is_closed() {
                break;
            }
        }
        Ok(Exit::DONE)
    }
}

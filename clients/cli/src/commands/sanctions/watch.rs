use crate::{
    arguments::Form, commands::presence::presence_noted, context::Context, exit::Exit,
    failure::Failure, output::Row,
};
use clap::Args;
use futures_util::TryStreamExt;
use umpire_client::{
    SanctionEvent, SanctionExt, Sanctions,
    v1::{WatchSanctionsResponse, watch_sanctions_response::Event},
};

/// Whose events to print.
#[derive(Args)]
pub struct Watch {
    /// Id or name of an enforcer of kind `stream`
    enforcer: String,

    /// Of the last event seen; from a snapshot of what is in force on when absent
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    resume_token: String,

    /// Say that everything was carried out, to try things out
    #[arg(long)]
    ack: bool,
}

impl Watch {
    /// Prints events for as long as anybody reads them. While the server is away it
    /// waits, and says so.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        context.output.event_header(WatchSanctionsResponse::COLUMNS)?;
        let mut goes_on = !self.resume_token.is_empty();
        let (enforcer, token) = (self.enforcer.as_str(), self.resume_token.as_str());
        let mut events = sanctions.watch_noticing(enforcer, token, presence_noted(context));
        while let Some(event) = events.try_next().await? {
            match event {
                SanctionEvent::SnapshotBegin if goes_on => {
                    context.output.note("a snapshot of what is in force follows");
                }
                SanctionEvent::SnapshotBegin => {}
                SanctionEvent::Told(told) => self.told(&told, &sanctions, context).await?,
            }
            goes_on = true;
            if context.output.is_closed() {
                break;
            }
        }
        Ok(Exit::DONE)
    }

    async fn told(
        &self,
        told: &WatchSanctionsResponse,
        sanctions: &Sanctions,
        context: &Context,
    ) -> Result<(), Failure> {
        tell(told, context)?;
        match &told.event {
            Some(Event::Sanction(about) | Event::Lifted(about)) if self.ack => {
                match sanctions.ack(&self.enforcer, vec![about.applied()]).await {
                    // It comes again when the server is back.
                    Err(error) if Exit::of(&error) == Exit::AWAY => {
                        context.output.note("not acknowledged: the server is away");
                        Ok(())
                    }
                    answer => Ok(answer?),
                }
            }
            _ => Ok(()),
        }
    }
}

/// Ends of snapshots and checkpoints are for programs that keep the token; nobody else
/// wants to see them.
fn tell(told: &WatchSanctionsResponse, context: &Context) -> Result<(), Failure> {
    let is_change =
        matches!(told.event, Some(Event::Sanction(_) | Event::Lifted(_) | Event::Expired(_)));
    if is_change || context.output.form == Form::Json {
        context.output.event(told)?;
    }
    Ok(())
}

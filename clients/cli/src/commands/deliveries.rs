mod list;
mod stats;

use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{id_of, short},
};
use clap::Subcommand;
use list::List;
use stats::Stats;

/// Reads the delivery log, and tries again what was not delivered.
#[derive(Subcommand)]
pub enum Deliveries {
    /// List deliveries, newest first
    List(List),
    /// Show a delivery, and every call that was made for it
    #[command(alias = "get")]
    Show {
        /// Id or name
        delivery: String,
    },
    /// Queue a delivery again that is dead-lettered or expired
    Retry {
        /// Id or name
        delivery: String,
    },
    /// Count deliveries by channel and level
    Stats(Stats),
}

impl Deliveries {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Show { delivery } => {
                let alerts = context.connect().await?.alerts();
                context.output.one(&alerts.delivery(&delivery).await?)?;
                Ok(Exit::DONE)
            }
            Self::Retry { delivery } => retry(delivery, context).await,
            Self::Stats(stats) => stats.run(context).await,
        }
    }
}

async fn retry(delivery: String, context: &Context) -> Result<Exit, Failure> {
    let queued = context.connect().await?.alerts().retry(delivery).await?;
    let (id, receiver) = (id_of(&queued.name), id_of(&queued.receiver));
    let state = short(queued.state().as_str_name(), "DELIVERY_STATE_");
    context.output.changed(&format!("queued {id} to {receiver} again ({state})"), &queued)?;
    Ok(Exit::DONE)
}

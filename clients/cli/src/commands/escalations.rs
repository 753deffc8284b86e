use super::kept::{self, Set};
use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Subcommand;
use umpire_client::v1::EscalationPolicy;

/// Keeps what happens while nobody acknowledges an alert.
#[derive(Subcommand)]
pub enum Escalations {
    /// List escalation policies, by id
    List {
        /// Only what it lets through: 'display_name:"duty"'
        #[arg(long, default_value = "", hide_default_value = true)]
        filter: String,
    },
    /// Show an escalation policy
    #[command(alias = "get")]
    Show {
        /// Id or name
        policy: String,
    },
    /// Add escalation policies, or change them, as a file says: alerts for which one runs
    /// already go on as it was
    Set(Set),
    /// Take an escalation policy away
    Delete {
        /// Id or name
        policy: String,
    },
}

impl Escalations {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List { filter } => {
                let policies = context.connect().await?.alerts().escalation_policies();
                context.output.stream(policies.filter(filter).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Show { policy } => kept::show::<EscalationPolicy>(&policy, context).await,
            Self::Set(set) => set.run::<EscalationPolicy>(context).await,
            Self::Delete { policy } => kept::delete::<EscalationPolicy>(&policy, context).await,
        }
    }
}

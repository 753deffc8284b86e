mod set;

use crate::{context::Context, exit::Exit, failure::Failure, output::id_of};
use clap::Subcommand;
use set::Set;

/// Keeps the services that carry sanctions out.
#[derive(Subcommand)]
pub enum Enforcers {
    /// List enforcers, by id
    List {
        /// Only what it lets through: 'display_name:"game"'
        #[arg(long, default_value = "", hide_default_value = true)]
        filter: String,
    },
    /// Show an enforcer, without its secret
    #[command(alias = "get")]
    Show {
        /// Id or name
        enforcer: String,
    },
    /// Add enforcers, or change them: one from flags, or those of a file
    Set(Box<Set>),
    /// Take an enforcer away: what it was to carry out counts as not addressed to it
    Delete {
        /// Id or name
        enforcer: String,
    },
}

impl Enforcers {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List { filter } => {
                let enforcers = context.connect().await?.sanctions().enforcers();
                context.output.stream(enforcers.filter(filter).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Show { enforcer } => {
                let sanctions = context.connect().await?.sanctions();
                context.output.one(&sanctions.enforcer(&enforcer).await?)?;
                Ok(Exit::DONE)
            }
            Self::Set(set) => set.run(context).await,
            Self::Delete { enforcer } => delete(enforcer, context).await,
        }
    }
}

/// Shows what it was.
async fn delete(enforcer: String, context: &Context) -> Result<Exit, Failure> {
    let sanctions = context.connect().await?.sanctions();
    let gone = sanctions.enforcer(&enforcer).await?;
    sanctions.delete_enforcer(enforcer).await?;
    context.output.changed(&format!("deleted enforcer {}", id_of(&gone.name)), &gone)?;
    Ok(Exit::DONE)
}

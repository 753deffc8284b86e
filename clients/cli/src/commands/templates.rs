mod preview;

use super::kept::{self, Set};
use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Subcommand;
use preview::Preview;
use umpire_client::v1::Template;

/// Keeps how notices are worded.
#[derive(Subcommand)]
pub enum Templates {
    /// List templates, by id
    List {
        /// Only what it lets through: 'display_name:"night"'
        #[arg(long, default_value = "", hide_default_value = true)]
        filter: String,
    },
    /// Show a template
    #[command(alias = "get")]
    Show {
        /// Id or name
        template: String,
    },
    /// Add templates, or change them, as a file says
    Set(Set),
    /// Take a template away
    Delete {
        /// Id or name
        template: String,
    },
    /// Show what people would read: of a template, of a file, or as it is built in
    Preview(Preview),
}

impl Templates {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List { filter } => {
                let templates = context.connect().await?.alerts().templates();
                context.output.stream(templates.filter(filter).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Show { template } => kept::show::<Template>(&template, context).await,
            Self::Set(set) => set.run::<Template>(context).await,
            Self::Delete { template } => kept::delete::<Template>(&template, context).await,
            Self::Preview(preview) => preview.run(context).await,
        }
    }
}

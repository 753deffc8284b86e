mod test;

use self::test::Test;
use super::kept::{self, Set};
use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Subcommand;
use umpire_client::v1::Route;

/// Keeps who is told of which alerts.
#[derive(Subcommand)]
pub enum Routes {
    /// List routes in the order they are tried in
    List {
        /// Only what it lets through: 'display_name:"duty"'
        #[arg(long, default_value = "", hide_default_value = true)]
        filter: String,
    },
    /// Show a route
    #[command(alias = "get")]
    Show {
        /// Id or name
        route: String,
    },
    /// Add routes, or change them, as a file says
    Set(Set),
    /// Take a route away
    Delete {
        /// Id or name
        route: String,
    },
    /// Show who would be told of an alert, or of one that flags describe: exit code 1 if
    /// nobody would be
    Test(Test),
}

impl Routes {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::List { filter } => {
                let routes = context.connect().await?.alerts().routes();
                context.output.stream(routes.filter(filter).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Show { route } => kept::show::<Route>(&route, context).await,
            Self::Set(set) => set.run::<Route>(context).await,
            Self::Delete { route } => kept::delete::<Route>(&route, context).await,
            Self::Test(test) => test.run(context).await,
        }
    }
}

use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Args;
use umpire_client::v1::Subject;

/// A user, as far as it is known. What is not said stands for all.
#[derive(Args)]
pub struct Check {
    /// User id
    user: String,

    /// On this server
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    server: String,

    /// In this channel of distribution
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    channel: String,

    /// In this product category
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,

    /// As this role
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    role: String,
}

impl Check {
    /// Says what holds for the user now; the exit code is 1 where something does.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let subject = Subject {
            category: self.category,
            channel: self.channel,
            server_id: self.server,
            user_id: self.user,
            role_id: self.role,
            ..Subject::default()
        };
        let restrictions = sanctions.check_subject(subject).await?.restrictions;
        context.output.records(&restrictions)?;
        if restrictions.is_empty() {
            context.output.note("neither muted nor banned");
        }
        Ok(Exit::negative_if(!restrictions.is_empty()))
    }
}

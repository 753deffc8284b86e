use crate::{context::Context, exit::Exit, failure::Failure};
use clap::Args;
use umpire_client::v1::Subject;

/// A user, and what else is known of the subject. What is not said stands for all.
#[derive(Args)]
pub struct About {
    /// User id
    user: String,

    /// Only on this server
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    server: String,

    /// Only in this channel of distribution
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    channel: String,

    /// Only in this product category
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,

    /// Only this role of the user
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    role: String,
}

impl About {
    /// As requests have it.
    pub fn subject(&self) -> Subject {
        Subject {
            category: self.category.clone(),
            channel: self.channel.clone(),
            server_id: self.server.clone(),
            user_id: self.user.clone(),
            role_id: self.role.clone(),
            ..Subject::default()
        }
    }
}

/// Who is asked about.
#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    about: About,
}

impl Check {
    /// Says what holds for the user now; the exit code is 1 where something does.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let restrictions = sanctions.check_subject(self.about.subject()).await?.restrictions;
        context.output.records(&restrictions)?;
        if restrictions.is_empty() {
            context.output.note("neither muted nor banned");
        }
        Ok(Exit::negative_if(!restrictions.is_empty()))
    }
}

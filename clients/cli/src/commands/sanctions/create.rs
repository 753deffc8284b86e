use super::{kind::Kind, subject::About, told};
use crate::{context::Context, exit::Exit, failure::Failure, moment};
use clap::{ArgGroup, Args};
use prost_types::Timestamp;
use std::time::Duration;
use umpire_client::v1::{LocalizedText, Sanction};

/// A sanction by hand. What is not said of the subject stands for all.
#[derive(Args)]
#[command(group = ArgGroup::new("end").args(["duration", "until", "permanent"]))]
pub struct Create {
    /// What to do
    kind: Kind,

    #[command(flatten)]
    about: About,

    /// How long it lasts: 7d, 2h30m
    #[arg(long, value_name = "LENGTH", value_parser = moment::length)]
    duration: Option<Duration>,

    /// When it ends: 2026-12-01T08:00:00Z, 2026-12-01 or 7d
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    until: Option<Timestamp>,

    /// It has no end
    #[arg(long)]
    permanent: bool,

    /// End the player's session
    #[arg(long)]
    kick_online: bool,

    /// Why; for the file
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// What the player is told
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,

    /// For the file; not told to the player
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    remark: String,

    /// Its id, a UUID; chosen by the server when absent
    #[arg(long, value_name = "UUID", default_value = "", hide_default_value = true)]
    id: String,
}

impl Create {
    /// Makes it and shows what was made.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let mut create = sanctions.create(self.sanction()).id(self.id);
        if let Some(length) = self.duration {
            create = create.duration(length);
        }
        told("created", &create.await?, context)
    }

    fn sanction(&self) -> Sanction {
        let message = self.message.clone();
        let in_all = |fallback: String| LocalizedText { fallback, ..LocalizedText::default() };
        Sanction {
            subject: Some(self.about.subject()),
            kind: self.kind.proto() as i32,
            end_time: self.until,
            permanent: self.permanent,
            kick_online: self.kick_online,
            reason: self.reason.clone(),
            player_message: message.map(in_all),
            remark: self.remark.clone(),
            ..Sanction::default()
        }
    }
}

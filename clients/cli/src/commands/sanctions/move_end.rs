use super::told;
use crate::{context::Context, exit::Exit, failure::Failure, moment};
use clap::{ArgGroup, Args};
use prost_types::Timestamp;
use std::time::Duration;
use umpire_client::v1::extend_sanction_request::End;

/// A sanction, and its new end.
#[derive(Args)]
#[command(group = ArgGroup::new("end").args(["until", "by", "permanent"]).required(true))]
pub struct Extend {
    /// Id or name
    sanction: String,

    /// It ends then: 2026-12-01T08:00:00Z, 2026-12-01 or 7d from now
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    until: Option<Timestamp>,

    /// It ends so much later than now said: 7d, 2h30m
    #[arg(long, value_name = "LENGTH", value_parser = moment::length)]
    by: Option<Duration>,

    /// It has no end
    #[arg(long)]
    permanent: bool,

    /// Why; kept with the sanction
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Extend {
    /// Moves the end and shows what became of the sanction.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let end = match (self.until, self.by) {
            (Some(time), _) => End::EndTime(time),
            (None, Some(length)) => End::ExtendBy(moment::proto(length)),
            (None, None) => End::Permanent(self.permanent),
        };
        told("extended", &sanctions.extend(self.sanction, end, self.reason).await?, context)
    }
}

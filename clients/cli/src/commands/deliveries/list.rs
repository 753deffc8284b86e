use crate::{
    commands::{
        filter::{all_of, at, is, raw},
        level::Level,
    },
    context::Context,
    exit::Exit,
    failure::Failure,
    moment,
    output::short,
};
use clap::{Args, ValueEnum};
use prost_types::Timestamp;
use umpire_client::v1::DeliveryState;

/// Which deliveries to list: those that all of these let through.
#[derive(Args)]
pub struct List {
    /// Only those in this state
    #[arg(long)]
    state: Option<State>,

    /// Only those to this receiver, by id or name
    #[arg(long)]
    receiver: Option<String>,

    /// Only those of this channel: dingtalk, email
    #[arg(long)]
    channel: Option<String>,

    /// Only those of this alert, by id or name
    #[arg(long)]
    alert: Option<String>,

    /// Only those of this level, or more urgent
    #[arg(long, ignore_case = true)]
    level: Option<Level>,

    /// Only those queued since then: 2026-12-01T08:00:00Z, 2026-12-01, or 7d ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    since: Option<Timestamp>,

    /// Only what it lets through: 'reason = DIGEST'
    #[arg(long)]
    filter: Option<String>,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// It waits, or is tried again.
    Queued,
    /// The vendor took it.
    Delivered,
    /// Held back.
    Suppressed,
    /// Not delivered before its deadline.
    Expired,
    /// Refused, or no attempt is left.
    DeadLettered,
}

impl State {
    fn proto(self) -> DeliveryState {
        match self {
            Self::Queued => DeliveryState::Queued,
            Self::Delivered => DeliveryState::Delivered,
            Self::Suppressed => DeliveryState::Suppressed,
            Self::Expired => DeliveryState::Expired,
            Self::DeadLettered => DeliveryState::DeadLettered,
        }
    }
}

impl List {
    /// Fetches and prints them.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        let listed = alerts.deliveries(self.filter()).limit(self.limit);
        context.output.stream(listed.stream()).await?;
        Ok(Exit::DONE)
    }

    fn filter(&self) -> String {
        let state = |state: State| short(state.proto().as_str_name(), "DELIVERY_STATE_");
        all_of([
            self.state.map(|chosen| format!("state = {}", state(chosen))),
            is("receiver", self.receiver.as_ref()),
            is("channel", self.channel.as_ref()),
            is("alert", self.alert.as_ref()),
            self.level.map(Level::or_more),
            at("create_time", ">=", self.since),
            raw(self.filter.as_ref()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        list: List,
    }

    #[test]
    fn flags_become_a_filter() {
        let check = |flags: &str, expected: &str| {
            let words = std::iter::once("list").chain(flags.split_whitespace());
            let line = Line::try_parse_from(words).expect("flags");
            assert_eq!(line.list.filter(), expected, "{flags}");
        };
        check("", "");
        check("--state dead-lettered --level p0", "state = DEAD_LETTERED AND level >= P0");
        let one = "receiver = \"ops\" AND channel = \"sms\" AND alert = \"0193\"";
        check("--receiver ops --channel sms --alert 0193", one);
        let since = "create_time >= \"2026-12-01T00:00:00Z\"";
        check("--since 2026-12-01T00:00:00Z", since);
        check("--filter reason=TEST", "(reason=TEST)");
    }
}

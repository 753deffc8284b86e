use super::Kind;
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
use umpire_client::v1::AlertState;

/// Which alerts to list: those that all of these let through.
#[derive(Args)]
pub struct List {
    /// Only those in this state
    #[arg(long)]
    state: Option<State>,

    /// Only those of this level, or more urgent
    #[arg(long, ignore_case = true)]
    level: Option<Level>,

    /// Only those about this
    #[arg(long)]
    kind: Option<Kind>,

    /// Only those of this rule, by id or name
    #[arg(long)]
    rule: Option<String>,

    /// Only those about this user
    #[arg(long, value_name = "ID")]
    user: Option<String>,

    /// Only those that somebody with this name looks after
    #[arg(long, value_name = "NAME")]
    assignee: Option<String>,

    /// Only those with events since then: 2026-12-01T08:00:00Z, 2026-12-01, or 7d ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    since: Option<Timestamp>,

    /// Only what it lets through: 'label:fraud AND count > 10'
    #[arg(long)]
    filter: Option<String>,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

/// Whether somebody looks after an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Nobody.
    Open,
    /// Somebody, for a while.
    Acknowledged,
    /// It is over.
    Resolved,
}

impl State {
    fn proto(self) -> AlertState {
        match self {
            Self::Open => AlertState::Open,
            Self::Acknowledged => AlertState::Acknowledged,
            Self::Resolved => AlertState::Resolved,
        }
    }
}

impl List {
    /// Fetches and prints them.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        context.output.stream(alerts.list(self.filter()).limit(self.limit).stream()).await?;
        Ok(Exit::DONE)
    }

    fn filter(&self) -> String {
        let state = |state: State| short(state.proto().as_str_name(), "ALERT_STATE_");
        let kind = |kind: Kind| short(kind.proto().as_str_name(), "ALERT_KIND_");
        all_of([
            self.state.map(|chosen| format!("state = {}", state(chosen))),
            self.level.map(Level::or_more),
            self.kind.map(|chosen| format!("kind = {}", kind(chosen))),
            is("rule", self.rule.as_ref()),
            is("sender", self.user.as_ref()),
            is("assignee", self.assignee.as_ref()),
            at("last_time", ">=", self.since),
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
        check(
            "--state open --level P1 --kind text",
            "state = OPEN AND level >= P1 AND kind = TEXT",
        );
        check("--rule gold --user p-1", "rule = \"gold\" AND sender = \"p-1\"");
        let since = "last_time >= \"2026-12-01T00:00:00Z\"";
        let both = format!("assignee = \"ann\" AND {since} AND (count>10)");
        check("--since 2026-12-01T00:00:00Z --assignee ann --filter count>10", &both);
    }
}

use crate::{context::Context, exit::Exit, failure::Failure, moment};
use clap::{Args, Subcommand};
use prost_types::Timestamp;

/// Reads the audit log.
#[derive(Subcommand)]
pub enum Audit {
    /// List records, newest first
    List(List),
    /// Show a record
    Get {
        /// Id or name
        record: String,
    },
}

/// Which records to list.
#[derive(Args)]
pub struct List {
    /// Only what it lets through: 'decision = BLOCK AND text:"gold"'
    #[arg(long)]
    filter: Option<String>,

    /// Only those since then: 2026-12-01T08:00:00Z, 2026-12-01, or 7d ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    since: Option<Timestamp>,

    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

impl Audit {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let audit = context.connect().await?.audit();
        match self {
            Self::List(list) => {
                let limit = list.limit;
                let records = audit.list().filter(list.filter()).limit(limit).stream();
                context.output.stream(records).await?;
            }
            Self::Get { record } => context.output.one(&audit.get(&record).await?)?,
        }
        Ok(Exit::DONE)
    }
}

impl List {
    fn filter(self) -> String {
        let since = self.since.map(|moment| format!("receive_time >= \"{moment}\""));
        match (self.filter, since) {
            (Some(filter), Some(since)) => format!("({filter}) AND {since}"),
            (filter, since) => filter.or(since).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_and_time_hold_together() {
        let of = |filter: Option<&str>, since| {
            let filter = filter.map(str::to_owned);
            List { filter, since, limit: 1 }.filter()
        };
        let since = Some(Timestamp { seconds: 1, nanos: 0 });
        assert_eq!(of(None, None), "");
        assert_eq!(of(None, since), "receive_time >= \"1970-01-01T00:00:01Z\"");
        let both = "(a = 1 OR b = 2) AND receive_time >= \"1970-01-01T00:00:01Z\"";
        assert_eq!(of(Some("a = 1 OR b = 2"), since), both);
    }
}

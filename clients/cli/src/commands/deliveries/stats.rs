use crate::{arguments::Form, context::Context, exit::Exit, failure::Failure, moment};
use clap::Args;
use prost_types::Timestamp;
use umpire_client::v1::GetDeliveryStatsResponse;

/// Which deliveries to count: those that were queued then.
#[derive(Args)]
pub struct Stats {
    /// From then on: 2026-12-01T08:00:00Z, 2026-12-01, or 24h ago; a day when absent
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    since: Option<Timestamp>,

    /// Before then; now when absent
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    until: Option<Timestamp>,
}

impl Stats {
    /// Asks, and prints a row for each channel and level.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let alerts = context.connect().await?.alerts();
        let counted = alerts.stats(self.since, self.until).await?;
        match context.output.form {
            Form::Json => context.output.message("GetDeliveryStatsResponse", &counted)?,
            Form::Csv => context.output.records(&counted.rows)?,
            Form::Table => {
                context.output.records(&counted.rows)?;
                context.output.line(&summary(&counted))?;
            }
        }
        Ok(Exit::DONE)
    }
}

/// How many of those that came to an end arrived.
fn summary(counted: &GetDeliveryStatsResponse) -> String {
    let delivered: i64 = counted.rows.iter().map(|row| row.delivered).sum();
    let failed: i64 = counted.rows.iter().map(|row| row.expired + row.dead_lettered).sum();
    let percent = counted.delivered_rate * 100.0;
    format!("{delivered} of {} delivered ({percent:.2} %)", delivered + failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::get_delivery_stats_response::Row;

    #[test]
    fn what_is_suppressed_is_not_counted() {
        let row = Row { delivered: 3, suppressed: 9, dead_lettered: 1, ..Row::default() };
        let counted = GetDeliveryStatsResponse { rows: vec![row], delivered_rate: 0.75 };
        assert_eq!(summary(&counted), "3 of 4 delivered (75.00 %)");
        let nothing = GetDeliveryStatsResponse { delivered_rate: 1.0, ..<_>::default() };
        assert_eq!(summary(&nothing), "0 of 0 delivered (100.00 %)");
    }
}

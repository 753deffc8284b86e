use super::{id_of, length, local, short, time};
use crate::output::Row;
use umpire_client::v1::{Delivery, get_delivery_stats_response as stats};

impl Row for Delivery {
    const NAME: &'static str = "Delivery";
    const COLUMNS: &'static [&'static str] = &[
        "create_time",
        "state",
        "level",
        "channel",
        "receiver",
        "reason",
        "attempts",
        "stands_for",
        "title",
        "why",
        "id",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            time(self.create_time),
            short(self.state().as_str_name(), "DELIVERY_STATE_"),
            short(self.level().as_str_name(), "LEVEL_"),
            self.channel.clone(),
            id_of(&self.receiver).to_owned(),
            short(self.reason().as_str_name(), "NOTICE_REASON_"),
            self.attempts.to_string(),
            self.stands_for.to_string(),
            self.title.clone(),
            why(self),
            id_of(&self.name).to_owned(),
        ]
    }
}

/// What held it back, or how the last call ended.
fn why(delivery: &Delivery) -> String {
    if !delivery.suppressed_by.is_empty() {
        return local(&delivery.suppressed_by).to_owned();
    }
    let Some(last) = delivery.log.last() else { return String::new() };
    let words = [last.outcome.as_str(), &last.vendor_code, &last.detail];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Row for stats::Row {
    const NAME: &'static str = "GetDeliveryStatsResponse.Row";
    const COLUMNS: &'static [&'static str] = &[
        "channel",
        "level",
        "queued",
        "delivered",
        "suppressed",
        "expired",
        "dead_lettered",
        "attempts",
        "latency_p50",
        "latency_p99",
        "vendor_codes",
    ];

    fn cells(&self) -> Vec<String> {
        let code = |code: &stats::VendorCode| format!("{}: {}", code.code, code.count);
        let codes: Vec<_> = self.vendor_codes.iter().map(code).collect();
        vec![
            self.channel.clone(),
            short(self.level().as_str_name(), "LEVEL_"),
            self.queued.to_string(),
            self.delivered.to_string(),
            self.suppressed.to_string(),
            self.expired.to_string(),
            self.dead_lettered.to_string(),
            self.attempts.to_string(),
            length(self.latency_p50),
            length(self.latency_p99),
            codes.join(", "),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::delivery::Attempt;

    #[test]
    fn a_row_says_why_nobody_was_told() {
        let mut delivery = Delivery::default();
        assert_eq!(delivery.cells().len(), Delivery::COLUMNS.len());
        let (outcome, detail) = ("PERMANENT".into(), "sign not match".into());
        delivery.log.push(Attempt {
            outcome,
            detail,
            vendor_code: "310000".into(),
            ..<_>::default()
        });
        assert_eq!(why(&delivery), "PERMANENT 310000 sign not match");
        delivery.suppressed_by = "tenants/a/silences/night".into();
        assert_eq!(why(&delivery), "silences/night");
    }

    #[test]
    fn codes_are_counted() {
        let code = |code: &str, count| stats::VendorCode { code: code.into(), count };
        let vendor_codes = vec![code("0", 12), code("130101", 2)];
        let cells = stats::Row { vendor_codes, ..stats::Row::default() }.cells();
        assert_eq!(cells.len(), stats::Row::COLUMNS.len());
        assert_eq!(cells.last().map(String::as_str), Some("0: 12, 130101: 2"));
    }
}

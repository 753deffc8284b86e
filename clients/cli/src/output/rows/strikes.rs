use super::{id_of, length, time};
use crate::output::Row;
use umpire_client::v1::{ResetStrikesResponse, StrikeCounter};

impl Row for StrikeCounter {
    const NAME: &'static str = "StrikeCounter";
    const COLUMNS: &'static [&'static str] = &[
        "user",
        "server",
        "channel",
        "category",
        "role",
        "rule",
        "count",
        "threshold",
        "window",
        "first_time",
        "last_time",
    ];

    fn cells(&self) -> Vec<String> {
        let subject = self.subject.clone().unwrap_or_default();
        vec![
            subject.user_id,
            subject.server_id,
            subject.channel,
            subject.category,
            subject.role_id,
            id_of(&self.sanction_rule).to_owned(),
            self.count.to_string(),
            self.threshold.to_string(),
            length(self.window),
            time(self.first_time),
            time(self.last_time),
        ]
    }
}

impl Row for ResetStrikesResponse {
    const NAME: &'static str = "ResetStrikesResponse";
    const COLUMNS: &'static [&'static str] = &["strikes"];

    fn cells(&self) -> Vec<String> {
        vec![self.strikes.to_string()]
    }
}

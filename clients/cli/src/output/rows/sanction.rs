use super::{id_of, short, time};
use crate::output::Row;
use umpire_client::v1::{
    DrainHeldSanctionsResponse, Restriction, Sanction, WatchSanctionsResponse,
    batch_lift_sanctions_response::Result as Lifted, watch_sanctions_response::Event,
};

impl Row for Sanction {
    const NAME: &'static str = "Sanction";
    const COLUMNS: &'static [&'static str] =
        &["start_time", "kind", "state", "user", "server", "by", "end_time", "reason", "id"];

    fn cells(&self) -> Vec<String> {
        let subject = self.subject.clone().unwrap_or_default();
        vec![
            time(self.start_time),
            short(self.kind().as_str_name(), "SANCTION_KIND_"),
            state(self),
            subject.user_id,
            subject.server_id,
            by(self).to_owned(),
            if self.permanent { "permanent".into() } else { time(self.end_time) },
            self.reason.clone(),
            id_of(&self.name).to_owned(),
        ]
    }
}

impl Row for Restriction {
    const NAME: &'static str = "Restriction";
    const COLUMNS: &'static [&'static str] = &["kind", "end_time", "reason", "sanction"];

    fn cells(&self) -> Vec<String> {
        vec![
            short(self.kind().as_str_name(), "SANCTION_KIND_"),
            if self.permanent { "permanent".into() } else { time(self.end_time) },
            self.reason.clone(),
            id_of(&self.sanction).to_owned(),
        ]
    }
}

/// What was recorded and not carried out is done, too; that would mislead.
fn state(sanction: &Sanction) -> String {
    if sanction.suppressed_by.is_empty() {
        short(sanction.state().as_str_name(), "SANCTION_STATE_")
    } else {
        "SUPPRESSED".into()
    }
}

/// Id of the rule that brought it, or of who made it by hand.
fn by(sanction: &Sanction) -> &str {
    let rule = id_of(&sanction.sanction_rule);
    if rule.is_empty() { id_of(&sanction.operator) } else { rule }
}

/// When a sanction ends, in words; nothing where that makes no sense.
pub fn ends(sanction: &Sanction) -> String {
    match sanction.end_time {
        Some(end) => format!("until {}", time(Some(end))),
        None if sanction.permanent => "permanent".into(),
        None => String::new(),
    }
}

impl Row for WatchSanctionsResponse {
    const NAME: &'static str = "WatchSanctionsResponse";
    const COLUMNS: &'static [&'static str] = &[
        "event",
        "attempt",
        "start_time",
        "kind",
        "state",
        "user",
        "server",
        "by",
        "end_time",
        "reason",
        "id",
    ];

    fn cells(&self) -> Vec<String> {
        let (event, sanction) = match &self.event {
            Some(Event::Sanction(sanction)) => ("SANCTION", Some(sanction)),
            Some(Event::Lifted(sanction)) => ("LIFTED", Some(sanction)),
            Some(Event::Expired(sanction)) => ("EXPIRED", Some(sanction)),
            Some(Event::SnapshotEnd(_)) => ("SNAPSHOT_END", None),
            Some(Event::Checkpoint(_)) => ("CHECKPOINT", None),
            None => ("", None),
        };
        let nothing = || vec![String::new(); Sanction::COLUMNS.len()];
        let mut cells = vec![event.to_owned(), self.attempt.to_string()];
        cells.extend(sanction.map_or_else(nothing, Row::cells));
        cells
    }
}

impl Row for Lifted {
    const NAME: &'static str = "BatchLiftSanctionsResponse.Result";
    const COLUMNS: &'static [&'static str] = &["count", "payers"];

    fn cells(&self) -> Vec<String> {
        vec![self.count.to_string(), self.payers.to_string()]
    }
}

impl Row for DrainHeldSanctionsResponse {
    const NAME: &'static str = "DrainHeldSanctionsResponse";
    const COLUMNS: &'static [&'static str] = &["count", "payers"];

    fn cells(&self) -> Vec<String> {
        vec![self.count.to_string(), self.payers.to_string()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Timestamp;
    use umpire_client::v1::SanctionState;

    fn sanction() -> Sanction {
        Sanction {
            name: "tenants/a/sanctions/0193".into(),
            state: SanctionState::Done as i32,
            sanction_rule: "tenants/a/sanctionRules/spam".into(),
            end_time: Some(Timestamp { seconds: 1, nanos: 0 }),
            ..Sanction::default()
        }
    }

    #[test]
    fn a_row_says_what_holds_and_who_brought_it() {
        let cells = sanction().cells();
        assert_eq!(cells.len(), Sanction::COLUMNS.len());
        assert_eq!((cells[2].as_str(), cells[5].as_str()), ("DONE", "spam"));
        assert_eq!(ends(&sanction()), "until 1970-01-01T00:00:01Z");
        let suppressed = Sanction { suppressed_by: "shadow".into(), ..sanction() };
        assert_eq!(suppressed.cells()[2], "SUPPRESSED");
        let operator = "tenants/a/apiKeys/alice".into();
        let manual = Sanction { operator, permanent: true, ..Sanction::default() };
        assert_eq!((by(&manual), ends(&manual).as_str()), ("alice", "permanent"));
    }

    #[test]
    fn every_event_fills_its_columns() {
        let (lifted, checkpoint) = (Event::Lifted(sanction()), Event::Checkpoint(<_>::default()));
        for event in [None, Some(lifted), Some(checkpoint)] {
            let told = WatchSanctionsResponse { event, attempt: 2, ..<_>::default() };
            let cells = told.cells();
            assert_eq!(cells.len(), WatchSanctionsResponse::COLUMNS.len());
            assert_eq!(cells[1], "2");
        }
    }
}

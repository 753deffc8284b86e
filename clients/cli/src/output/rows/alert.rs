use super::{id_of, local, short, time};
use crate::output::Row;
use umpire_client::v1::{Alert, StreamAlertsResponse};

impl Row for Alert {
    const NAME: &'static str = "Alert";
    const COLUMNS: &'static [&'static str] = &[
        "last_time",
        "level",
        "state",
        "kind",
        "count",
        "title",
        "place",
        "assignee",
        "suppressed_by",
        "id",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            time(self.last_time),
            short(self.level().as_str_name(), "LEVEL_"),
            short(self.state().as_str_name(), "ALERT_STATE_"),
            short(self.kind().as_str_name(), "ALERT_KIND_"),
            self.count.to_string(),
            self.title.clone(),
            place(self),
            self.assignee.clone(),
            local(&self.suppressed_by).to_owned(),
            id_of(&self.name).to_owned(),
        ]
    }
}

impl Row for StreamAlertsResponse {
    const NAME: &'static str = "StreamAlertsResponse";
    const COLUMNS: &'static [&'static str] = &[
        "time",
        "event",
        "cause",
        "last_time",
        "level",
        "state",
        "kind",
        "count",
        "title",
        "place",
        "assignee",
        "suppressed_by",
        "id",
    ];

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![
            time(self.time),
            short(self.kind().as_str_name(), "ALERT_EVENT_KIND_"),
            local(&self.cause).to_owned(),
        ];
        let nothing = || vec![String::new(); Alert::COLUMNS.len()];
        cells.extend(self.alert.as_ref().map_or_else(nothing, Row::cells));
        cells
    }
}

/// Where it happened, as far as that is known.
pub fn place(alert: &Alert) -> String {
    let conversation = alert.conversation.as_ref();
    let conversation =
        conversation.map(|room| if room.name.is_empty() { &room.id } else { &room.name });
    let known = [Some(&alert.scene), conversation, Some(&alert.camera)].into_iter().flatten();
    let known: Vec<_> = known.filter(|part| !part.is_empty()).map(String::as_str).collect();
    known.join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::{AlertEventKind, Conversation, Level};

    #[test]
    fn an_event_fills_its_columns() {
        let (id, name) = ("r-7".to_owned(), String::new());
        let conversation = Some(Conversation { id, name, ..Conversation::default() });
        let alert = Alert {
            name: "tenants/a/alerts/0193".into(),
            level: Level::P1 as i32,
            scene: "world".into(),
            conversation,
            suppressed_by: "tenants/a/silences/night".into(),
            ..Alert::default()
        };
        let kind = AlertEventKind::Suppressed as i32;
        let event = StreamAlertsResponse { kind, alert: Some(alert), ..<_>::default() };
        let cells = event.cells();
        assert_eq!(cells.len(), StreamAlertsResponse::COLUMNS.len());
        assert_eq!((cells[1].as_str(), cells[4].as_str()), ("SUPPRESSED", "P1"));
        assert_eq!(cells[9..], ["world / r-7", "", "silences/night", "0193"]);
        let quiet = StreamAlertsResponse::default().cells();
        assert_eq!(quiet.len(), StreamAlertsResponse::COLUMNS.len());
    }
}

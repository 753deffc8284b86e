use super::{id_of, ids_of, length, local, short};
use crate::output::Row;
use prost_types::Duration;
use umpire_client::v1::{Route, test_routing_response::Outcome};

impl Row for Route {
    const NAME: &'static str = "Route";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "priority",
        "match",
        "receivers",
        "escalation_policy",
        "group_by",
        "dedupe_window",
        "repeat_interval",
        "continue_matching",
        "display_name",
    ];

    fn cells(&self) -> Vec<String> {
        let alike = self.group_by().map(|by| short(by.as_str_name(), "GROUP_BY_"));
        vec![
            id_of(&self.name).to_owned(),
            self.priority.to_string(),
            self.r#match.clone(),
            ids_of(&self.receivers),
            id_of(&self.escalation_policy).to_owned(),
            alike.collect::<Vec<_>>().join(","),
            window(self.dedupe_window),
            length(self.repeat_interval),
            self.continue_matching.to_string(),
            self.display_name.clone(),
        ]
    }
}

/// None at all is another thing than the server's.
fn window(window: Option<Duration>) -> String {
    match window {
        Some(window) if window == Duration::default() => "0s".into(),
        window => length(window),
    }
}

impl Row for Outcome {
    const NAME: &'static str = "TestRoutingResponse.Outcome";
    const COLUMNS: &'static [&'static str] =
        &["route", "receivers", "escalation_policy", "group_key", "suppressed_by"];

    fn cells(&self) -> Vec<String> {
        vec![
            id_of(&self.route).to_owned(),
            ids_of(&self.receivers),
            id_of(&self.escalation_policy).to_owned(),
            self.group_key.clone(),
            local(&self.suppressed_by).to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::GroupBy;

    #[test]
    fn a_row_says_who_is_told_how_often() {
        let route = Route {
            receivers: vec!["tenants/a/receivers/ops".into(), "duty".into()],
            group_by: vec![GroupBy::Rule as i32, GroupBy::Scene as i32],
            dedupe_window: Some(Duration::default()),
            ..Route::default()
        };
        let cells = route.cells();
        assert_eq!(cells.len(), Route::COLUMNS.len());
        assert_eq!(cells[3..7], ["ops,duty", "", "RULE,SCENE", "0s"]);
        assert_eq!(window(None), "");
        let outcome = Outcome { route: "(default)".into(), ..Outcome::default() };
        assert_eq!((outcome.cells().len(), &*outcome.cells()[0]), (5, "(default)"));
    }
}

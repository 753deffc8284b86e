use super::{id_of, short, time};
use crate::output::Row;
use umpire_client::v1::SafetySwitch;

impl Row for SafetySwitch {
    const NAME: &'static str = "SafetySwitch";
    const COLUMNS: &'static [&'static str] = &[
        "state",
        "budget_used",
        "budget_per_minute",
        "held",
        "probe_left",
        "surged_rule",
        "operator",
        "reason",
        "update_time",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            short(self.state().as_str_name(), "SAFETY_STATE_"),
            self.budget_used.to_string(),
            self.budget_per_minute.to_string(),
            self.held.to_string(),
            self.probe_left.map(|left| left.to_string()).unwrap_or_default(),
            id_of(&self.surged_rule).to_owned(),
            self.operator.clone(),
            self.reason.clone(),
            time(self.update_time),
        ]
    }
}

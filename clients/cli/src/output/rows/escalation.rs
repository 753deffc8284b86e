use super::{id_of, ids_of, length, short};
use crate::output::Row;
use umpire_client::v1::{
    EscalationPolicy,
    escalation_policy::{Raise, Step},
};

impl Row for EscalationPolicy {
    const NAME: &'static str = "EscalationPolicy";
    const COLUMNS: &'static [&'static str] = &["id", "steps", "repeat", "raises", "display_name"];

    fn cells(&self) -> Vec<String> {
        let steps: Vec<_> = self.steps.iter().map(step).collect();
        let raises: Vec<_> = self.raises.iter().map(raise).collect();
        vec![
            id_of(&self.name).to_owned(),
            steps.join("; "),
            self.repeat.to_string(),
            raises.join("; "),
            self.display_name.clone(),
        ]
    }
}

/// `10m ops,duty to P0`.
fn step(step: &Step) -> String {
    let level = short(step.raise_to().as_str_name(), "LEVEL_");
    let to = if level.is_empty() { level } else { format!("to {level}") };
    let words = [length(step.wait), ids_of(&step.receivers), to];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `100 in 1h to P0`.
fn raise(raise: &Raise) -> String {
    let level = short(raise.to().as_str_name(), "LEVEL_");
    format!("{} in {} to {level}", raise.count, length(raise.within))
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Duration;
    use umpire_client::v1::Level;

    #[test]
    fn steps_and_raises_are_told_in_a_word() {
        let lasting = |seconds| Some(Duration { seconds, nanos: 0 });
        let first = Step { wait: lasting(600), receivers: vec!["duty".into()], raise_to: 0 };
        let second = Step { wait: lasting(60), raise_to: Level::P0 as i32, ..Step::default() };
        let raise = Raise { count: 100, within: lasting(3_600), to: Level::P0 as i32 };
        let (steps, raises) = (vec![first, second], vec![raise]);
        let policy = EscalationPolicy { steps, raises, repeat: 2, ..EscalationPolicy::default() };
        let expected = ["", "10m duty; 1m to P0", "2", "100 in 1h to P0", ""];
        assert_eq!(policy.cells(), expected);
    }
}

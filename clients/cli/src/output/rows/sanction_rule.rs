use super::{id_of, length, short};
use crate::output::{Row, counted};
use umpire_client::v1::{SanctionKind, SanctionRule, sanction_rule::Ladder};

impl Row for SanctionRule {
    const NAME: &'static str = "SanctionRule";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "mode",
        "risk_class",
        "labels",
        "charge",
        "threshold",
        "window",
        "kind",
        "duration",
        "ladder",
        "priority",
        "display_name",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            id_of(&self.name).to_owned(),
            short(self.mode().as_str_name(), "SANCTION_RULE_MODE_"),
            short(self.risk_class().as_str_name(), "RISK_CLASS_"),
            self.labels.join(","),
            charge(self),
            self.threshold.to_string(),
            length(self.window),
            short(self.kind().as_str_name(), "SANCTION_KIND_"),
            lasts(self),
            self.ladder.as_ref().map(climbs).unwrap_or_default(),
            self.priority.to_string(),
            self.display_name.clone(),
        ]
    }
}

/// As it is given on the command line; empty for all.
fn charge(rule: &SanctionRule) -> String {
    let end = |charge: Option<i64>| charge.map(|charge| charge.to_string()).unwrap_or_default();
    match (rule.charge_from, rule.charge_to) {
        (None, None) => String::new(),
        (from, to) => format!("{}..{}", end(from), end(to)),
    }
}

/// A warning has no end, and does not last either.
fn lasts(rule: &SanctionRule) -> String {
    let lasts = length(rule.duration);
    let is_permanent = rule.permanent || (lasts.is_empty() && rule.kind() != SanctionKind::Warn);
    if is_permanent { "permanent".into() } else { lasts }
}

fn climbs(ladder: &Ladder) -> String {
    if !ladder.steps.is_empty() {
        return counted(ladder.steps.len(), "step");
    }
    let factor = if ladder.factor == 0.0 { 2.0 } else { ladder.factor };
    match length(ladder.maximum) {
        most if most.is_empty() => format!("x{factor}"),
        most => format!("x{factor} to {most}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Duration;

    #[test]
    fn a_row_says_what_a_rule_brings() {
        let day = Some(Duration { seconds: 86_400, nanos: 0 });
        let kind = SanctionKind::Mute as i32;
        let mut rule = SanctionRule { kind, charge_from: Some(5), ..SanctionRule::default() };
        assert_eq!((charge(&rule).as_str(), lasts(&rule).as_str()), ("5..", "permanent"));
        rule.duration = day;
        assert_eq!(lasts(&rule), "1d");
        assert_eq!(rule.cells().len(), SanctionRule::COLUMNS.len());
        let warning = SanctionRule { kind: SanctionKind::Warn as i32, ..<_>::default() };
        assert_eq!((charge(&warning).as_str(), lasts(&warning).as_str()), ("", ""));
        let ladder = Ladder { maximum: day, ..Ladder::default() };
        assert_eq!(climbs(&ladder), "x2 to 1d");
        let ladder = Ladder { steps: vec![<_>::default(); 3], ..ladder };
        assert_eq!(climbs(&ladder), "3 steps");
    }
}

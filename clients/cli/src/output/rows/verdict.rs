use super::{Owner, short};
use crate::output::Row;
use umpire_client::v1::Verdict;

impl Row for Verdict {
    const NAME: &'static str = "Verdict";
    const COLUMNS: &'static [&'static str] =
        &["decision", "level", "risk_class", "labels", "rules", "masked_text", "audit_record"];

    fn cells(&self) -> Vec<String> {
        vec![
            short(self.decision().as_str_name(), "DECISION_"),
            short(self.level().as_str_name(), "LEVEL_"),
            short(self.risk_class().as_str_name(), "RISK_CLASS_"),
            self.labels.join(","),
            rule_ids(self).join(","),
            self.masked_text.clone(),
            self.audit_record.clone(),
        ]
    }
}

/// Ids of the rules that matched, in order, each once; names of those of other tenants.
pub fn rule_ids(verdict: &Verdict) -> Vec<&str> {
    let owner = Owner::of_verdict(verdict);
    let mut ids: Vec<&str> = Vec::new();
    for id in verdict.matches.iter().map(|found| owner.called(&found.rule)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

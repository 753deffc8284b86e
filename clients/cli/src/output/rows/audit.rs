use super::{Owner, id_of, short, time};
use crate::output::Row;
use umpire_client::v1::AuditRecord;

impl Row for AuditRecord {
    const NAME: &'static str = "AuditRecord";
    const COLUMNS: &'static [&'static str] =
        &["receive_time", "decision", "level", "scene", "sender", "rules", "content", "id"];

    fn cells(&self) -> Vec<String> {
        let owner = Owner::of_record(self);
        let mut rules: Vec<_> =
            self.matches.iter().map(|found| owner.called(&found.rule)).collect();
        rules.dedup();
        let sender = self.sender.as_ref().map(|sender| sender.user_id.clone());
        vec![
            time(self.receive_time),
            short(self.decision().as_str_name(), "DECISION_"),
            short(self.level().as_str_name(), "LEVEL_"),
            self.scene.clone(),
            sender.unwrap_or_default(),
            rules.join(","),
            self.content.clone(),
            id_of(&self.name).to_owned(),
        ]
    }
}

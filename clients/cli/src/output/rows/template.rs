use super::{id_of, short};
use crate::output::Row;
use umpire_client::v1::{PreviewTemplateResponse, Template};

impl Row for Template {
    const NAME: &'static str = "Template";
    const COLUMNS: &'static [&'static str] =
        &["id", "channel", "level", "kind", "language", "reason", "urgent", "display_name"];

    fn cells(&self) -> Vec<String> {
        vec![
            id_of(&self.name).to_owned(),
            self.channel.clone(),
            short(self.level().as_str_name(), "LEVEL_"),
            short(self.kind().as_str_name(), "ALERT_KIND_"),
            short(self.language().as_str_name(), "NOTICE_LANGUAGE_"),
            short(self.reason().as_str_name(), "NOTICE_REASON_"),
            self.urgent.map(|urgent| urgent.to_string()).unwrap_or_default(),
            self.display_name.clone(),
        ]
    }
}

impl Row for PreviewTemplateResponse {
    const NAME: &'static str = "PreviewTemplateResponse";
    const COLUMNS: &'static [&'static str] = &["title", "body", "plain"];

    fn cells(&self) -> Vec<String> {
        vec![self.title.clone(), self.body.clone(), self.plain.clone()]
    }
}

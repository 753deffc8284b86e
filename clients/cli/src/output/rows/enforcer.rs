use super::{id_of, length};
use crate::output::Row;
use umpire_client::v1::{Enforcer, enforcer::Kind};

impl Row for Enforcer {
    const NAME: &'static str = "Enforcer";
    const COLUMNS: &'static [&'static str] =
        &["id", "kind", "url", "servers", "categories", "ack_deadline", "display_name"];

    fn cells(&self) -> Vec<String> {
        let (kind, url) = match &self.kind {
            Some(Kind::Webhook(webhook)) => ("WEBHOOK", webhook.url.as_str()),
            Some(Kind::Stream(_)) => ("STREAM", ""),
            None => ("", ""),
        };
        vec![
            id_of(&self.name).to_owned(),
            kind.to_owned(),
            url.to_owned(),
            self.servers.join(","),
            self.categories.join(","),
            length(self.ack_deadline),
            self.display_name.clone(),
        ]
    }
}

use super::{id_of, short, time};
use crate::output::Row;
use umpire_client::v1::{
    PolicyTestResult, Revision, WatchRevisionsResponse,
    revision::{Change, EntryChanges},
    watch_revisions_response::Event,
};

impl Row for Revision {
    const NAME: &'static str = "Revision";
    const COLUMNS: &'static [&'static str] =
        &["number", "create_time", "author", "reason", "changes"];

    fn cells(&self) -> Vec<String> {
        let changes: Vec<_> = self.changes.iter().map(summary).collect();
        vec![
            self.number.to_string(),
            time(self.create_time),
            self.author.clone(),
            self.reason.clone(),
            changes.join(", "),
        ]
    }
}

impl Row for Change {
    const NAME: &'static str = "Revision.Change";
    const COLUMNS: &'static [&'static str] =
        &["kind", "what", "id", "words_added", "words_updated", "words_removed"];

    fn cells(&self) -> Vec<String> {
        let (what, id) = subject(self);
        let none = EntryChanges::default();
        let entries = self.entries.as_ref().unwrap_or(&none);
        vec![
            short(self.kind().as_str_name(), "CHANGE_KIND_"),
            what.to_owned(),
            id.to_owned(),
            entries.added.to_string(),
            entries.updated.to_string(),
            entries.removed.to_string(),
        ]
    }
}

impl Row for PolicyTestResult {
    const NAME: &'static str = "PolicyTestResult";
    const COLUMNS: &'static [&'static str] =
        &["test", "passed", "expected", "decision", "expected_labels", "labels", "rules"];

    fn cells(&self) -> Vec<String> {
        let rules: Vec<_> = self.rules.iter().map(|rule| id_of(rule)).collect();
        vec![
            self.test.clone(),
            self.passed.to_string(),
            short(self.expected_decision().as_str_name(), "DECISION_"),
            short(self.decision().as_str_name(), "DECISION_"),
            self.expected_labels.join(","),
            self.labels.join(","),
            rules.join(","),
        ]
    }
}

impl Row for WatchRevisionsResponse {
    const NAME: &'static str = "WatchRevisionsResponse";
    const COLUMNS: &'static [&'static str] = Revision::COLUMNS;

    fn cells(&self) -> Vec<String> {
        match &self.event {
            Some(Event::Revision(revision)) => revision.cells(),
            Some(Event::Checkpoint(_)) | None => Vec::new(),
        }
    }
}

fn subject(change: &Change) -> (&'static str, &str) {
    match (change.rule.as_str(), change.word_list.as_str()) {
        ("", "") => ("test", &change.test),
        ("", list) => ("word_list", id_of(list)),
        (rule, _) => ("rule", id_of(rule)),
    }
}

fn summary(change: &Change) -> String {
    let (what, id) = subject(change);
    let kind = short(change.kind().as_str_name(), "CHANGE_KIND_").to_lowercase();
    let what = what.replace('_', " ");
    match &change.entries {
        Some(EntryChanges { added, updated, removed, .. }) => {
            format!("{what} {id} {kind} (+{added} ~{updated} -{removed})")
        }
        None => format!("{what} {id} {kind}"),
    }
}

//! Alert events: no call gives them yet, so they are read where they are kept.

use rusqlite::Connection;
use serde_json::Value;
use std::path::Path;

/// What people on duty should know.
#[derive(Debug)]
pub(crate) struct Alert {
    pub level: String,
    pub kind: String,
    pub title: String,
    pub rule: Option<String>,
}

/// Every alert event of the journal in a data folder, oldest first.
pub(crate) fn alerts(folder: &Path) -> Vec<Alert> {
    let database = Connection::open(folder.join("umpire.db")).unwrap();
    let mut query = database.prepare("SELECT body FROM journal ORDER BY sequence").unwrap();
    let bodies = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    bodies.filter_map(|body| alert(&body.unwrap())).collect()
}

fn alert(body: &str) -> Option<Alert> {
    let change: Value = serde_json::from_str(body).unwrap();
    let event = change.get("alert")?;
    let text = |key: &str| event[key].as_str().map(str::to_owned);
    let required = |key: &str| text(key).unwrap_or_else(|| panic!("no {key} in {event}"));
    Some(Alert {
        level: required("level"),
        kind: required("kind"),
        title: required("title"),
        rule: text("rule"),
    })
}

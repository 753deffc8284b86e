use super::document;
use crate::vendor::text;
use serde_json::{Map, Value, json};

/// Longest summary and label, in units of UTF-16.
const MAX_CHARS: usize = 255;
/// What issues of the project may be, and how urgent.
const TYPES: [&str; 2] = ["Task", "Incident"];
const PRIORITIES: [&str; 5] = ["Highest", "High", "Medium", "Low", "Lowest"];

/// An issue.
pub(super) struct Issue {
    pub key: String,
    pub summary: String,
    pub labels: Vec<String>,
    pub done: bool,
    /// Searches that do not see it yet.
    pub unseen: u32,
}

impl Issue {
    pub(super) fn new(key: &str, fields: &Value, unseen: u32) -> Self {
        let labels = fields["labels"].as_array().into_iter().flatten();
        Self {
            key: key.into(),
            summary: text(fields, "/summary").into(),
            labels: labels.filter_map(Value::as_str).map(str::to_owned).collect(),
            done: false,
            unseen,
        }
    }

    /// As a search shows it.
    pub(super) fn listed(&self, with_fields: bool) -> Value {
        let mut listed = json!({ "id": self.key, "key": self.key });
        if with_fields {
            let status = if self.done { "Done" } else { "To Do" };
            listed["fields"] = json!({ "status": { "name": status } });
        }
        listed
    }
}

/// What is wrong with the fields of a new issue, by field.
pub(super) fn faults(fields: &Value, project: &str, cloud: bool) -> Map<String, Value> {
    let summary = text(fields, "/summary");
    let length = summary.encode_utf16().count();
    let priority = &fields["priority"];
    let described = document::plain(&fields["description"], cloud).is_some();
    let checks = [
        ("project", text(fields, "/project/key") == project, "valid project is required"),
        ("issuetype", TYPES.contains(&text(fields, "/issuetype/name")), "Specify a valid type"),
        ("summary", (1..=MAX_CHARS).contains(&length), "You must specify a summary, at most 255"),
        ("summary", !summary.contains('\n'), "it contains newline characters"),
        ("labels", are_labels(&fields["labels"]), "The label can't contain spaces"),
        (
            "priority",
            priority.is_null() || PRIORITIES.contains(&text(priority, "/name")),
            "The priority selected is invalid.",
        ),
        ("description", described, "Operation value must be an Atlassian Document"),
    ];
    let wrong = checks.into_iter().filter(|(_, holds, _)| !holds);
    wrong.map(|(field, _, fault)| (field.to_owned(), fault.into())).collect()
}

fn are_labels(labels: &Value) -> bool {
    let sound = |label: &Value| {
        label.as_str().is_some_and(|label| {
            (1..=MAX_CHARS).contains(&label.encode_utf16().count())
                && !label.contains(char::is_whitespace)
        })
    };
    labels.is_null() || labels.as_array().is_some_and(|labels| labels.iter().all(sound))
}

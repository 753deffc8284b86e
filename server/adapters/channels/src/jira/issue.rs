use super::words;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use umpire_notify::{Jira, Parcel};

/// Longest label, in characters.
const MAX_LABEL: usize = 255;

/// The label by which the issue of a thread is found again: without blanks, and without
/// users' text.
pub(super) fn label(thread: &str) -> String {
    format!("umpire-{}", HEXLOWER.encode(&Sha256::digest(thread.as_bytes())[..16]))
}

/// Finds the open issues of a thread, newest first.
pub(super) fn jql(config: &Jira, thread: &str) -> String {
    let project = config.project.replace('\\', r"\\").replace('"', "\\\"");
    let label = label(thread);
    let open =
        format!(r#"project = "{project}" AND labels = "{label}" AND statusCategory != Done"#);
    format!("{open} ORDER BY created DESC")
}

/// The fields of a new issue.
pub(super) fn fields(config: &Jira, parcel: &Parcel<'_>, cloud: bool) -> Value {
    let issue_type = if config.issue_type.is_empty() { "Task" } else { &config.issue_type };
    let mut fields = json!({
        "project": { "key": config.project },
        "issuetype": { "name": issue_type },
        "summary": words::summary(parcel),
        "description": words::description(parcel, cloud),
        "labels": labels(config, &parcel.notice.thread),
    });
    let priority = config.priorities.get(parcel.level() as usize);
    if let Some(priority) = priority.filter(|priority| !priority.is_empty()) {
        fields["priority"] = json!({ "name": priority });
    }
    fields
}

/// Blanks are not taken in labels.
fn labels(config: &Jira, thread: &str) -> Vec<String> {
    let whole = |label: &String| label.split_whitespace().collect::<Vec<_>>().join("-");
    let configured = config.labels.iter().map(whole).filter(|label| !label.is_empty());
    let short = configured.map(|label| label.chars().take(MAX_LABEL).collect());
    std::iter::once(label(thread)).chain(short).collect()
}

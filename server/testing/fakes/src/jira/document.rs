//! What descriptions and comments are written in.

use serde_json::Value;

/// Longest description or comment, in units of UTF-16.
const MAX_TEXT: usize = 32_767;

/// The text of a description, or nothing when it is not sound: for the Cloud a document in
/// the Atlassian Document Format, for a Data Center a text.
pub(super) fn plain(description: &Value, cloud: bool) -> Option<String> {
    let length = match description {
        Value::String(text) => text.encode_utf16().count(),
        document => document.to_string().encode_utf16().count(),
    };
    if length > MAX_TEXT {
        return None;
    }
    if !cloud {
        let text = description.as_str().filter(|text| !text.is_empty())?;
        return Some(unformatted(text));
    }
    let sound = description["type"] == "doc" && description["version"] == 1;
    let paragraphs = description["content"].as_array().filter(|list| sound && !list.is_empty())?;
    let lines: Option<Vec<_>> = paragraphs.iter().map(paragraph).collect();
    Some(lines?.join("\n"))
}

/// Texts may be of any content but none.
fn paragraph(paragraph: &Value) -> Option<String> {
    let nodes = paragraph["content"].as_array().filter(|_| paragraph["type"] == "paragraph")?;
    let text = |node: &Value| {
        let text = node["text"].as_str().filter(|text| !text.is_empty())?;
        (node["type"] == "text").then(|| text.to_owned())
    };
    nodes.iter().map(text).collect()
}

/// As people see it where nothing in it is markup; markup elsewhere is shown as `{...}`, so
/// that a test sees it.
fn unformatted(text: &str) -> String {
    const FENCE: &str = "{noformat}";
    let inner = text.strip_prefix(FENCE).and_then(|text| text.strip_suffix(FENCE));
    match inner.filter(|inner| !inner.contains(FENCE)) {
        Some(inner) => inner.trim_matches('\n').to_owned(),
        None => format!("{{markup}}{text}"),
    }
}

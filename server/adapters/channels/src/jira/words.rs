//! What an issue says, as literal text: nothing in it is markup to Jira.

use crate::cut::cut_chars;
use serde_json::{Value, json};
use umpire_notify::Parcel;

/// Longest summary. Jira counts in units of UTF-16.
const MAX_SUMMARY: usize = 255;
/// Longest description or comment, likewise; of a document all of its JSON is counted.
const MAX_TEXT: usize = 32_767;
/// What is left out is marked with it.
const CUT: &str = "…";
/// What stands when there is nothing to say: empty texts are refused.
const NOTHING: &str = "Umpire";

/// One line.
pub(super) fn summary(parcel: &Parcel<'_>) -> String {
    let line = first([&parcel.rendered.title, &parcel.notice.title, &parcel.notice.rule_name]);
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shortened(line.trim())
}

/// At most so many units of UTF-16, of which some characters are two.
fn shortened(line: &str) -> String {
    if line.encode_utf16().count() <= MAX_SUMMARY {
        return line.to_owned();
    }
    let mut units = CUT.encode_utf16().count();
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MAX_SUMMARY
    };
    line.chars().take_while(fits).collect::<String>() + CUT
}

/// A description or comment: a document for the Cloud, text for a Data Center.
pub(super) fn description(parcel: &Parcel<'_>, cloud: bool) -> Value {
    let text = first([&parcel.rendered.plain, &parcel.rendered.body, &parcel.rendered.title]);
    let lines = text.lines().map(clean).filter(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join("\n");
    fitted(&text, if cloud { document } else { preformatted })
}

/// The first that says something.
fn first(texts: [&str; 3]) -> &str {
    texts.into_iter().find(|text| !clean(text).is_empty()).unwrap_or(NOTHING)
}

/// Without what stores refuse or what moves the cursor.
fn clean(line: &str) -> String {
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim_end().to_owned()
}

/// As much of the text as can be sent.
fn fitted(text: &str, form: fn(&str) -> Value) -> Value {
    let mut room = text.chars().count().min(MAX_TEXT);
    loop {
        let formed = form(&cut_chars(text, room, CUT));
        let length = length(&formed);
        if length <= MAX_TEXT || room <= 1 {
            return formed;
        }
        // What stands around a line, or before a character, may be longer than itself.
        room = (room * MAX_TEXT / length).clamp(1, room - 1);
    }
}

fn length(formed: &Value) -> usize {
    let text = formed.as_str().map_or_else(|| formed.to_string(), str::to_owned);
    text.encode_utf16().count()
}

/// In the Atlassian Document Format: a paragraph for each line.
fn document(text: &str) -> Value {
    let lines = text.lines().filter(|line| !line.is_empty());
    let paragraphs = lines
        .map(|line| json!({ "type": "paragraph", "content": [{ "type": "text", "text": line }] }));
    json!({ "type": "doc", "version": 1, "content": paragraphs.collect::<Vec<_>>() })
}

/// Where markup is not looked at, so that users' text mentions nobody and shows no picture.
fn preformatted(text: &str) -> Value {
    const FENCE: &str = "{noformat}";
    let text = text.replace("{noformat", "{ noformat");
    format!("{FENCE}\n{text}\n{FENCE}").into()
}

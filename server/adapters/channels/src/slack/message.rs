use super::mentions::mentions;
use crate::cut::cut_chars;
use serde_json::{Value, json};
use umpire_notify::{Parcel, Slack};

/// Most characters of a section's text.
const MAX_SECTION: usize = 3_000;
/// Most characters of the line that phones show.
const MAX_LINE: usize = 1_024;
/// How far before a cut something may have begun that the cut leaves without its end: an
/// entity, a link.
const ENTITY: usize = 8;
const LINK: usize = 500;

/// What is posted. `text` is what phones show; people in the channel see the blocks.
pub(super) fn message(config: &Slack, parcel: &Parcel<'_>) -> Value {
    let title = escaped(&cut_chars(&parcel.rendered.title, MAX_LINE, "…"));
    let body = section(&parcel.rendered.body);
    let mut blocks = vec![markup(if body.trim().is_empty() { &title } else { &body })];
    let mentions = mentions(config, parcel.notice);
    if !mentions.is_empty() {
        blocks.push(markup(&section(&mentions.join(" "))));
    }
    let mut message = json!({
        "text": if title.trim().is_empty() { "Umpire" } else { &title },
        "blocks": blocks,
        "unfurl_links": false,
        "unfurl_media": false,
    });
    if !config.token.is_empty() {
        message["channel"] = config.channel.as_str().into();
    }
    message
}

/// Empty texts are refused.
fn markup(text: &str) -> Value {
    let text = if text.trim().is_empty() { "Umpire" } else { text };
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

/// Words without markup, so that Slack sees none in them.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// As much of a text in markup as a section takes.
fn section(text: &str) -> String {
    if text.chars().nth(MAX_SECTION).is_none() {
        return text.to_owned();
    }
    let kept = cut_chars(text, MAX_SECTION - 1, "");
    let kept = whole(&kept, '&', ';', ENTITY);
    format!("{}…", whole(kept, '<', '>', LINK))
}

/// The text without what was opened near its end and not closed.
fn whole(text: &str, open: char, close: char, near: usize) -> &str {
    let start = text.rfind(open).filter(|start| text.len() - start <= near);
    match start {
        Some(start) if !text[start..].contains(close) => &text[..start],
        _ => text,
    }
}

use crate::{channels::fit::fitted, cut::cut_chars};
use serde_json::{Value, json};
use umpire_model::Level;
use umpire_notify::{Notice, Parcel, Reason};

/// Longest message, in bytes; Teams takes 28 KB, of whichever kind.
const MAX_BYTES: usize = 28_000;
/// Longest headline, in characters.
const MAX_TITLE: usize = 256;

/// What is posted: the body is cut so that the whole of it fits.
pub(super) fn message(parcel: &Parcel<'_>) -> Vec<u8> {
    fitted(&parcel.rendered.body, MAX_BYTES, |body| envelope(parcel, body))
}

fn envelope(parcel: &Parcel<'_>, body: &str) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.2",
                "body": blocks(parcel, body),
                "msteams": { "width": "full" },
            },
        }],
    })
}

/// The headline is in runs, where nothing is markup; the body is in markdown.
fn blocks(parcel: &Parcel<'_>, body: &str) -> Vec<Value> {
    let title = parcel.rendered.title.trim();
    let title = cut_chars(if title.is_empty() { "Umpire" } else { title }, MAX_TITLE, "…");
    let headline = json!({
        "type": "TextRun",
        "text": title,
        "weight": "Bolder",
        "size": "Medium",
        "color": colour(parcel.notice),
    });
    let mut blocks = vec![json!({ "type": "RichTextBlock", "inlines": [headline] })];
    if !body.trim().is_empty() {
        blocks.push(json!({ "type": "TextBlock", "text": body, "wrap": true }));
    }
    blocks
}

fn colour(notice: &Notice) -> &'static str {
    match (notice.reason, notice.level) {
        (Reason::Resolved, _) => "Good",
        (_, Level::P0 | Level::P1) => "Attention",
        (_, Level::P2) => "Warning",
        (_, Level::P3) => "Default",
    }
}

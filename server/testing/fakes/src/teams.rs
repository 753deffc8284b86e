//! Microsoft Teams: the URL of a Power Automate workflow, or a connector of old.

#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json, text};
use serde_json::Value;

/// Longest message, in bytes.
const MAX_BYTES: usize = 28 * 1024;
/// Messages that are taken in a second.
const PER_SECOND: usize = 4;
/// What a connector says, with status 200, when it is told too much.
const TOO_MUCH: &str = "Webhook message delivery failed with error: Microsoft Teams endpoint \
                        returned HTTP error 429 with ContextId tcid=0,server=FAKE";

/// A channel that takes adaptive cards.
pub struct Teams {
    path: String,
    connector: bool,
    sent: Window,
}

impl Teams {
    /// A workflow at this path; a query is not looked at.
    #[must_use]
    pub fn workflow(path: &str) -> Self {
        Self { path: path.into(), connector: false, sent: Window::default() }
    }

    /// A connector of old at this path.
    #[must_use]
    pub fn connector(path: &str) -> Self {
        Self { connector: true, ..Self::workflow(path) }
    }
}

impl Vendor for Teams {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        if call.method != "POST" || call.path != self.path {
            return Reply::not_found();
        }
        if call.body.len() > MAX_BYTES {
            return Reply::text(413, "Request Entity Too Large");
        }
        let Some(cards) = call.json().filter(|_| is_json(call)).and_then(|body| cards(&body))
        else {
            return Reply::text(400, "Bad payload received by generic incoming webhook.");
        };
        if !self.sent.take(now, PER_SECOND, 1.0) {
            return Reply::text(if self.connector { 200 } else { 429 }, TOO_MUCH);
        }
        let done = if self.connector { Reply::text(200, "1") } else { Reply::text(202, "") };
        done.showing([Shown::now(&self.path, &cards)])
    }
}

/// The texts of all cards, if the message is sound.
fn cards(body: &Value) -> Option<String> {
    let attachments = body["attachments"].as_array().filter(|list| !list.is_empty())?;
    if body["type"] != "message" {
        return None;
    }
    let texts: Option<Vec<_>> = attachments.iter().map(card).collect();
    Some(texts?.join("\n"))
}

fn card(attachment: &Value) -> Option<String> {
    let card = &attachment["content"];
    let sound = attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        && card["type"] == "AdaptiveCard"
        && card["version"].is_string();
    let blocks = card["body"].as_array().filter(|blocks| sound && !blocks.is_empty())?;
    let texts: Option<Vec<_>> = blocks.iter().map(block).collect();
    Some(texts?.join("\n"))
}

/// A text as it was written: of a `TextBlock` it is markdown, of a `RichTextBlock` it is not.
fn block(block: &Value) -> Option<String> {
    let texts: Vec<&str> = match text(block, "/type") {
        "TextBlock" => vec![text(block, "/text")],
        "RichTextBlock" => {
            let runs = block["inlines"].as_array()?.iter();
            runs.filter(|run| run["type"] == "TextRun").map(|run| text(run, "/text")).collect()
        }
        _ => return None,
    };
    let whole = texts.concat();
    (!whole.is_empty()).then_some(whole)
}

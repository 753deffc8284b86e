//! Slack: an incoming webhook, and `chat.postMessage` of the Web API.

#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json, text};
use serde_json::{Value, json};

/// Messages that a channel takes in a minute.
const PER_MINUTE: usize = 60;
/// Most characters of a section's text.
const MAX_SECTION: usize = 3_000;
/// Most blocks of a message, and of an attachment.
const MAX_BLOCKS: usize = 50;
/// Characters of the text that are shown.
const MAX_TEXT: usize = 40_000;

/// A workspace with one channel, a webhook into it and a bot.
pub struct Slack {
    hook: String,
    token: String,
    channel: String,
    archived: bool,
    sent: Window,
    count: u64,
}

impl Slack {
    /// The webhook is at `/services/{hook}`, the Web API at `/api`.
    #[must_use]
    pub fn new(hook: &str, token: &str, channel: &str) -> Self {
        Self {
            hook: hook.into(),
            token: token.into(),
            channel: channel.into(),
            archived: false,
            sent: Window::default(),
            count: 0,
        }
    }

    /// Its channel is archived.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    fn webhook(&mut self, hook: &str, call: &Call, now: f64) -> Reply {
        if hook != self.hook {
            return Reply::text(404, "no_service");
        }
        let Some(body) = call.json().filter(|_| is_json(call)) else {
            return Reply::text(400, "invalid_payload");
        };
        if self.archived {
            return Reply::text(410, "channel_is_archived");
        }
        if let Some(error) = fault(&body) {
            return Reply::text(400, error);
        }
        if !self.sent.take(now, PER_MINUTE, 60.0) {
            return wait(Reply::text(429, "rate_limited"));
        }
        Reply::text(200, "ok").showing([shown(&self.channel, &body)])
    }

    fn api(&mut self, call: &Call, now: f64) -> Reply {
        let refused = |error: &str| Reply::json(200, &json!({ "ok": false, "error": error }));
        match call.header("authorization").and_then(|header| header.strip_prefix("Bearer ")) {
            None => return refused("not_authed"),
            Some(token) if token != self.token => return refused("invalid_auth"),
            Some(_) => {}
        }
        let Some(body) = call.json().filter(|_| is_json(call)) else {
            return refused("invalid_json");
        };
        if text(&body, "/channel") != self.channel {
            return refused("channel_not_found");
        }
        if self.archived {
            return refused("is_archived");
        }
        if let Some(error) = fault(&body) {
            return refused(error);
        }
        if !self.sent.take(now, PER_MINUTE, 60.0) {
            return wait(Reply::json(429, &json!({ "ok": false, "error": "ratelimited" })));
        }
        self.count += 1;
        let ts = format!("{}.{:06}", now as u64, self.count);
        Reply::json(200, &json!({ "ok": true, "channel": self.channel, "ts": ts }))
            .showing([shown(&self.channel, &body)])
    }
}

impl Vendor for Slack {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        match (&*call.method, call.path.strip_prefix("/services/")) {
            ("POST", Some(hook)) => self.webhook(hook, call, now),
            ("POST", None) if call.path == "/api/chat.postMessage" => self.api(call, now),
            _ => Reply::not_found(),
        }
    }
}

fn wait(mut reply: Reply) -> Reply {
    reply.headers.push(("retry-after".into(), "1".into()));
    reply
}

/// What is wrong with a message, if anything is.
fn fault(body: &Value) -> Option<&'static str> {
    let lists: Vec<_> = lists(body).filter(|list| !list.is_null()).collect();
    if text(body, "/text").is_empty() && lists.is_empty() {
        return Some("no_text");
    }
    let sound = lists.into_iter().all(|list| {
        let blocks = list.as_array();
        blocks.is_some_and(|blocks| blocks.len() <= MAX_BLOCKS && blocks.iter().all(is_sound))
    });
    (!sound).then_some("invalid_blocks")
}

/// Where blocks may be.
fn lists(body: &Value) -> impl Iterator<Item = &Value> {
    let attachments = body["attachments"].as_array().into_iter().flatten();
    attachments.map(|attachment| &attachment["blocks"]).chain([&body["blocks"]])
}

/// Of sections the text is looked at, of others nothing.
fn is_sound(block: &Value) -> bool {
    if block["type"] != "section" {
        return block["type"].is_string();
    }
    let kind = text(block, "/text/type");
    let length = text(block, "/text/text").chars().count();
    ["mrkdwn", "plain_text"].contains(&kind) && (1..=MAX_SECTION).contains(&length)
}

/// What people see, and whom it calls: where there are blocks, the text is for phones alone.
fn shown(channel: &str, body: &Value) -> Shown {
    let blocks = lists(body).filter_map(Value::as_array).flatten();
    let sections = blocks.map(|block| text(block, "/text/text"));
    let line = if body["blocks"].is_null() { text(body, "/text") } else { "" };
    let texts = std::iter::once(line).chain(sections).filter(|text| !text.is_empty());
    let texts = texts.collect::<Vec<_>>().join("\n");
    let whole: String = texts.chars().take(MAX_TEXT).collect();
    Shown::now(channel, &plain(&whole)).mentioning(mentions(&whole))
}

/// What stands in `<...>` and calls somebody.
fn mentions(text: &str) -> Vec<String> {
    let inner = text.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    let names = inner.map(|(inner, _)| inner.split('|').next().unwrap_or_default());
    names
        .filter_map(|name| match name {
            "!channel" | "!everyone" | "!here" => Some("@all".to_owned()),
            name => {
                let id = name.strip_prefix('@').or_else(|| name.strip_prefix("!subteam^"))?;
                Some(id.to_owned())
            }
        })
        .collect()
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests;

use super::{content, mention, refused};
use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json};
use serde_json::{Value, json};

/// Messages a robot may send in a minute.
const LIMIT: usize = 20;
/// Bytes of a text.
const MAX_TEXT: usize = 2_048;
/// Bytes of markdown.
const MAX_MARKDOWN: usize = 4_096;

/// A robot in a group; what it says is shown to `group`.
pub struct Robot {
    key: String,
    sent: Window,
}

impl Robot {
    /// One that has this key.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.into(), sent: Window::default() }
    }

    fn send(&mut self, call: &Call, now: f64) -> Result<Shown, Reply> {
        if call.parameter("key") != Some(&*self.key) {
            return Err(refused(93_000, "invalid webhook url"));
        }
        let body = call.json().filter(|body| is_json(call) && body.is_object());
        let body = body.ok_or_else(|| refused(47_001, "data format error"))?;
        let shown = shown(&body)?;
        if !self.sent.take(now, LIMIT, 60.0) {
            return Err(refused(45_009, "api freq out of limit"));
        }
        Ok(shown)
    }
}

fn shown(body: &Value) -> Result<Shown, Reply> {
    match body["msgtype"].as_str() {
        Some("text") => {
            let text = content(body, "text", MAX_TEXT)?;
            Ok(Shown::now("group", text).mentioning(mention::in_lists(&body["text"])))
        }
        // Lists beside it are ignored.
        Some("markdown") => {
            let text = content(body, "markdown", MAX_MARKDOWN)?;
            Ok(Shown::now("group", text).mentioning(mention::in_markdown(text)))
        }
        _ => Err(refused(40_008, "invalid message type")),
    }
}

impl Vendor for Robot {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        if (&*call.method, &*call.path) != ("POST", "/cgi-bin/webhook/send") {
            return Reply::not_found();
        }
        match self.send(call, now) {
            Ok(shown) => {
                Reply::json(200, &json!({ "errcode": 0, "errmsg": "ok" })).showing([shown])
            }
            Err(refused) => refused,
        }
    }
}

//! Telegram: `sendMessage` of the Bot API.

mod html;
#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json, text};
use serde_json::{Value, json};

/// Most characters of a message, without markup.
const MAX_CHARS: usize = 4_096;
/// Messages that a group takes in a minute.
const PER_MINUTE: usize = 20;

/// A bot and the groups it is in.
pub struct Telegram {
    token: String,
    chats: Vec<i64>,
    /// Groups that have another id now.
    moved: Vec<(i64, i64)>,
    /// Groups that threw the bot out.
    closed: Vec<i64>,
    /// Threads of its forums.
    threads: Vec<i64>,
    sent: Window,
    count: i64,
}

impl Telegram {
    /// The bot of this token, in one group.
    #[must_use]
    pub fn new(token: &str, chat: i64) -> Self {
        Self {
            token: token.into(),
            chats: vec![chat],
            moved: Vec::new(),
            closed: Vec::new(),
            threads: Vec::new(),
            sent: Window::default(),
            count: 0,
        }
    }

    /// A group that became a supergroup, which the bot is in.
    #[must_use]
    pub fn moved(mut self, from: i64, to: i64) -> Self {
        self.moved.push((from, to));
        self.chats.push(to);
        self
    }

    /// A group that threw the bot out.
    #[must_use]
    pub fn closed(mut self, chat: i64) -> Self {
        self.closed.push(chat);
        self
    }

    /// A thread that its groups have.
    #[must_use]
    pub fn thread(mut self, thread: i64) -> Self {
        self.threads.push(thread);
        self
    }

    fn send(&mut self, body: &Value, now: f64) -> Reply {
        let chat = match self.chat(body) {
            Ok(chat) => chat,
            Err(reply) => return reply,
        };
        let shown = match self.read(body) {
            Ok(shown) => shown,
            Err(error) => return bad_request(&error),
        };
        if !self.sent.take(now, PER_MINUTE, 60.0) {
            let said = "Too Many Requests: retry after 5";
            return refused(429, said, Some(json!({ "retry_after": 5 })));
        }
        self.count += 1;
        let result = json!({ "message_id": self.count, "chat": { "id": chat }, "text": shown });
        let mentions = shown.split_whitespace().filter(|word| word.starts_with('@'));
        let mentions: Vec<_> = mentions.map(str::to_owned).collect();
        let seen = Shown::now(&chat.to_string(), &shown).mentioning(mentions);
        Reply::json(200, &json!({ "ok": true, "result": result })).showing([seen])
    }

    /// The group that is meant.
    fn chat(&self, body: &Value) -> Result<i64, Reply> {
        let id = &body["chat_id"];
        let id = id.as_i64().or_else(|| id.as_str()?.parse().ok()).unwrap_or_default();
        if let Some((_, to)) = self.moved.iter().find(|(from, _)| *from == id) {
            let said = "Bad Request: group chat was upgraded to a supergroup chat";
            return Err(refused(400, said, Some(json!({ "migrate_to_chat_id": to }))));
        }
        if self.closed.contains(&id) {
            return Err(refused(403, "Forbidden: bot was kicked from the group chat", None));
        }
        let known = self.chats.contains(&id).then_some(id);
        known.ok_or_else(|| bad_request("chat not found"))
    }

    /// The text as people see it, or what is wrong.
    fn read(&self, body: &Value) -> Result<String, String> {
        let thread = &body["message_thread_id"];
        if !thread.is_null() && !self.threads.iter().any(|known| thread == known) {
            return Err("message thread not found".into());
        }
        let shown = match body.get("parse_mode").map(Value::as_str) {
            None => text(body, "/text").to_owned(),
            Some(Some("HTML")) => html::plain(text(body, "/text"))
                .map_err(|error| format!("can't parse entities: {error}"))?,
            Some(_) => return Err("unsupported parse_mode".into()),
        };
        match shown.trim().chars().count() {
            0 => Err("message text is empty".into()),
            1..=MAX_CHARS => Ok(shown),
            _ => Err("message is too long".into()),
        }
    }
}

impl Vendor for Telegram {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        let Some((token, method)) =
            call.path.strip_prefix("/bot").and_then(|rest| rest.split_once('/'))
        else {
            return refused(404, "Not Found", None);
        };
        if token != self.token {
            return refused(401, "Unauthorized", None);
        }
        if method != "sendMessage" {
            return refused(404, "Not Found: method not found", None);
        }
        match call.json().filter(|_| is_json(call)) {
            Some(body) => self.send(&body, now),
            None => bad_request("can't parse JSON object"),
        }
    }
}

fn bad_request(error: &str) -> Reply {
    refused(400, &format!("Bad Request: {error}"), None)
}

fn refused(code: u16, description: &str, parameters: Option<Value>) -> Reply {
    let mut body = json!({ "ok": false, "error_code": code, "description": description });
    if let Some(parameters) = parameters {
        body["parameters"] = parameters;
    }
    Reply::json(code, &body)
}

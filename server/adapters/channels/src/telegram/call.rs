use super::text;
use serde_json::{Value, json};
use umpire_model::Level;
use umpire_notify::{Parcel, Telegram};
use umpire_outbound::{Answer, Outbound, OutboundError};

/// The Bot API unless a receiver says otherwise.
const API: &str = "https://api.telegram.org";

/// What is sent.
pub(super) struct Letter {
    chat: Value,
    html: bool,
    text: String,
    thread: i64,
    silent: bool,
}

impl Letter {
    /// In HTML where that is not too long.
    pub(super) fn new(config: &Telegram, parcel: &Parcel<'_>) -> Self {
        let html = text::html(parcel);
        Self {
            chat: chat(&config.chat_id),
            html: html.is_some(),
            text: html.unwrap_or_else(|| text::plain(parcel)),
            thread: config.message_thread_id,
            silent: parcel.level() == Level::P3,
        }
    }

    pub(super) fn is_html(&self) -> bool {
        self.html
    }

    pub(super) fn make_plain(&mut self, parcel: &Parcel<'_>) {
        self.html = false;
        self.text = text::plain(parcel);
    }

    pub(super) fn redirect(&mut self, chat: Option<i64>) {
        self.chat = chat.into();
    }

    fn body(&self) -> Vec<u8> {
        let mut body = json!({
            "chat_id": self.chat,
            "text": self.text,
            "disable_notification": self.silent,
            "link_preview_options": { "is_disabled": true },
        });
        if self.html {
            body["parse_mode"] = "HTML".into();
        }
        if self.thread != 0 {
            body["message_thread_id"] = self.thread.into();
        }
        body.to_string().into_bytes()
    }
}

/// A number, or the name of a public channel.
fn chat(id: &str) -> Value {
    id.trim().parse::<i64>().map_or_else(|_| id.trim().into(), Value::from)
}

/// Calls `sendMessage` once.
pub(super) async fn send(
    outbound: &Outbound,
    config: &Telegram,
    letter: &Letter,
) -> Result<Reply, OutboundError> {
    let base = match config.base_url.trim_end_matches('/') {
        "" => API,
        base => base,
    };
    let url = format!("{base}/bot{}/sendMessage", config.token.reveal());
    let headers = [("content-type", "application/json".to_owned())];
    let answer = outbound.post(&url, &headers, letter.body()).await?;
    let body = serde_json::from_slice(&answer.body).unwrap_or_default();
    Ok(Reply { answer, body })
}

/// What came back.
pub(super) struct Reply {
    pub answer: Answer,
    pub body: Value,
}

impl Reply {
    pub(super) fn ok(&self) -> Option<bool> {
        self.body["ok"].as_bool()
    }

    pub(super) fn message_id(&self) -> String {
        let id = &self.body["result"]["message_id"];
        id.as_i64().map(|id| id.to_string()).unwrap_or_default()
    }

    /// The HTTP status says the same, unless a proxy changed it.
    pub(super) fn error_code(&self) -> String {
        let code = self.body["error_code"].as_i64();
        code.unwrap_or(self.answer.status.into()).to_string()
    }

    pub(super) fn description(&self) -> &str {
        self.body["description"].as_str().unwrap_or_default()
    }

    /// Seconds; at least one.
    pub(super) fn retry_after(&self) -> Option<u64> {
        Some(self.body["parameters"]["retry_after"].as_u64()?.max(1))
    }

    /// Where the chat is now, if it has moved.
    pub(super) fn new_chat(&self) -> Option<i64> {
        self.body["parameters"]["migrate_to_chat_id"].as_i64()
    }

    pub(super) fn cannot_parse(&self) -> bool {
        self.ok() == Some(false) && self.description().contains("can't parse entities")
    }
}

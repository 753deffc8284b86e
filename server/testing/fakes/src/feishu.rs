//! Feishu and Lark: custom bots in groups.

mod card;
mod mention;
mod sign;
#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json, text};
use serde_json::{Value, json};

/// Messages a bot may send, and in how many seconds.
const LIMITS: [(usize, f64); 2] = [(5, 1.0), (100, 60.0)];
/// Bytes of a request.
const MAX_BODY: usize = 20 << 10;

/// A bot in a group; what it says is shown to `group`.
pub struct Bot {
    token: String,
    secret: Option<String>,
    keyword: Option<String>,
    sent: Window,
    old_style: bool,
}

impl Bot {
    /// One whose webhook ends in this token, and that believes whoever knows it.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self {
            token: token.into(),
            secret: None,
            keyword: None,
            sent: Window::default(),
            old_style: false,
        }
    }

    /// The same, but calls must be signed with this secret.
    #[must_use]
    pub fn signed_with(mut self, secret: &str) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// The same, but what it says must contain this word.
    #[must_use]
    pub fn with_keyword(mut self, word: &str) -> Self {
        self.keyword = Some(word.into());
        self
    }

    /// The same, but it says `StatusCode` where others say `code`.
    #[must_use]
    pub fn of_old(mut self) -> Self {
        self.old_style = true;
        self
    }

    fn send(&mut self, call: &Call, now: f64) -> Result<Shown, Reply> {
        if call.path != format!("/open-apis/bot/v2/hook/{}", self.token) {
            let said = "param invalid: incoming webhook access token invalid";
            return Err(refused(200, 19_001, said));
        }
        if LIMITS.iter().any(|(limit, time)| self.sent.within(now, *time) >= *limit) {
            return Err(refused(400, 9_499, "too many request"));
        }
        self.sent.take(now, usize::MAX, 0.0);
        let bad = || refused(400, 9_499, "Bad Request");
        let body = call.json().filter(|body| is_json(call) && body.is_object());
        let body = body.filter(|_| call.body.len() <= MAX_BODY).ok_or_else(bad)?;
        if let Some(secret) = &self.secret {
            sign::check(&body, secret, now).map_err(|said| refused(200, 19_021, said))?;
        }
        let shown = shown(&body)?;
        match &self.keyword {
            Some(word) if !shown.text.contains(&**word) => {
                Err(refused(200, 19_024, "Key Words Not Found"))
            }
            _ => Ok(shown),
        }
    }

    fn success(&self) -> Value {
        if self.old_style {
            return json!({ "Extra": null, "StatusCode": 0, "StatusMessage": "success" });
        }
        json!({
            "StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success",
        })
    }
}

fn shown(body: &Value) -> Result<Shown, Reply> {
    match body["msg_type"].as_str() {
        Some("text") if !text(body, "/content/text").is_empty() => {
            let said = text(body, "/content/text");
            Ok(Shown::now("group", said).mentioning(mention::mentions(said)))
        }
        Some("interactive") => {
            let card = card::read(&body["card"]);
            let card = card.map_err(|said| refused(200, 11_246, said))?;
            let mentions = card.markdown.iter().flat_map(|said| mention::mentions(said));
            Ok(Shown::now("group", &card.whole()).mentioning(mentions))
        }
        _ => Err(refused(400, 9_499, "Bad Request")),
    }
}

fn refused(status: u16, code: i64, message: &str) -> Reply {
    Reply::json(status, &json!({ "code": code, "msg": message, "data": {} }))
}

impl Vendor for Bot {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        if call.method != "POST" || !call.path.starts_with("/open-apis/bot/v2/hook/") {
            return Reply::not_found();
        }
        match self.send(call, now) {
            Ok(shown) => Reply::json(200, &self.success()).showing([shown]),
            Err(refused) => refused,
        }
    }
}

//! DingTalk: custom robots in groups.

mod message;
mod sign;
#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json};
use serde_json::json;

/// Messages a robot may send in a minute.
const LIMIT: usize = 20;
/// Seconds for which one that sends more is blocked.
const PUNISHMENT: f64 = 600.0;
/// Bytes of a request.
const MAX_BODY: usize = 20_000;

/// A robot in a group; what it says is shown to `group`.
pub struct Robot {
    access_token: String,
    secret: Option<String>,
    keywords: Vec<String>,
    sent: Window,
    blocked_until: f64,
}

impl Robot {
    /// One of this token that believes whoever knows it.
    #[must_use]
    pub fn new(access_token: &str) -> Self {
        Self {
            access_token: access_token.into(),
            secret: None,
            keywords: Vec::new(),
            sent: Window::default(),
            blocked_until: 0.0,
        }
    }

    /// The same, but calls must be signed with this secret.
    #[must_use]
    pub fn signed_with(mut self, secret: &str) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// The same, but what it says must contain this word, or another that it was given.
    #[must_use]
    pub fn with_keyword(mut self, word: &str) -> Self {
        self.keywords.push(word.into());
        self
    }

    fn send(&mut self, call: &Call, now: f64) -> Result<Shown, Reply> {
        if call.parameter("access_token") != Some(&*self.access_token) {
            return Err(refused(300_001, "token is not exist"));
        }
        if let Some(secret) = &self.secret {
            sign::check(call, secret, now).map_err(|said| refused(310_000, &help(said)))?;
        }
        self.count(now)?;
        if call.body.len() > MAX_BODY {
            return Err(refused(460_101, "message too long, exceed 20000 bytes"));
        }
        let body = call.json().filter(|body| is_json(call) && body.is_object());
        let body = body.ok_or_else(|| refused(40_035, "缺少参数 json"))?;
        let message = message::read(&body).map_err(|(code, said)| refused(code, said))?;
        if !self.keywords.is_empty() && !self.keywords.iter().any(|word| message.has(word)) {
            return Err(refused(310_000, &help("keywords not in content")));
        }
        Ok(Shown::now("group", &message.text).mentioning(message.mentions))
    }

    /// Counts a call, and blocks a robot that makes too many.
    fn count(&mut self, now: f64) -> Result<(), Reply> {
        if now >= self.blocked_until && self.sent.take(now, LIMIT, 60.0) {
            return Ok(());
        }
        if now >= self.blocked_until {
            self.blocked_until = now + PUNISHMENT;
        }
        let too_fast = json!({
            "errcode": 130_101, "errmsg": "send too fast, exceed 20 times per minute",
            "status": 1_111, "wait": 5, "source": "x5", "punish": "deny",
            "uuid": "c9c5d3c0a7a94f5d1e0b1c9d8e7f6a5b",
        });
        Err(Reply::json(200, &too_fast))
    }
}

/// What DingTalk says to a call that it did not carry out; HTTP 200 all the same.
fn refused(code: i64, message: &str) -> Reply {
    Reply::json(200, &json!({ "errcode": code, "errmsg": message }))
}

fn help(said: &str) -> String {
    format!("{said}, more at https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq")
}

impl Vendor for Robot {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        if (&*call.method, &*call.path) != ("POST", "/robot/send") {
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

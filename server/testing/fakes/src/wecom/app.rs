mod recipients;
#[cfg(test)]
mod tests;

use super::{
    content, refusal, refused,
    token::{BadToken, Tokens},
};
use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json};
use recipients::{Recipients, recipients};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Bytes of markdown.
const MAX_MARKDOWN: usize = 2_048;
/// Bytes of a text; the rest is cut away without a word.
const MAX_TEXT: usize = 2_048;
/// Messages one member gets in a minute and in an hour. More are dropped without a word, and
/// so is everything for as long again.
const LIMITS: [(usize, f64); 2] = [(30, 60.0), (1_000, 3_600.0)];
/// Tokens that may be asked for in a minute.
const TOKEN_LIMIT: usize = 100;
/// Seconds within which the same request is carried out once, and the most it may ask for.
const DUPLICATES: (u64, u64) = (1_800, 14_400);

/// An application of a corporation. What it says is shown to users, `party:`s and `tag:`s.
pub struct App {
    corp_id: String,
    secret: String,
    agent_id: i64,
    tokens: Tokens,
    asked: Window,
    unknown: HashSet<String>,
    unlicensed: HashSet<String>,
    members: HashMap<String, Member>,
    /// Requests that asked not to be carried out twice, and until when they are not.
    seen: Vec<(Vec<u8>, f64)>,
}

/// What one member was sent of late.
#[derive(Default)]
struct Member {
    sent: Window,
    blocked_until: f64,
}

impl App {
    /// The one with this secret and number. It knows every user.
    #[must_use]
    pub fn new(corp_id: &str, secret: &str, agent_id: i64) -> Self {
        Self {
            corp_id: corp_id.into(),
            secret: secret.into(),
            agent_id,
            tokens: Tokens::default(),
            asked: Window::default(),
            unknown: HashSet::new(),
            unlicensed: HashSet::new(),
            members: HashMap::new(),
            seen: Vec::new(),
        }
    }

    /// The same, but it does not know these users, nor `party:`s and `tag:`s of these names.
    #[must_use]
    pub fn without(mut self, recipients: &[&str]) -> Self {
        self.unknown.extend(recipients.iter().map(|name| name.to_lowercase()));
        self
    }

    /// The same, but these users have no licence.
    #[must_use]
    pub fn without_licence(mut self, users: &[&str]) -> Self {
        self.unlicensed.extend(users.iter().map(|name| name.to_lowercase()));
        self
    }

    /// Its tokens, to be revoked and counted while it is at work.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        self.tokens.clone()
    }

    fn get_token(&mut self, call: &Call, now: f64) -> Reply {
        if call.parameter("corpid") != Some(&*self.corp_id) {
            return refused(40_013, "invalid corpid");
        }
        if call.parameter("corpsecret") != Some(&*self.secret) {
            return refused(40_091, "secret is invalid");
        }
        if !self.asked.take(now, TOKEN_LIMIT, 60.0) {
            return refused(45_009, "api freq out of limit");
        }
        let (token, expires_in) = self.tokens.issue(now);
        let answer = json!({
            "errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": expires_in,
        });
        Reply::json(200, &answer)
    }

    fn send(&mut self, call: &Call, now: f64) -> Result<Reply, Reply> {
        let token = call.parameter("access_token").unwrap_or_default();
        self.tokens.check(token, now).map_err(|bad| match bad {
            BadToken::Unknown => refused(40_014, "invalid access_token"),
            BadToken::Expired => refused(42_001, "access_token expired"),
        })?;
        let body = call.json().filter(|body| is_json(call) && body.is_object());
        let body = body.ok_or_else(|| refused(47_001, "data format error"))?;
        let text = self.text(&body)?;
        let recipients = recipients(&body, &self.unknown, &self.unlicensed)?;
        let answer = answer(&recipients);
        if recipients.reached.is_empty() {
            return Ok(Reply::json(200, &answer));
        }
        let fresh = self.is_fresh(&body, &call.body, now);
        let reached = recipients.reached.iter().filter(|to| fresh && self.takes(to, now));
        let shown: Vec<Shown> = reached.map(|to| Shown::now(to, &text)).collect();
        Ok(Reply::json(200, &answer).showing(shown))
    }

    /// What the message says.
    fn text(&self, body: &Value) -> Result<String, Reply> {
        match body["agentid"].as_i64() {
            None => return Err(refused(40_056, "invalid agentid")),
            Some(agent) if agent != self.agent_id => {
                return Err(refused(301_002, "not allow operate another agent with this token"));
            }
            Some(_) => {}
        }
        match body["msgtype"].as_str() {
            Some("markdown") => content(body, "markdown", MAX_MARKDOWN).map(str::to_owned),
            Some("text") => {
                let text = content(body, "text", usize::MAX)?;
                let fits = text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= MAX_TEXT);
                Ok(fits.map(|(_, c)| c).collect())
            }
            _ => Err(refused(40_008, "invalid message type")),
        }
    }

    /// Whether the request is to be carried out: it does not ask not to be twice, or is new.
    fn is_fresh(&mut self, body: &Value, bytes: &[u8], now: f64) -> bool {
        if body["enable_duplicate_check"].as_i64() != Some(1) {
            return true;
        }
        self.seen.retain(|(_, end)| now < *end);
        let fresh = !self.seen.iter().any(|(seen, _)| seen == bytes);
        if fresh {
            let asked = body["duplicate_check_interval"].as_u64().unwrap_or(DUPLICATES.0);
            self.seen.push((bytes.to_vec(), now + asked.min(DUPLICATES.1) as f64));
        }
        fresh
    }

    /// Whether somebody may be sent another message; nobody is told when not.
    fn takes(&mut self, to: &str, now: f64) -> bool {
        let member = self.members.entry(to.to_owned()).or_default();
        if now < member.blocked_until {
            return false;
        }
        let over = LIMITS.iter().find(|(limit, time)| member.sent.within(now, *time) >= *limit);
        if let Some((_, time)) = over {
            member.blocked_until = now + time;
            return false;
        }
        member.sent.take(now, usize::MAX, 0.0)
    }
}

/// What WeCom says to a message that it took for those who can be reached.
fn answer(recipients: &Recipients) -> Value {
    let mut answer = if recipients.reached.is_empty() {
        refusal(81_013, "user & party & tag all invalid")
    } else {
        json!({ "errcode": 0, "errmsg": "ok", "msgid": "R1CB2Y3MZLgsNVQIFiYnPOVl" })
    };
    for (field, names) in &recipients.failed {
        answer[*field] = json!(names.join("|"));
    }
    answer
}

impl Vendor for App {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        match (&*call.method, &*call.path) {
            ("GET", "/cgi-bin/gettoken") => self.get_token(call, now),
            ("POST", "/cgi-bin/message/send") => {
                self.send(call, now).unwrap_or_else(|refused| refused)
            }
            _ => Reply::not_found(),
        }
    }
}

use super::{STALE, base, page};
use crate::{
    Channels,
    channels::query::with_parameters,
    report::{Said, coded, not_sent, preceded},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use umpire_model::{Secret, Timestamp};
use umpire_notify::{ChannelKind, Outcome, Report, WecomApp};
use umpire_outbound::{Answer, Method};

/// Seconds before its end from which a token is not used any more.
const MARGIN: u64 = 300;
/// Seconds that a token lives when WeCom does not say.
const USUAL_LIFE: u64 = 7_200;
/// The longest that is believed, in seconds.
const LONGEST_LIFE: u64 = 24 * 3_600;
/// Bytes of a token.
const MAX_TOKEN: usize = 512;
/// Applications whose tokens are kept; those nobody waits for go first.
const MAX_ACCOUNTS: usize = 1_000;

/// The tokens of all applications. Each is fetched by one, and the others wait for it.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<Account, Arc<Slot>>>);

/// Whose token: every application, and every secret of it, has one of its own.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Account {
    base_url: String,
    corp_id: String,
    secret_hash: [u8; 32],
}

#[derive(Debug, Default)]
struct Slot {
    /// Counts answers of WeCom, so that those who waited know that there was one.
    fetches: AtomicU64,
    last: tokio::sync::Mutex<Last>,
}

/// What came of it the last time.
#[derive(Debug, Default)]
struct Last {
    token: Option<Token>,
    failure: Option<Report>,
}

#[derive(Debug)]
struct Token {
    text: Secret,
    /// It is not used from then on.
    end: Timestamp,
}

impl Tokens {
    /// A token to use now, other than the `stale` one; a report when there is none.
    pub(super) async fn token(
        &self,
        channels: &Channels,
        config: &WecomApp,
        stale: Option<&Secret>,
        now: Timestamp,
    ) -> Result<Secret, Report> {
        let slot = self.slot(config);
        let before = slot.fetches.load(Ordering::SeqCst);
        let mut last = slot.last.lock().await;
        if let Some(text) = last.usable(stale, now) {
            return Ok(text);
        }
        // Whoever asked while this one waited was refused for both.
        let is_answered = slot.fetches.load(Ordering::SeqCst) != before;
        if let Some(failure) = last.failure.clone().filter(|_| is_answered) {
            return Err(failure);
        }
        let fetched = fetch(channels, config, now).await;
        slot.fetches.fetch_add(1, Ordering::SeqCst);
        last.keep(fetched)
    }

    fn slot(&self, config: &WecomApp) -> Arc<Slot> {
        let account = Account {
            base_url: base(config).to_owned(),
            corp_id: config.corp_id.clone(),
            secret_hash: Sha256::digest(config.secret.reveal().as_bytes()).into(),
        };
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_ACCOUNTS && !slots.contains_key(&account) {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        slots.entry(account).or_default().clone()
    }
}

impl Last {
    fn usable(&self, stale: Option<&Secret>, now: Timestamp) -> Option<Secret> {
        let token = self.token.as_ref()?;
        (now < token.end && stale != Some(&token.text)).then(|| token.text.clone())
    }

    fn keep(&mut self, fetched: Result<Token, Report>) -> Result<Secret, Report> {
        match fetched {
            Ok(token) => {
                self.failure = None;
                Ok(self.token.insert(token).text.clone())
            }
            Err(report) => {
                self.failure = Some(report.clone());
                Err(report)
            }
        }
    }
}

async fn fetch(channels: &Channels, config: &WecomApp, now: Timestamp) -> Result<Token, Report> {
    let parameters = [("corpid", &*config.corp_id), ("corpsecret", config.secret.reveal())];
    let url = with_parameters(&page(config, "gettoken"), &parameters);
    let called = channels.outbound.call(Method::Get, &url, &[], Vec::new()).await;
    let answer = called.map_err(|error| without_token(not_sent(&error)))?;
    read(channels, &answer, now)
}

fn read(channels: &Channels, answer: &Answer, now: Timestamp) -> Result<Token, Report> {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = Said::read(&body, &[("errcode", "errmsg")]);
    let report = coded(&channels.codes, ChannelKind::WecomApp, answer, said.as_ref());
    let text = body["access_token"].as_str().unwrap_or_default();
    if report.outcome != Outcome::Delivered || text.is_empty() || text.len() > MAX_TOKEN {
        return Err(without_token(report));
    }
    Ok(Token { text: text.into(), end: now.plus_seconds(usable_for(&body["expires_in"])) })
}

/// Seconds that a token is used.
fn usable_for(expires_in: &Value) -> i64 {
    let life = expires_in.as_u64().filter(|life| *life > 0).unwrap_or(USUAL_LIFE);
    let life = life.min(LONGEST_LIFE);
    i64::try_from(life - MARGIN.min(life / 2)).unwrap_or(0)
}

/// No message was in the request, so none can have been taken. Codes of a token mean the
/// secret here.
fn without_token(report: Report) -> Report {
    let outcome = match report.outcome {
        _ if STALE.contains(&&*report.vendor_code) => Outcome::Permanent,
        Outcome::Unknown | Outcome::Delivered | Outcome::Partial(_) => Outcome::Transient,
        other => other,
    };
    preceded("no access token", Report { outcome, ..report })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::channels;
    use serde_json::json;

    const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

    fn of(status: u16, body: &str) -> Result<Token, Report> {
        let answer = Answer { status, retry_after: None, body: body.as_bytes().to_vec() };
        read(&channels(), &answer, NOW)
    }

    #[test]
    fn tokens_are_renewed_before_they_end() {
        for (expires_in, expected) in [
            (json!(7_200), 6_900),
            (json!(301), 151),
            (json!(600), 300),
            (json!(2), 1),
            // A field that is not there is no token that never lives.
            (Value::Null, 6_900),
            (json!(0), 6_900),
            (json!(-1), 6_900),
            (json!(u64::MAX), 86_100),
        ] {
            assert_eq!(usable_for(&expires_in), expected, "{expires_in}");
        }
        let token = r#"{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200}"#;
        assert_eq!(of(200, token).expect("a token").end, NOW.plus_seconds(6_900));
    }

    #[test]
    fn without_a_token_nothing_was_taken() {
        use Outcome as O;
        let long = format!(r#"{{"errcode":0,"access_token":"{}"}}"#, "x".repeat(513));
        for (status, body, expected) in [
            (200, r#"{"errcode":40091,"errmsg":"secret"}"#, O::Permanent),
            (200, r#"{"errcode":40001,"errmsg":"secret"}"#, O::Permanent),
            (200, r#"{"errcode":40013,"errmsg":"corpid"}"#, O::Permanent),
            (200, r#"{"errcode":45009,"errmsg":"freq"}"#, O::Throttled(60)),
            (200, r#"{"errcode":-1,"errmsg":"busy"}"#, O::Transient),
            (200, r#"{"errcode":0,"errmsg":"ok"}"#, O::Transient),
            (200, r#"{"errcode":0,"access_token":""}"#, O::Transient),
            (200, &long, O::Transient),
            (200, "<html>", O::Transient),
            (502, "", O::Transient),
            (404, "", O::Permanent),
        ] {
            let report = of(status, body).expect_err(body);
            assert_eq!(report.outcome, expected, "{body}");
            assert!(report.detail.starts_with("no access token:"), "{}", report.detail);
        }
    }

    #[test]
    fn nothing_is_shown_of_what_is_kept() {
        let token = of(200, r#"{"errcode":0,"access_token":"hush-hush"}"#).expect("a token");
        let last = Last { token: Some(token), failure: None };
        assert!(!format!("{last:?}").contains("hush"));
    }
}

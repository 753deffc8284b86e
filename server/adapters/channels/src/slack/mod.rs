//! Slack: an incoming webhook, which answers in one word, or with a token the Web API.

mod mentions;
mod message;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    codes::Codes,
    report::{by_status, not_sent, report},
};
use serde_json::Value;
use umpire_notify::{ChannelKind, Outcome, Parcel, Report, Slack};
use umpire_outbound::Answer;

/// The Web API unless a receiver says otherwise.
const API: &str = "https://slack.com/api";
/// Longest word that counts as an error's name.
const MAX_CODE: usize = 64;

/// Posts the notice into the channel.
pub(crate) async fn deliver(channels: &Channels, config: &Slack, parcel: &Parcel<'_>) -> Report {
    let body = message::message(config, parcel).to_string().into_bytes();
    let mut headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
    let (url, token) = (config.url.reveal(), config.token.reveal());
    if token.is_empty() {
        return match channels.outbound.post(url, &headers, body).await {
            Ok(answer) => judge_webhook(&channels.codes, &answer),
            Err(error) => not_sent(&error),
        };
    }
    headers.push(("authorization", format!("Bearer {token}")));
    let base = if url.is_empty() { API } else { url.trim_end_matches('/') };
    match channels.outbound.post(&format!("{base}/chat.postMessage"), &headers, body).await {
        Ok(answer) => judge_api(&channels.codes, &answer),
        Err(error) => not_sent(&error),
    }
}

/// Success is `ok` and nothing else; an error is its name.
fn judge_webhook(codes: &Codes, answer: &Answer) -> Report {
    let text = String::from_utf8_lossy(&answer.body);
    match (answer.status, text.trim()) {
        (200, "ok") => report(Outcome::Delivered, answer, "", "ok"),
        (200..300, name) if codes.outcome(ChannelKind::Slack, name, "").is_none() => {
            not_understood(answer)
        }
        (_, name) if is_name(name) => refusal(codes, answer, name),
        _ => by_status(answer),
    }
}

/// Success is `ok: true`; an error has its name in `error`.
fn judge_api(codes: &Codes, answer: &Answer) -> Report {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    match (answer.status, body["ok"].as_bool(), body["error"].as_str()) {
        (200, Some(true), _) => Report {
            vendor_id: body["ts"].as_str().unwrap_or_default().to_owned(),
            ..report(Outcome::Delivered, answer, "", "ok")
        },
        (_, Some(false), Some(name)) if is_name(name) => refusal(codes, answer, name),
        (200..300, ..) => not_understood(answer),
        _ => by_status(answer),
    }
}

/// Of an error that Slack names. One that no table knows is for ever, unless the status
/// says something else.
fn refusal(codes: &Codes, answer: &Answer, name: &str) -> Report {
    let known = codes.outcome(ChannelKind::Slack, name, "");
    let outcome = match (by_status(answer).outcome, known) {
        // Its header says how long.
        (throttled @ Outcome::Throttled(_), _) => throttled,
        (_, Some(known)) => known,
        (Outcome::Delivered, None) => Outcome::Permanent,
        (usual, None) => usual,
    };
    report(outcome, answer, name, name)
}

fn not_understood(answer: &Answer) -> Report {
    report(Outcome::Unknown, answer, "", "the answer is not Slack's")
}

/// Whether it looks like `channel_not_found`.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=MAX_CODE).contains(&text.len()) && text != "ok" && text.bytes().all(plain)
}

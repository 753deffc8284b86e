//! What an answer, or none, means where a channel knows nothing better.

use crate::codes::Codes;
use serde_json::Value;
use std::time::Duration;
use umpire_notify::{ChannelKind, Outcome, Report};
use umpire_outbound::{Answer, OutboundError};

/// Characters of a vendor's own words that are kept.
const MAX_SAID: usize = 500;
/// Characters of an answer that is no vendor's own words.
const MAX_BODY: usize = 200;
/// Seconds to wait when a vendor says that it is too much, and not how long.
const USUAL_WAIT: u64 = 60;

/// Of a call that was not answered.
pub(crate) fn not_sent(error: &OutboundError) -> Report {
    let outcome = match error {
        OutboundError::Unreachable(_) | OutboundError::Timeout { sent: false } => {
            Outcome::Transient
        }
        OutboundError::Timeout { sent: true }
        | OutboundError::Broken(_)
        | OutboundError::BrokenOff { .. }
        | OutboundError::AnswerTooLong { .. } => Outcome::Unknown,
        OutboundError::BadUrl(_)
        | OutboundError::BadHeader(_)
        | OutboundError::Forbidden(_)
        | OutboundError::Setup(_) => Outcome::Permanent,
    };
    let status = match error {
        OutboundError::AnswerTooLong { status, .. } | OutboundError::BrokenOff { status } => {
            *status
        }
        _ => 0,
    };
    Report { outcome, status, ..refused(&error.to_string()) }
}

/// Of an answer whose status says everything.
pub(crate) fn by_status(answer: &Answer) -> Report {
    let body = cleaned(&String::from_utf8_lossy(&answer.body), MAX_BODY);
    let said = match &*body {
        "" => format!("HTTP {}", answer.status),
        body => format!("HTTP {}: {body}", answer.status),
    };
    report(outcome_of(answer), answer, "", &said)
}

fn outcome_of(answer: &Answer) -> Outcome {
    match answer.status {
        200..=299 => Outcome::Delivered,
        429 => Outcome::Throttled(wait(answer, USUAL_WAIT)),
        503 if answer.retry_after.is_some() => Outcome::Throttled(wait(answer, USUAL_WAIT)),
        410 => Outcome::Gone,
        501 => Outcome::Permanent,
        408 | 425 | 500..=599 => Outcome::Transient,
        _ => Outcome::Permanent,
    }
}

/// Whole seconds to wait: what the answer asks for, or else so many.
fn wait(answer: &Answer, usual: u64) -> u64 {
    // Never sooner than was asked.
    let asked = |wait: Duration| wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    answer.retry_after.map_or(usual, asked).max(1)
}

/// Of an answer that a channel understood. `said` are the vendor's words, or ours.
pub(crate) fn report(outcome: Outcome, answer: &Answer, vendor_code: &str, said: &str) -> Report {
    let vendor_code = cleaned(vendor_code, MAX_BODY);
    Report { outcome, status: answer.status, vendor_code, ..refused(said) }
}

/// Of a receiver that cannot be called the way it is configured.
pub(crate) fn refused(detail: &str) -> Report {
    Report {
        outcome: Outcome::Permanent,
        status: 0,
        vendor_code: String::new(),
        detail: cleaned(detail, MAX_SAID),
        vendor_id: String::new(),
    }
}

/// The same, with our words before those of the vendor.
pub(crate) fn preceded(words: &str, report: Report) -> Report {
    let detail = cleaned(&format!("{words}: {}", report.detail), MAX_SAID);
    Report { detail, ..report }
}

/// On one line, and no longer than so many characters.
fn cleaned(text: &str, max: usize) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().chars().take(max).collect()
}

/// The code and the words of a vendor that answers with both, whatever the HTTP status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// `0` is success.
    pub code: String,
    /// For people.
    pub text: String,
}

impl Said {
    /// Reads them from the first of these pairs of fields whose code is there.
    pub(crate) fn read(body: &Value, fields: &[(&str, &str)]) -> Option<Self> {
        fields.iter().find_map(|(code, text)| {
            let code = match body.get(code)? {
                Value::Number(code) => code.to_string(),
                Value::String(code) => code.clone(),
                _ => return None,
            };
            let text = body.get(text).and_then(Value::as_str).unwrap_or_default();
            Some(Self { code, text: text.to_owned() })
        })
    }
}

/// Of an answer of such a vendor: success is `0` with HTTP 200, and nothing else.
pub(crate) fn coded(
    codes: &Codes,
    channel: ChannelKind,
    answer: &Answer,
    said: Option<&Said>,
) -> Report {
    match said {
        None if is_success(answer) => not_understood(answer),
        None => by_status(answer),
        Some(said) if said.code == "0" => match answer.status {
            200 => report(Outcome::Delivered, answer, "0", &said.text),
            _ if is_success(answer) => not_understood(answer),
            _ => by_status(answer),
        },
        Some(said) => {
            let known = codes.outcome(channel, &said.code, &said.text);
            let outcome = known.map_or_else(|| unknown(answer), |known| patient(known, answer));
            report(outcome, answer, &said.code, &said.text)
        }
    }
}

fn is_success(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}

/// It may have been taken: a proxy in between, or half an answer.
fn not_understood(answer: &Answer) -> Report {
    let said = format!("HTTP {} without the documented answer", answer.status);
    report(Outcome::Unknown, answer, "", &said)
}

/// A code that no table knows: it was refused, so trying again makes no second message.
fn unknown(answer: &Answer) -> Outcome {
    if is_success(answer) { Outcome::Transient } else { outcome_of(answer) }
}

/// A vendor that asks for more time than its code does is given that.
fn patient(outcome: Outcome, answer: &Answer) -> Outcome {
    match outcome {
        Outcome::Throttled(seconds) => Outcome::Throttled(seconds.max(wait(answer, seconds))),
        other => other,
    }
}

#[cfg(test)]
mod tests;

//! What an answer, or none, means.

use serde_json::{Map, Value};
use std::time::Duration;
use umpire_outbound::{Answer, OutboundError};
use umpire_sanctions::{Notice, Settled};

/// Characters of an enforcer's own words that are kept.
const MAX_WORDS: usize = 500;

/// What a call came to. Success is said in the body, with status 200; of an expiry any
/// success will do, since nothing depends on it.
pub(crate) fn outcome(call: Result<Answer, OutboundError>, notice: Notice) -> Settled {
    match call {
        Ok(answer) if notice == Notice::Expire && (200..300).contains(&answer.status) => {
            Settled::Applied
        }
        Ok(answer) => reported(&answer),
        Err(error @ (OutboundError::BadUrl(_) | OutboundError::Forbidden(_))) => {
            Settled::Refused { error: error.to_string() }
        }
        Err(error) => Settled::Retry { error: error.to_string(), after: None },
    }
}

fn reported(answer: &Answer) -> Settled {
    let after = answer.retry_after.map(whole_seconds);
    let retry = |error: String| Settled::Retry { error, after };
    if answer.status != 200 {
        return retry(format!("HTTP {}", answer.status));
    }
    let Ok(report) = serde_json::from_slice::<Map<String, Value>>(&answer.body) else {
        return retry("HTTP 200 without a JSON object".into());
    };
    let said = |field| report.get(field).and_then(Value::as_str).unwrap_or_default();
    match said("result") {
        "APPLIED" | "ALREADY" => Settled::Applied,
        "FAILED" => retry(with_words("it failed", said("error"))),
        "UNKNOWN_SUBJECT" => {
            Settled::Refused { error: with_words("it knows no such subject", said("error")) }
        }
        _ => retry("HTTP 200 without a known result".into()),
    }
}

/// Never sooner than was asked.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// What happened, in our words and then in the enforcer's, bounded and on one line.
fn with_words(ours: &str, theirs: &str) -> String {
    let theirs: String = theirs.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect();
    if theirs.is_empty() { ours.to_owned() } else { format!("{ours}: {theirs}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An outcome as a line of a table.
    fn shown(settled: Settled) -> String {
        match settled {
            Settled::Applied => "applied".into(),
            Settled::Retry { error, after: None } => format!("retry: {error}"),
            Settled::Retry { error, after: Some(wait) } => format!("retry in {wait} s: {error}"),
            Settled::Refused { error } => format!("refused: {error}"),
            Settled::Gone => "gone".into(),
        }
    }

    fn answer(status: u16, wait: Option<f64>, body: &str) -> Answer {
        let retry_after = wait.map(Duration::from_secs_f64);
        Answer { status, retry_after, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn success_is_said_in_the_body() {
        for (status, body, expected) in [
            (200, r#"{"result":"APPLIED"}"#, "applied"),
            (200, r#"{"result":"ALREADY","more":[1]}"#, "applied"),
            (200, r#"{"result":"FAILED"}"#, "retry: it failed"),
            (200, r#"{"result":"FAILED","error":"db\r\ndown"}"#, "retry: it failed: dbdown"),
            (200, r#"{"result":"UNKNOWN_SUBJECT"}"#, "refused: it knows no such subject"),
            (200, r#"{"result":"applied"}"#, "retry: HTTP 200 without a known result"),
            (200, r#"{"result":true}"#, "retry: HTTP 200 without a known result"),
            (200, r#"{"ok":true}"#, "retry: HTTP 200 without a known result"),
            (200, r#"["APPLIED"]"#, "retry: HTTP 200 without a JSON object"),
            (200, r#""APPLIED""#, "retry: HTTP 200 without a JSON object"),
            (200, "<p>APPLIED</p>", "retry: HTTP 200 without a JSON object"),
            (200, "", "retry: HTTP 200 without a JSON object"),
            (201, r#"{"result":"APPLIED"}"#, "retry: HTTP 201"),
            (204, "", "retry: HTTP 204"),
            (302, r#"{"result":"APPLIED"}"#, "retry: HTTP 302"),
            (404, r#"{"result":"UNKNOWN_SUBJECT"}"#, "retry: HTTP 404"),
            (500, r#"{"result":"APPLIED"}"#, "retry: HTTP 500"),
        ] {
            for notice in [Notice::Apply, Notice::Extend, Notice::Lift] {
                let settled = outcome(Ok(answer(status, None, body)), notice);
                assert_eq!(shown(settled), expected, "{status} {body}");
            }
        }
    }

    #[test]
    fn an_expiry_needs_no_result() {
        for (status, expected) in [(200, "applied"), (204, "applied"), (500, "retry: HTTP 500")] {
            let settled = outcome(Ok(answer(status, None, "")), Notice::Expire);
            assert_eq!(shown(settled), expected, "{status}");
        }
    }

    #[test]
    fn enforcers_that_ask_for_time_get_it() {
        for (status, wait, expected) in [
            (429, 120.0, "retry in 120 s: HTTP 429"),
            (503, 0.2, "retry in 1 s: HTTP 503"),
            (200, 3.0, "retry in 3 s: HTTP 200 without a JSON object"),
        ] {
            let settled = outcome(Ok(answer(status, Some(wait), "")), Notice::Apply);
            assert_eq!(shown(settled), expected);
        }
    }

    #[test]
    fn long_words_are_cut() {
        let body = format!(r#"{{"result":"FAILED","error":"{}"}}"#, "é".repeat(600));
        let settled = outcome(Ok(answer(200, None, &body)), Notice::Apply);
        assert_eq!(shown(settled), format!("retry: it failed: {}", "é".repeat(500)));
    }

    #[test]
    fn only_what_time_may_heal_is_tried_again() {
        let address = "10.0.0.1".parse().expect("an address");
        for (error, expected) in [
            (OutboundError::BadUrl("it is malformed"), "refused: "),
            (OutboundError::Forbidden(address), "refused: 10.0.0.1 is"),
            (OutboundError::Unreachable("refused".into()), "retry: refused"),
            (OutboundError::Timeout { sent: true }, "retry: no answer"),
            (OutboundError::Timeout { sent: false }, "retry: no answer"),
            (OutboundError::AnswerTooLong { status: 200, limit: 9 }, "retry: HTTP 200"),
        ] {
            let settled = shown(outcome(Err(error), Notice::Apply));
            assert!(settled.starts_with(expected), "{settled}");
        }
    }
}

//! Any service that takes JSON, signed after Standard Webhooks 1.0.0.

mod body;
pub(crate) mod facts;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod usual;

use crate::{
    Channels,
    report::{by_status, not_sent, refused, report},
};
use umpire_notify::{Outcome, Parcel, Report, WebhookChannel};
use umpire_outbound::{
    Answer, OutboundError,
    standard_webhooks::{BadSecret, sign},
};

/// Posts the notice, signed for this attempt.
pub(crate) async fn deliver(
    channels: &Channels,
    config: &WebhookChannel,
    parcel: &Parcel<'_>,
) -> Report {
    let Ok(body) = body::body(parcel) else {
        return refused("the notice cannot be written as JSON");
    };
    let id = format!("msg_{}", parcel.id);
    // The moment is the attempt's: a signature of the first would be too old for the last.
    let seconds = parcel.time.parts().0;
    let signatures = match signatures(config, &id, seconds, &body) {
        Ok(signatures) => signatures,
        Err(error) => return refused(&error.to_string()),
    };
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures),
    ];
    match channels.outbound.post(config.url.reveal(), &headers, body).await {
        Ok(answer) => judge(&answer),
        Err(error) => without_answer(&error),
    }
}

/// One signature for each secret that may be in use at the other end.
fn signatures(
    config: &WebhookChannel,
    id: &str,
    seconds: i64,
    body: &[u8],
) -> Result<String, BadSecret> {
    let mut signatures = sign(config.secret.reveal(), id, seconds, body)?;
    if !config.previous_secret.is_empty() {
        signatures.push(' ');
        signatures.push_str(&sign(config.previous_secret.reveal(), id, seconds, body)?);
    }
    Ok(signatures)
}

/// The specification asks for a status alone, whatever the body is.
fn judge(answer: &Answer) -> Report {
    match answer.status {
        200..300 => report(Outcome::Delivered, answer, "", ""),
        _ => by_status(answer),
    }
}

fn without_answer(error: &OutboundError) -> Report {
    match error {
        OutboundError::AnswerTooLong { status: status @ 200..300, .. }
        | OutboundError::BrokenOff { status: status @ 200..300 } => {
            judge(&Answer { status: *status, retry_after: None, body: Vec::new() })
        }
        error => not_sent(error),
    }
}

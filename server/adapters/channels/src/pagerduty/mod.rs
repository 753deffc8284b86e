//! PagerDuty, Events API v2: one incident for each thread, triggered and resolved under the
//! same key, so that a call that is repeated changes nothing.

mod event;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    report::{by_status, not_sent, report},
};
use serde_json::Value;
use umpire_notify::{Outcome, Pagerduty, Parcel, Report};
use umpire_outbound::Answer;

/// Where events go unless a receiver says otherwise.
const URL: &str = "https://events.pagerduty.com/v2/enqueue";

/// Triggers or resolves the incident of the notice's thread.
pub(crate) async fn deliver(
    channels: &Channels,
    config: &Pagerduty,
    parcel: &Parcel<'_>,
) -> Report {
    let url = if config.url.is_empty() { URL } else { &config.url };
    let headers = [("content-type", "application/json".to_owned())];
    match channels.outbound.post(url, &headers, event::event(config, parcel)).await {
        Ok(answer) => judge(&answer),
        Err(error) => not_sent(&error),
    }
}

/// Success is 202 and says so in the body. Any other success is not PagerDuty's.
fn judge(answer: &Answer) -> Report {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = |field: &str| body[field].as_str().unwrap_or_default();
    match answer.status {
        202 if said("status") == "success" => Report {
            vendor_id: said("dedup_key").to_owned(),
            ..report(Outcome::Delivered, answer, "success", said("message"))
        },
        200..300 => report(Outcome::Unknown, answer, "", "the answer is not PagerDuty's"),
        400 if body.is_object() => {
            report(Outcome::Permanent, answer, said("status"), &errors(said("message"), &body))
        }
        _ => by_status(answer),
    }
}

/// What is wrong with an event, in PagerDuty's words.
fn errors(message: &str, body: &Value) -> String {
    let errors = body["errors"].as_array().into_iter().flatten().filter_map(Value::as_str);
    std::iter::once(message).chain(errors).collect::<Vec<_>>().join("; ")
}

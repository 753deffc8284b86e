//! Prometheus Alertmanager, API v2. Every member of a cluster is told, because members
//! tell each other of notices and not of alerts; posting the same alert again is harmless.

mod alerts;
mod annotations;
mod cluster;
#[cfg(test)]
mod tests;

use crate::{
    Channels,
    report::{by_status, not_sent, refused, report},
};
use data_encoding::BASE64;
use futures_util::future::join_all;
use serde_json::Value;
use umpire_notify::{Alertmanager, Outcome, Parcel, Report};
use umpire_outbound::Answer;

/// Posts the notice to all members; one that takes it is enough.
pub(crate) async fn deliver(
    channels: &Channels,
    config: &Alertmanager,
    parcel: &Parcel<'_>,
) -> Report {
    if config.urls.is_empty() {
        return refused("no member of the cluster is configured");
    }
    let body = alerts::alerts(parcel).to_string().into_bytes();
    let headers = headers(config);
    let calls = config.urls.iter().map(|url| tell(channels, url, &headers, body.clone()));
    cluster::together(&config.urls, join_all(calls).await)
}

async fn tell(channels: &Channels, url: &str, headers: &[(&str, String)], body: Vec<u8>) -> Report {
    let url = format!("{}/api/v2/alerts", url.trim_end_matches('/'));
    match channels.outbound.post(&url, headers, body).await {
        Ok(answer) => judge(&answer),
        Err(error) => not_sent(&error),
    }
}

fn headers(config: &Alertmanager) -> Vec<(&'static str, String)> {
    let mut headers = vec![("content-type", "application/json".to_owned())];
    let token = config.token.reveal();
    if !config.username.is_empty() {
        let pair = format!("{}:{token}", config.username);
        headers.push(("authorization", format!("Basic {}", BASE64.encode(pair.as_bytes()))));
    } else if !token.is_empty() {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    headers
}

/// Success has no body, or one in JSON: a page of some proxy is not success.
fn judge(answer: &Answer) -> Report {
    let body = answer.body.trim_ascii();
    let plausible = body.is_empty() || serde_json::from_slice::<Value>(body).is_ok();
    match answer.status {
        200..300 if plausible => report(Outcome::Delivered, answer, "", ""),
        200..300 => report(Outcome::Unknown, answer, "", "the answer is not Alertmanager's"),
        _ => by_status(answer),
    }
}

//! Aliyun's RPC APIs: everything in the query, signed with ACS3-HMAC-SHA256. Text messages
//! and calls share it.

mod signature;
#[cfg(test)]
mod tests;

use super::{account::Account, numbers::without_numbers, outcome::outcome};
use crate::{
    Channels,
    report::{Said, by_status, not_sent, refused, report},
};
use serde_json::Value;
use signature::{Request, query_string};
use umpire_model::Timestamp;
use umpire_notify::{Outcome, Parcel, Report};
use umpire_outbound::Answer;

/// One of its APIs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api {
    /// The provider's own.
    pub url: &'static str,
    /// What is to be done.
    pub action: &'static str,
    /// Of the API.
    pub version: &'static str,
    /// Where an answer says how the provider names the message.
    pub id_field: &'static str,
}

/// Calls an API with these parameters, signed for this attempt.
pub(crate) async fn call(
    channels: &Channels,
    account: &Account<'_>,
    api: &Api,
    parameters: &[(&str, String)],
    parcel: &Parcel<'_>,
) -> Report {
    let Some(endpoint) = account.endpoint(api.url) else {
        return refused("`base_url` is no HTTP URL without a query");
    };
    let query = query_string(parameters);
    let path = format!("{}/", endpoint.path);
    let request = Request {
        host: endpoint.host,
        path: &path,
        action: api.action,
        version: api.version,
        date: date(parcel.time),
        nonce: nonce(parcel),
        query: &query,
    };
    let headers = request.signed(account.key_id, account.key_secret.reveal());
    let url = format!("{}{}{path}?{query}", endpoint.scheme, endpoint.host);
    match channels.outbound.post(&url, &headers, Vec::new()).await {
        Ok(answer) => judge(channels, account, api, &answer),
        Err(error) => not_sent(&error),
    }
}

/// To the second, as in `2023-11-14T22:13:20Z`.
fn date(time: Timestamp) -> String {
    Timestamp(time.parts().0.saturating_mul(1_000_000)).to_string()
}

/// No two calls have the same: not two numbers of one attempt either.
fn nonce(parcel: &Parcel<'_>) -> String {
    format!("{}{:016x}", parcel.id.0.simple(), getrandom::u64().unwrap_or_default())
}

/// `OK` is success, whoever says it with another status is not Aliyun.
fn judge(channels: &Channels, account: &Account<'_>, api: &Api, answer: &Answer) -> Report {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = Said::read(&body, &[("Code", "Message")]);
    match said {
        Some(said) if said.code == "OK" && answer.status == 200 => Report {
            vendor_id: body[api.id_field].as_str().unwrap_or_default().to_owned(),
            ..report(Outcome::Delivered, answer, &said.code, "accepted")
        },
        Some(said) if said.code != "OK" => {
            let outcome = outcome(channels, account, answer, &said);
            report(outcome, answer, &said.code, &without_numbers(&said.text))
        }
        _ if (200..300).contains(&answer.status) => {
            report(Outcome::Unknown, answer, "", "the answer is not Aliyun's")
        }
        _ => {
            let report = by_status(answer);
            Report { detail: without_numbers(&report.detail), ..report }
        }
    }
}

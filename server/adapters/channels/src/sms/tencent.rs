//! Tencent Cloud's API 3.0: JSON, signed with TC3-HMAC-SHA256. Text messages and calls
//! share it.

mod signature;
#[cfg(test)]
mod tests;

use super::{account::Account, numbers::without_numbers, outcome::outcome};
use crate::{
    Channels,
    report::{Said, by_status, not_sent, refused, report},
};
use serde::Serialize;
use serde_json::Value;
use signature::Request;
use umpire_notify::{Outcome, Parcel, Report};
use umpire_outbound::Answer;

/// Where the services are, unless a receiver says otherwise.
const REGION: &str = "ap-guangzhou";

/// One of its APIs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api {
    /// The provider's own.
    pub url: &'static str,
    /// The first part of its name, which is signed.
    pub service: &'static str,
    /// What is to be done.
    pub action: &'static str,
    /// Of the API.
    pub version: &'static str,
}

/// Calls an API, signed for this attempt, and gives the `Response` of one that was not
/// refused, with the answer it stood in.
///
/// # Errors
/// What the call came to otherwise.
pub(crate) async fn call(
    channels: &Channels,
    account: &Account<'_>,
    api: &Api,
    region: &str,
    body: &impl Serialize,
    parcel: &Parcel<'_>,
) -> Result<(Answer, Value), Report> {
    let endpoint = account.endpoint(api.url);
    let endpoint = endpoint.ok_or_else(|| refused("`base_url` is no HTTP URL without a query"))?;
    let body = serde_json::to_vec(body).map_err(|error| refused(&error.to_string()))?;
    let path = format!("{}/", endpoint.path);
    let request = Request {
        host: endpoint.host,
        path: &path,
        service: api.service,
        action: Some(api.action),
        seconds: parcel.time.parts().0,
        body: &body,
    };
    let headers = headers(&request, account, api, region);
    let url = format!("{}{}{path}", endpoint.scheme, endpoint.host);
    let answer = channels.outbound.post(&url, &headers, body).await;
    let answer = answer.map_err(|error| not_sent(&error))?;
    match response(&answer) {
        Some(response) => match Said::read(&response["Error"], &[("Code", "Message")]) {
            Some(said) => Err(judge(channels, account, &answer, &said)),
            None => Ok((answer, response)),
        },
        None => Err(without_response(&answer)),
    }
}

fn headers(
    request: &Request<'_>,
    account: &Account<'_>,
    api: &Api,
    region: &str,
) -> [(&'static str, String); 7] {
    let region = if region.is_empty() { REGION } else { region };
    [
        ("host", request.host.to_owned()),
        ("content-type", signature::CONTENT_TYPE.to_owned()),
        ("x-tc-action", api.action.to_owned()),
        ("x-tc-version", api.version.to_owned()),
        ("x-tc-timestamp", request.seconds.to_string()),
        ("x-tc-region", region.to_owned()),
        ("authorization", request.authorization(account.key_id, account.key_secret.reveal())),
    ]
}

fn response(answer: &Answer) -> Option<Value> {
    let mut body: Value = serde_json::from_slice(&answer.body).ok()?;
    body.get_mut("Response").map(Value::take).filter(Value::is_object)
}

/// Not Tencent's: a proxy in between, or half an answer.
fn without_response(answer: &Answer) -> Report {
    if (200..300).contains(&answer.status) {
        return report(Outcome::Unknown, answer, "", "the answer is not Tencent's");
    }
    let report = by_status(answer);
    Report { detail: without_numbers(&report.detail), ..report }
}

/// What a code and its text come to, of a call or of one number: `Ok` is success.
pub(crate) fn judge(
    channels: &Channels,
    account: &Account<'_>,
    answer: &Answer,
    said: &Said,
) -> Report {
    let outcome = match &*said.code {
        "Ok" => Outcome::Delivered,
        _ => outcome(channels, account, answer, said),
    };
    report(outcome, answer, &said.code, &without_numbers(&said.text))
}

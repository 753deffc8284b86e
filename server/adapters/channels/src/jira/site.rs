use crate::{
    Channels,
    report::{by_status, not_sent, report},
};
use data_encoding::BASE64;
use serde_json::{Value, json};
use umpire_notify::{Jira, Outcome, Report};
use umpire_outbound::{Answer, Method};

/// Longest key of an issue that is believed.
const MAX_KEY: usize = 255;

/// A Jira that is called. With a user's name it is the Cloud, whose API is version 3;
/// without one a Data Center, which has version 2.
pub(super) struct Site<'a> {
    channels: &'a Channels,
    api: String,
    headers: [(&'static str, String); 3],
    cloud: bool,
}

/// What a search found.
pub(super) struct Found {
    pub answer: Answer,
    /// Of the newest open issue.
    pub key: Option<String>,
}

impl<'a> Site<'a> {
    pub(super) fn new(channels: &'a Channels, config: &Jira) -> Self {
        let cloud = !config.username.is_empty();
        let version = if cloud { 3 } else { 2 };
        let token = config.token.reveal();
        let authorization = if cloud {
            let pair = format!("{}:{token}", config.username);
            format!("Basic {}", BASE64.encode(pair.as_bytes()))
        } else {
            format!("Bearer {token}")
        };
        Self {
            channels,
            api: format!("{}/rest/api/{version}", config.base_url.trim_end_matches('/')),
            headers: [
                ("accept", "application/json".to_owned()),
                ("content-type", "application/json".to_owned()),
                ("authorization", authorization),
            ],
            cloud,
        }
    }

    pub(super) fn is_cloud(&self) -> bool {
        self.cloud
    }

    /// The newest issue that a query finds. An answer that cannot be read is no answer:
    /// what seems to be missing would be created again.
    pub(super) async fn search(&self, jql: &str) -> Result<Found, Report> {
        let path = if self.cloud { "search/jql" } else { "search" };
        let body = json!({ "jql": jql, "maxResults": 1, "fields": ["status"] });
        let (answer, body) = self.call(Method::Post, path, &body, 200).await.map_err(harmless)?;
        let Some(issues) = body["issues"].as_array() else {
            let said = "the answer to the search is not Jira's";
            return Err(report(Outcome::Transient, &answer, "", said));
        };
        let Some(issue) = issues.first() else { return Ok(Found { answer, key: None }) };
        match issue["key"].as_str().filter(|key| is_key(key)) {
            Some(key) => Ok(Found { key: Some(key.to_owned()), answer }),
            None => Err(report(Outcome::Transient, &answer, "", "the issue found has no key")),
        }
    }

    /// What is there.
    pub(super) async fn read(&self, path: &str) -> Result<Value, Report> {
        let call = self.call(Method::Get, path, &Value::Null, 200).await;
        call.map(|(_, body)| body).map_err(harmless)
    }

    /// Changes something, which is done when the answer has this status.
    pub(super) async fn change(
        &self,
        path: &str,
        body: &Value,
        success: u16,
    ) -> Result<(Answer, Value), Report> {
        self.call(Method::Post, path, body, success).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        success: u16,
    ) -> Result<(Answer, Value), Report> {
        let url = format!("{}/{path}", self.api);
        let body = body.to_string().into_bytes();
        let call = self.channels.outbound.call(method, &url, &self.headers, body).await;
        judge(call.map_err(|error| not_sent(&error))?, success)
    }
}

fn judge(answer: Answer, success: u16) -> Result<(Answer, Value), Report> {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status == success {
        return Ok((answer, body));
    }
    let usual = by_status(&answer);
    let outcome = match usual.outcome {
        // Not with the status that Jira says it with.
        Outcome::Delivered => Outcome::Unknown,
        // Of an address of the API that is no more, not of the project.
        Outcome::Gone => Outcome::Permanent,
        other => other,
    };
    let said = errors(&body).unwrap_or(usual.detail);
    Err(report(outcome, &answer, "", &said))
}

/// What Jira finds wrong, if it says so.
fn errors(body: &Value) -> Option<String> {
    let messages = body["errorMessages"].as_array().into_iter().flatten();
    let messages = messages.filter_map(Value::as_str).map(str::to_owned);
    let fields = body["errors"].as_object().into_iter().flatten();
    let fields =
        fields.map(|(field, error)| format!("{field}: {}", error.as_str().unwrap_or_default()));
    let errors: Vec<_> = messages.chain(fields).collect();
    (!errors.is_empty()).then(|| errors.join("; "))
}

/// Whoever only looked has changed nothing.
fn harmless(report: Report) -> Report {
    match report.outcome {
        Outcome::Unknown => Report { outcome: Outcome::Transient, ..report },
        _ => report,
    }
}

/// It becomes part of an address.
fn is_key(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(plain)
}

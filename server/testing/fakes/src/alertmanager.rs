//! Prometheus Alertmanager, API v2, as version 0.25 answers.

#[cfg(test)]
mod tests;
mod time;

use crate::vendor::{Call, Reply, Shown, Vendor, is_json};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use time::seconds;

/// Seconds that an alert without an end lasts.
const RESOLVE_TIMEOUT: f64 = 300.0;

/// A member of a cluster that tells people at once.
#[derive(Default)]
pub struct Alertmanager {
    authorization: Option<String>,
    /// What is firing, until when.
    firing: BTreeMap<Labels, f64>,
}

/// The identity of an alert.
type Labels = BTreeMap<String, String>;

impl Alertmanager {
    /// One that everybody may tell.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One behind a proxy that wants this header.
    #[must_use]
    pub fn authorized_by(authorization: &str) -> Self {
        Self { authorization: Some(authorization.into()), ..Self::default() }
    }

    fn post(&mut self, call: &Call, now: f64) -> Reply {
        let Some(Value::Array(alerts)) = call.json().filter(|_| is_json(call)) else {
            let said = "parsing alerts body from \"\" failed, because it is no list of alerts";
            return Reply::json(400, &json!({ "code": 400, "message": said }));
        };
        let alerts: Result<Vec<_>, _> = alerts.iter().map(|alert| read(alert, now)).collect();
        match alerts {
            Err(error) => Reply::json(400, &error.into()),
            Ok(alerts) => {
                let shown: Vec<_> =
                    alerts.into_iter().filter_map(|alert| self.take(alert, now)).collect();
                Reply::text(200, "").showing(shown)
            }
        }
    }

    /// People are told when an alert begins to fire and when it is over.
    fn take(&mut self, alert: Alert, now: f64) -> Option<Shown> {
        self.firing.retain(|_, end| *end > now);
        let said = if alert.end > now {
            let fresh = self.firing.insert(alert.labels.clone(), alert.end).is_none();
            fresh.then_some("FIRING")
        } else {
            self.firing.remove(&alert.labels).map(|_| "RESOLVED")
        };
        let severity = alert.labels.get("severity").cloned().unwrap_or_default();
        let to = alert.labels.get("alertname").cloned().unwrap_or_default();
        said.map(|said| Shown::now(&to, &format!("{said} {severity} {}", alert.summary)))
    }

    fn list(&self, now: f64) -> Reply {
        let firing = self.firing.iter().filter(|(_, end)| **end > now);
        let alerts = firing.map(|(labels, _)| {
            json!({ "labels": labels, "status": { "state": "active", "silencedBy": [] } })
        });
        Reply::json(200, &alerts.collect())
    }
}

impl Vendor for Alertmanager {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        let wanted = self.authorization.as_deref();
        if wanted.is_some() && call.header("authorization") != wanted {
            return Reply::text(401, "Unauthorized");
        }
        match (&*call.method, &*call.path) {
            ("POST", "/api/v2/alerts") => self.post(call, now),
            ("GET", "/api/v2/alerts") => self.list(now),
            _ => Reply::not_found(),
        }
    }
}

struct Alert {
    labels: Labels,
    summary: String,
    end: f64,
}

/// An alert, or why it is none.
fn read(alert: &Value, now: f64) -> Result<Alert, String> {
    let labels = pairs(&alert["labels"])?;
    let annotations = pairs(&alert["annotations"])?;
    let time = |field: &str| match &alert[field] {
        Value::Null => Ok(None),
        value => value.as_str().and_then(seconds).map(Some).ok_or(format!("bad time {field}")),
    };
    let start = time("startsAt")?.unwrap_or(now);
    let end = time("endsAt")?.unwrap_or(now + RESOLVE_TIMEOUT);
    if end < start {
        return Err("start time must be before end time".into());
    }
    if labels.is_empty() {
        return Err("at least one label pair required".into());
    }
    let summary = annotations.get("summary").cloned().unwrap_or_default();
    Ok(Alert { labels, summary, end })
}

/// Names with texts; empty ones count as absent.
fn pairs(set: &Value) -> Result<Labels, String> {
    let none = Map::new();
    let set = match set {
        Value::Null => &none,
        set => set.as_object().ok_or("no object of labels")?,
    };
    let mut pairs = Labels::new();
    for (name, value) in set {
        let value = value.as_str().ok_or("a label that is no text")?;
        if !is_name(name) {
            return Err(format!("invalid label set: invalid name \"{name}\""));
        }
        if !value.is_empty() {
            pairs.insert(name.clone(), value.to_owned());
        }
    }
    Ok(pairs)
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let digit = name.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    !name.is_empty() && !digit && name.bytes().all(plain)
}

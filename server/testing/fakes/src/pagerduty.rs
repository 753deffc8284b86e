//! PagerDuty: Events API v2 of one service.

#[cfg(test)]
mod tests;

use crate::vendor::{Call, Reply, Shown, Vendor, Window, is_json, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Longest event, in bytes.
const MAX_BYTES: usize = 512 * 1024;
/// Longest key of an incident, and longest summary, in characters.
const MAX_KEY: usize = 255;
const MAX_SUMMARY: usize = 1_024;
/// Events that one integration takes in a minute.
const PER_MINUTE: usize = 120;

/// A service with its incidents.
pub struct Pagerduty {
    routing_key: String,
    open: BTreeSet<String>,
    sent: Window,
}

impl Pagerduty {
    /// The service whose integration has this key.
    #[must_use]
    pub fn new(routing_key: &str) -> Self {
        Self { routing_key: routing_key.into(), open: BTreeSet::new(), sent: Window::default() }
    }

    /// People see an incident when it opens and when it closes, and not when an open one is
    /// triggered again.
    fn take(&mut self, event: &Value) -> Reply {
        let key = text(event, "/dedup_key");
        let fresh = match text(event, "/event_action") {
            "trigger" => self.open.insert(key.to_owned()),
            "resolve" => self.open.remove(key),
            _ => false,
        };
        let summary = text(event, "/payload/summary");
        let said = if summary.is_empty() { "resolved" } else { summary };
        let answer = json!({ "status": "success", "message": "Event processed", "dedup_key": key });
        Reply::json(202, &answer).showing(fresh.then(|| Shown::now(key, said)))
    }
}

impl Vendor for Pagerduty {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        if (&*call.method, &*call.path) != ("POST", "/v2/enqueue") {
            return Reply::not_found();
        }
        if call.body.len() > MAX_BYTES {
            return invalid(&["The event exceeds the maximum size of 512 KB"]);
        }
        let Some(event) = call.json().filter(|_| is_json(call)) else {
            return invalid(&["Event is not valid JSON"]);
        };
        let faults = faults(&event, &self.routing_key);
        if !faults.is_empty() {
            return invalid(&faults);
        }
        if !self.sent.take(now, PER_MINUTE, 60.0) {
            let said = "Requests for this service are arriving too quickly.";
            return Reply::json(429, &json!({ "status": "throttle exceeded", "message": said }));
        }
        self.take(&event)
    }
}

fn invalid(errors: &[&str]) -> Reply {
    let said = "Event object is invalid";
    Reply::json(400, &json!({ "status": "invalid event", "message": said, "errors": errors }))
}

/// What is wrong with an event.
fn faults(event: &Value, routing_key: &str) -> Vec<&'static str> {
    let action = text(event, "/event_action");
    let key = text(event, "/dedup_key").chars().count();
    let mut checks = vec![
        (text(event, "/routing_key") == routing_key, "Invalid routing key"),
        (["trigger", "acknowledge", "resolve"].contains(&action), "'event_action' is invalid"),
        (key <= MAX_KEY, "'dedup_key' is too long"),
    ];
    if action == "trigger" {
        checks.extend(payload_checks(event));
    } else {
        checks.push((key > 0, "'dedup_key' is missing or blank"));
    }
    checks.into_iter().filter(|(holds, _)| !holds).map(|(_, fault)| fault).collect()
}

fn payload_checks(event: &Value) -> [(bool, &'static str); 5] {
    let payload = &event["payload"];
    let summary = text(payload, "/summary").chars().count();
    let severity = text(payload, "/severity");
    let details = &payload["custom_details"];
    [
        ((1..=MAX_SUMMARY).contains(&summary), "'payload.summary' is missing, blank or too long"),
        (!text(payload, "/source").is_empty(), "'payload.source' is missing or blank"),
        (
            ["critical", "error", "warning", "info"].contains(&severity),
            "'payload.severity' is invalid",
        ),
        (text(payload, "/timestamp").contains('T'), "'payload.timestamp' is not ISO 8601"),
        (details.is_null() || details.is_object(), "'payload.custom_details' is no object"),
    ]
}

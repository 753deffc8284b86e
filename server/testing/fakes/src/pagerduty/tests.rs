use super::*;
use crate::vendor::samples::post;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn event(action: &str) -> Value {
    json!({
        "routing_key": KEY,
        "event_action": action,
        "dedup_key": "k",
        "payload": {
            "summary": "s",
            "source": "umpire",
            "severity": "error",
            "timestamp": "2026-11-22T03:00:00Z",
            "custom_details": {},
        },
    })
}

#[test]
fn an_incident_opens_and_closes_once() {
    let mut service = Pagerduty::new(KEY);
    for (action, expected) in [
        ("resolve", &[][..]),
        ("trigger", &["s"][..]),
        ("trigger", &[]),
        ("acknowledge", &[]),
        ("resolve", &["s"]),
        ("resolve", &[]),
        ("trigger", &["s"]),
    ] {
        let reply = service.answer(&post("/v2/enqueue", &event(action)), 0.0);
        assert_eq!(reply.status, 202);
        let shown: Vec<_> = reply.shown.iter().map(|shown| &*shown.text).collect();
        assert_eq!(shown, expected, "{action}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    for (pointer, value, expected) in [
        ("/routing_key", "x".into(), "Invalid routing key"),
        ("/event_action", "fire".into(), "'event_action' is invalid"),
        ("/dedup_key", "k".repeat(256).into(), "'dedup_key' is too long"),
        ("/payload/summary", "".into(), "'payload.summary' is missing, blank or too long"),
        (
            "/payload/summary",
            "数".repeat(1_025).into(),
            "'payload.summary' is missing, blank or too long",
        ),
        ("/payload/source", Value::Null, "'payload.source' is missing or blank"),
        ("/payload/severity", "P0".into(), "'payload.severity' is invalid"),
        ("/payload/timestamp", json!(1), "'payload.timestamp' is not ISO 8601"),
        ("/payload/custom_details", json!([]), "'payload.custom_details' is no object"),
        (
            "/payload/custom_details",
            json!({ "x": "x".repeat(512 * 1024) }),
            "The event exceeds the maximum size of 512 KB",
        ),
    ] {
        let mut event = event("trigger");
        *event.pointer_mut(pointer).unwrap() = value;
        let reply = Pagerduty::new(KEY).answer(&post("/v2/enqueue", &event), 0.0);
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, text(&answer, "/errors/0")), (400, expected), "{pointer}");
    }
}

#[test]
fn an_integration_takes_120_events_a_minute() {
    let mut service = Pagerduty::new(KEY);
    let call = post("/v2/enqueue", &event("trigger"));
    let statuses: Vec<_> = (0..121).map(|_| service.answer(&call, 0.0).status).collect();
    assert_eq!(statuses[119..], [202, 429]);
}

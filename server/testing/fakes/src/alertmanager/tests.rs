use super::*;
use crate::vendor::samples::{get, post};

const NOW: f64 = 1_700_000_000.0;
const AT: &str = "2023-11-14T22:13:20Z";
const LATER: &str = "2023-11-14T22:14:20Z";

fn alert(labels: &Value, start: &str, end: &str) -> Value {
    let annotations = json!({ "summary": "S" });
    json!([{ "labels": labels, "annotations": annotations, "startsAt": start, "endsAt": end }])
}

fn check(body: &Value, status: u16, expected: &str) {
    let reply = Alertmanager::new().answer(&post("/api/v2/alerts", body), NOW);
    let said = String::from_utf8(reply.body).unwrap();
    assert_eq!(reply.status, status, "{body}");
    assert!(said.contains(expected), "{body}: {said}");
}

#[test]
fn answers_are_those_of_a_real_one() {
    let labels = json!({ "alertname": "A" });
    check(&alert(&labels, AT, LATER), 200, "");
    check(&json!([{ "labels": labels }]), 200, "");
    check(&alert(&json!({}), AT, LATER), 400, "\"at least one label pair required\"");
    check(&alert(&json!({ "a": "" }), AT, LATER), 400, "at least one label pair required");
    let said = r#""invalid label set: invalid name \"a-b\"""#;
    check(&alert(&json!({ "a-b": "x" }), AT, LATER), 400, said);
    check(&alert(&labels, LATER, AT), 400, "start time must be before end time");
    check(&alert(&labels, AT, AT), 200, "");
    check(&alert(&json!({ "a": 1 }), AT, LATER), 400, "");
    check(&alert(&labels, AT, "soon"), 400, "");
    check(&labels, 400, r#"{"code":400,"message":"parsing alerts body"#);
}

#[test]
fn people_are_told_of_beginnings_and_ends() {
    let mut member = Alertmanager::new();
    let labels = json!({ "alertname": "A", "severity": "critical" });
    let other = json!({ "alertname": "A", "severity": "critical", "n": "2" });
    for (labels, end, now, expected) in [
        (&labels, LATER, NOW, Some("FIRING critical S")),
        (&labels, LATER, NOW + 1.0, None),
        (&other, LATER, NOW + 1.0, Some("FIRING critical S")),
        (&labels, AT, NOW + 2.0, Some("RESOLVED critical S")),
        (&labels, AT, NOW + 3.0, None),
        (&labels, LATER, NOW + 4.0, Some("FIRING critical S")),
        // It ended by itself.
        (&labels, AT, NOW + 61.0, None),
    ] {
        let reply = member.answer(&post("/api/v2/alerts", &alert(labels, AT, end)), now);
        let texts: Vec<_> = reply.shown.iter().map(|shown| &*shown.text).collect();
        assert_eq!(texts, expected.into_iter().collect::<Vec<_>>(), "{now}");
    }
}

#[test]
fn what_fires_is_listed() {
    let mut member = Alertmanager::authorized_by("Bearer t");
    let mut call = post("/api/v2/alerts", &alert(&json!({ "alertname": "A" }), AT, LATER));
    assert_eq!(member.answer(&call, NOW).status, 401);
    call.headers.push(("authorization".into(), "Bearer t".into()));
    assert_eq!(member.answer(&call, NOW).status, 200);
    let mut list = get("/api/v2/alerts");
    list.headers.push(("authorization".into(), "Bearer t".into()));
    for (now, expected) in [(NOW, 1), (NOW + 60.0, 0)] {
        let listed: Value = serde_json::from_slice(&member.answer(&list, now).body).unwrap();
        assert_eq!(listed.as_array().unwrap().len(), expected);
    }
}

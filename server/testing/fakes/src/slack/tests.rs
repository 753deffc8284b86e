use super::*;
use crate::vendor::samples::{get, post};

fn slack() -> Slack {
    Slack::new("T/B/X", "xoxb-1", "C1")
}

fn said(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

fn with_token(body: &Value, token: &str) -> Call {
    let mut call = post("/api/chat.postMessage", body);
    call.headers.push(("authorization".into(), format!("Bearer {token}")));
    call
}

#[test]
fn a_webhook_answers_in_a_word() {
    let section = |length| {
        let text = json!({ "type": "mrkdwn", "text": "数".repeat(length) });
        json!({ "attachments": [{ "blocks": [{ "type": "section", "text": text }] }] })
    };
    let divider = json!({ "type": "divider" });
    for (target, body, status, expected) in [
        ("/services/T/B/X", json!({ "text": "a" }), 200, "ok"),
        ("/services/T/B/X", section(3_000), 200, "ok"),
        ("/services/T/B/X", section(3_001), 400, "invalid_blocks"),
        ("/services/T/B/X", section(0), 400, "invalid_blocks"),
        ("/services/T/B/X", json!({ "blocks": vec![&divider; 51] }), 400, "invalid_blocks"),
        ("/services/T/B/X", json!({}), 400, "no_text"),
        ("/services/T/B/Y", json!({ "text": "a" }), 404, "no_service"),
        ("/hooks/T/B/X", json!({ "text": "a" }), 404, "404 page not found"),
    ] {
        let reply = slack().answer(&post(target, &body), 0.0);
        assert_eq!((reply.status, &*said(&reply)), (status, expected), "{target} {body}");
        assert_eq!(reply.shown.len(), usize::from(status == 200));
    }
    let body = json!({ "text": "a" });
    let mut form = post("/services/T/B/X", &body);
    form.headers[0].1 = "application/x-www-form-urlencoded".into();
    assert_eq!(said(&slack().answer(&form, 0.0)), "invalid_payload");
    assert_eq!(slack().answer(&get("/services/T/B/X"), 0.0).status, 404);
    let reply = slack().archived().answer(&post("/services/T/B/X", &body), 0.0);
    assert_eq!((reply.status, &*said(&reply)), (410, "channel_is_archived"));
}

#[test]
fn the_web_api_answers_in_json() {
    let body = |channel: &str| json!({ "channel": channel, "text": "a" });
    for (call, expected) in [
        (with_token(&body("C1"), "xoxb-1"), ""),
        (with_token(&body("C1"), "xoxb-2"), "invalid_auth"),
        (post("/api/chat.postMessage", &body("C1")), "not_authed"),
        (with_token(&body("C2"), "xoxb-1"), "channel_not_found"),
        (with_token(&json!({ "channel": "C1" }), "xoxb-1"), "no_text"),
    ] {
        let reply = slack().answer(&call, 7.0);
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, text(&answer, "/error")), (200, expected));
        assert_eq!(answer["ok"], expected.is_empty());
        assert_eq!(answer["ts"].as_str(), expected.is_empty().then_some("7.000001"));
    }
}

#[test]
fn people_see_what_is_not_markup() {
    let text = "&lt;!channel&gt; <@U1> <!subteam^S1|@ops> a &amp;lt; b <!here>";
    let reply = slack().answer(&post("/services/T/B/X", &json!({ "text": text })), 0.0);
    let [shown] = &reply.shown[..] else { panic!() };
    assert_eq!(shown.text, "<!channel> <@U1> <!subteam^S1|@ops> a &lt; b <!here>");
    assert_eq!(shown.mentions, ["U1", "S1", "@all"]);
}

#[test]
fn a_channel_takes_one_message_a_second() {
    let mut slack = slack();
    let call = post("/services/T/B/X", &json!({ "text": "a" }));
    for (now, expected) in [(0.0, 200), (59.0, 429), (60.0, 200)] {
        let statuses: Vec<_> = (0..60).map(|_| slack.answer(&call, now).status).collect();
        assert_eq!(statuses[0], expected, "{now}");
    }
    let reply = slack.answer(&call, 61.0);
    assert!(reply.headers.contains(&("retry-after".into(), "1".into())));
}

use super::*;
use crate::vendor::samples::post;
use serde_json::json;

fn message(text: &str) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "type": "AdaptiveCard",
                "version": "1.2",
                "body": [
                    { "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": "T" }] },
                    { "type": "TextBlock", "text": text, "wrap": true },
                ],
            },
        }],
    })
}

#[test]
fn cards_are_shown_and_nothing_else_is_taken() {
    let changed = |pointer: &str, value: Value| {
        let mut body = message("B");
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, status) in [
        (message("B"), 202),
        (message(""), 400),
        (message(&"x".repeat(28 * 1024)), 413),
        (changed("/type", "text".into()), 400),
        (changed("/attachments", json!([])), 400),
        (changed("/attachments/0/contentType", "text/plain".into()), 400),
        (changed("/attachments/0/content/type", "HeroCard".into()), 400),
        (changed("/attachments/0/content/version", Value::Null), 400),
        (changed("/attachments/0/content/body", json!([])), 400),
        (changed("/attachments/0/content/body/1/type", "Text".into()), 400),
    ] {
        let reply = Teams::workflow("/w").answer(&post("/w?sig=1", &body), 0.0);
        assert_eq!(reply.status, status, "{body}");
        let texts: Vec<_> = reply.shown.iter().map(|shown| &*shown.text).collect();
        assert_eq!(texts, if status == 202 { vec!["T\nB"] } else { vec![] }, "{body}");
    }
    assert_eq!(Teams::workflow("/w").answer(&post("/v", &message("B")), 0.0).status, 404);
}

#[test]
fn four_a_second_are_taken() {
    for (mut teams, good, bad) in
        [(Teams::workflow("/w"), 202, 429), (Teams::connector("/w"), 200, 200)]
    {
        let call = post("/w", &message("B"));
        for (now, expected) in
            [(0.0, good), (0.0, good), (0.5, good), (0.9, good), (0.95, bad), (1.0, good)]
        {
            let reply = teams.answer(&call, now);
            let failed = String::from_utf8_lossy(&reply.body).contains("HTTP error 429");
            assert_eq!((reply.status, failed), (expected, now == 0.95), "{now}");
        }
    }
}

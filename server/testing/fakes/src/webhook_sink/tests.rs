use super::*;
use crate::vendor::samples::post;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const NOW: f64 = 1_700_000_000.0;

/// Secret, id, timestamp, body and signature of the specification and of other
/// implementations.
const VECTORS: [(&str, &str, u32, &str, &str); 3] = [
    (
        SECRET,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        r#"{"test": 2432232314}"#,
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (SECRET, "msg_a-1", 1_700_000_000, ALERT, "v1,7Kd75jEgExGks7xRJ1XTucplOSBvElaNi545xwxxwDQ="),
    (OTHER, "msg_a-1", 1_700_000_000, ALERT, "v1,QvWKwxBdfCwdQacR4/75cOJqwB5eM1N08DI9ScZYkow="),
];
const ALERT: &str = concat!(
    r#"{"type":"alert.fired","timestamp":"2023-11-14T22:13:20Z","#,
    r#""data":{"alert_id":"a-1","level":"P0","text":"紧急告警"}}"#,
);

fn signed(id: &str, seconds: u32, body: &[u8], signature: &str) -> Call {
    let mut call = post("/", &Value::Null);
    call.body = body.to_vec();
    for (name, value) in [
        ("webhook-id", id),
        ("webhook-timestamp", &seconds.to_string()),
        ("webhook-signature", signature),
    ] {
        call.headers.push((name.into(), value.into()));
    }
    call
}

#[test]
fn vectors_are_believed_and_nothing_that_differs_in_a_bit() {
    for (secret, id, seconds, body, signature) in VECTORS {
        let now = f64::from(seconds);
        let call = signed(id, seconds, body.as_bytes(), signature);
        assert_eq!(verify(secret, &call, now).as_deref(), Ok(id));
        let list = signed(id, seconds, body.as_bytes(), &format!("v1a,AAAA {signature} v1,x"));
        assert_eq!(verify(secret, &list, now).as_deref(), Ok(id));
        for byte in 0..body.len() {
            let mut other = call.clone();
            other.body[byte] ^= 1;
            assert_eq!(verify(secret, &other, now), Err("no signature that fits"), "{byte}");
        }
        let other = signed("msg_a-2", seconds, body.as_bytes(), signature);
        assert!(verify(secret, &other, now).is_err());
        let other = signed(id, seconds + 1, body.as_bytes(), signature);
        assert!(verify(secret, &other, now).is_err());
    }
}

fn alert() -> Value {
    json!({
        "type": "alert.fired",
        "timestamp": "2023-11-14T22:13:20Z",
        "data": { "delivery": "d", "receiver": "r", "thread": "t", "title": "T", "text": "B" },
    })
}

fn call(id: &str, body: &Value) -> Call {
    let body = body.to_string();
    let made = signature(SECRET, id, "1700000000", body.as_bytes());
    signed(id, 1_700_000_000, body.as_bytes(), &made)
}

#[test]
fn an_id_is_shown_once() {
    let mut sink = WebhookSink::signed_with(SECRET);
    for (id, expected) in [("msg_a", 1), ("msg_a", 0), ("msg_b", 1)] {
        let reply = sink.answer(&call(id, &alert()), NOW);
        assert_eq!((reply.status, reply.shown.len()), (204, expected), "{id}");
        assert!(reply.shown.iter().all(|shown| shown.text == "T\nB" && shown.to == "r"));
    }
}

#[test]
fn what_is_not_as_it_should_be_is_refused() {
    let changed = |pointer: &str| {
        let mut body = alert();
        *body.pointer_mut(pointer).unwrap() = "".into();
        call("msg_a", &body)
    };
    let plain = |mut call: Call| {
        call.headers[0].1 = "text/plain".into();
        call
    };
    for (call, now, expected) in [
        (call("msg_a", &alert()), NOW + 301.0, "a webhook-timestamp out of tolerance"),
        (call("msg_a", &alert()), NOW - 301.0, "a webhook-timestamp out of tolerance"),
        (call("msg.a", &alert()), NOW, "a bad webhook-id"),
        (post("/", &alert()), NOW, "no webhook-id"),
        (plain(call("msg_a", &alert())), NOW, "another content-type"),
        (changed("/type"), NOW, "an unknown type"),
        (changed("/timestamp"), NOW, "no timestamp"),
        (changed("/data/receiver"), NOW, "no data.receiver"),
    ] {
        let reply = WebhookSink::signed_with(SECRET).answer(&call, now);
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, text(&answer, "/error")), (401, expected));
        assert!(reply.shown.is_empty());
    }
    let reply = WebhookSink::signed_with(SECRET).answer(&call("msg_a", &alert()), NOW + 300.0);
    assert_eq!(reply.status, 204);
}

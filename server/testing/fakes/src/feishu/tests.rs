use super::*;
use crate::vendor::samples::post;

const TARGET: &str = "/open-apis/bot/v2/hook/b1946ac9";
const NOW: f64 = 1_700_000_000.0;
/// Timestamp, secret, signature.
const VECTORS: [(&str, &str, &str); 2] = [
    ("1599360473", "demo", "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="),
    ("1700000000", "SECdemo", "U1q8KAchlt+ocM9vRG/rtwroY6XMkyjtyUV9XOpczwI="),
];

fn bot() -> Bot {
    Bot::new("b1946ac9")
}

fn card(markdown: &str) -> Value {
    json!({
        "msg_type": "interactive",
        "card": {
            "header": { "template": "red", "title": { "tag": "plain_text", "content": "告警" } },
            "elements": [{ "tag": "markdown", "content": markdown }],
        },
    })
}

fn signed(timestamp: Value, sign: &str) -> Value {
    let mut body = card("a");
    body["timestamp"] = timestamp;
    body["sign"] = json!(sign);
    body
}

fn read(reply: &Reply) -> (u16, i64) {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    (reply.status, body["code"].as_i64().unwrap())
}

#[test]
fn vectors_are_believed_and_nothing_near_them() {
    for (timestamp, secret, sign) in VECTORS {
        let now: f64 = timestamp.parse().unwrap();
        let check = |body: Value, now: f64, expected: i64| {
            let reply = bot().signed_with(secret).answer(&post(TARGET, &body), now);
            assert_eq!(read(&reply), (200, expected), "{body} {now}");
        };
        check(signed(json!(timestamp), sign), now, 0);
        check(signed(json!(timestamp), sign), now + 3_600.0, 0);
        check(signed(json!(timestamp), sign), now + 3_601.0, 19_021);
        check(signed(json!(timestamp), sign), now - 3_601.0, 19_021);
        let other = format!("{}{}", char::from(sign.as_bytes()[0] ^ 1), &sign[1..]);
        check(signed(json!(timestamp), &other), now, 19_021);
        check(signed(json!(timestamp), ""), now, 19_021);
        check(signed(json!(now as i64), sign), now, 19_021);
        check(signed(json!(format!("{}", now as i64 + 1)), sign), now, 19_021);
        check(card("a"), now, 19_021);
    }
}

#[test]
fn messages_are_judged() {
    let text = |said: &str| json!({ "msg_type": "text", "content": { "text": said } });
    let with = |pointer: &str, value: Value| {
        let mut body = card("a");
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let envelope = card("").to_string().len();
    for (target, body, expected) in [
        (TARGET, card("a"), (200, 0)),
        (TARGET, text("a"), (200, 0)),
        ("/open-apis/bot/v2/hook/b1946ac8", card("a"), (200, 19_001)),
        (TARGET, card(&"x".repeat((20 << 10) - envelope)), (200, 0)),
        (TARGET, card(&"x".repeat((20 << 10) + 1 - envelope)), (400, 9_499)),
        (TARGET, json!([]), (400, 9_499)),
        (TARGET, text(""), (400, 9_499)),
        (TARGET, json!({ "msg_type": "card" }), (400, 9_499)),
        (TARGET, card(""), (200, 11_246)),
        (TARGET, with("/card/elements", json!([])), (200, 11_246)),
        (TARGET, with("/card/elements/0/tag", json!("h1")), (200, 11_246)),
        (TARGET, with("/card/header/template", json!("pink")), (200, 11_246)),
        (TARGET, with("/card/header/title/content", json!("")), (200, 11_246)),
        (TARGET, with("/card/header/title/tag", json!("lark_md")), (200, 11_246)),
    ] {
        let reply = bot().answer(&post(target, &body), NOW);
        assert_eq!(read(&reply), expected, "{body}");
        assert_eq!(reply.shown.len(), usize::from(expected == (200, 0)));
    }
    assert_eq!(bot().answer(&post("/hook/b1946ac9", &card("a")), NOW).status, 404);
}

#[test]
fn success_comes_in_two_styles() {
    let call = post(TARGET, &card("a"));
    let old: Value = serde_json::from_slice(&bot().of_old().answer(&call, NOW).body).unwrap();
    assert!(old["StatusCode"] == 0 && old.get("code").is_none(), "{old}");
    let new: Value = serde_json::from_slice(&bot().answer(&call, NOW).body).unwrap();
    assert!(new["StatusCode"] == 0 && new["code"] == 0, "{new}");
}

#[test]
fn a_keyword_must_be_there() {
    for (word, expected) in [("告警", 0), ("a", 0), ("b", 19_024)] {
        let reply = bot().with_keyword(word).answer(&post(TARGET, &card("a")), NOW);
        assert_eq!(read(&reply), (200, expected), "{word}");
    }
}

#[test]
fn mentions_stand_in_the_markdown_alone() {
    let mut body = card("x <at id=ou_1></at>");
    body["card"]["header"]["title"]["content"] = json!("<at id=all></at>");
    let reply = bot().answer(&post(TARGET, &body), NOW);
    assert_eq!(reply.shown[0].mentions, ["ou_1"]);
    assert_eq!(reply.shown[0].text, "<at id=all></at>\nx <at id=ou_1></at>");
}

#[test]
fn five_a_second_and_a_hundred_a_minute() {
    let (mut bot, call) = (bot(), post(TARGET, &card("a")));
    let mut send = |after: f64| read(&bot.answer(&call, NOW + after));
    let (good, bad) = ((200, 0), (400, 9_499));
    for after in [0.0, 0.1, 0.2, 0.3, 0.4] {
        assert_eq!(send(after), good, "{after}");
    }
    assert_eq!(send(0.5), bad);
    for number in 0..95 {
        assert_eq!(send(2.0 + f64::from(number) / 2.0), good, "{number}");
    }
    assert_eq!(send(59.0), bad);
    assert_eq!(send(60.05), good);
}

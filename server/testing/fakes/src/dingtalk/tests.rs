use super::*;
use crate::vendor::samples::post;
use serde_json::Value;

const TOKEN: &str = "9f5c";
/// Timestamp, secret and signature as it stands in a URL.
const VECTORS: [(&str, &str, &str); 2] = [
    ("1700000000001", "SECdemo", "PTs%2BdsurGspsy8LSQV%2FUd2CTvBpozdeoue2U2fgKqxI%3D"),
    (
        "1700000000000",
        "SECb8a1e2c3d4f5061728394a5b6c7d8e9f00112233445566778899aabbccddeeff",
        "Zpi9MSwENUkRNO32ry9kFbYNFQm24vks%2BNZFGMRU4mU%3D",
    ),
];
const NOW: f64 = 1_700_000_000.0;

fn markdown(text: &str, at: Value) -> Value {
    json!({ "msgtype": "markdown", "markdown": { "title": "告警", "text": text }, "at": at })
}

fn said(reply: &Reply) -> (i64, String) {
    assert_eq!(reply.status, 200);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    (body["errcode"].as_i64().unwrap(), body["errmsg"].as_str().unwrap().to_owned())
}

/// Signed by hand.
fn signed(robot: &mut Robot, query: &str, now: f64) -> (i64, String) {
    let target = format!("/robot/send?access_token={TOKEN}{query}");
    said(&robot.answer(&post(&target, &markdown("a", json!({}))), now))
}

#[test]
fn vectors_are_believed_and_nothing_near_them() {
    for (timestamp, secret, sign) in VECTORS {
        let check = |query: String, expected: &str| {
            let found = signed(&mut Robot::new(TOKEN).signed_with(secret), &query, NOW);
            assert!(found.1.starts_with(expected), "{query}: {found:?}");
            assert_eq!(found.0, if expected == "ok" { 0 } else { 310_000 }, "{query}");
        };
        check(format!("&timestamp={timestamp}&sign={sign}"), "ok");
        // Encoded twice, not at all, in part, or another character.
        let plain = sign.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let first = &sign[..1];
        for bad in [
            sign.replace('%', "%25"),
            plain.clone(),
            plain.replace('=', "%3D"),
            sign.replacen(first, &first.to_lowercase(), 1),
            String::new(),
        ] {
            check(format!("&timestamp={timestamp}&sign={bad}"), "sign not match");
        }
        check(format!("&timestamp=1700000000002&sign={sign}"), "sign not match");
        check(format!("&timestamp={timestamp}&sign={sign}&sign={sign}"), "sign not match");
        check(String::new(), "sign not match");
        check(format!("&timestamp={timestamp}"), "sign not match");
        check(format!("&sign={sign}"), "invalid timestamp");
        // What copied pages make of `&timestamp` becomes a part of the token.
        let query = format!("×tamp={timestamp}&sign={sign}");
        let found = signed(&mut Robot::new(TOKEN).signed_with(secret), &query, NOW);
        assert_eq!(found.0, 300_001, "{found:?}");
        // Seconds.
        check(format!("&timestamp=1700000000&sign={sign}"), "invalid timestamp");
    }
}

#[test]
fn a_signature_is_believed_for_an_hour() {
    let (timestamp, secret, sign) = VECTORS[1];
    let query = format!("&timestamp={timestamp}&sign={sign}");
    for (after, expected) in [(0.0, 0), (3_600.0, 0), (3_601.0, 310_000), (-3_601.0, 310_000)] {
        let mut robot = Robot::new(TOKEN).signed_with(secret);
        assert_eq!(signed(&mut robot, &query, NOW + after).0, expected, "{after}");
    }
}

#[test]
fn messages_are_judged() {
    let target = format!("/robot/send?access_token={TOKEN}");
    // The request of an empty text is this long.
    let envelope = markdown("", json!({})).to_string().len();
    let no_title = json!({ "msgtype": "markdown", "markdown": { "text": "a" } });
    for (target, body, expected) in [
        (&*target, markdown("a", json!({})), 0),
        ("/robot/send?access_token=9f5d", markdown("a", json!({})), 300_001),
        ("/robot/send", markdown("a", json!({})), 300_001),
        (&*target, markdown(&"x".repeat(20_000 - envelope), json!({})), 0),
        (&*target, markdown(&"x".repeat(20_001 - envelope), json!({})), 460_101),
        (&*target, markdown("", json!({})), 40_035),
        (&*target, no_title, 40_035),
        (&*target, json!({ "msgtype": "Markdown" }), 400_105),
        (&*target, json!([]), 40_035),
    ] {
        let reply = Robot::new(TOKEN).answer(&post(target, &body), NOW);
        assert_eq!(said(&reply).0, expected, "{body}");
        assert_eq!(reply.shown.len(), usize::from(expected == 0));
    }
    let elsewhere = post("/robot", &json!({}));
    assert_eq!(Robot::new(TOKEN).answer(&elsewhere, NOW).status, 404);
    let plain = Call {
        headers: vec![("content-type".into(), "text/plain".into())],
        ..post(&target, &markdown("a", json!({})))
    };
    assert_eq!(said(&Robot::new(TOKEN).answer(&plain, NOW)).0, 40_035);
}

#[test]
fn a_keyword_must_be_there() {
    let mut robot = Robot::new(TOKEN).with_keyword("告警").with_keyword("Alert");
    let target = format!("/robot/send?access_token={TOKEN}");
    let mut send = |title: &str, text: &str| {
        let body = json!({ "msgtype": "markdown", "markdown": { "title": title, "text": text } });
        said(&robot.answer(&post(&target, &body), NOW))
    };
    assert_eq!(send("告警", "x").0, 0);
    assert_eq!(send("x", "an Alert").0, 0);
    let (code, text) = send("x", "alert");
    assert!(code == 310_000 && text.starts_with("keywords not in content"), "{text}");
}

#[test]
fn mentions_stand_in_the_list_and_in_the_text() {
    let at = |all: bool| json!({ "atMobiles": ["13800000000", "139"], "atUserIds": ["u1"], "isAtAll": all });
    let target = format!("/robot/send?access_token={TOKEN}");
    for (body, expected) in [
        (markdown("x @13800000000 @137", at(false)), vec!["13800000000"]),
        (markdown("x @u1", at(true)), vec!["u1", "@all"]),
        (markdown("@所有人 @all @137", json!({})), vec![]),
    ] {
        let reply = Robot::new(TOKEN).answer(&post(&target, &body), NOW);
        assert_eq!(reply.shown[0].mentions, expected, "{body}");
    }
}

#[test]
fn who_is_too_fast_is_blocked_for_ten_minutes() {
    let mut robot = Robot::new(TOKEN);
    for number in 0..20 {
        assert_eq!(signed(&mut robot, "", NOW + f64::from(number)).0, 0);
    }
    for (after, expected) in [(20.0, 130_101), (80.0, 130_101), (619.0, 130_101), (620.0, 0)] {
        assert_eq!(signed(&mut robot, "", NOW + after).0, expected, "{after}");
    }
}

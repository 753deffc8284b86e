use super::*;
use crate::vendor::samples::{get, post};

const NOW: f64 = 1_700_000_000.0;

fn app() -> App {
    App::new("ww1", "s+e/c=", 1_000_002).without(&["Gone", "party:9"]).without_licence(&["Poor"])
}

fn read(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200);
    serde_json::from_slice(&reply.body).unwrap()
}

fn code(reply: &Reply) -> Value {
    read(reply)["errcode"].clone()
}

/// Asks for a token.
fn token(app: &mut App, now: f64) -> String {
    let reply = app.answer(&get("/cgi-bin/gettoken?corpid=ww1&corpsecret=s%2Be%2Fc%3D"), now);
    let answer = read(&reply);
    assert_eq!(answer["errcode"], 0);
    answer["access_token"].as_str().unwrap().to_owned()
}

fn message(to: &str) -> Value {
    json!({
        "touser": to, "msgtype": "markdown", "agentid": 1_000_002,
        "markdown": { "content": "数据" },
    })
}

fn send(app: &mut App, token: &str, body: &Value, now: f64) -> Reply {
    app.answer(&post(&format!("/cgi-bin/message/send?access_token={token}"), body), now)
}

#[test]
fn tokens_are_given_to_those_who_know_the_secret() {
    for (target, expected) in [
        ("/cgi-bin/gettoken?corpid=ww1&corpsecret=s%2Be%2Fc%3D", 0),
        ("/cgi-bin/gettoken?corpid=ww1&corpsecret=s+e/c=", 40_091),
        ("/cgi-bin/gettoken?corpid=ww1", 40_091),
        ("/cgi-bin/gettoken?corpid=ww2&corpsecret=s%2Be%2Fc%3D", 40_013),
    ] {
        assert_eq!(code(&app().answer(&get(target), NOW)), expected, "{target}");
    }
    let mut app = app();
    assert_eq!(app.answer(&post("/cgi-bin/gettoken", &json!({})), NOW).status, 404);
    for _ in 0..100 {
        token(&mut app, NOW);
    }
    let one_more = app.answer(&get("/cgi-bin/gettoken?corpid=ww1&corpsecret=s%2Be%2Fc%3D"), NOW);
    assert_eq!(code(&one_more), 45_009);
    assert_eq!(app.tokens().issued(), 1);
}

#[test]
fn tokens_expire_and_can_be_revoked() {
    let mut app = app();
    let first = token(&mut app, NOW);
    let mut check = |token: &str, now, expected: i64| {
        assert_eq!(code(&send(&mut app, token, &message("a"), now)), expected, "{now}");
    };
    check(&first, NOW + 7_199.0, 0);
    check(&first, NOW + 7_200.0, 42_001);
    check("token", NOW, 40_014);
    check("", NOW, 40_014);
    let second = token(&mut app, NOW + 7_300.0);
    app.tokens().revoke();
    assert_eq!(code(&send(&mut app, &second, &message("a"), NOW + 7_301.0)), 40_014);
}

#[test]
fn messages_are_judged() {
    let with = |pointer: &str, value: Value| {
        let mut body = message("a");
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, expected) in [
        (message("a"), 0),
        (message("@all"), 0),
        (with("/agentid", json!("1000002")), 40_056),
        (with("/agentid", json!(7)), 301_002),
        (with("/msgtype", json!("Markdown")), 40_008),
        (with("/markdown/content", json!("x".repeat(2_048))), 0),
        (with("/markdown/content", json!("x".repeat(2_049))), 40_058),
        (with("/markdown/content", json!("")), 44_004),
        (message(""), 81_013),
        (message("gone|GONE"), 81_013),
        (message("poor"), 81_013),
        (message(&"a|".repeat(1_001)), 40_058),
        (json!("a"), 47_001),
    ] {
        let mut app = app();
        let token = token(&mut app, NOW);
        let reply = send(&mut app, &token, &body, NOW);
        assert_eq!(code(&reply), expected, "{body}");
        assert_eq!(reply.shown.is_empty(), expected != 0, "{body}");
    }
}

#[test]
fn long_texts_are_cut_without_a_word() {
    let mut app = app();
    let token = token(&mut app, NOW);
    let mut body = message("a");
    body["msgtype"] = json!("text");
    body["text"] = json!({ "content": "数".repeat(700) });
    let reply = send(&mut app, &token, &body, NOW);
    assert_eq!((code(&reply), reply.shown[0].text.len()), (json!(0), 2_046));
}

#[test]
fn those_who_cannot_be_reached_are_named() {
    let mut app = app();
    let token = token(&mut app, NOW);
    let mut body = message("Zhang|gone|Poor");
    body["toparty"] = json!("2|9");
    let reply = send(&mut app, &token, &body, NOW);
    let answer = read(&reply);
    assert_eq!(answer["errcode"], 0);
    for (field, expected) in
        [("invaliduser", "gone"), ("unlicenseduser", "poor"), ("invalidparty", "9")]
    {
        assert_eq!(answer[field], expected);
    }
    let shown: Vec<&str> = reply.shown.iter().map(|shown| &*shown.to).collect();
    assert_eq!(shown, ["zhang", "party:2"]);
}

#[test]
fn what_is_too_much_for_a_member_is_dropped_without_a_word() {
    let mut app = app();
    let token = token(&mut app, NOW);
    let mut shown = |to: &str, now: f64| {
        let reply = send(&mut app, &token, &message(to), now);
        assert_eq!(code(&reply), 0);
        reply.shown.len()
    };
    let first: usize = (0..31).map(|number| shown("a", NOW + f64::from(number))).sum();
    assert_eq!(first, 30);
    assert_eq!(shown("b", NOW + 31.0), 1);
    // The thirty-first came at 30 s: blocked for a minute, though there was room again at 60 s.
    assert_eq!(shown("a", NOW + 89.0), 0);
    assert_eq!(shown("a", NOW + 90.0), 1);
}

#[test]
fn the_same_request_is_carried_out_once_if_it_says_so() {
    let mut app = app();
    let token = token(&mut app, NOW);
    let mut shown = |body: &Value, now: f64| {
        let reply = send(&mut app, &token, body, now);
        assert_eq!(code(&reply), 0);
        reply.shown.len()
    };
    let plain = message("a");
    let mut checked = message("b");
    checked["enable_duplicate_check"] = json!(1);
    let mut longer = checked.clone();
    longer["duplicate_check_interval"] = json!(20_000);
    for (body, after, expected) in [
        (&plain, 0.0, 1),
        (&plain, 1.0, 1),
        (&checked, 0.0, 1),
        (&checked, 1_799.0, 0),
        (&checked, 1_800.0, 1),
        (&longer, 0.0, 1),
        (&longer, 7_000.0, 0),
    ] {
        assert_eq!(shown(body, NOW + after), expected, "{body} {after}");
    }
}

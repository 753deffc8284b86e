use super::*;
use crate::vendor::samples::post;

const TARGET: &str = "/cgi-bin/webhook/send?key=693a91f6-7xxx";

fn code(reply: &Reply) -> Value {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["errcode"].clone()
}

fn robot() -> Robot {
    Robot::new("693a91f6-7xxx")
}

fn markdown(content: &str) -> Value {
    json!({ "msgtype": "markdown", "markdown": { "content": content } })
}

fn text(content: &str) -> Value {
    let lists = json!(["zhang", "@all"]);
    json!({ "msgtype": "text", "text": { "content": content, "mentioned_list": lists } })
}

#[test]
fn messages_are_judged() {
    let odd = json!({ "msgtype": "markdown_v3" });
    for (target, body, expected) in [
        (TARGET, markdown("a"), 0),
        (TARGET, text("a"), 0),
        (TARGET, markdown(&"数".repeat(1_365)), 0),
        (TARGET, markdown(&"数".repeat(1_366)), 40_058),
        (TARGET, text(&"x".repeat(2_048)), 0),
        (TARGET, text(&"x".repeat(2_049)), 40_058),
        (TARGET, markdown(""), 44_004),
        (TARGET, odd, 40_008),
        (TARGET, json!([]), 47_001),
        ("/cgi-bin/webhook/send?key=693a91f6-7xxy", markdown("a"), 93_000),
        ("/cgi-bin/webhook/send", markdown("a"), 93_000),
    ] {
        let reply = robot().answer(&post(target, &body), 0.0);
        assert_eq!((reply.status, code(&reply)), (200, json!(expected)), "{target} {body}");
        assert_eq!(reply.shown.len(), usize::from(expected == 0), "{body}");
    }
    assert_eq!(robot().answer(&post("/webhook/send", &markdown("a")), 0.0).status, 404);
}

#[test]
fn what_is_no_json_in_utf_8_is_refused() {
    let good = post(TARGET, &markdown("a"));
    let gbk = Call { body: b"{\"msgtype\":\"\xb0\xa1\"}".to_vec(), ..good.clone() };
    let form = Call { headers: vec![("content-type".into(), "text/plain".into())], ..good };
    for call in [gbk, form] {
        assert_eq!(code(&robot().answer(&call, 0.0)), 47_001);
    }
}

#[test]
fn lists_mention_in_texts_alone() {
    let mut both = markdown("a <@li>");
    both["markdown"]["mentioned_list"] = json!(["zhang"]);
    for (body, expected) in [(text("a"), vec!["zhang", "@all"]), (both, vec!["li"])] {
        let reply = robot().answer(&post(TARGET, &body), 0.0);
        assert_eq!(reply.shown[0].mentions, expected);
    }
}

#[test]
fn twenty_a_minute_and_no_more() {
    let (mut robot, call) = (robot(), post(TARGET, &markdown("a")));
    for number in 0..20 {
        assert_eq!(code(&robot.answer(&call, f64::from(number))), 0);
    }
    for (now, expected) in [(20.0, 45_009), (59.0, 45_009), (60.0, 0), (60.5, 45_009), (61.0, 0)] {
        assert_eq!(code(&robot.answer(&call, now)), expected, "{now}");
    }
}

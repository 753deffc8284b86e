use super::*;
use crate::vendor::samples::post;

const TOKEN: &str = "123:AAE";

fn telegram() -> Telegram {
    Telegram::new(TOKEN, -100).moved(-5, -1005).closed(-6).thread(7)
}

fn send(body: &Value) -> (Reply, Value) {
    let reply = telegram().answer(&post("/bot123:AAE/sendMessage", body), 0.0);
    let answer = serde_json::from_slice(&reply.body).unwrap();
    (reply, answer)
}

#[test]
fn messages_are_shown_without_their_markup() {
    let (reply, answer) = send(&json!({
        "chat_id": -100,
        "text": "<b>a</b> &lt;@u&gt; @ops_team",
        "parse_mode": "HTML",
        "message_thread_id": 7,
    }));
    assert_eq!((reply.status, answer["result"]["message_id"].as_i64()), (200, Some(1)));
    let [shown] = &reply.shown[..] else { panic!() };
    assert_eq!((&*shown.to, &*shown.text), ("-100", "a <@u> @ops_team"));
    assert_eq!(shown.mentions, ["@ops_team"]);
}

#[test]
fn what_is_wrong_is_said() {
    let long = "数".repeat(4_097);
    let to = |chat: i64, text: &str| json!({ "chat_id": chat, "text": text });
    let html = |text: &str| json!({ "chat_id": -100, "text": text, "parse_mode": "HTML" });
    for (body, code, said) in [
        (to(-100, &"🚨".repeat(4_096)), 200, ""),
        (html(&format!("<b>{}</b>", "数".repeat(4_096))), 200, ""),
        (to(-100, &long), 400, "Bad Request: message is too long"),
        (to(-100, " "), 400, "Bad Request: message text is empty"),
        (html("<b></b>"), 400, "Bad Request: message text is empty"),
        (html("<h1>"), 400, "Bad Request: can't parse entities: Unsupported start tag \"h1\""),
        (to(-7, "a"), 400, "Bad Request: chat not found"),
        (to(-5, "a"), 400, "Bad Request: group chat was upgraded to a supergroup chat"),
        (to(-6, "a"), 403, "Forbidden: bot was kicked from the group chat"),
        (
            json!({ "chat_id": "-100", "text": "a", "message_thread_id": 8 }),
            400,
            "Bad Request: message thread not found",
        ),
    ] {
        let (reply, answer) = send(&body);
        assert_eq!((reply.status, text(&answer, "/description")), (code, said), "{body}");
        assert_eq!(reply.shown.len(), usize::from(code == 200), "{body}");
    }
    let (_, answer) = send(&to(-5, "a"));
    assert_eq!(answer["parameters"]["migrate_to_chat_id"], -1005);
}

#[test]
fn bots_are_known_by_their_token() {
    let body = json!({ "chat_id": -100, "text": "a" });
    for (target, code) in [
        ("/bot123:AAE/sendMessage", 200),
        ("/bot123:AAF/sendMessage", 401),
        ("/bot123:AAE/deleteMessage", 404),
        ("/sendMessage", 404),
    ] {
        assert_eq!(telegram().answer(&post(target, &body), 0.0).status, code, "{target}");
    }
}

#[test]
fn groups_take_twenty_a_minute() {
    let mut telegram = telegram();
    let call = post("/bot123:AAE/sendMessage", &json!({ "chat_id": -100, "text": "a" }));
    let statuses: Vec<_> = (0..21).map(|_| telegram.answer(&call, 0.0).status).collect();
    assert_eq!(statuses[19..], [200, 429]);
    assert_eq!(telegram.answer(&call, 60.0).status, 200);
}

use super::*;
use crate::{
    samples::{Sample, channels, sample},
    webhook::usual::{check_faults, check_silence, check_statuses},
};
use serde_json::{Value, json};
use umpire_fakes::{FakeVendor, telegram::Telegram as FakeTelegram};
use umpire_model::Level;
use umpire_notify::Channel;
use umpire_outbound::Answer;

const TOKEN: &str = "123456:AAEtoken-of-ours";

fn config(fake: &FakeVendor, chat_id: &str) -> Telegram {
    Telegram {
        base_url: fake.url("/"),
        token: TOKEN.into(),
        chat_id: chat_id.into(),
        message_thread_id: 0,
    }
}

async fn start() -> FakeVendor {
    let bot = FakeTelegram::new(TOKEN, -100).moved(-5, -1005).closed(-6).thread(7);
    FakeVendor::start(bot).await
}

async fn tell(sample: &Sample, config: &Telegram) -> Report {
    sample.to(&channels(), Channel::Telegram(config.clone())).await
}

fn reply(status: u16, body: &Value) -> Reply {
    let answer = Answer { status, retry_after: None, body: body.to_string().into_bytes() };
    Reply { answer, body: body.clone() }
}

fn error(code: i64, said: &str, parameters: Value) -> Value {
    json!({ "ok": false, "error_code": code, "description": said, "parameters": parameters })
}

#[test]
fn success_is_said_in_the_body() {
    use Outcome as O;
    let none = Value::Null;
    let codes = Codes::new(Vec::new());
    for (status, body, expected, code) in [
        (200, json!({ "ok": true, "result": { "message_id": 7 } }), O::Delivered, ""),
        (200, json!({ "ok": true }), O::Delivered, ""),
        (200, json!({ "ok": "true" }), O::Unknown, ""),
        (200, none.clone(), O::Unknown, ""),
        (201, json!({ "ok": true }), O::Unknown, ""),
        (500, json!({ "ok": true }), O::Transient, ""),
        (429, error(429, "Too Many Requests", json!({ "retry_after": 5 })), O::Throttled(5), "429"),
        (200, error(429, "Too Many Requests", json!({ "retry_after": 0 })), O::Throttled(1), "429"),
        (429, error(429, "Too Many Requests", none.clone()), O::Throttled(60), "429"),
        (400, error(400, "Bad Request: chat not found", none.clone()), O::Permanent, "400"),
        (401, error(401, "Unauthorized", none.clone()), O::Permanent, "401"),
        (403, error(403, "Forbidden: bot was blocked", none.clone()), O::Permanent, "403"),
        (404, error(404, "Not Found", none.clone()), O::Permanent, "404"),
        (500, error(500, "Internal Server Error", none.clone()), O::Transient, "500"),
        (502, error(502, "Bad Gateway", none.clone()), O::Transient, "502"),
        (409, error(409, "Conflict", none.clone()), O::Permanent, "409"),
        (200, json!({ "ok": false }), O::Permanent, "200"),
        (502, none, O::Transient, ""),
    ] {
        let report = judge(&codes, &reply(status, &body));
        assert_eq!((&report.outcome, report.status), (&expected, status), "{body}");
        assert_eq!(report.vendor_code, code, "{body}");
    }
    let report = judge(&codes, &reply(200, &json!({ "ok": true, "result": { "message_id": 7 } })));
    assert_eq!(report.vendor_id, "7");
}

#[tokio::test]
async fn a_message_is_shown_without_its_markup() {
    let fake = start().await;
    for (level, silent) in [(Level::P0, false), (Level::P2, false), (Level::P3, true)] {
        let mut sample = sample();
        sample.notice.level = level;
        sample.rendered.body = "<b>数据泄露</b>\n&lt;script&gt; &amp;".into();
        let config = Telegram { message_thread_id: 7, ..config(&fake, "-100") };
        let report = tell(&sample, &config).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
        let shown = fake.messages().pop().expect("a message");
        assert_eq!((&*shown.to, &*shown.text), ("-100", "数据泄露\n<script> &"));
        let call = fake.calls().pop().expect("a call");
        assert_eq!(call.path, format!("/bot{TOKEN}/sendMessage"));
        let body = call.json().expect("JSON");
        assert_eq!((&body["chat_id"], &body["message_thread_id"]), (&json!(-100), &json!(7)));
        assert_eq!(body["disable_notification"], silent);
        assert_eq!(body["link_preview_options"]["is_disabled"], true);
    }
}

#[tokio::test]
async fn markup_that_cannot_be_read_is_sent_as_text() {
    let fake = start().await;
    let mut sample = sample();
    for body in ["<h1>a</h1>", "<b>a", "a < b"] {
        sample.rendered.body = body.into();
        let before = fake.calls().len();
        let report = tell(&sample, &config(&fake, "-100")).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
        assert_eq!(fake.calls().len() - before, 2, "{body}");
        let shown = fake.messages().pop().expect("a message");
        assert_eq!(shown.text, sample.rendered.plain);
    }
    assert_eq!(fake.messages().len(), 3);
}

#[tokio::test]
async fn a_group_that_moved_is_followed_and_told() {
    let fake = start().await;
    let mut sample = sample();
    // With both to put right at once.
    for (body, calls) in [("<b>a</b>", 2), ("<b>a", 3)] {
        sample.rendered.body = body.into();
        let before = fake.calls().len();
        let report = tell(&sample, &config(&fake, "-5")).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
        assert_eq!(report.detail, "the chat has the new id -1005");
        assert_eq!(fake.calls().len() - before, calls, "{body}");
    }
    assert!(fake.messages().iter().all(|shown| shown.to == "-1005"));
    // The new one has another fault: it is said with the new id.
    let config = Telegram { message_thread_id: 8, ..config(&fake, "-5") };
    let report = tell(&sample, &config).await;
    assert_eq!(report.outcome, Outcome::Permanent);
    let said = "the chat has the new id -1005; Bad Request: message thread not found";
    assert_eq!(report.detail, said);
}

#[tokio::test]
async fn groups_that_move_in_circles_are_left() {
    let fake = FakeVendor::start(FakeTelegram::new(TOKEN, -1).moved(-5, -6).moved(-6, -5)).await;
    let report = tell(&sample(), &config(&fake, "-5")).await;
    assert_eq!(report.outcome, Outcome::Permanent, "{report:?}");
    assert_eq!(fake.calls().len(), 2);
}

#[tokio::test]
async fn what_telegram_refuses_is_for_ever() {
    let fake = start().await;
    let other = Telegram { token: "123456:AAEanother".into(), ..config(&fake, "-100") };
    for (config, status, said) in [
        (config(&fake, "-7"), 400, "Bad Request: chat not found"),
        (config(&fake, "@nobody"), 400, "Bad Request: chat not found"),
        (config(&fake, "-6"), 403, "Forbidden: bot was kicked from the group chat"),
        (other, 401, "Unauthorized"),
    ] {
        let report = tell(&sample(), &config).await;
        assert_eq!((&report.outcome, report.status), (&Outcome::Permanent, status), "{report:?}");
        assert_eq!((&*report.vendor_code, &*report.detail), (&*status.to_string(), said));
    }
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn long_messages_are_cut_without_their_markup() {
    let fake = start().await;
    let mut sample = sample();
    for (body, plain, expected) in [
        ("<b>".to_owned() + &"x".repeat(4_089) + "</b>", "p".to_owned(), "x".repeat(4_089)),
        ("<b>".to_owned() + &"x".repeat(4_090) + "</b>", "p".to_owned(), "p".to_owned()),
        ("数".repeat(5_000), "🚨".repeat(4_096), "🚨".repeat(4_096)),
        ("数".repeat(5_000), "🚨".repeat(4_097), "🚨".repeat(4_095) + "…"),
        (String::new(), String::new(), "⚠️ P1 数据泄露 ×3".to_owned()),
    ] {
        sample.rendered.body = body;
        sample.rendered.plain = plain;
        let report = tell(&sample, &config(&fake, "-100")).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
        assert_eq!(fake.messages().pop().expect("a message").text, expected);
    }
}

#[tokio::test]
async fn a_rule_may_call_users_by_name() {
    let fake = start().await;
    let mut sample = sample();
    sample.notice.mentions =
        ["@alice", "@bob", "carol", "@dave<b>", "@eve_2"].map(str::to_owned).to_vec();
    sample.rendered.plain = "x".repeat(5_000);
    for body in ["<b>a</b>".to_owned(), "y".repeat(5_000)] {
        sample.rendered.body = body;
        let report = tell(&sample, &config(&fake, "-100")).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
        let shown = fake.messages().pop().expect("a message");
        // Names have five letters at least.
        assert_eq!(shown.mentions, ["@alice", "@eve_2"]);
        assert!(shown.text.ends_with("\n@alice @eve_2"), "{}", shown.text);
    }
}

#[tokio::test]
async fn too_many_messages_wait_for_as_long_as_telegram_says() {
    let (fake, channels) = (start().await, channels());
    let channel = Channel::Telegram(config(&fake, "-100"));
    for number in 0..=20 {
        let report = sample().to(&channels, channel.clone()).await;
        let throttled = report.outcome == Outcome::Throttled(5);
        assert_eq!(throttled, number == 20, "{number}: {report:?}");
    }
    fake.shift_clock(60);
    assert_eq!(sample().to(&channels, channel).await.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn other_answers_mean_the_usual() {
    use Outcome::Unknown;
    let fake = start().await;
    let channel = Channel::Telegram(config(&fake, "-100"));
    check_statuses(&fake, &channel, TOKEN, &[]).await;
    check_faults(&fake, &channel, [Unknown, Unknown, Unknown]).await;
    check_silence(&fake, &channel, Unknown).await;
}

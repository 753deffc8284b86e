use super::{mentions::mentions, *};
use crate::{
    codes::CodeRow,
    samples::{Sample, channels, sample},
    webhook::usual::{check_faults, check_silence, check_statuses, deliver as tell},
};
use serde_json::json;
use std::time::Duration;
use umpire_fakes::{FakeVendor, slack::Slack as FakeSlack};
use umpire_notify::{Channel, Mention};

const HOOK: &str = "T0000001/B0000001/secret-hook-1";
const TOKEN: &str = "xoxb-token-of-ours";

fn config() -> Slack {
    Slack {
        url: "".into(),
        token: "".into(),
        channel: String::new(),
        mentions: Vec::new(),
        at_all: false,
    }
}

fn webhook(fake: &FakeVendor) -> Slack {
    Slack { url: fake.url(&format!("/services/{HOOK}")).into(), ..config() }
}

fn api(fake: &FakeVendor) -> Slack {
    Slack { url: fake.url("/api/").into(), token: TOKEN.into(), channel: "C1".into(), ..config() }
}

async fn start() -> FakeVendor {
    FakeVendor::start(FakeSlack::new(HOOK, TOKEN, "C1")).await
}

fn answer(status: u16, wait: Option<u64>, body: &str) -> Answer {
    Answer { status, retry_after: wait.map(Duration::from_secs), body: body.into() }
}

#[test]
fn a_webhook_says_ok_and_nothing_else() {
    use Outcome as O;
    let codes = Codes::new(Vec::new());
    for (status, wait, body, expected, code) in [
        (200, None, "ok", O::Delivered, ""),
        (200, None, "ok\n", O::Delivered, ""),
        (200, None, "OK", O::Unknown, ""),
        (200, None, "", O::Unknown, ""),
        (200, None, "true", O::Unknown, ""),
        (200, None, r#"{"ok":true}"#, O::Unknown, ""),
        (200, None, "<html>ok</html>", O::Unknown, ""),
        (200, None, "invalid_token", O::Permanent, "invalid_token"),
        (201, None, "ok", O::Unknown, ""),
        (302, None, "ok", O::Permanent, ""),
        (400, None, "invalid_payload", O::Permanent, "invalid_payload"),
        (403, None, "action_prohibited", O::Permanent, "action_prohibited"),
        (403, None, "invalid_token", O::Permanent, "invalid_token"),
        (404, None, "channel_not_found", O::Permanent, "channel_not_found"),
        (404, None, "no_service", O::Permanent, "no_service"),
        (410, None, "channel_is_archived", O::Gone, "channel_is_archived"),
        (429, Some(9), "rate_limited", O::Throttled(9), "rate_limited"),
        (429, None, "rate_limited", O::Throttled(60), "rate_limited"),
        (500, None, "rollup_error", O::Transient, "rollup_error"),
        (500, None, "new_error", O::Transient, "new_error"),
        (400, None, "new_error", O::Permanent, "new_error"),
        (503, None, "Service Unavailable", O::Transient, ""),
    ] {
        let report = judge_webhook(&codes, &answer(status, wait, body));
        assert_eq!((&report.outcome, report.status), (&expected, status), "{status} {body}");
        assert_eq!(report.vendor_code, code, "{status} {body}");
    }
}

#[test]
fn the_web_api_says_ok_in_its_body() {
    use Outcome as O;
    let codes = Codes::new(Vec::new());
    let error = |name: &str| json!({ "ok": false, "error": name }).to_string();
    for (status, wait, body, expected) in [
        (200, None, r#"{"ok":true,"ts":"1503435956.000247"}"#.to_owned(), O::Delivered),
        (200, None, r#"{"ok":true}"#.to_owned(), O::Delivered),
        (200, None, r#"{"ok":"true"}"#.to_owned(), O::Unknown),
        (200, None, r#"{"ok":false}"#.to_owned(), O::Unknown),
        (200, None, "ok".to_owned(), O::Unknown),
        (200, None, String::new(), O::Unknown),
        (500, None, r#"{"ok":true}"#.to_owned(), O::Transient),
        (200, None, error("ratelimited"), O::Throttled(30)),
        (429, Some(11), error("ratelimited"), O::Throttled(11)),
        (200, None, error("service_unavailable"), O::Transient),
        (200, None, error("internal_error"), O::Transient),
        (200, None, error("fatal_error"), O::Transient),
        (503, None, error("service_unavailable"), O::Transient),
        (200, None, error("invalid_auth"), O::Permanent),
        (200, None, error("channel_not_found"), O::Permanent),
        (200, None, error("is_archived"), O::Permanent),
        (200, None, error("new_error"), O::Permanent),
        (500, None, error("new_error"), O::Transient),
    ] {
        let report = judge_api(&codes, &answer(status, wait, &body));
        assert_eq!((&report.outcome, report.status), (&expected, status), "{status} {body}");
    }
    let report = judge_api(&codes, &answer(200, None, r#"{"ok":true,"ts":"15.2"}"#));
    assert_eq!(report.vendor_id, "15.2");
}

#[test]
fn the_configuration_may_know_better() {
    let row = CodeRow::parse("slack/no_service", "GONE").expect("a row");
    let codes = Codes::new(vec![row]);
    let report = judge_webhook(&codes, &answer(404, None, "no_service"));
    assert_eq!(report.outcome, Outcome::Gone);
}

#[test]
fn levels_say_who_is_mentioned() {
    let config = Slack {
        mentions: ["<@U1>", "<!subteam^S1>", "<!here>", "W2X", "@bob", "<!date^1^x|y>"]
            .map(str::to_owned)
            .to_vec(),
        at_all: true,
        ..config()
    };
    let named = ["<@U1>", "<!subteam^S1>", "<!here>", "<@W2X>"];
    for (mention, at_all, expected) in [
        (Mention::Nobody, true, vec![]),
        (Mention::Named, true, named.to_vec()),
        (Mention::All, false, named.to_vec()),
        (Mention::All, true, [&named[..], &["<!channel>"]].concat()),
    ] {
        let config = Slack { at_all, ..config.clone() };
        let mut notice = sample().notice;
        notice.mention = mention;
        assert_eq!(mentions(&config, &notice), expected, "{mention:?} {at_all}");
        // Those of the rule come first, each once, and never everybody.
        notice.mentions = ["U9A", "<@U1>", "<!channel>", "<!here>", "alice", "U1 <!channel>"]
            .map(str::to_owned)
            .to_vec();
        let others = expected.into_iter().filter(|mention| *mention != "<@U1>");
        let expected: Vec<_> = ["<@U9A>", "<@U1>"].into_iter().chain(others).collect();
        assert_eq!(mentions(&config, &notice), expected, "{mention:?} {at_all}");
    }
}

/// The texts of all sections.
fn sections(sample: &Sample, config: &Slack) -> Vec<String> {
    let message = message::message(config, &sample.parcel());
    let blocks = message["blocks"].as_array().expect("blocks").iter();
    blocks.map(|block| block["text"]["text"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn sections_are_cut_where_nothing_is_open() {
    let full = "数".repeat(3_000);
    let long = |end: &str| "x".repeat(2_998) + end + &"y".repeat(100);
    for (body, expected) in [
        (full.clone(), full.clone()),
        (full.clone() + "据", "数".repeat(2_999) + "…"),
        (long("a&amp;"), "x".repeat(2_998) + "a…"),
        (long("&amp;"), "x".repeat(2_998) + "…"),
        (long("<"), "x".repeat(2_998) + "…"),
        (
            format!("{}<https://a.example/{}|b>", "x".repeat(2_900), "y".repeat(200)),
            "x".repeat(2_900) + "…",
        ),
        ("x".repeat(2_900) + "\n" + &"y".repeat(200), "x".repeat(2_900) + "…"),
    ] {
        let mut sample = sample();
        sample.rendered.body = body;
        assert_eq!(sections(&sample, &config()), [expected]);
    }
}

#[test]
fn no_text_is_empty() {
    let mut sample = sample();
    sample.rendered.body = " \n".into();
    sample.rendered.title = "a <!channel> & b".into();
    assert_eq!(sections(&sample, &config()), ["a &lt;!channel&gt; &amp; b"]);
    sample.rendered.title.clear();
    assert_eq!(sections(&sample, &config()), ["Umpire"]);
    let message = message::message(&config(), &sample.parcel());
    assert_eq!(message["text"], "Umpire");
    assert!(message["channel"].is_null());
}

#[tokio::test]
async fn both_ways_people_see_the_same() {
    let fake = start().await;
    for slack in [webhook(&fake), api(&fake)] {
        let config = Slack { mentions: vec!["<@U1>".into()], at_all: true, ..slack };
        let mut sample = sample();
        sample.notice.mention = Mention::All;
        sample.rendered.body = "*数据泄露*\n&gt; &lt;!everyone&gt; <https://a.example|b>".into();
        let report = sample.to(&channels(), Channel::Slack(config)).await;
        assert_eq!((&report.outcome, report.status), (&Outcome::Delivered, 200), "{report:?}");
        let shown = fake.messages().pop().expect("a message");
        assert_eq!(shown.to, "C1");
        let text = "*数据泄露*\n> <!everyone> <https://a.example|b>\n<@U1> <!channel>";
        assert_eq!(shown.text, text);
        assert_eq!(shown.mentions, ["U1", "@all"]);
    }
    let calls = fake.calls();
    assert_eq!(calls[0].header("authorization"), None);
    assert_eq!(calls[1].header("authorization"), Some("Bearer xoxb-token-of-ours"));
    assert_eq!(calls[1].path, "/api/chat.postMessage");
    let line = calls[1].json().expect("JSON")["text"].clone();
    assert_eq!(line, "⚠️ P1 数据泄露 ×3", "what phones show");
}

#[tokio::test]
async fn what_slack_refuses_is_named() {
    let fake = start().await;
    let archived = FakeVendor::start(FakeSlack::new(HOOK, TOKEN, "C1").archived()).await;
    for (slack, expected, code) in [
        (
            Slack { url: fake.url("/services/T/B/another-hook").into(), ..config() },
            Outcome::Permanent,
            "no_service",
        ),
        (Slack { token: "xoxb-another".into(), ..api(&fake) }, Outcome::Permanent, "invalid_auth"),
        (Slack { channel: "C2".into(), ..api(&fake) }, Outcome::Permanent, "channel_not_found"),
        (webhook(&archived), Outcome::Gone, "channel_is_archived"),
        (api(&archived), Outcome::Permanent, "is_archived"),
    ] {
        let report = tell(&Channel::Slack(slack)).await;
        assert_eq!((&report.outcome, &*report.vendor_code), (&expected, code), "{report:?}");
    }
    assert!(fake.messages().is_empty() && archived.messages().is_empty());
}

#[tokio::test]
async fn too_many_messages_wait_for_as_long_as_slack_says() {
    for use_api in [false, true] {
        let (fake, channels) = (start().await, channels());
        let channel = Channel::Slack(if use_api { api(&fake) } else { webhook(&fake) });
        for number in 0..=60 {
            let report = sample().to(&channels, channel.clone()).await;
            let throttled = report.outcome == Outcome::Throttled(1);
            assert_eq!(throttled, number == 60, "{number}: {report:?}");
        }
        fake.shift_clock(60);
        assert_eq!(sample().to(&channels, channel).await.outcome, Outcome::Delivered);
    }
}

#[tokio::test]
async fn other_answers_mean_the_usual() {
    use Outcome::Unknown;
    let fake = start().await;
    for (channel, secret) in [(webhook(&fake), "secret-hook-1"), (api(&fake), TOKEN)] {
        let channel = Channel::Slack(channel);
        check_statuses(&fake, &channel, secret, &[]).await;
        check_faults(&fake, &channel, [Unknown, Unknown, Unknown]).await;
    }
    check_silence(&fake, &Channel::Slack(api(&fake)), Unknown).await;
}

use super::{event::dedup_key, *};
use crate::{
    samples::{Sample, channels, sample},
    webhook::usual::{check_faults, check_silence, check_statuses},
};
use serde_json::json;
use umpire_fakes::{FakeVendor, pagerduty::Pagerduty as FakePagerduty};
use umpire_model::Level;
use umpire_notify::{Channel, Reason};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn config(url: &str, routing_key: &str) -> Pagerduty {
    Pagerduty { url: url.into(), routing_key: routing_key.into(), client_url: String::new() }
}

fn channel(fake: &FakeVendor) -> Channel {
    Channel::Pagerduty(config(&fake.url("/v2/enqueue"), KEY))
}

async fn start() -> FakeVendor {
    FakeVendor::start(FakePagerduty::new(KEY)).await
}

fn parsed(sample: &Sample) -> Value {
    let event = event::event(&config("", KEY), &sample.parcel());
    serde_json::from_slice(&event).expect("JSON")
}

#[test]
fn keys_are_those_of_other_implementations() {
    let thread = r#"{}/{level="P0"}:{keyword="数据泄露",room="r1"}"#;
    let expected = "1791fe2d945f910b647cf234dbfbee9b16c59370fde3d9459ef519855a58f94c";
    assert_eq!(dedup_key(thread), expected);
}

#[test]
fn an_event_says_what_the_notice_does() {
    let sample = sample();
    let config = Pagerduty { client_url: "https://umpire.example.com".into(), ..config("", KEY) };
    let event = event::event(&config, &sample.parcel());
    let mut event: Value = serde_json::from_slice(&event).expect("JSON");
    let details = event["payload"]["custom_details"].take();
    let expected = json!({
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": dedup_key("018f4e8a-0000-7000-8000-0000000000aa"),
        "client": "Umpire",
        "client_url": "https://umpire.example.com",
        "payload": {
            "summary": "⚠️ P1 数据泄露 ×3",
            "source": "umpire/acme",
            "severity": "error",
            "timestamp": "2023-11-14T22:14:50Z",
            "component": "数据泄露",
            "group": "group",
            "class": "TEXT",
            "custom_details": null,
        },
    });
    assert_eq!(event, expected);
    assert_eq!(details["text"], "命中：底薪\n\n群聊：销售一群");
    assert_eq!(details["place"]["conversation_id"], "g-1");
    assert_eq!(details["count"], 3);
}

#[test]
fn what_is_over_is_resolved_and_anything_else_triggers() {
    for (reason, expected) in [
        (Reason::First, "trigger"),
        (Reason::Repeated, "trigger"),
        (Reason::LevelUp, "trigger"),
        (Reason::Escalated, "trigger"),
        (Reason::AckExpired, "trigger"),
        (Reason::Digest, "trigger"),
        (Reason::Test, "trigger"),
        (Reason::Resolved, "resolve"),
    ] {
        let mut sample = sample();
        sample.notice.reason = reason;
        let event = parsed(&sample);
        assert_eq!(event["event_action"], expected, "{reason:?}");
        assert_eq!(event["dedup_key"], dedup_key(&sample.notice.thread));
        assert_eq!(event["payload"].is_null(), expected == "resolve");
    }
}

#[test]
fn levels_are_severities() {
    for (level, expected) in
        [(Level::P0, "critical"), (Level::P1, "error"), (Level::P2, "warning"), (Level::P3, "info")]
    {
        let mut sample = sample();
        sample.notice.level = level;
        assert_eq!(parsed(&sample)["payload"]["severity"], expected);
    }
}

#[test]
fn there_is_a_summary_and_it_is_not_too_long() {
    for (title, expected) in [
        ("数".repeat(1_024), "数".repeat(1_024)),
        ("🚨".repeat(1_025), "🚨".repeat(1_023) + "…"),
        (" ".to_owned(), "数据泄露".to_owned()),
    ] {
        let mut sample = sample();
        sample.rendered.title = title;
        assert_eq!(parsed(&sample)["payload"]["summary"], expected);
    }
    let mut nameless = sample();
    nameless.rendered.title.clear();
    nameless.notice.title.clear();
    nameless.notice.rule_name.clear();
    assert_eq!(parsed(&nameless)["payload"]["summary"], "Umpire");
}

#[test]
fn an_event_that_is_too_long_goes_without_its_details() {
    let mut sample = sample();
    sample.rendered.body.clear();
    let bare = event::event(&config("", KEY), &sample.parcel()).len();
    let most = 512 * 1024 - bare;
    for (length, kept) in [(most, true), (most + 1, false), (most * 3, false)] {
        sample.rendered.body = "x".repeat(length);
        let event = event::event(&config("", KEY), &sample.parcel());
        assert!(event.len() <= 512 * 1024);
        let event: Value = serde_json::from_slice(&event).expect("JSON");
        let details = &event["payload"]["custom_details"];
        assert_eq!(details.as_object().is_some_and(|details| details.is_empty()), !kept);
        assert_eq!(event["payload"]["summary"], sample.rendered.title);
    }
}

#[tokio::test]
async fn an_incident_opens_once_and_closes() {
    let (fake, channels) = (start().await, channels());
    let mut sample = sample();
    for reason in [Reason::First, Reason::First, Reason::Repeated, Reason::Resolved] {
        sample.notice.reason = reason;
        let report = sample.to(&channels, channel(&fake)).await;
        assert_eq!((report.outcome, report.status), (Outcome::Delivered, 202), "{reason:?}");
        assert_eq!(report.vendor_id, dedup_key(&sample.notice.thread));
    }
    let shown: Vec<_> = fake.messages().into_iter().map(|shown| shown.text).collect();
    assert_eq!(shown, ["⚠️ P1 数据泄露 ×3", "resolved"]);
}

#[tokio::test]
async fn what_pagerduty_finds_wrong_is_told_without_the_key() {
    let fake = start().await;
    let other = "ffffffffffffffffffffffffffffffff";
    let channel = Channel::Pagerduty(config(&fake.url("/v2/enqueue"), other));
    let report = sample().to(&channels(), channel).await;
    assert_eq!((report.outcome.clone(), report.status), (Outcome::Permanent, 400));
    assert_eq!(report.vendor_code, "invalid event");
    assert_eq!(report.detail, "Event object is invalid; Invalid routing key");
}

#[tokio::test]
async fn too_many_events_wait() {
    let (fake, channels) = (start().await, channels());
    for number in 0..=120 {
        let report = sample().to(&channels, channel(&fake)).await;
        let throttled = matches!(report.outcome, Outcome::Throttled(60));
        assert_eq!(throttled, number == 120, "{number}: {report:?}");
    }
    fake.shift_clock(60);
    assert_eq!(sample().to(&channels, channel(&fake)).await.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn other_answers_mean_the_usual() {
    use Outcome::Unknown;
    let fake = start().await;
    check_statuses(&fake, &channel(&fake), KEY, &[]).await;
    check_faults(&fake, &channel(&fake), [Unknown, Unknown, Unknown]).await;
    check_silence(&fake, &channel(&fake), Unknown).await;
}

use super::*;
use crate::{
    samples::{Sample, channels, sample},
    webhook::usual::{check_faults, check_silence, check_statuses},
};
use serde_json::json;
use umpire_fakes::{FakeVendor, alertmanager::Alertmanager as FakeAlertmanager};
use umpire_model::{Level, Timestamp};
use umpire_notify::{Channel, Reason};

const TOKEN: &str = "token-of-ours-1";

fn config(urls: &[String]) -> Alertmanager {
    Alertmanager { urls: urls.to_vec(), token: TOKEN.into(), username: String::new() }
}

fn channel(fake: &FakeVendor) -> Channel {
    Channel::Alertmanager(config(&[fake.url("/")]))
}

async fn start() -> FakeVendor {
    FakeVendor::start(FakeAlertmanager::authorized_by(&format!("Bearer {TOKEN}"))).await
}

/// At a moment when it holds for another half an hour.
fn at_once() -> Sample {
    let sample = sample();
    Sample { time: sample.notice.last_time, ..sample }
}

/// Made now, as fakes look at their clocks.
fn now() -> Sample {
    let mut sample = sample();
    sample.notice.first_time = sample.time.plus_seconds(-60);
    sample.notice.last_time = sample.time;
    sample.notice.end_time = sample.time.plus_seconds(1_800);
    sample
}

fn posted(sample: &Sample) -> Value {
    alerts::alerts(&sample.parcel())
}

#[test]
fn an_alert_is_what_alertmanager_takes() {
    let posted = posted(&at_once());
    let labels = json!({
        "alertname": "数据泄露",
        "tenant": "acme",
        "kind": "TEXT",
        "severity": "error",
        "rule": "leak",
        "conversation": "g-1",
        "thread": "018f4e8a-0000-7000-8000-0000000000aa",
    });
    assert_eq!(posted[0]["labels"], labels);
    assert_eq!(posted[0]["startsAt"], "2023-11-14T22:13:20Z");
    assert_eq!(posted[0]["endsAt"], "2023-11-14T22:44:50Z");
    assert_eq!(posted.as_array().map(Vec::len), Some(1));
    let annotations = &posted[0]["annotations"];
    for (name, expected) in [
        ("summary", "⚠️ P1 数据泄露 ×3"),
        ("description", "命中：底薪\n\n群聊：销售一群"),
        ("level", "P1"),
        ("count", "3"),
        ("confidence", "0.93"),
        ("labels", "leak"),
        ("sender_display_name", "王五"),
        ("place_conversation_name", "销售一群"),
    ] {
        assert_eq!(annotations[name], expected, "{name}");
    }
    assert!(annotations["place_camera"].is_null(), "what is empty is left out");
    assert!(annotations.as_object().is_some_and(|all| all.values().all(Value::is_string)));
}

#[test]
fn nothing_that_changes_is_identity() {
    let first = at_once();
    let mut later = at_once();
    later.notice.reason = Reason::Resolved;
    later.notice.count = 99;
    later.notice.stands_for = 50;
    later.notice.last_time = later.notice.last_time.plus_seconds(600);
    later.notice.end_time = later.notice.end_time.plus_seconds(600);
    later.notice.excerpt = "another".into();
    later.notice.sender.user_id = "u-2".into();
    later.notice.place.conversation_name = "renamed".into();
    later.notice.confidence = None;
    later.notice.labels.push("more".into());
    later.rendered.title = "over".into();
    assert_eq!(posted(&first)[0]["labels"], posted(&later)[0]["labels"]);
}

#[test]
fn ends_say_whether_it_fires() {
    let micros = |seconds: i64| Timestamp(1_700_000_000_000_000).plus_seconds(seconds);
    for (reason, now, end) in [
        (Reason::First, 90, 1_890),
        (Reason::Repeated, 1_889, 1_890),
        // Late, and still to be told.
        (Reason::First, 1_890, 2_190),
        (Reason::First, 5_000, 5_300),
        (Reason::Test, 90, 1_890),
        (Reason::Resolved, 90, 90),
        (Reason::Resolved, 5_000, 5_000),
    ] {
        let mut sample = sample();
        sample.notice.reason = reason;
        sample.time = micros(now);
        assert_eq!(posted(&sample)[0]["endsAt"], micros(end).to_string(), "{reason:?} {now}");
    }
    // A clock that went back: an end before the start would be refused.
    let mut sample = sample();
    sample.notice.reason = Reason::Resolved;
    sample.time = micros(-5);
    assert_eq!(posted(&sample)[0]["startsAt"], posted(&sample)[0]["endsAt"]);
}

#[test]
fn labels_are_short_and_there_is_a_name() {
    let mut sample = at_once();
    sample.notice.rule_name.clear();
    sample.notice.title = "数".repeat(300);
    sample.notice.rule.clear();
    sample.notice.place.conversation_id = "x\"}\n\u{0}".into();
    let labels = posted(&sample)[0]["labels"].clone();
    assert_eq!(labels["alertname"], "数".repeat(256));
    assert_eq!(labels["conversation"], "x\"}\n\u{0}");
    assert!(labels["rule"].is_null());
    sample.notice.title.clear();
    sample.notice.parts = [sample.notice.parts.clone(), sample.notice.parts.clone()].concat();
    let labels = posted(&sample)[0]["labels"].clone();
    assert_eq!(labels["alertname"], "TEXT");
    assert!(labels["conversation"].is_null(), "of several alerts");
}

#[test]
fn callers_say_who_they_are() {
    for (username, token, expected) in
        [("", "", None), ("", "t", Some("Bearer t")), ("ops", "t", Some("Basic b3BzOnQ="))]
    {
        let config =
            Alertmanager { urls: Vec::new(), token: token.into(), username: username.into() };
        let headers = headers(&config);
        let found = headers.iter().find(|(name, _)| *name == "authorization");
        assert_eq!(found.map(|(_, value)| &**value), expected);
    }
}

#[tokio::test]
async fn an_alert_fires_rises_and_is_over() {
    let (fake, channels) = (start().await, channels());
    let mut sample = now();
    for (reason, level, previous) in [
        (Reason::First, Level::P2, None),
        (Reason::Repeated, Level::P2, None),
        (Reason::LevelUp, Level::P0, Some(Level::P2)),
        (Reason::Resolved, Level::P0, None),
    ] {
        sample.notice.reason = reason;
        sample.notice.level = level;
        sample.notice.previous_level = previous;
        // By the fake's clock it has passed.
        sample.time = now().time.plus_seconds(-1);
        let report = sample.to(&channels, channel(&fake)).await;
        assert_eq!((report.outcome, report.status), (Outcome::Delivered, 200), "{reason:?}");
    }
    let shown: Vec<_> = fake.messages().into_iter().map(|shown| shown.text).collect();
    let title = "⚠️ P1 数据泄露 ×3";
    let expected = ["FIRING warning", "FIRING critical", "RESOLVED warning", "RESOLVED critical"];
    assert_eq!(shown, expected.map(|start| format!("{start} {title}")));
}

#[tokio::test]
async fn every_member_is_told_and_one_is_enough() {
    let (one, two) = (start().await, start().await);
    let urls = [one.url(""), "http://127.0.0.1:1".to_owned(), two.url("/")];
    let channel = Channel::Alertmanager(config(&urls));
    let report = now().to(&channels(), channel.clone()).await;
    assert_eq!(report.outcome, Outcome::Delivered);
    assert!(report.detail.starts_with("1 of 3 members: 127.0.0.1:1: "), "{report:?}");
    assert_eq!((one.messages().len(), two.messages().len()), (1, 1));
    for fake in [&one, &two] {
        fake.fail_always(Some(umpire_fakes::Fault::Status(503, Vec::new(), String::new())));
    }
    let report = now().to(&channels(), channel).await;
    assert_eq!(report.outcome, Outcome::Transient);
    assert!(report.detail.starts_with("3 of 3 members: "), "{report:?}");
    let nobody = now().to(&channels(), Channel::Alertmanager(config(&[]))).await;
    assert_eq!(nobody.outcome, Outcome::Permanent);
}

#[tokio::test]
async fn what_is_refused_is_refused_for_ever() {
    let fake = start().await;
    let other = Alertmanager { token: "another".into(), ..config(&[fake.url("")]) };
    let report = now().to(&channels(), Channel::Alertmanager(other)).await;
    assert_eq!((report.outcome, report.status), (Outcome::Permanent, 401));
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn other_answers_mean_the_usual() {
    use Outcome::{Delivered, Unknown};
    let fake = start().await;
    check_statuses(&fake, &channel(&fake), TOKEN, &[]).await;
    check_faults(&fake, &channel(&fake), [Delivered, Unknown, Unknown]).await;
    check_silence(&fake, &channel(&fake), Unknown).await;
}

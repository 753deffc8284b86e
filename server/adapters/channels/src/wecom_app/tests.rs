//! Against a fake WeCom that checks everything itself.

use super::*;
use crate::samples::{Sample, channels, channels_waiting, faults, sample, slow_faults};
use futures_util::future::join_all;
use std::time::Duration;
use umpire_fakes::{FakeVendor, Fault, wecom::App};
use umpire_notify::{Channel, DeliveryId, Outcome};
use uuid::Uuid;

const SECRET: &str = "s+e/c=ret";

pub(super) fn config(url: &str) -> WecomApp {
    WecomApp {
        base_url: url.to_owned(),
        corp_id: "ww1".to_owned(),
        secret: SECRET.into(),
        agent_id: 1_000_002,
        to_users: vec!["zhang".to_owned(), "li".to_owned()],
        to_parties: vec!["2".to_owned()],
        to_tags: Vec::new(),
    }
}

fn app() -> App {
    App::new("ww1", SECRET, 1_000_002)
}

fn channel(fake: &FakeVendor) -> Channel {
    Channel::WecomApp(config(&fake.url("/")))
}

/// A delivery of that number.
fn numbered(number: u128) -> Sample {
    let mut sample = sample();
    sample.id = DeliveryId(Uuid::from_u128(number));
    sample
}

fn fetches(fake: &FakeVendor) -> usize {
    fake.calls().iter().filter(|call| call.path == "/cgi-bin/gettoken").count()
}

#[tokio::test]
async fn everybody_it_is_for_is_told_and_the_token_is_kept() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    for number in 1..=3 {
        let report = numbered(number).to(&channels, channel(&fake)).await;
        assert_eq!((report.outcome, report.status), (Outcome::Delivered, 200));
        assert_eq!((&*report.vendor_code, &*report.detail), ("0", "ok"));
        assert!(!report.vendor_id.is_empty());
    }
    let shown = fake.messages();
    let to: Vec<&str> = shown.iter().take(3).map(|shown| &*shown.to).collect();
    assert_eq!((shown.len(), to), (9, vec!["zhang", "li", "party:2"]));
    assert!(shown[0].text.starts_with("## ⚠️ P1 数据泄露 ×3\n"), "{}", shown[0].text);
    assert_eq!(fetches(&fake), 1);
}

#[tokio::test]
async fn one_asks_for_a_token_and_the_others_wait() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    let samples: Vec<Sample> = (0..20).map(numbered).collect();
    let reports = join_all(samples.iter().map(|one| one.to(&channels, channel(&fake)))).await;
    assert!(reports.iter().all(|report| report.outcome == Outcome::Delivered), "{reports:?}");
    assert_eq!((fetches(&fake), fake.messages().len()), (1, 60));
}

#[tokio::test]
async fn a_token_that_is_revoked_in_a_burst_is_renewed_once() {
    let app = app();
    let tokens = app.tokens();
    let (fake, channels) = (FakeVendor::start(app).await, channels());
    numbered(100).to(&channels, channel(&fake)).await;
    tokens.revoke();
    let samples: Vec<Sample> = (0..20).map(numbered).collect();
    let reports = join_all(samples.iter().map(|one| one.to(&channels, channel(&fake)))).await;
    assert!(reports.iter().all(|report| report.outcome == Outcome::Delivered), "{reports:?}");
    assert_eq!((fetches(&fake), tokens.issued()), (2, 2));
    assert_eq!(fake.messages().len(), 63);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_when_it_has() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    let start = sample();
    let after = |seconds: i64, number: u128| {
        let mut sample = numbered(number);
        sample.time = start.time.plus_seconds(seconds);
        sample
    };
    for (shift, seconds, expected) in [
        (0, 0, 1),
        (6_800, 6_800, 1),
        // 300 seconds before its end.
        (150, 6_950, 2),
        // Our clock stands still, and the vendor says that it has expired.
        (1_000, 6_950, 3),
    ] {
        fake.shift_clock(shift);
        let number = u128::from(shift.unsigned_abs());
        let report = after(seconds, number).to(&channels, channel(&fake)).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{shift} {seconds}: {report:?}");
        assert_eq!(fetches(&fake), expected, "{shift} {seconds}");
    }
}

#[tokio::test]
async fn a_token_that_never_helps_is_fetched_twice_and_no_more() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    numbered(1).to(&channels, channel(&fake)).await;
    let stale = r#"{"errcode":40014,"errmsg":"invalid access_token"}"#;
    let token = r#"{"errcode":0,"access_token":"token-2","expires_in":7200}"#;
    let status = |body: &str| Fault::Status(200, Vec::new(), body.to_owned());
    fake.fail_next([status(stale), status(token), status(stale)]);
    let before = fake.calls().len();
    let report = numbered(2).to(&channels, channel(&fake)).await;
    assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Transient, "40014"));
    assert_eq!(fake.calls().len() - before, 3);
}

#[tokio::test]
async fn a_refusal_of_a_token_is_shared_by_those_who_waited() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    fake.fail_always(Some(Fault::Status(500, Vec::new(), String::new())));
    let samples: Vec<Sample> = (0..20).map(numbered).collect();
    let reports = join_all(samples.iter().map(|one| one.to(&channels, channel(&fake)))).await;
    assert!(reports.iter().all(|report| report.outcome == Outcome::Transient), "{reports:?}");
    assert_eq!(fake.calls().len(), 1);
    // And by nobody who comes later.
    fake.fail_always(None);
    let report = numbered(1).to(&channels, channel(&fake)).await;
    assert_eq!(report.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn accounts_have_tokens_of_their_own() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    numbered(1).to(&channels, channel(&fake)).await;
    for (change, code) in [("secret", "40091"), ("corp", "40013"), ("agent", "301002")] {
        let mut config = config(&fake.url(""));
        match change {
            "secret" => config.secret = "another".into(),
            "corp" => config.corp_id = "ww2".to_owned(),
            _ => config.agent_id = 7,
        }
        let report = numbered(2).to(&channels, Channel::WecomApp(config)).await;
        assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Permanent, code), "{change}");
    }
    // The agent is none of the token's business.
    assert_eq!(fetches(&fake), 3);
}

#[tokio::test]
async fn those_who_were_not_reached_are_named() {
    let vendor = app().without(&["li", "party:2"]).without_licence(&["poor"]);
    let (fake, channels) = (FakeVendor::start(vendor).await, channels());
    let failed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    for (users, expected) in [
        (vec!["zhang"], Outcome::Partial(failed(&["party:2"]))),
        (vec!["zhang", "LI", "poor"], Outcome::Partial(failed(&["li", "poor", "party:2"]))),
        (vec!["li"], Outcome::Permanent),
    ] {
        let mut config = config(&fake.url(""));
        config.to_users = users.iter().map(|name| (*name).to_owned()).collect();
        let report = sample().to(&channels, Channel::WecomApp(config)).await;
        assert_eq!(report.outcome, expected, "{users:?}");
    }
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_shown_once() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    let mut sample = numbered(7);
    numbered(1).to(&channels, channel(&fake)).await;
    fake.fail_next([Fault::CloseAfterRead]);
    let first = sample.to(&channels, channel(&fake)).await;
    assert_eq!(first.outcome, Outcome::Unknown);
    sample.attempt = 2;
    sample.time = sample.time.plus_seconds(2);
    let second = sample.to(&channels, channel(&fake)).await;
    assert_eq!(second.outcome, Outcome::Delivered);
    // Three for each of two deliveries.
    assert_eq!(fake.messages().len(), 6);
}

#[tokio::test]
async fn faults_of_the_network_are_what_they_are() {
    let (fake, patient) = (FakeVendor::start(app()).await, channels());
    let hasty = channels_waiting(Duration::from_millis(500));
    for channels in [&patient, &hasty] {
        numbered(1).to(channels, channel(&fake)).await;
    }
    let quick = faults().into_iter().map(|fault| (&patient, fault));
    let slow = slow_faults().into_iter().map(|fault| (&hasty, fault));
    for (number, (channels, (fault, expected))) in quick.chain(slow).enumerate() {
        fake.fail_next([fault.clone()]);
        let report = numbered(number as u128 + 10).to(channels, channel(&fake)).await;
        assert_eq!(report.outcome, expected, "{fault:?} {report:?}");
    }
}

#[tokio::test]
async fn without_an_answer_about_a_token_nothing_was_taken() {
    let fake = FakeVendor::start(app()).await;
    for fault in [Fault::Hang, Fault::GarbageJson, Fault::Empty200, Fault::HugeBody(1 << 20)] {
        fake.fail_next([fault.clone()]);
        let channels = channels_waiting(Duration::from_millis(500));
        let report = sample().to(&channels, channel(&fake)).await;
        assert_eq!(report.outcome, Outcome::Transient, "{fault:?}");
        assert!(report.detail.starts_with("no access token: "), "{}", report.detail);
    }
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn a_token_that_is_said_back_is_not_told() {
    let (fake, channels) = (FakeVendor::start(app()).await, channels());
    numbered(1).to(&channels, channel(&fake)).await;
    let token = fake.calls()[1].parameter("access_token").expect("a token").to_owned();
    let echo = format!("no page ?access_token={token}&corpsecret=s%2Be%2Fc%3Dret {SECRET}");
    fake.fail_next([Fault::Status(404, Vec::new(), echo)]);
    let report = numbered(2).to(&channels, channel(&fake)).await;
    assert_eq!(report.detail, "HTTP 404: no page ?access_token=***&corpsecret=*** ***");
}

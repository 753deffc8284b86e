use super::*;
use crate::{
    samples::{Sample, channels, sample},
    webhook::usual::{check_faults, check_silence, check_statuses},
};
use serde_json::Value;
use std::time::Duration;
use umpire_fakes::{Call, FakeVendor, Reply, Vendor, teams::Teams as FakeTeams};
use umpire_model::Level;
use umpire_notify::{Channel, Reason};

fn channel(fake: &FakeVendor) -> Channel {
    Channel::Teams(Teams { url: fake.url("/workflows/1?sig=secret-signature").into() })
}

async fn start() -> FakeVendor {
    FakeVendor::start(FakeTeams::workflow("/workflows/1")).await
}

fn card(sample: &Sample) -> Value {
    let message: Value = serde_json::from_slice(&card::message(&sample.parcel())).expect("JSON");
    message["attachments"][0]["content"].clone()
}

#[test]
fn success_is_a_status_without_the_sentence() {
    use Outcome as O;
    let sentence = |status: &str| {
        format!(
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP \
             error {status} with ContextId tcid=0"
        )
    };
    let codes = Codes::new(Vec::new());
    for (status, wait, body, expected, code) in [
        (202, None, String::new(), O::Delivered, ""),
        (200, None, "1".to_owned(), O::Delivered, ""),
        (200, None, String::new(), O::Delivered, ""),
        (202, None, "{}".to_owned(), O::Delivered, ""),
        (200, None, "\n<!DOCTYPE html>".to_owned(), O::Unknown, ""),
        (201, None, String::new(), O::Unknown, ""),
        (204, None, String::new(), O::Unknown, ""),
        (200, None, sentence("429"), O::Throttled(60), "429"),
        (202, None, sentence("429").to_uppercase(), O::Throttled(60), "429"),
        (200, None, sentence("413"), O::Permanent, "413"),
        (200, None, sentence("410"), O::Gone, "410"),
        (200, None, sentence("503"), O::Transient, "503"),
        (200, None, "Webhook message delivery failed".to_owned(), O::Transient, ""),
        (429, Some(3), sentence("429"), O::Throttled(3), ""),
        (400, None, "Bad payload".to_owned(), O::Permanent, ""),
    ] {
        let retry_after = wait.map(Duration::from_secs);
        let answer = Answer { status, retry_after, body: body.clone().into_bytes() };
        let report = judge(&codes, &answer);
        assert_eq!((&report.outcome, report.status), (&expected, status), "{status} {body}");
        assert_eq!(report.vendor_code, code, "{status} {body}");
    }
}

#[test]
fn a_card_has_a_headline_and_a_body() {
    let card = card(&sample());
    assert_eq!((&card["type"], &card["version"]), (&"AdaptiveCard".into(), &"1.2".into()));
    assert_eq!(card["body"][0]["type"], "RichTextBlock");
    assert_eq!(card["body"][0]["inlines"][0]["text"], "⚠️ P1 数据泄露 ×3");
    assert_eq!(card["body"][1]["type"], "TextBlock");
    assert_eq!(card["body"][1]["text"], "命中：底薪\n\n群聊：销售一群");
    assert_eq!(card["body"][1]["wrap"], true);
}

#[test]
fn levels_have_colours() {
    for (reason, level, expected) in [
        (Reason::First, Level::P0, "Attention"),
        (Reason::First, Level::P1, "Attention"),
        (Reason::LevelUp, Level::P2, "Warning"),
        (Reason::First, Level::P3, "Default"),
        (Reason::Resolved, Level::P0, "Good"),
    ] {
        let mut sample = sample();
        sample.notice.reason = reason;
        sample.notice.level = level;
        assert_eq!(card(&sample)["body"][0]["inlines"][0]["color"], expected);
    }
}

#[test]
fn no_text_is_empty() {
    let mut sample = sample();
    sample.rendered.title = " ".into();
    sample.rendered.body = "\n".into();
    let card = card(&sample);
    assert_eq!(card["body"][0]["inlines"][0]["text"], "Umpire");
    assert_eq!(card["body"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_title_is_literal() {
    let mut sample = sample();
    sample.rendered.title = "[a](https://evil.example) **b** <at>c</at>".into();
    let card = card(&sample);
    assert_eq!(card["body"][0]["inlines"][0]["text"], sample.rendered.title);
    assert!(card["msteams"]["entities"].is_null(), "nobody is mentioned");
}

#[test]
fn the_body_is_cut_so_that_the_whole_fits() {
    let mut sample = sample();
    sample.rendered.body = "x".into();
    let frame = card::message(&sample.parcel()).len() - 1;
    for (text, length) in [
        ("x".repeat(28_000 - frame), 28_000 - frame),
        ("数".repeat(40_000), 0),
        ("\"\\".repeat(20_000), 0),
        ("🚨\n".repeat(20_000), 0),
        ("\u{1}".repeat(20_000), 0),
    ] {
        sample.rendered.body = text;
        let message = card::message(&sample.parcel());
        assert!(message.len() <= 28_000, "{}", message.len());
        let card = card(&sample);
        let body = card["body"][1]["text"].as_str().expect("text");
        if length > 0 {
            assert_eq!(body, sample.rendered.body, "{length} bytes are not too many");
        } else {
            assert!(body.ends_with('…'), "{}", body.len());
        }
    }
}

#[tokio::test]
async fn people_see_the_card() {
    for fake in [start().await, FakeVendor::start(FakeTeams::connector("/workflows/1")).await] {
        let report = sample().to(&channels(), channel(&fake)).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
        let [shown] = &fake.messages()[..] else { panic!("{:?}", fake.messages()) };
        assert_eq!(shown.text, "⚠️ P1 数据泄露 ×3\n命中：底薪\n\n群聊：销售一群");
        assert_eq!(fake.calls()[0].parameter("sig"), Some("secret-signature"));
    }
}

/// Its clock goes on by a second with every fifth call.
struct Slowly(FakeTeams, u32);

impl Vendor for Slowly {
    fn answer(&mut self, call: &Call, _: f64) -> Reply {
        self.1 += 1;
        self.0.answer(call, f64::from((self.1 - 1) / 5))
    }
}

#[tokio::test]
async fn too_many_messages_wait() {
    for teams in [FakeTeams::workflow("/workflows/1"), FakeTeams::connector("/workflows/1")] {
        let (fake, channels) = (FakeVendor::start(Slowly(teams, 0)).await, channels());
        for number in 1..=10 {
            let report = sample().to(&channels, channel(&fake)).await;
            let throttled = report.outcome == Outcome::Throttled(60);
            assert_eq!(throttled, number % 5 == 0, "{number}: {report:?}");
        }
        assert_eq!(fake.messages().len(), 8);
    }
}

#[tokio::test]
async fn other_answers_mean_the_usual() {
    use Outcome::{Delivered, Unknown};
    let fake = start().await;
    check_statuses(&fake, &channel(&fake), "secret-signature", &[]).await;
    check_faults(&fake, &channel(&fake), [Delivered, Delivered, Unknown]).await;
    check_silence(&fake, &channel(&fake), Unknown).await;
}

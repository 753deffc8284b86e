//! Against a fake robot that checks everything itself.

use super::*;
use crate::samples::{Sample, channels, channels_waiting, faults, hostile, sample, slow_faults};
use std::time::Duration;
use umpire_fakes::{FakeVendor, Fault, wecom::Robot};
use umpire_notify::{Channel, Language, Mention, render};

const KEY: &str = "693a91f6-7a2b-4c3d-8e9f-0123456789ab";
const PATH: &str = "/cgi-bin/webhook/send";

fn config(fake: &FakeVendor) -> WecomRobot {
    WecomRobot {
        url: fake.url(PATH),
        key: KEY.into(),
        mention_users: vec!["duty".to_owned()],
        mention_mobiles: Vec::new(),
        at_all: false,
    }
}

async fn tell(fake: &FakeVendor, sample: &Sample) -> Report {
    sample.to(&channels(), Channel::WecomRobot(config(fake))).await
}

async fn start() -> FakeVendor {
    FakeVendor::start(Robot::new(KEY)).await
}

#[test]
fn codes_mean_what_the_table_says() {
    use Outcome as O;
    for (code, expected) in [
        (0, O::Delivered),
        (-1, O::Transient),
        (45_009, O::Throttled(60)),
        (93_000, O::Permanent),
        (40_058, O::Permanent),
        (40_008, O::Permanent),
        (44_004, O::Permanent),
        (45_002, O::Permanent),
    ] {
        let body = format!(r#"{{"errcode":{code},"errmsg":"said"}}"#).into_bytes();
        let report =
            read(&Codes::new(Vec::new()), &Answer { status: 200, retry_after: None, body });
        assert_eq!((report.outcome, report.vendor_code), (expected, code.to_string()));
    }
}

#[test]
fn the_key_is_a_parameter_of_the_url() {
    let of = |at: &str, key: &str| {
        url(&WecomRobot {
            url: at.to_owned(),
            key: key.into(),
            mention_users: Vec::new(),
            mention_mobiles: Vec::new(),
            at_all: false,
        })
    };
    for (at, key, expected) in [
        ("", "a-1", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-1"),
        ("http://a/b", "a&b", "http://a/b?key=a%26b"),
        ("http://a/b?key=x", "", "http://a/b?key=x"),
    ] {
        assert_eq!(of(at, key), expected);
    }
}

#[tokio::test]
async fn users_are_mentioned_by_the_message_itself() {
    let (fake, mut sample) = (start().await, sample());
    for (mention, expected) in
        [(Mention::Nobody, vec![]), (Mention::Named, vec!["duty"]), (Mention::All, vec!["duty"])]
    {
        sample.notice.mention = mention;
        let before = fake.messages().len();
        let report = tell(&fake, &sample).await;
        assert_eq!((report.outcome, &*report.detail), (Outcome::Delivered, "ok"));
        let shown = fake.messages();
        assert_eq!(shown.len() - before, 1);
        assert_eq!(shown[before].mentions, expected, "{mention:?}");
    }
}

fn to_names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn numbers_and_everybody_are_mentioned_by_a_second_message() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice.mention = Mention::All;
    sample.notice.mentions = to_names(&["13900000000", "li"]);
    let mut config = config(&fake);
    config.at_all = true;
    config.mention_mobiles = to_names(&["13800000000"]);
    let report = sample.to(&channels(), Channel::WecomRobot(config)).await;
    assert_eq!((report.outcome, &*report.detail), (Outcome::Delivered, "ok"));
    let shown = fake.messages();
    let mentions: Vec<_> = shown.iter().map(|shown| shown.mentions.clone()).collect();
    assert_eq!(
        mentions,
        [to_names(&["li", "duty"]), to_names(&["@all", "13900000000", "13800000000"])],
    );
    assert_eq!(shown[1].text, "⚠️ P1 数据泄露 ×3");
}

#[tokio::test]
async fn a_second_message_that_fails_is_told_and_not_tried_again() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice.mentions = to_names(&["13900000000"]);
    let busy = r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#;
    let taken = r#"{"errcode":0,"errmsg":"ok"}"#;
    let status = |body: &str| Fault::Status(200, Vec::new(), body.to_owned());
    fake.fail_next([status(taken), status(busy)]);
    let report = tell(&fake, &sample).await;
    assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Delivered, "0"));
    assert_eq!(report.detail, format!("{ALONE}: api freq out of limit"));
    // Without the first there is no second.
    fake.fail_next([status(busy)]);
    let before = fake.calls().len();
    assert_eq!(tell(&fake, &sample).await.outcome, Outcome::Throttled(60));
    assert_eq!(fake.calls().len() - before, 1);
}

#[tokio::test]
async fn texts_of_users_mention_nobody() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice = hostile();
    for language in [Language::Chinese, Language::English] {
        sample.rendered = render(None, &sample.notice, ChannelKind::WecomRobot, language);
        assert_eq!(tell(&fake, &sample).await.outcome, Outcome::Delivered);
    }
    for shown in fake.messages() {
        assert!(shown.mentions.is_empty() && shown.text.contains("zhang"), "{shown:?}");
    }
}

#[tokio::test]
async fn long_notices_are_taken() {
    let (fake, mut sample) = (start().await, sample());
    sample.rendered.body = format!("# {}", "数据泄露\n".repeat(2_000));
    sample.notice.mention = Mention::Named;
    assert_eq!(tell(&fake, &sample).await.outcome, Outcome::Delivered);
    assert_eq!(fake.messages()[0].mentions, ["duty"]);
}

#[tokio::test]
async fn the_twenty_first_in_a_minute_waits() {
    let (fake, sample) = (start().await, sample());
    for _ in 0..20 {
        assert_eq!(tell(&fake, &sample).await.outcome, Outcome::Delivered);
    }
    let report = tell(&fake, &sample).await;
    assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Throttled(60), "45009"));
    fake.shift_clock(60);
    assert_eq!(tell(&fake, &sample).await.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn faults_of_the_network_are_what_they_are() {
    let (fake, sample) = (start().await, sample());
    let hasty = channels_waiting(Duration::from_millis(500));
    for (fault, expected) in faults() {
        fake.fail_next([fault.clone()]);
        let report = tell(&fake, &sample).await;
        assert_eq!(report.outcome, expected, "{fault:?} {report:?}");
    }
    for (fault, expected) in slow_faults() {
        fake.fail_next([fault.clone()]);
        let report = sample.to(&hasty, Channel::WecomRobot(config(&fake))).await;
        assert_eq!(report.outcome, expected, "{fault:?} {report:?}");
    }
}

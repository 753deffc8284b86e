//! Against a fake robot that checks everything itself.

use super::*;
use crate::samples::{Sample, channels, channels_waiting, faults, hostile, sample, slow_faults};
use std::time::Duration;
use umpire_fakes::{FakeVendor, dingtalk::Robot};
use umpire_notify::{Channel, Language, Mention, Outcome, render};

const TOKEN: &str = "9f5c-token";
const SECRET: &str = "SECb8a1e2c3d4f5061728394a5b6c7d8e9f00112233445566778899aabbccddeeff";

pub(super) fn config(url: &str) -> Dingtalk {
    Dingtalk {
        url: url.into(),
        access_token: TOKEN.into(),
        secret: "".into(),
        keyword: String::new(),
        at_mobiles: vec!["13800000000".to_owned()],
        at_user_ids: vec!["user1".to_owned()],
        at_all: true,
    }
}

fn at(fake: &FakeVendor) -> Dingtalk {
    Dingtalk { secret: SECRET.into(), ..config(&fake.url("/robot/send")) }
}

async fn start() -> FakeVendor {
    FakeVendor::start(Robot::new(TOKEN).signed_with(SECRET)).await
}

async fn tell(config: &Dingtalk, sample: &Sample) -> Report {
    sample.to(&channels(), Channel::Dingtalk(config.clone())).await
}

fn said(status: u16, body: &str) -> Report {
    let answer = Answer { status, retry_after: None, body: body.as_bytes().to_vec() };
    read(&Codes::new(Vec::new()), &answer)
}

#[test]
fn codes_mean_what_the_table_says() {
    use Outcome as O;
    for (code, text, expected) in [
        (0, "ok", O::Delivered),
        (-1, "系统繁忙", O::Transient),
        (130_101, "send too fast, exceed 20 times per minute", O::Throttled(600)),
        (410_100, "发送速度太快而限流", O::Throttled(60)),
        (310_000, "sign not match", O::Permanent),
        (310_000, "keywords not in content", O::Permanent),
        (310_000, "ip 192.0.2.1 not in whitelist", O::Permanent),
        (310_000, "description:机器人发送签名不匹配;solution:…", O::Permanent),
        (310_000, "invalid timestamp", O::Transient),
        (300_001, "token is not exist", O::Permanent),
        (400_101, "access_token不存在", O::Permanent),
        (460_101, "message too long, exceed 20000 bytes", O::Permanent),
        (101_002, "body 大小不合法", O::Permanent),
        (90_030, "webhook over limit", O::Permanent),
        (400_013, "群已被解散", O::Permanent),
        (400_102, "机器人已停用", O::Permanent),
        (400_105, "不支持的消息类型", O::Permanent),
        (430_101, "含有不安全的外链", O::Permanent),
        (430_102, "含有不合适的文本", O::Permanent),
        (430_103, "含有不合适的图片", O::Permanent),
        (430_104, "含有不合适的内容", O::Permanent),
    ] {
        let report = said(200, &format!(r#"{{"errcode":{code},"errmsg":"{text}"}}"#));
        assert_eq!((report.outcome, &*report.detail), (expected, text), "{code}");
        assert_eq!(report.vendor_code, code.to_string());
    }
}

#[test]
fn a_status_alone_is_no_success() {
    for (status, body, expected) in [
        (200, "", Outcome::Unknown),
        (200, "ok", Outcome::Unknown),
        (200, r#"{"success":true}"#, Outcome::Unknown),
        (500, r#"{"errcode":0,"errmsg":"ok"}"#, Outcome::Transient),
    ] {
        assert_eq!(said(status, body).outcome, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn what_is_signed_is_shown() {
    let fake = start().await;
    for _ in 0..3 {
        let report = tell(&at(&fake), &sample()).await;
        assert_eq!((report.outcome, report.status), (Outcome::Delivered, 200));
        assert_eq!((&*report.vendor_code, &*report.detail), ("0", "ok"));
    }
    let shown = fake.messages();
    assert_eq!((shown.len(), &*shown[0].to), (3, "group"));
    assert_eq!(shown[0].text, "## ⚠️ P1 数据泄露 ×3\n\n命中：底薪\n\n群聊：销售一群");
}

#[tokio::test]
async fn what_is_signed_badly_is_refused_for_good() {
    let fake = start().await;
    let forged = Dingtalk { secret: "SECdemo".into(), ..at(&fake) };
    let unsigned = Dingtalk { secret: "".into(), ..at(&fake) };
    let stranger = Dingtalk { access_token: "9f5c-other".into(), ..at(&fake) };
    for (config, code) in [(forged, "310000"), (unsigned, "310000"), (stranger, "300001")] {
        let report = tell(&config, &sample()).await;
        assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Permanent, code));
    }
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn a_clock_that_is_wrong_heals() {
    let (fake, mut sample) = (start().await, sample());
    let now = sample.time;
    for (shift, expected) in
        [(7_200, Outcome::Transient), (-7_200, Outcome::Transient), (0, Outcome::Delivered)]
    {
        sample.time = now.plus_seconds(shift);
        assert_eq!(tell(&at(&fake), &sample).await.outcome, expected, "{shift}");
    }
}

#[tokio::test]
async fn the_keyword_is_always_there() {
    let vendor = Robot::new(TOKEN).with_keyword("监控");
    let (fake, mut sample) = (FakeVendor::start(vendor).await, sample());
    let without = config(&fake.url("/robot/send"));
    let with = Dingtalk { keyword: "监控".to_owned(), ..without.clone() };
    assert_eq!(tell(&without, &sample).await.outcome, Outcome::Permanent);
    assert_eq!(tell(&with, &sample).await.outcome, Outcome::Delivered);
    sample.rendered.title = String::new();
    assert_eq!(tell(&with, &sample).await.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn people_are_mentioned() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice.mentions = vec!["13900000000".to_owned(), "li".to_owned()];
    for (mention, expected) in [
        (Mention::Nobody, vec!["13900000000", "li"]),
        (Mention::Named, vec!["13900000000", "13800000000", "li", "user1"]),
        (Mention::All, vec!["13900000000", "13800000000", "li", "user1", "@all"]),
    ] {
        sample.notice.mention = mention;
        assert_eq!(tell(&at(&fake), &sample).await.outcome, Outcome::Delivered);
        let shown = fake.messages();
        let last = shown.last().expect("a message");
        assert_eq!(last.mentions, expected, "{mention:?}");
    }
}

#[tokio::test]
async fn texts_of_users_mention_nobody() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice = hostile();
    sample.notice.mentions = vec!["all".to_owned(), "@all".to_owned(), "a b".to_owned()];
    for language in [Language::Chinese, Language::English] {
        sample.rendered = render(None, &sample.notice, ChannelKind::Dingtalk, language);
        assert_eq!(tell(&at(&fake), &sample).await.outcome, Outcome::Delivered);
    }
    for shown in fake.messages() {
        assert!(shown.mentions.is_empty(), "{shown:?}");
        // Even if the number were on the list.
        assert!(!shown.text.contains("@13800000000"), "{shown:?}");
    }
}

#[tokio::test]
async fn long_notices_are_taken() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice.mention = Mention::Named;
    for unit in ["数据泄露  \n", "\"", "🚨", "\u{1}"] {
        sample.rendered.body = format!("# {}", unit.repeat(30_000));
        let report = tell(&at(&fake), &sample).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{unit:?}: {report:?}");
        assert_eq!(fake.messages().last().expect("one").mentions.len(), 2, "{unit:?}");
    }
}

#[tokio::test]
async fn who_is_too_fast_waits_as_long_as_the_punishment_lasts() {
    let (fake, mut sample) = (start().await, sample());
    for _ in 0..20 {
        assert_eq!(tell(&at(&fake), &sample).await.outcome, Outcome::Delivered);
    }
    let report = tell(&at(&fake), &sample).await;
    assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Throttled(600), "130101"));
    for (shift, expected) in [(590, Outcome::Throttled(600)), (11, Outcome::Delivered)] {
        fake.shift_clock(shift);
        sample.time = sample.time.plus_seconds(shift);
        assert_eq!(tell(&at(&fake), &sample).await.outcome, expected);
    }
}

#[tokio::test]
async fn faults_of_the_network_are_what_they_are() {
    let fake = start().await;
    let hasty = channels_waiting(Duration::from_millis(500));
    for (fault, expected) in faults() {
        fake.fail_next([fault.clone()]);
        let report = tell(&at(&fake), &sample()).await;
        assert_eq!(report.outcome, expected, "{fault:?} {report:?}");
    }
    for (fault, expected) in slow_faults() {
        fake.fail_next([fault.clone()]);
        let report = sample().to(&hasty, Channel::Dingtalk(at(&fake))).await;
        assert_eq!(report.outcome, expected, "{fault:?} {report:?}");
    }
}

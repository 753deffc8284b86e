//! Against a fake bot that checks everything itself.

use super::*;
use crate::samples::{Sample, channels, channels_waiting, faults, hostile, sample, slow_faults};
use std::time::Duration;
use umpire_fakes::{FakeVendor, feishu::Bot};
use umpire_notify::{Channel, Language, Mention, Outcome, render};

const TOKEN: &str = "b1946ac9-2492-4d23-8a3c";
const SECRET: &str = "SECdemo";

fn at(fake: &FakeVendor) -> Feishu {
    Feishu {
        url: fake.url(&format!("/open-apis/bot/v2/hook/{TOKEN}")).into(),
        secret: SECRET.into(),
        at_user_ids: vec!["ou_duty".to_owned()],
        at_all: true,
    }
}

async fn start() -> FakeVendor {
    FakeVendor::start(Bot::new(TOKEN).signed_with(SECRET)).await
}

async fn tell(config: &Feishu, sample: &Sample) -> Report {
    sample.to(&channels(), Channel::Feishu(config.clone())).await
}

fn said(status: u16, body: &str) -> Report {
    let answer = Answer { status, retry_after: None, body: body.as_bytes().to_vec() };
    read(&Codes::new(Vec::new()), &answer)
}

#[test]
fn signatures_are_those_of_other_implementations() {
    for (seconds, secret, expected) in [
        (1_599_360_473, "demo", "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="),
        (1_700_000_000, "SECdemo", "U1q8KAchlt+ocM9vRG/rtwroY6XMkyjtyUV9XOpczwI="),
    ] {
        assert_eq!(sign(secret, Timestamp(seconds * 1_000_000 + 999_999)), expected);
    }
}

#[test]
fn everything_is_as_the_vendor_wants_it() {
    let mut sample = sample();
    sample.time = Timestamp(1_700_000_000_000_000);
    let mut config = Feishu {
        url: "".into(),
        secret: "".into(),
        at_user_ids: vec!["ou_duty".to_owned()],
        at_all: true,
    };
    let mut expected = json!({
        "msg_type": "interactive",
        "card": {
            "config": { "wide_screen_mode": true },
            "header": {
                "template": "orange",
                "title": { "tag": "plain_text", "content": "⚠️ P1 数据泄露 ×3" },
            },
            "elements": [{ "tag": "markdown", "content": "命中：底薪\n\n群聊：销售一群" }],
        },
    });
    let of = |config: &Feishu, sample: &Sample| -> Value {
        serde_json::from_slice(&body(config, &sample.parcel())).expect("JSON")
    };
    assert_eq!(of(&config, &sample), expected);
    config.secret = "SECdemo".into();
    sample.notice.mention = Mention::All;
    expected["timestamp"] = json!("1700000000");
    expected["sign"] = json!("U1q8KAchlt+ocM9vRG/rtwroY6XMkyjtyUV9XOpczwI=");
    expected["card"]["elements"][0]["content"] =
        json!("命中：底薪\n\n群聊：销售一群\n\n<at id=ou_duty></at><at id=all></at>");
    assert_eq!(of(&config, &sample), expected);
}

#[test]
fn codes_mean_what_the_table_says() {
    use Outcome as O;
    for (status, code, text, expected) in [
        (200, 0, "success", O::Delivered),
        (400, 9_499, "Bad Request", O::Permanent),
        (400, 9_499, "too many request", O::Throttled(10)),
        (200, 9_499, "too many request", O::Throttled(10)),
        (200, 11_232, "frequency limited psm", O::Throttled(60)),
        (400, 11_232, "frequency limited psm", O::Throttled(60)),
        (200, 19_021, "sign match fail or timestamp is not within one hour", O::Permanent),
        (200, 19_022, "Ip Not Allowed", O::Permanent),
        (200, 19_024, "Key Words Not Found", O::Permanent),
        (200, 19_001, "param invalid: incoming webhook access token invalid", O::Permanent),
        (200, 19_036, "text too long", O::Permanent),
        (200, 11_246, "card invalid", O::Permanent),
        (429, 99_991_400, "request trigger frequency limit", O::Throttled(60)),
    ] {
        let report = said(status, &format!(r#"{{"code":{code},"msg":"{text}","data":{{}}}}"#));
        assert_eq!((report.outcome, &*report.detail), (expected, text), "{code}");
        assert_eq!((report.vendor_code, report.status), (code.to_string(), status));
    }
}

#[test]
fn success_comes_in_two_styles() {
    for (status, body, expected) in [
        (200, r#"{"StatusCode":0,"StatusMessage":"success","Extra":null}"#, Outcome::Delivered),
        (200, r#"{"StatusCode":0,"code":19021,"msg":"sign match fail"}"#, Outcome::Permanent),
        (200, r#"{"StatusCode":19001,"StatusMessage":"no"}"#, Outcome::Permanent),
        (200, r#"{"msg":"success"}"#, Outcome::Unknown),
        (200, "", Outcome::Unknown),
        (400, r#"{"code":0,"msg":"success"}"#, Outcome::Permanent),
        (429, "", Outcome::Throttled(60)),
    ] {
        assert_eq!(said(status, body).outcome, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn what_is_signed_is_shown() {
    let old = Bot::new(TOKEN).signed_with(SECRET).of_old();
    for fake in [start().await, FakeVendor::start(old).await] {
        let report = tell(&at(&fake), &sample()).await;
        assert_eq!((report.outcome, report.status), (Outcome::Delivered, 200));
        assert_eq!((&*report.vendor_code, &*report.detail), ("0", "success"));
        let shown = fake.messages();
        assert_eq!((shown.len(), &*shown[0].to), (1, "group"));
        assert_eq!(shown[0].text, "⚠️ P1 数据泄露 ×3\n命中：底薪\n\n群聊：销售一群");
    }
}

#[tokio::test]
async fn what_is_signed_badly_is_refused_for_good() {
    let (fake, mut late) = (start().await, sample());
    late.time = late.time.plus_seconds(-3_700);
    let forged = Feishu { secret: "SECother".into(), ..at(&fake) };
    let unsigned = Feishu { secret: "".into(), ..at(&fake) };
    let stranger = Feishu { url: fake.url("/open-apis/bot/v2/hook/b1946").into(), ..at(&fake) };
    for (config, sample, code) in [
        (&forged, &sample(), "19021"),
        (&unsigned, &sample(), "19021"),
        (&at(&fake), &late, "19021"),
        (&stranger, &sample(), "19001"),
    ] {
        let report = tell(config, sample).await;
        assert_eq!((report.outcome, &*report.vendor_code), (Outcome::Permanent, code));
    }
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn people_are_mentioned() {
    let (fake, mut sample) = (start().await, sample());
    let names = ["ou_li", "li@corp.example", "13900000000", "zhang"];
    sample.notice.mentions = names.map(str::to_owned).to_vec();
    for (mention, expected) in [
        (Mention::Nobody, vec!["ou_li", "li@corp.example"]),
        (Mention::Named, vec!["ou_li", "li@corp.example", "ou_duty"]),
        (Mention::All, vec!["ou_li", "li@corp.example", "ou_duty", "@all"]),
    ] {
        sample.notice.mention = mention;
        assert_eq!(tell(&at(&fake), &sample).await.outcome, Outcome::Delivered);
        let shown = fake.messages();
        assert_eq!(shown.last().expect("a message").mentions, expected, "{mention:?}");
    }
}

#[tokio::test]
async fn texts_of_users_mention_nobody() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice = hostile();
    sample.notice.mentions = vec!["ou_1></at><at id=all".to_owned(), "all".to_owned()];
    for language in [Language::Chinese, Language::English] {
        sample.rendered = render(None, &sample.notice, ChannelKind::Feishu, language);
        assert_eq!(tell(&at(&fake), &sample).await.outcome, Outcome::Delivered);
    }
    for shown in fake.messages() {
        assert!(shown.mentions.is_empty() && shown.text.contains("zhang"), "{shown:?}");
    }
}

#[tokio::test]
async fn long_notices_are_taken() {
    let (fake, mut sample) = (start().await, sample());
    sample.notice.mention = Mention::Named;
    for unit in ["数据泄露\n", "\"", "🚨", "\u{1}"] {
        sample.rendered.body = unit.repeat(30_000);
        let report = tell(&at(&fake), &sample).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{unit:?}: {report:?}");
        assert_eq!(fake.messages().last().expect("one").mentions, ["ou_duty"], "{unit:?}");
    }
    let longest = fake.calls().iter().map(|call| call.body.len()).max();
    assert!(longest.is_some_and(|bytes| (19_900..=MAX_BODY).contains(&bytes)), "{longest:?}");
}

#[tokio::test]
async fn too_many_requests_are_told_from_bad_ones() {
    let fake = start().await;
    for number in 0..100 {
        // The clock moves on, so that they are not five a second.
        fake.shift_clock(i64::from(number % 4 == 0));
        let report = tell(&at(&fake), &sample()).await;
        assert_eq!(report.outcome, Outcome::Delivered, "{number}");
    }
    let report = tell(&at(&fake), &sample()).await;
    assert_eq!((report.outcome, report.status), (Outcome::Throttled(10), 400));
    assert_eq!((&*report.vendor_code, &*report.detail), ("9499", "too many request"));
}

#[tokio::test]
async fn faults_of_the_network_are_what_they_are() {
    let fake = start().await;
    let hasty = channels_waiting(Duration::from_millis(500));
    for (fault, expected) in faults() {
        fake.fail_next([fault.clone()]);
        let report = tell(&at(&fake), &sample()).await;
        assert_eq!(report.outcome, expected, "{fault:?} {report:?}");
        fake.shift_clock(1);
    }
    for (fault, expected) in slow_faults() {
        fake.fail_next([fault.clone()]);
        let report = sample().to(&hasty, Channel::Feishu(at(&fake))).await;
        assert_eq!(report.outcome, expected, "{fault:?} {report:?}");
    }
}

use super::{
    usual::{check_faults, check_silence, check_statuses},
    *,
};
use crate::samples::{Sample, channels, sample};
use serde_json::{Value, json};
use umpire_fakes::{FakeVendor, webhook_sink::WebhookSink};
use umpire_model::Level;
use umpire_notify::{Channel, Mention, Reason};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn config(fake: &FakeVendor, secret: &str, previous_secret: &str) -> WebhookChannel {
    WebhookChannel {
        url: fake.url("/hooks/private-path-1").into(),
        secret: secret.into(),
        previous_secret: previous_secret.into(),
    }
}

fn channel(fake: &FakeVendor) -> Channel {
    Channel::Webhook(config(fake, SECRET, ""))
}

async fn start() -> FakeVendor {
    FakeVendor::start(WebhookSink::signed_with(SECRET)).await
}

fn parsed(sample: &Sample) -> Value {
    serde_json::from_slice(&body::body(&sample.parcel()).expect("JSON")).expect("JSON")
}

#[test]
fn signatures_are_those_of_other_implementations() {
    const ALERT: &str = concat!(
        r#"{"type":"alert.fired","timestamp":"2023-11-14T22:13:20Z","#,
        r#""data":{"alert_id":"a-1","level":"P0","text":"紧急告警"}}"#,
    );
    let new = "v1,7Kd75jEgExGks7xRJ1XTucplOSBvElaNi545xwxxwDQ=";
    let old = "v1,QvWKwxBdfCwdQacR4/75cOJqwB5eM1N08DI9ScZYkow=";
    for (secret, previous, expected) in [
        (SECRET, "", new.to_owned()),
        (OTHER, "", old.to_owned()),
        (SECRET, OTHER, format!("{new} {old}")),
    ] {
        let config = WebhookChannel {
            url: "https://game.example.com/".into(),
            secret: secret.into(),
            previous_secret: previous.into(),
        };
        let found = signatures(&config, "msg_a-1", 1_700_000_000, ALERT.as_bytes());
        assert_eq!(found, Ok(expected));
    }
}

#[test]
fn everything_a_notice_holds_is_told() {
    let mut sample = sample();
    sample.notice.previous_level = Some(Level::P2);
    sample.notice.mention = Mention::All;
    sample.notice.mentions = vec!["wang".into()];
    let expected = json!({
        "type": "alert.fired",
        "timestamp": "2024-05-06T15:33:37.92Z",
        "data": {
            "delivery": "tenants/acme/deliveries/018f4e8a-0000-7000-8000-000000000001",
            "receiver": "tenants/acme/receivers/on-duty",
            "title": "⚠️ P1 数据泄露 ×3",
            "text": "命中：底薪\n\n群聊：销售一群",
            "tenant": "acme",
            "reason": "FIRST",
            "kind": "TEXT",
            "level": "P1",
            "previous_level": "P2",
            "summary": "数据泄露",
            "rule": "tenants/acme/rules/leak",
            "rule_name": "数据泄露",
            "keyword": "底薪",
            "labels": ["leak"],
            "excerpt": "加我微信 ***",
            "place": {
                "scene": "group",
                "conversation_id": "g-1",
                "conversation_name": "销售一群",
                "camera": "",
            },
            "sender": {
                "user_id": "u-1",
                "display_name": "王五",
                "department": "销售",
                "server_id": "s1",
            },
            "confidence": 0.93,
            "done": ["BLOCK"],
            "count": 3,
            "stands_for": 2,
            "first_time": "2023-11-14T22:13:20Z",
            "last_time": "2023-11-14T22:14:50Z",
            "end_time": "2023-11-14T22:44:50Z",
            "time_zone": "Asia/Shanghai",
            "mentions": ["wang"],
            "mention": "ALL",
            "urgent": false,
            "operator": "",
            "parts": [{
                "alert": "tenants/acme/alerts/018f4e8a-0000-7000-8000-0000000000aa",
                "level": "P1",
                "title": "数据泄露",
                "place": "销售一群",
                "stands_for": 2,
            }],
            "more_parts": 0,
            "audit_records": ["tenants/acme/auditRecords/1"],
            "thread": "018f4e8a-0000-7000-8000-0000000000aa",
        },
    });
    assert_eq!(parsed(&sample), expected);
}

#[test]
fn the_type_says_what_to_do() {
    for (reason, expected) in [
        (Reason::First, "alert.fired"),
        (Reason::Repeated, "alert.fired"),
        (Reason::LevelUp, "alert.fired"),
        (Reason::Escalated, "alert.fired"),
        (Reason::AckExpired, "alert.fired"),
        (Reason::Digest, "alert.fired"),
        (Reason::Resolved, "alert.resolved"),
        (Reason::Test, "alert.test"),
    ] {
        let mut sample = sample();
        sample.notice.reason = reason;
        let body = parsed(&sample);
        assert_eq!((&body["type"], &body["data"]["reason"]), (&json!(expected), &json!(reason)));
    }
}

#[test]
fn hostile_text_stays_text() {
    for text in ["\"}],\"level\":\"P0\"", "\\u0000\u{0}\r\n\u{202e}", "</script>", "数\u{7f}🚨"]
    {
        let mut sample = sample();
        sample.notice.excerpt = text.into();
        sample.notice.place.conversation_name = text.into();
        let body = parsed(&sample);
        assert_eq!(body["data"]["excerpt"], text);
        assert_eq!(body["data"]["place"]["conversation_name"], text);
        assert_eq!(body["data"]["level"], "P1");
    }
}

#[tokio::test]
async fn a_second_attempt_is_the_same_message_signed_afresh() {
    let (fake, channels) = (start().await, channels());
    let mut sample = sample();
    for attempt in 1..=2 {
        sample.attempt = attempt;
        let report = sample.to(&channels, channel(&fake)).await;
        assert_eq!((report.outcome, report.status), (Outcome::Delivered, 204));
        sample.time = sample.time.plus_seconds(30);
    }
    let [shown] = &fake.messages()[..] else { panic!("{:?}", fake.messages()) };
    assert_eq!(shown.to, "tenants/acme/receivers/on-duty");
    assert_eq!(shown.text, "⚠️ P1 数据泄露 ×3\n命中：底薪\n\n群聊：销售一群");
    let calls = fake.calls();
    assert_eq!(calls[0].body, calls[1].body);
    let header = |name, call: usize| calls[call].header(name).expect("a header").to_owned();
    assert_eq!(header("webhook-id", 0), "msg_018f4e8a-0000-7000-8000-000000000001");
    assert_eq!(header("webhook-id", 0), header("webhook-id", 1));
    assert_ne!(header("webhook-timestamp", 0), header("webhook-timestamp", 1));
    assert_ne!(header("webhook-signature", 0), header("webhook-signature", 1));
    assert_eq!(header("content-type", 0), "application/json");
}

#[tokio::test]
async fn both_secrets_are_believed_while_they_change() {
    let fake = start().await;
    for (secret, previous, expected) in [
        (SECRET, "", Outcome::Delivered),
        (OTHER, SECRET, Outcome::Delivered),
        (SECRET, OTHER, Outcome::Delivered),
        (OTHER, "", Outcome::Permanent),
    ] {
        let channel = Channel::Webhook(config(&fake, secret, previous));
        let report = sample().to(&channels(), channel).await;
        assert_eq!(report.outcome, expected, "{report:?}");
    }
}

#[tokio::test]
async fn secrets_that_are_none_are_not_tried() {
    let fake = start().await;
    for (secret, previous) in [("", ""), ("hidden-words", ""), (SECRET, "whsec_hidden*words")] {
        let channel = Channel::Webhook(config(&fake, secret, previous));
        let report = sample().to(&channels(), channel).await;
        assert_eq!(report.outcome, Outcome::Permanent);
        assert!(!report.detail.contains("hidden"), "{report:?}");
    }
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn statuses_mean_what_the_specification_says() {
    let fake = start().await;
    check_statuses(&fake, &channel(&fake), "private-path-1", &[]).await;
    check_statuses(&fake, &channel(&fake), SECRET, &[]).await;
}

#[tokio::test]
async fn any_success_is_success_whatever_comes_with_it() {
    use Outcome::{Delivered, Unknown};
    let fake = start().await;
    check_faults(&fake, &channel(&fake), [Delivered, Delivered, Delivered]).await;
    check_silence(&fake, &channel(&fake), Unknown).await;
}

use super::*;
use crate::samples::{channels, sample};
use umpire_fakes::{FakeVendor, Fault, dingtalk::Robot};
use umpire_notify::{
    Dingtalk, Feishu, Outcome, Slack, Sms, SmsProvider, Teams, WebhookChannel, WecomApp, WecomRobot,
};
use umpire_outbound::Options;

const KEY: &str = "hush-hush-key";
const TOKEN: &str = "hush-hush-token";
const MOBILE: &str = "13800000000";

fn dingtalk(url: &str) -> Dingtalk {
    Dingtalk {
        url: url.into(),
        access_token: TOKEN.into(),
        secret: KEY.into(),
        keyword: String::new(),
        at_mobiles: vec![MOBILE.to_owned()],
        at_user_ids: Vec::new(),
        at_all: false,
    }
}

/// Channels whose every call goes to the fake, with all the secrets they have.
fn all(fake: &FakeVendor) -> Vec<Channel> {
    let url = fake.url(&format!("/hook/{TOKEN}?sig={KEY}"));
    vec![
        Channel::Dingtalk(dingtalk(&url)),
        Channel::Feishu(Feishu {
            url: (&*url).into(),
            secret: KEY.into(),
            at_user_ids: Vec::new(),
            at_all: false,
        }),
        Channel::WecomRobot(WecomRobot {
            url: fake.url("/send"),
            key: KEY.into(),
            mention_users: Vec::new(),
            mention_mobiles: vec![MOBILE.to_owned()],
            at_all: false,
        }),
        Channel::WecomApp(WecomApp {
            base_url: fake.url(""),
            corp_id: "ww1".to_owned(),
            secret: KEY.into(),
            agent_id: 1,
            to_users: vec!["a".to_owned()],
            to_parties: Vec::new(),
            to_tags: Vec::new(),
        }),
        Channel::Slack(Slack {
            url: (&*url).into(),
            token: TOKEN.into(),
            channel: "C1".to_owned(),
            mentions: Vec::new(),
            at_all: false,
        }),
        Channel::Teams(Teams { url: (&*url).into() }),
        Channel::Webhook(WebhookChannel {
            url: (&*url).into(),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(),
            previous_secret: "".into(),
        }),
        Channel::Sms(Sms {
            provider: SmsProvider::Aliyun,
            base_url: fake.url(""),
            key_id: "AK".to_owned(),
            key_secret: KEY.into(),
            phone_numbers: vec![MOBILE.to_owned()],
            sign_name: "sign".to_owned(),
            template_code: "SMS_1".to_owned(),
            app_id: String::new(),
            region: String::new(),
            parameters: Default::default(),
        }),
    ]
}

#[tokio::test]
async fn what_is_said_back_is_not_told() {
    let fake = FakeVendor::start(Robot::new(TOKEN)).await;
    let echo = format!(
        "cannot POST /hook/{TOKEN}?sig={KEY} of {MOBILE} with {KEY}, \
         whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw and {TOKEN}",
    );
    fake.fail_always(Some(Fault::Status(404, Vec::new(), echo)));
    for channel in all(&fake) {
        let kind = channel.kind();
        let secrets: &[&str] = match kind.name() {
            "dingtalk" => &[KEY, TOKEN, MOBILE],
            "wecom_robot" | "sms" => &[KEY, MOBILE],
            "wecom_app" => &[KEY],
            "webhook" => &[KEY, TOKEN, "whsec_"],
            _ => &[KEY, TOKEN],
        };
        let report = sample().to(&channels(), channel.clone()).await;
        assert!(!report.detail.is_empty(), "{kind:?} {report:?}");
        for secret in secrets {
            assert!(!format!("{report:?}").contains(secret), "{kind:?} {secret}: {report:?}");
            assert!(*secret == MOBILE || !format!("{channel:?}").contains(secret), "{kind:?}");
        }
    }
}

#[test]
fn a_secret_that_is_cut_is_struck_out_as_well() {
    let report = |detail: &str| crate::report::refused(detail);
    let secrets = [KEY, "hush-hush-key-2", "", "not"];
    for (said, expected) in [
        ("no hush-hush-key here, hush-hush-key", "no *** here, ***"),
        ("hush-hush-key-2 is longer", "*** is longer"),
        // What is short was not cut.
        ("not hush-hu", "not hush-hu"),
    ] {
        assert_eq!(strike_out(report(said), secrets).detail, expected);
    }
    let long = "x".repeat(200);
    for (said, expected) in [
        ("not hush-hu", "not ***"),
        ("not hush", "not ***"),
        // Three characters tell nothing.
        ("not hus", "not hus"),
        ("not hush here", "not hush here"),
    ] {
        let struck = strike_out(report(&format!("{long} {said}")), secrets).detail;
        assert_eq!(struck, format!("{long} {expected}"));
    }
    let numbered = Report { vendor_code: KEY.into(), vendor_id: KEY.into(), ..report("") };
    let struck = strike_out(numbered, [KEY]);
    assert_eq!((&*struck.vendor_code, &*struck.vendor_id), ("***", "***"));
}

#[tokio::test]
async fn private_addresses_are_called_only_where_that_is_allowed() {
    let fake = FakeVendor::start(Robot::new(TOKEN)).await;
    let closed = Outbound::new(Options::default()).expect("a client");
    let closed = Channels::new(closed, Codes::new(Vec::new()));
    for channel in all(&fake) {
        let kind = channel.kind();
        let report = sample().to(&closed, channel).await;
        assert_eq!((report.outcome, report.status), (Outcome::Permanent, 0), "{kind:?}");
    }
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn the_configuration_may_know_a_code_better() {
    let fake = FakeVendor::start(Robot::new("another")).await;
    let config = Dingtalk { secret: "".into(), ..dingtalk(&fake.url("/robot/send")) };
    let table = ["dingtalk/300001", "dingtalk/300001/no such words"];
    let rows = table.iter().zip(["GONE", "TRANSIENT"]);
    let rows = rows.map(|(key, value)| crate::CodeRow::parse(key, value).expect("a row"));
    let options = Options { allow_private: true, ..Options::default() };
    let outbound = Outbound::new(options).expect("a client");
    let channels = Channels::new(outbound, Codes::new(rows.collect()));
    let report = sample().to(&channels, Channel::Dingtalk(config)).await;
    assert_eq!(report.outcome, Outcome::Gone);
}

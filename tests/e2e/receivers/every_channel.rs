//! A receiver of every channel, and mistakes in each of them.

use super::{create, get, update};
use crate::office::Office;
use tonic::Code;
use umpire_proto::v1::{
    CreateReceiverRequest, NoticeLanguage, Receiver,
    receiver::{
        Alertmanager, Channel, Dingtalk, Email, Feishu, Jira, Pagerduty, Provider, Rate, Slack,
        Sms, Syslog, Teams, Telegram, Voice, Webhook, WecomApp, WecomRobot, Zabbix,
        email::Security,
    },
};
use umpire_testkit::{seconds, violated};

/// What every secret here has in it, and nothing else.
pub(super) const MARK: &str = "hush";
/// `whsec_` and 24 bytes.
const WEBHOOK_SECRET: &str = "whsec_hushhushhushhushhushhushhushhush";
pub(super) const MOBILE: &str = "13812345678";

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// One of each, with the paths of its secrets. Where HTTP is spoken they lead to `base`, and
/// otherwise to a port where nobody listens.
pub(super) fn all(base: &str, closed: i32) -> Vec<(Channel, Vec<&'static str>)> {
    let mut all = chats(base);
    all.extend(machines(base, closed));
    all.extend(others(base, closed));
    all
}

fn chats(base: &str) -> Vec<(Channel, Vec<&'static str>)> {
    let url = |path: &str| format!("{base}{path}");
    vec![
        (
            Channel::WecomApp(WecomApp {
                base_url: url(""),
                corp_id: "corp".into(),
                secret: "hush-wecom".into(),
                agent_id: 1,
                to_users: texts(&["zhang"]),
                ..<_>::default()
            }),
            vec!["wecom_app.secret"],
        ),
        (
            Channel::WecomRobot(WecomRobot {
                url: url("/cgi-bin/webhook/send"),
                key: "hush-robot".into(),
                mention_mobiles: texts(&[MOBILE]),
                ..<_>::default()
            }),
            vec!["wecom_robot.key"],
        ),
        (
            Channel::Dingtalk(Dingtalk {
                url: url("/hush-dingtalk/send"),
                access_token: "hush-token".into(),
                secret: "SEChush".into(),
                ..<_>::default()
            }),
            vec!["dingtalk.url", "dingtalk.access_token", "dingtalk.secret"],
        ),
        (
            Channel::Feishu(Feishu {
                url: url("/open-apis/bot/v2/hook/hush-feishu"),
                secret: "hush-feishu".into(),
                ..<_>::default()
            }),
            vec!["feishu.url", "feishu.secret"],
        ),
        (
            Channel::Slack(Slack {
                url: url("/hush-slack"),
                token: "xoxb-hush".into(),
                channel: "C1".into(),
                ..<_>::default()
            }),
            vec!["slack.url", "slack.token"],
        ),
        (Channel::Teams(Teams { url: url("/workflows/hush-teams?sig=hush") }), vec!["teams.url"]),
        (
            Channel::Telegram(Telegram {
                base_url: url(""),
                token: "123:hush-telegram".into(),
                chat_id: "-100".into(),
                ..<_>::default()
            }),
            vec!["telegram.token"],
        ),
    ]
}

fn machines(base: &str, closed: i32) -> Vec<(Channel, Vec<&'static str>)> {
    let (host, url) = (|| "127.0.0.1".to_owned(), |path: &str| format!("{base}{path}"));
    vec![
        (
            Channel::Pagerduty(Pagerduty {
                url: url("/v2/enqueue"),
                routing_key: "hush0123456789abcdef0123456789ab".into(),
                ..<_>::default()
            }),
            vec!["pagerduty.routing_key"],
        ),
        (
            Channel::Webhook(Webhook {
                url: url("/hush-webhook"),
                secret: WEBHOOK_SECRET.into(),
                previous_secret: WEBHOOK_SECRET.replace("hushhush", "hushHUSH"),
            }),
            vec!["webhook.url", "webhook.secret", "webhook.previous_secret"],
        ),
        (
            Channel::Alertmanager(Alertmanager {
                urls: vec![url("")],
                token: "hush-alertmanager".into(),
                ..<_>::default()
            }),
            vec!["alertmanager.token"],
        ),
        (
            Channel::Zabbix(Zabbix {
                host: host(),
                port: closed,
                item_host: "umpire".into(),
                item_key: "alert".into(),
            }),
            Vec::new(),
        ),
        (
            Channel::Syslog(Syslog { host: host(), port: closed, facility: 16, ..<_>::default() }),
            Vec::new(),
        ),
    ]
}

fn others(base: &str, closed: i32) -> Vec<(Channel, Vec<&'static str>)> {
    vec![
        (
            Channel::Email(Email {
                host: "127.0.0.1".into(),
                port: closed,
                security: Security::Plain as i32,
                username: "ops".into(),
                password: "hush-mail".into(),
                from: "Umpire <ops@example.com>".into(),
                to: texts(&["duty@example.com"]),
                ..<_>::default()
            }),
            vec!["email.password"],
        ),
        (
            Channel::Sms(Sms {
                provider: Provider::Aliyun as i32,
                base_url: base.into(),
                key_id: "key".into(),
                key_secret: "hush-sms".into(),
                phone_numbers: texts(&[MOBILE]),
                sign_name: "Umpire".into(),
                template_code: "SMS_1".into(),
                ..<_>::default()
            }),
            vec!["sms.key_secret"],
        ),
        (
            Channel::Voice(Voice {
                provider: Provider::Tencent as i32,
                base_url: base.into(),
                key_id: "key".into(),
                key_secret: "hush-voice".into(),
                phone_numbers: vec![format!("+86{MOBILE}")],
                template_code: "1".into(),
                app_id: "1400000000".into(),
                ..<_>::default()
            }),
            vec!["voice.key_secret"],
        ),
        (
            Channel::Jira(Jira {
                base_url: base.into(),
                token: "hush-jira".into(),
                project: "SEC".into(),
                ..<_>::default()
            }),
            vec!["jira.token"],
        ),
    ]
}

#[tokio::test]
async fn each_is_shown_without_its_secrets_and_can_be_written_back() {
    let office = Office::start(&[]).await;
    for (number, (channel, secrets)) in all("http://127.0.0.1:9", 9).into_iter().enumerate() {
        let id = format!("r{number}");
        let request = umpire_testkit::receiver(&id, channel.clone());
        let made = create(&office.clients, request).await.unwrap();
        assert_eq!(made.secrets_set, secrets, "{made:?}");
        assert!(!format!("{made:?}").contains(MARK), "{made:?}");
        // As a console does: everything that was read, with one thing changed.
        let read = get(&office.clients, &made.name).await.unwrap();
        let renamed = Receiver { display_name: "Night shift".into(), ..read.clone() };
        for paths in [&[][..], &["*"]] {
            let renamed = Receiver { etag: String::new(), ..renamed.clone() };
            let written = update(&office.clients, renamed, paths).await.unwrap();
            assert_eq!(written.display_name, "Night shift");
            assert_eq!(written.channel, read.channel);
            assert_eq!(written.secrets_set, secrets);
        }
    }
}

#[tokio::test]
async fn what_is_missing_is_named_for_every_channel() {
    let office = Office::start(&[]).await;
    let aliyun = Sms { provider: Provider::Aliyun as i32, ..<_>::default() };
    let tencent = Voice { provider: Provider::Tencent as i32, ..<_>::default() };
    let slack_bot = Slack { token: "xoxb-1".into(), ..<_>::default() };
    let basic = Alertmanager { username: "ops".into(), ..<_>::default() };
    for (channel, kind, missing) in [
        (
            Channel::WecomApp(<_>::default()),
            "wecom_app",
            &["corp_id", "secret", "agent_id", "to_users"][..],
        ),
        (Channel::WecomRobot(<_>::default()), "wecom_robot", &["key"]),
        (Channel::Dingtalk(<_>::default()), "dingtalk", &["access_token"]),
        (Channel::Feishu(<_>::default()), "feishu", &["url"]),
        (Channel::Slack(<_>::default()), "slack", &["url"]),
        (Channel::Slack(slack_bot), "slack", &["channel"]),
        (Channel::Teams(<_>::default()), "teams", &["url"]),
        (Channel::Telegram(<_>::default()), "telegram", &["token", "chat_id"]),
        (Channel::Email(<_>::default()), "email", &["host", "from", "to"]),
        (Channel::Sms(<_>::default()), "sms", &["provider"]),
        (
            Channel::Sms(aliyun),
            "sms",
            &["key_id", "key_secret", "phone_numbers", "template_code", "sign_name"],
        ),
        (Channel::Voice(<_>::default()), "voice", &["provider"]),
        (
            Channel::Voice(tencent),
            "voice",
            &["key_id", "key_secret", "phone_numbers", "template_code", "app_id"],
        ),
        (Channel::Pagerduty(<_>::default()), "pagerduty", &["routing_key"]),
        (Channel::Webhook(<_>::default()), "webhook", &["url", "secret"]),
        (Channel::Alertmanager(<_>::default()), "alertmanager", &["urls"]),
        (Channel::Alertmanager(basic), "alertmanager", &["urls", "token"]),
        (Channel::Zabbix(<_>::default()), "zabbix", &["host", "item_host", "item_key"]),
        (Channel::Syslog(<_>::default()), "syslog", &["host"]),
        (Channel::Jira(<_>::default()), "jira", &["base_url", "token", "project"]),
    ] {
        let refused = create(&office.clients, umpire_testkit::receiver("", channel)).await;
        let refused = refused.expect_err(kind);
        assert_eq!(refused.code(), Code::InvalidArgument, "{kind}");
        let expected = missing.iter().map(|field| format!("receiver.{kind}.{field}"));
        assert_eq!(violated(&refused), expected.collect::<Vec<_>>());
    }
}

/// A sound channel with something changed.
macro_rules! with {
    ($kind:ident { $field:ident: $value:expr }) => {{
        let mut sound = all("http://127.0.0.1:9", 9).into_iter();
        let found = sound.find_map(|(channel, _)| match channel {
            Channel::$kind(it) => Some(it),
            _ => None,
        });
        let mut it = found.unwrap();
        it.$field = $value;
        Channel::$kind(it)
    }};
}

#[tokio::test]
async fn what_is_wrong_is_named_for_every_channel() {
    let office = Office::start(&[]).await;
    let one = |text: &str| vec![text.to_owned()];
    let positions = [("2".to_owned(), "level".to_owned())];
    for (channel, field) in [
        (with!(WecomApp { to_users: one("a|b") }), "wecom_app.to_users[0]"),
        (with!(WecomApp { agent_id: -1 }), "wecom_app.agent_id"),
        (with!(WecomRobot { mention_mobiles: one("x") }), "wecom_robot.mention_mobiles[0]"),
        (with!(Dingtalk { url: "http://me@host/".into() }), "dingtalk.url"),
        (with!(Dingtalk { keyword: "a\nb".into() }), "dingtalk.keyword"),
        (with!(Feishu { url: "ftp://host/".into() }), "feishu.url"),
        (with!(Slack { mentions: one("@everybody") }), "slack.mentions[0]"),
        (with!(Teams { url: "no address".into() }), "teams.url"),
        (with!(Telegram { token: "1/../2".into() }), "telegram.token"),
        (with!(Telegram { message_thread_id: -1 }), "telegram.message_thread_id"),
        (with!(Email { to: one("a@b\r\nBcc: c@d") }), "email.to[0]"),
        (with!(Email { port: 70_000 }), "email.port"),
        (with!(Email { ca_certificate: "none".into() }), "email.ca_certificate"),
        (with!(Sms { phone_numbers: one("call me") }), "sms.phone_numbers[0]"),
        (with!(Voice { parameters: positions.into() }), "voice.parameters"),
        (with!(Voice { play_times: 4 }), "voice.play_times"),
        (with!(Pagerduty { client_url: "x".into() }), "pagerduty.client_url"),
        (with!(Webhook { secret: "whsec_c2hvcnQ=".into() }), "webhook.secret"),
        (with!(Webhook { previous_secret: "x".into() }), "webhook.previous_secret"),
        (with!(Alertmanager { urls: one("am:9093") }), "alertmanager.urls[0]"),
        (with!(Zabbix { port: -1 }), "zabbix.port"),
        (with!(Zabbix { host: "a b".into() }), "zabbix.host"),
        (with!(Syslog { facility: 24 }), "syslog.facility"),
        (with!(Syslog { sd_id: "a b".into() }), "syslog.sd_id"),
        (with!(Syslog { transport: 77 }), "syslog.transport"),
        (with!(Jira { priorities: one("High") }), "jira.priorities"),
        (with!(Jira { project: "S\" OR 1".into() }), "jira.project"),
    ] {
        let refused = create(&office.clients, umpire_testkit::receiver("", channel)).await;
        let refused = refused.expect_err(field);
        assert_eq!(violated(&refused), [format!("receiver.{field}")]);
        assert!(!refused.message().contains(MARK), "{refused}");
    }
}

#[tokio::test]
async fn what_is_wrong_beside_the_channel_is_named() {
    let office = Office::start(&[]).await;
    let rate = |count, window| Some(Rate { count, window: seconds(window) });
    let sound = || Receiver {
        channel: Some(with!(Teams { url: "https://teams.example/x".into() })),
        language: NoticeLanguage::En as i32,
        ..<_>::default()
    };
    for (receiver, field) in [
        (Receiver { channel: None, ..sound() }, "channel"),
        (Receiver { display_name: "x".repeat(201), ..sound() }, "display_name"),
        (Receiver { language: 77, ..sound() }, "language"),
        (Receiver { rate: rate(0, 60), ..sound() }, "rate.count"),
        (Receiver { rate: Some(Rate { count: 1, window: None }), ..sound() }, "rate.window"),
        (Receiver { vendor_rate: rate(1, 86_401), ..sound() }, "vendor_rate.window"),
        (Receiver { failover: "tenants/other/receivers/a".into(), ..sound() }, "failover"),
        (Receiver { failover_after: seconds(86_401), ..sound() }, "failover_after"),
        (Receiver { test_interval: seconds(60), ..sound() }, "test_interval"),
    ] {
        let request = CreateReceiverRequest { receiver: Some(receiver), ..<_>::default() };
        let refused = create(&office.clients, request).await.expect_err(field);
        assert_eq!(violated(&refused), [format!("receiver.{field}")]);
    }
    let nothing = create(&office.clients, CreateReceiverRequest::default()).await.unwrap_err();
    assert_eq!(violated(&nothing), ["receiver"]);
}

use super::Peer;
use crate::duty::{Duty, SECRET};
use std::{collections::BTreeMap, net::TcpListener};
use umpire_fakes::{
    alertmanager::Alertmanager,
    dingtalk, feishu,
    jira::Jira,
    pagerduty::Pagerduty,
    phone::{Aliyun, Tencent},
    slack::Slack,
    smtp_sink::{SmtpOptions, SmtpSink},
    syslog_sink::SyslogSink,
    teams::Teams,
    telegram::Telegram,
    webhook_sink::WebhookSink,
    wecom,
    zabbix::Trapper,
};
use umpire_proto::v1::receiver::{self as pb, Channel};

/// One channel: who is told, how, and what the vendor says.
pub(super) struct Vendor {
    /// The field of `Receiver.channel`.
    pub name: &'static str,
    pub peer: Peer,
    pub right: Channel,
    /// Of somebody else, or nobody.
    pub wrong: Channel,
    /// Status of HTTP and code of what is taken.
    pub yes: (i32, &'static str),
    /// Of what is refused, after what that comes to; and a part of what is said.
    pub no: (&'static str, i32, &'static str, &'static str),
    /// A part of what people see of a P1.
    pub mark: &'static str,
    /// What nobody is shown.
    pub secrets: &'static [&'static str],
}

/// All of them, in the order of the contract.
pub(super) async fn vendors(duty: &mut Duty) -> Vec<Vendor> {
    let mut all = chats(duty).await;
    all.extend([email().await, sms(duty).await, voice(duty).await]);
    all.extend(machines(duty).await);
    all.push(jira(duty).await);
    all
}

async fn chats(duty: &mut Duty) -> Vec<Vendor> {
    vec![
        wecom_app(duty).await,
        wecom_robot(duty).await,
        dingtalk(duty).await,
        feishu(duty).await,
        slack(duty).await,
        teams(duty).await,
        telegram(duty).await,
    ]
}

async fn machines(duty: &mut Duty) -> Vec<Vendor> {
    vec![
        pagerduty(duty).await,
        webhook(duty).await,
        alertmanager(duty).await,
        zabbix().await,
        syslog().await,
    ]
}

async fn wecom_app(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(wecom::App::new("ww-corp", "wecom-app-secret", 1_000_002)).await;
    let channel = |secret: &str| {
        Channel::WecomApp(pb::WecomApp {
            base_url: fake.url(""),
            corp_id: "ww-corp".into(),
            secret: secret.into(),
            agent_id: 1_000_002,
            to_users: vec!["zhang".into()],
            ..<_>::default()
        })
    };
    Vendor {
        name: "wecom_app",
        right: channel("wecom-app-secret"),
        wrong: channel("secret-of-another"),
        yes: (200, "0"),
        no: ("PERMANENT", 200, "40091", "secret is invalid"),
        mark: "P1 grave",
        secrets: &["wecom-app-secret"],
        peer: Peer::Vendor(fake),
    }
}

async fn wecom_robot(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(wecom::Robot::new("wecom-robot-key")).await;
    let channel = |key: &str| {
        let (url, key) = (fake.url("/cgi-bin/webhook/send"), key.into());
        Channel::WecomRobot(pb::WecomRobot { url, key, ..<_>::default() })
    };
    Vendor {
        name: "wecom_robot",
        right: channel("wecom-robot-key"),
        wrong: channel("key-of-another"),
        yes: (200, "0"),
        no: ("PERMANENT", 200, "93000", "invalid webhook url"),
        mark: "P1 grave",
        secrets: &["wecom-robot-key"],
        peer: Peer::Vendor(fake),
    }
}

async fn dingtalk(duty: &mut Duty) -> Vendor {
    let robot = dingtalk::Robot::new("dingtalk-token").signed_with("SECdingtalk-secret");
    let fake = duty.vendor(robot).await;
    let channel = |secret: &str| {
        Channel::Dingtalk(pb::Dingtalk {
            url: fake.url("/robot/send"),
            access_token: "dingtalk-token".into(),
            secret: secret.into(),
            ..<_>::default()
        })
    };
    Vendor {
        name: "dingtalk",
        right: channel("SECdingtalk-secret"),
        wrong: channel("SECof-another"),
        yes: (200, "0"),
        no: ("PERMANENT", 200, "310000", "sign not match"),
        mark: "P1 grave",
        secrets: &["dingtalk-token", "SECdingtalk-secret"],
        peer: Peer::Vendor(fake),
    }
}

async fn feishu(duty: &mut Duty) -> Vendor {
    let bot = feishu::Bot::new("feishu-hook-token").signed_with("feishu-secret");
    let fake = duty.vendor(bot).await;
    let channel = |secret: &str| {
        let url = fake.url("/open-apis/bot/v2/hook/feishu-hook-token");
        Channel::Feishu(pb::Feishu { url, secret: secret.into(), ..<_>::default() })
    };
    Vendor {
        name: "feishu",
        right: channel("feishu-secret"),
        wrong: channel("secret-of-another"),
        yes: (200, "0"),
        no: ("PERMANENT", 200, "19021", "sign match fail"),
        mark: "P1 grave",
        secrets: &["feishu-hook-token", "feishu-secret"],
        peer: Peer::Vendor(fake),
    }
}

async fn slack(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(Slack::new("T1/B1/slack-hook-token", "xoxb-unused", "C1")).await;
    let channel = |hook: &str| {
        let url = fake.url(&format!("/services/T1/B1/{hook}"));
        Channel::Slack(pb::Slack { url, ..<_>::default() })
    };
    Vendor {
        name: "slack",
        right: channel("slack-hook-token"),
        wrong: channel("hook-of-another"),
        yes: (200, ""),
        no: ("PERMANENT", 404, "no_service", "no_service"),
        mark: "P1 grave",
        secrets: &["slack-hook-token"],
        peer: Peer::Vendor(fake),
    }
}

async fn teams(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(Teams::workflow("/workflows/teams-flow-token")).await;
    let channel =
        |flow: &str| Channel::Teams(pb::Teams { url: fake.url(&format!("/workflows/{flow}")) });
    Vendor {
        name: "teams",
        right: channel("teams-flow-token"),
        wrong: channel("flow-of-another"),
        yes: (202, ""),
        no: ("PERMANENT", 404, "", "404 page not found"),
        mark: "grave",
        secrets: &["teams-flow-token"],
        peer: Peer::Vendor(fake),
    }
}

async fn telegram(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(Telegram::new("123:telegram-token-1", -1001)).await;
    let channel = |token: &str| {
        Channel::Telegram(pb::Telegram {
            base_url: fake.url(""),
            token: token.into(),
            chat_id: "-1001".into(),
            ..<_>::default()
        })
    };
    Vendor {
        name: "telegram",
        right: channel("123:telegram-token-1"),
        wrong: channel("123:of-another"),
        yes: (200, ""),
        no: ("PERMANENT", 401, "401", "Unauthorized"),
        mark: "P1 grave",
        secrets: &["123:telegram-token-1"],
        peer: Peer::Vendor(fake),
    }
}

async fn email() -> Vendor {
    let login = Some(("umpire".to_owned(), "mail-password".to_owned()));
    let sink = SmtpSink::start(SmtpOptions { login, ..<_>::default() }).await;
    let channel = |password: &str| {
        Channel::Email(pb::Email {
            host: "127.0.0.1".into(),
            port: sink.address().port().into(),
            security: pb::email::Security::Plain as i32,
            username: "umpire".into(),
            password: password.into(),
            from: "Umpire <umpire@example.com>".into(),
            to: vec!["duty@example.com".into()],
            ..<_>::default()
        })
    };
    Vendor {
        name: "email",
        right: channel("mail-password"),
        wrong: channel("another-password"),
        yes: (0, "250"),
        no: ("PERMANENT", 0, "535", "did not let us log in"),
        mark: "X-Alert-Level: P1",
        secrets: &[],
        peer: Peer::Mail(sink),
    }
}

/// What a template says, by its names.
fn parameters(names: [&str; 2]) -> BTreeMap<String, String> {
    let variables = ["level", "rule_name"];
    names.iter().zip(variables).map(|(name, is)| ((*name).into(), is.into())).collect()
}

async fn sms(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(Aliyun::new("key-id", "phone-key-secret")).await;
    let channel = |secret: &str| {
        Channel::Sms(pb::Sms {
            provider: pb::Provider::Aliyun as i32,
            base_url: fake.url(""),
            key_id: "key-id".into(),
            key_secret: secret.into(),
            phone_numbers: vec!["13800000000".into()],
            sign_name: "Umpire".into(),
            template_code: "SMS_1".into(),
            parameters: parameters(["level", "rule"]),
            ..<_>::default()
        })
    };
    Vendor {
        name: "sms",
        right: channel("phone-key-secret"),
        wrong: channel("secret-of-another"),
        yes: (200, "OK"),
        no: ("PERMANENT", 400, "SignatureDoesNotMatch", "signature is not matched"),
        mark: r#"SMS_1 {"level":"P1","rule":"grave"}"#,
        secrets: &["phone-key-secret"],
        peer: Peer::Vendor(fake),
    }
}

async fn voice(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(Tencent::new("key-id", "phone-key-secret")).await;
    let channel = |secret: &str| {
        Channel::Voice(pb::Voice {
            provider: pb::Provider::Tencent as i32,
            base_url: fake.url(""),
            key_id: "key-id".into(),
            key_secret: secret.into(),
            phone_numbers: vec!["+8613800000000".into()],
            template_code: "1234567".into(),
            app_id: "1400000000".into(),
            parameters: parameters(["1", "2"]),
            ..<_>::default()
        })
    };
    Vendor {
        name: "voice",
        right: channel("phone-key-secret"),
        wrong: channel("secret-of-another"),
        yes: (200, "Ok"),
        no: ("PERMANENT", 200, "AuthFailure.SignatureFailure", ""),
        mark: r#"1234567 ["P1", "grave"]"#,
        secrets: &["phone-key-secret"],
        peer: Peer::Vendor(fake),
    }
}

async fn pagerduty(duty: &mut Duty) -> Vendor {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    let fake = duty.vendor(Pagerduty::new(KEY)).await;
    let channel = |key: &str| {
        let (url, routing_key) = (fake.url("/v2/enqueue"), key.into());
        Channel::Pagerduty(pb::Pagerduty { url, routing_key, ..<_>::default() })
    };
    Vendor {
        name: "pagerduty",
        right: channel(KEY),
        wrong: channel("ffffffffffffffffffffffffffffffff"),
        yes: (202, "success"),
        no: ("PERMANENT", 400, "invalid event", "Invalid routing key"),
        mark: "P1 grave",
        secrets: &["0123456789abcdef0123456789abcdef"],
        peer: Peer::Vendor(fake),
    }
}

async fn webhook(duty: &mut Duty) -> Vendor {
    const ANOTHER: &str = "whsec_YW5vdGhlciBzZWNyZXQgb2YgMjQgYnl0";
    let fake = duty.vendor(WebhookSink::signed_with(SECRET)).await;
    let channel = |secret: &str| {
        let (url, secret) = (fake.url("/hook"), secret.into());
        Channel::Webhook(pb::Webhook { url, secret, ..<_>::default() })
    };
    Vendor {
        name: "webhook",
        right: channel(SECRET),
        wrong: channel(ANOTHER),
        yes: (204, ""),
        no: ("PERMANENT", 401, "", "no signature that fits"),
        mark: "P1 grave",
        secrets: &[SECRET],
        peer: Peer::Vendor(fake),
    }
}

async fn alertmanager(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(Alertmanager::authorized_by("Bearer alertmanager-token")).await;
    let channel = |token: &str| {
        let (urls, token) = (vec![fake.url("")], token.into());
        Channel::Alertmanager(pb::Alertmanager { urls, token, ..<_>::default() })
    };
    Vendor {
        name: "alertmanager",
        right: channel("alertmanager-token"),
        wrong: channel("token-of-another"),
        yes: (200, ""),
        no: ("PERMANENT", 401, "", "Unauthorized"),
        mark: "P1 grave",
        secrets: &["alertmanager-token"],
        peer: Peer::Vendor(fake),
    }
}

async fn zabbix() -> Vendor {
    let trapper = Trapper::start([("umpire", "umpire.alert")]).await;
    let channel = |key: &str| {
        Channel::Zabbix(pb::Zabbix {
            host: "127.0.0.1".into(),
            port: trapper.address().port().into(),
            item_host: "umpire".into(),
            item_key: key.into(),
        })
    };
    Vendor {
        name: "zabbix",
        right: channel("umpire.alert"),
        wrong: channel("umpire.unknown"),
        yes: (0, "success"),
        // It may only not know yet that there is such an item.
        no: ("TRANSIENT", 0, "success", "failed: 1"),
        mark: "P1 grave",
        secrets: &[],
        peer: Peer::Trapper(trapper),
    }
}

async fn syslog() -> Vendor {
    let sink = SyslogSink::tcp().await;
    let channel = |port: u16| {
        Channel::Syslog(pb::Syslog {
            host: "127.0.0.1".into(),
            port: port.into(),
            transport: pb::syslog::Transport::Tcp as i32,
            facility: 16,
            ..<_>::default()
        })
    };
    let deserted = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Vendor {
        name: "syslog",
        right: channel(sink.address().port()),
        wrong: channel(deserted),
        yes: (0, ""),
        no: ("TRANSIENT", 0, "", "refused"),
        mark: "P1 grave",
        secrets: &[],
        peer: Peer::Log(sink),
    }
}

async fn jira(duty: &mut Duty) -> Vendor {
    let fake = duty.vendor(Jira::data_center("Bearer jira-token-of-ours", "SEC")).await;
    let channel = |token: &str| {
        Channel::Jira(pb::Jira {
            base_url: fake.url(""),
            token: token.into(),
            project: "SEC".into(),
            ..<_>::default()
        })
    };
    Vendor {
        name: "jira",
        right: channel("jira-token-of-ours"),
        wrong: channel("token-of-another"),
        yes: (201, ""),
        no: ("PERMANENT", 401, "", "must be authenticated"),
        mark: "P1 grave",
        secrets: &["jira-token-of-ours"],
        peer: Peer::Vendor(fake),
    }
}

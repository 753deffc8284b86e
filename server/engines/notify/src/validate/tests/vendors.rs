//! One receiver of each vendor: with nothing in it, and with everything.

use crate::{
    Alertmanager, Channel, Dingtalk, Email, EmailSecurity, Feishu, Jira, Pagerduty, Slack, Sms,
    SmsProvider, Syslog, SyslogFormat, SyslogTransport, Teams, Telegram, Voice, WebhookChannel,
    WecomApp, WecomRobot, Zabbix,
};
use std::collections::BTreeMap;

/// As Standard Webhooks has them.
pub(super) const WHSEC: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// Looks like certificates.
const PEM: &str = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub(super) fn wecom_app() -> WecomApp {
    WecomApp {
        base_url: "https://gateway.example/wecom".into(),
        corp_id: "ww0123456789abcdef".into(),
        secret: "hunter2".into(),
        agent_id: 1_000_002,
        to_users: texts(&["ann", "@all"]),
        to_parties: texts(&["1"]),
        to_tags: texts(&["2"]),
    }
}

pub(super) fn wecom_robot() -> WecomRobot {
    WecomRobot {
        url: "https://gateway.example/robot".into(),
        key: "hunter2".into(),
        mention_users: texts(&["ann"]),
        mention_mobiles: texts(&["13800000000"]),
        at_all: true,
    }
}

pub(super) fn dingtalk() -> Dingtalk {
    Dingtalk {
        url: "https://gateway.example/robot/send".into(),
        access_token: "hunter2".into(),
        secret: "SEChunter2".into(),
        keyword: "告警".into(),
        at_mobiles: texts(&["13800000000"]),
        at_user_ids: texts(&["ann"]),
        at_all: true,
    }
}

pub(super) fn feishu() -> Feishu {
    Feishu {
        url: "https://open.feishu.cn/open-apis/bot/v2/hook/hunter2".into(),
        secret: "hunter2".into(),
        at_user_ids: texts(&["ou_1"]),
        at_all: true,
    }
}

pub(super) fn slack() -> Slack {
    Slack {
        url: "https://slack.example/api".into(),
        token: "xoxb-hunter2".into(),
        channel: "C0123".into(),
        mentions: texts(&["<@U123>", "<!subteam^S1>", "<!here>"]),
        at_all: true,
    }
}

pub(super) fn telegram() -> Telegram {
    Telegram {
        base_url: "https://gateway.example".into(),
        token: "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw".into(),
        chat_id: "-1001234567890".into(),
        message_thread_id: 7,
    }
}

pub(super) fn email() -> Email {
    Email {
        host: "mail.example".into(),
        port: 587,
        security: EmailSecurity::StartTls,
        username: "umpire".into(),
        password: "hunter2".into(),
        from: "Umpire <umpire@example.com>".into(),
        to: texts(&["ops@example.com"]),
        ca_certificate: PEM.into(),
    }
}

pub(super) fn sms() -> Sms {
    Sms {
        provider: SmsProvider::Tencent,
        base_url: "https://gateway.example".into(),
        key_id: "AKID".into(),
        key_secret: "hunter2".into(),
        phone_numbers: texts(&["+8613800000000"]),
        sign_name: "测试签名".into(),
        template_code: "1234567".into(),
        app_id: "1400000000".into(),
        region: "ap-guangzhou".into(),
        parameters: parameters(&[("1", "level"), ("2", "rule_name")]),
    }
}

pub(super) fn voice() -> Voice {
    Voice {
        provider: SmsProvider::Aliyun,
        base_url: String::new(),
        key_id: "AK".into(),
        key_secret: "hunter2".into(),
        phone_numbers: texts(&["13800000000"]),
        show_number: "057156789012".into(),
        template_code: "TTS_123456789".into(),
        app_id: String::new(),
        region: String::new(),
        parameters: parameters(&[("level", "level")]),
        play_times: 3,
    }
}

pub(super) fn parameters(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub(super) fn pagerduty() -> Pagerduty {
    Pagerduty {
        url: "https://gateway.example".into(),
        routing_key: "0123456789abcdef0123456789abcdef".into(),
        client_url: "https://umpire.example".into(),
    }
}

pub(super) fn webhook() -> WebhookChannel {
    WebhookChannel {
        url: "https://hooks.example/umpire?key=hunter2".into(),
        secret: WHSEC.into(),
        previous_secret: WHSEC.into(),
    }
}

pub(super) fn alertmanager() -> Alertmanager {
    Alertmanager {
        urls: texts(&["http://am-1:9093", "http://am-2:9093"]),
        token: "hunter2".into(),
        username: "umpire".into(),
    }
}

pub(super) fn zabbix() -> Zabbix {
    Zabbix {
        host: "zabbix.example".into(),
        port: 10_051,
        item_host: "umpire".into(),
        item_key: "umpire.alert".into(),
    }
}

pub(super) fn syslog() -> Syslog {
    Syslog {
        host: "192.0.2.1".into(),
        port: 6_514,
        transport: SyslogTransport::Tls,
        format: SyslogFormat::Rfc5424,
        facility: 23,
        sd_id: "alert@32473".into(),
        ca_certificate: PEM.into(),
    }
}

pub(super) fn jira() -> Jira {
    Jira {
        base_url: "https://example.atlassian.net".into(),
        token: "hunter2".into(),
        username: "bot@example.com".into(),
        project: "SEC".into(),
        issue_type: "Task".into(),
        priorities: texts(&["Highest", "High", "Medium", "Low"]),
        labels: texts(&["umpire"]),
        resolve_transition: "Done".into(),
    }
}

/// Everything in each of them that can be set is set.
pub(super) fn full() -> Vec<Channel> {
    vec![
        Channel::WecomApp(wecom_app()),
        Channel::WecomRobot(wecom_robot()),
        Channel::Dingtalk(dingtalk()),
        Channel::Feishu(feishu()),
        Channel::Slack(slack()),
        Channel::Teams(Teams { url: "https://teams.example/hunter2".into() }),
        Channel::Telegram(telegram()),
        Channel::Email(email()),
        Channel::Sms(sms()),
        Channel::Voice(voice()),
        Channel::Pagerduty(pagerduty()),
        Channel::Webhook(webhook()),
        Channel::Alertmanager(alertmanager()),
        Channel::Zabbix(zabbix()),
        Channel::Syslog(syslog()),
        Channel::Jira(jira()),
    ]
}

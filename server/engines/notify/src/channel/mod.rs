//! How receivers are told: what each vendor has to know of them. Fields are those of
//! `umpire.v1.Receiver`; an empty URL stands for the vendor's own.

mod chat;
mod machine;
mod paper;
mod phone;

pub use chat::{Dingtalk, Feishu, Slack, Teams, Telegram, WecomApp, WecomRobot};
pub use machine::{
    Alertmanager, Pagerduty, Syslog, SyslogFormat, SyslogTransport, WebhookChannel, Zabbix,
};
pub use paper::{Email, EmailSecurity, Jira};
pub use phone::{Sms, SmsProvider, Voice};

use serde::{Deserialize, Serialize};

/// How a receiver is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Channel {
    WecomApp(WecomApp),
    WecomRobot(WecomRobot),
    Dingtalk(Dingtalk),
    Feishu(Feishu),
    Slack(Slack),
    Teams(Teams),
    Telegram(Telegram),
    Email(Email),
    Sms(Sms),
    Voice(Voice),
    Pagerduty(Pagerduty),
    Webhook(WebhookChannel),
    Alertmanager(Alertmanager),
    Zabbix(Zabbix),
    Syslog(Syslog),
    Jira(Jira),
}

/// The vendors, without what they have to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ChannelKind {
    WecomApp,
    WecomRobot,
    Dingtalk,
    Feishu,
    Slack,
    Teams,
    Telegram,
    Email,
    Sms,
    Voice,
    Pagerduty,
    Webhook,
    Alertmanager,
    Zabbix,
    Syslog,
    Jira,
}

impl ChannelKind {
    /// All of them, in the order of the contract.
    pub const ALL: [Self; 16] = [
        Self::WecomApp,
        Self::WecomRobot,
        Self::Dingtalk,
        Self::Feishu,
        Self::Slack,
        Self::Teams,
        Self::Telegram,
        Self::Email,
        Self::Sms,
        Self::Voice,
        Self::Pagerduty,
        Self::Webhook,
        Self::Alertmanager,
        Self::Zabbix,
        Self::Syslog,
        Self::Jira,
    ];

    /// As the contract names its field: `wecom_app`, `dingtalk`.
    #[must_use]
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 16] = [
            "wecom_app",
            "wecom_robot",
            "dingtalk",
            "feishu",
            "slack",
            "teams",
            "telegram",
            "email",
            "sms",
            "voice",
            "pagerduty",
            "webhook",
            "alertmanager",
            "zabbix",
            "syslog",
            "jira",
        ];
        NAMES[self as usize]
    }

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Who reads it, for the routes a tenant has without writing any.
    #[must_use]
    pub fn audience(self) -> Audience {
        match self {
            Self::WecomRobot | Self::Dingtalk | Self::Feishu | Self::Slack | Self::Teams => {
                Audience::Group
            }
            Self::WecomApp | Self::Telegram | Self::Email => Audience::Person,
            Self::Sms | Self::Voice | Self::Pagerduty => Audience::Pager,
            Self::Webhook | Self::Alertmanager | Self::Zabbix | Self::Syslog => Audience::Machine,
            Self::Jira => Audience::Ticket,
        }
    }
}

/// Who reads what is sent over a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// A group, where people can be mentioned.
    Group,
    /// Single people.
    Person,
    /// People, woken up.
    Pager,
    /// Another program.
    Machine,
    /// Whoever works a queue of tickets; told only when a rule asks for one, or by a route.
    Ticket,
}

impl Channel {
    /// Which vendor.
    #[must_use]
    pub fn kind(&self) -> ChannelKind {
        match self {
            Self::WecomApp(_) => ChannelKind::WecomApp,
            Self::WecomRobot(_) => ChannelKind::WecomRobot,
            Self::Dingtalk(_) => ChannelKind::Dingtalk,
            Self::Feishu(_) => ChannelKind::Feishu,
            Self::Slack(_) => ChannelKind::Slack,
            Self::Teams(_) => ChannelKind::Teams,
            Self::Telegram(_) => ChannelKind::Telegram,
            Self::Email(_) => ChannelKind::Email,
            Self::Sms(_) => ChannelKind::Sms,
            Self::Voice(_) => ChannelKind::Voice,
            Self::Pagerduty(_) => ChannelKind::Pagerduty,
            Self::Webhook(_) => ChannelKind::Webhook,
            Self::Alertmanager(_) => ChannelKind::Alertmanager,
            Self::Zabbix(_) => ChannelKind::Zabbix,
            Self::Syslog(_) => ChannelKind::Syslog,
            Self::Jira(_) => ChannelKind::Jira,
        }
    }
}

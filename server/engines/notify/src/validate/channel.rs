//! What vendors have to know of a receiver.

mod chat;
mod machine;
mod paper;
mod phone;

use super::faults::Faults;
use crate::Channel;
use umpire_model::Secret;

/// Most people that a receiver mentions.
const MAX_MENTIONS: usize = 100;
/// What is said of a number that is none.
const NO_PHONE: &str = "must be 5 to 15 digits, perhaps after a `+`";

pub(super) fn check(channel: &Channel, found: &mut Faults) {
    found.within(channel.kind().name(), |found| match channel {
        Channel::WecomApp(config) => config.check(found),
        Channel::WecomRobot(config) => config.check(found),
        Channel::Dingtalk(config) => config.check(found),
        Channel::Feishu(config) => config.check(found),
        Channel::Slack(config) => config.check(found),
        Channel::Teams(config) => config.check(found),
        Channel::Telegram(config) => config.check(found),
        Channel::Email(config) => config.check(found),
        Channel::Sms(config) => config.check(found),
        Channel::Voice(config) => config.check(found),
        Channel::Pagerduty(config) => config.check(found),
        Channel::Webhook(config) => config.check(found),
        Channel::Alertmanager(config) => config.check(found),
        Channel::Zabbix(config) => config.check(found),
        Channel::Syslog(config) => config.check(found),
        Channel::Jira(config) => config.check(found),
    });
}

impl Channel {
    /// Everything in it that nobody is shown, in an order that depends on the kind alone.
    pub fn secrets_mut(&mut self) -> Vec<&mut Secret> {
        match self {
            Self::WecomApp(it) => vec![&mut it.secret],
            Self::WecomRobot(it) => vec![&mut it.key],
            Self::Dingtalk(it) => vec![&mut it.url, &mut it.access_token, &mut it.secret],
            Self::Feishu(it) => vec![&mut it.url, &mut it.secret],
            Self::Slack(it) => vec![&mut it.url, &mut it.token],
            Self::Teams(it) => vec![&mut it.url],
            Self::Telegram(it) => vec![&mut it.token],
            Self::Email(it) => vec![&mut it.password],
            Self::Sms(it) => vec![&mut it.key_secret],
            Self::Voice(it) => vec![&mut it.key_secret],
            Self::Pagerduty(it) => vec![&mut it.routing_key],
            Self::Webhook(it) => vec![&mut it.url, &mut it.secret, &mut it.previous_secret],
            Self::Alertmanager(it) => vec![&mut it.token],
            Self::Zabbix(_) | Self::Syslog(_) => Vec::new(),
            Self::Jira(it) => vec![&mut it.token],
        }
    }
}

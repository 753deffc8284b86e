//! The one courier for all vendors.

pub(crate) mod fit;
pub(crate) mod heading;
pub(crate) mod people;
pub(crate) mod query;
mod redact;
pub(crate) mod sign;
#[cfg(test)]
mod tests;

pub(crate) use redact::strike_out;

use crate::{
    alertmanager, codes::Codes, dingtalk, email, feishu, jira, pagerduty, slack, sms, syslog,
    teams, telegram, voice, webhook, wecom_app, wecom_robot, zabbix,
};
use futures_util::future::BoxFuture;
use umpire_notify::{Channel, Courier, Parcel, Receiver, Report};
use umpire_outbound::Outbound;

/// Hands notices to every vendor there is.
pub struct Channels {
    pub(crate) outbound: Outbound,
    pub(crate) codes: Codes,
    pub(crate) wecom_tokens: wecom_app::Tokens,
}

impl Channels {
    /// Calls vendors through this client, and reads their codes by this table.
    #[must_use]
    pub fn new(outbound: Outbound, codes: Codes) -> Self {
        Self { outbound, codes, wecom_tokens: wecom_app::Tokens::default() }
    }

    /// Boxed each for itself: together they would be as large as the largest.
    fn call<'a>(&'a self, channel: &'a Channel, parcel: &'a Parcel<'a>) -> BoxFuture<'a, Report> {
        match channel {
            Channel::WecomApp(config) => Box::pin(wecom_app::deliver(self, config, parcel)),
            Channel::WecomRobot(config) => Box::pin(wecom_robot::deliver(self, config, parcel)),
            Channel::Dingtalk(config) => Box::pin(dingtalk::deliver(self, config, parcel)),
            Channel::Feishu(config) => Box::pin(feishu::deliver(self, config, parcel)),
            Channel::Slack(config) => Box::pin(slack::deliver(self, config, parcel)),
            Channel::Teams(config) => Box::pin(teams::deliver(self, config, parcel)),
            Channel::Telegram(config) => Box::pin(telegram::deliver(self, config, parcel)),
            Channel::Email(config) => Box::pin(email::deliver(self, config, parcel)),
            Channel::Sms(config) => Box::pin(sms::deliver(self, config, parcel)),
            Channel::Voice(config) => Box::pin(voice::deliver(self, config, parcel)),
            Channel::Pagerduty(config) => Box::pin(pagerduty::deliver(self, config, parcel)),
            Channel::Webhook(config) => Box::pin(webhook::deliver(self, config, parcel)),
            Channel::Alertmanager(config) => Box::pin(alertmanager::deliver(self, config, parcel)),
            Channel::Zabbix(config) => Box::pin(zabbix::deliver(self, config, parcel)),
            Channel::Syslog(config) => Box::pin(syslog::deliver(self, config, parcel)),
            Channel::Jira(config) => Box::pin(jira::deliver(self, config, parcel)),
        }
    }
}

impl Courier for Channels {
    fn deliver<'a>(&'a self, receiver: &'a Receiver, parcel: Parcel<'a>) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let report = self.call(&receiver.channel, &parcel).await;
            redact::redacted(report, &receiver.channel)
        })
    }
}

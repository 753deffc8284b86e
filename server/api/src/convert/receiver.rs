//! Receivers. What is secret comes in and never goes out.

mod chat;
mod destination;
mod machine;
mod paper;
mod phone;
mod secret;

use super::{
    alert::signed,
    enums::{self, known},
    time,
};
use crate::{
    mask::Writable,
    names::own_optional_id,
    resources::{Resource, Writing},
};
use destination::destination;
use umpire_catalog::Kept;
use umpire_model::{TenantId, Timestamp, Violation};
use umpire_notify::{Channel, Health, Rate, Receiver};
use umpire_proto::v1::{self as pb, receiver::Channel as Shown};
use umpire_query::{Choices, Field, Kind, Term};

/// Seconds without success after which a P0 fails over, where a receiver does not say.
const FAILOVER_AFTER: u64 = 60;
/// Every member of `Receiver.channel`.
const CHANNELS: &[&str] = &[
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

impl Resource for Receiver {
    type Proto = pb::Receiver;
    type Filter = ReceiverField;
    const FIELD: &'static str = "receiver";
    const WRITABLE: Writable = Writable {
        message: "umpire.v1.Receiver",
        fields: &[
            "display_name",
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
            "send_resolved",
            "language",
            "rate",
            "vendor_rate",
            "failover",
            "failover_after",
            "test_interval",
            "disabled",
        ],
        deep: CHANNELS,
    };

    fn from_proto(
        receiver: &pb::Receiver,
        writing: &Writing<'_, Self>,
    ) -> Result<Self, Vec<Violation>> {
        let refused = &mut Vec::new();
        let current = writing.current.map(|current| &current.channel);
        let channel = channel_from(receiver, current, refused);
        if let (Some(channel), Some(current)) = (&channel, current) {
            check_secrets(receiver, channel, current, refused);
        }
        let language = enums::language_from(receiver.language);
        let seconds = |duration, field: &str, refused: &mut Vec<Violation>| {
            let duration = time::unless_zero(duration);
            time::optional_seconds(duration, &format!("receiver.{field}"), refused)
        };
        // It need not be there yet: two may stand in for one another.
        let (caller, failover) = (writing.caller, &receiver.failover);
        let rest = (
            known(language, "receiver.language", refused).unwrap_or_default(),
            rate_from(receiver.rate.as_ref(), "receiver.rate", refused),
            rate_from(receiver.vendor_rate.as_ref(), "receiver.vendor_rate", refused),
            own_optional_id(caller, failover, "receivers", "receiver.failover", refused),
            seconds(receiver.failover_after, "failover_after", refused),
            seconds(receiver.test_interval, "test_interval", refused),
        );
        let (language, rate, vendor_rate, failover, failover_after, test_interval) = rest;
        let Some(channel) = channel.filter(|_| refused.is_empty()) else {
            return Err(std::mem::take(refused));
        };
        Ok(Self {
            display_name: receiver.display_name.clone(),
            channel,
            send_resolved: receiver.send_resolved,
            language,
            rate,
            vendor_rate,
            failover,
            failover_after: failover_after.unwrap_or(FAILOVER_AFTER),
            test_interval: test_interval.unwrap_or(0),
            disabled: receiver.disabled,
        })
    }

    fn to_proto(&self, tenant: &TenantId) -> pb::Receiver {
        let interval = (self.test_interval > 0).then(|| time::seconds(self.test_interval));
        let failover = self.failover.as_ref();
        let (channel, secrets_set) = channel_to_proto(&self.channel);
        pb::Receiver {
            display_name: self.display_name.clone(),
            channel: Some(channel),
            send_resolved: self.send_resolved,
            language: enums::language(self.language),
            rate: self.rate.map(rate_to_proto),
            vendor_rate: self.vendor_rate.map(rate_to_proto),
            failover: failover
                .map_or_else(String::new, |id| format!("tenants/{tenant}/receivers/{id}")),
            failover_after: Some(time::seconds(self.failover_after)),
            test_interval: interval,
            disabled: self.disabled,
            secrets_set,
            ..pb::Receiver::default()
        }
    }

    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> pb::Receiver {
        pb::Receiver {
            name: format!("tenants/{tenant}/receivers/{}", kept.id),
            etag: kept.etag(),
            create_time: Some(time::to_proto(kept.create_time)),
            update_time: Some(time::to_proto(kept.update_time)),
            ..kept.item.to_proto(tenant)
        }
    }

    fn named(receiver: &pb::Receiver) -> (&str, &str) {
        (&receiver.name, &receiver.etag)
    }

    fn test(kept: &Kept<Self>, term: &Term<ReceiverField>) -> bool {
        match term.field {
            ReceiverField::Id => term.test_text(kept.id.as_str()),
            ReceiverField::DisplayName => term.test_text(&kept.item.display_name),
            ReceiverField::Channel => term.test_text(kept.item.channel.kind().name()),
            ReceiverField::Disabled => term.test_number(kept.item.disabled.into()),
        }
    }

    fn check_change(&self, next: &Self) -> Result<(), Violation> {
        if self.channel.kind() == next.channel.kind() {
            return Ok(());
        }
        let message = "the kind of channel stays: delete the receiver, or make another";
        Err(Violation::invalid(format!("receiver.{}", next.channel.kind().name()), message))
    }
}

fn channel_from(
    receiver: &pb::Receiver,
    now: Option<&Channel>,
    refused: &mut Vec<Violation>,
) -> Option<Channel> {
    Some(match receiver.channel.as_ref() {
        Some(Shown::WecomApp(it)) => chat::wecom_app(it, now),
        Some(Shown::WecomRobot(it)) => chat::wecom_robot(it, now),
        Some(Shown::Dingtalk(it)) => chat::dingtalk(it, now),
        Some(Shown::Feishu(it)) => chat::feishu(it, now),
        Some(Shown::Slack(it)) => chat::slack(it, now),
        Some(Shown::Teams(it)) => chat::teams(it, now),
        Some(Shown::Telegram(it)) => chat::telegram(it, now),
        Some(Shown::Email(it)) => paper::email(it, now, refused),
        Some(Shown::Sms(it)) => phone::sms(it, now, refused)?,
        Some(Shown::Voice(it)) => phone::voice(it, now, refused)?,
        Some(Shown::Pagerduty(it)) => machine::pagerduty(it, now),
        Some(Shown::Webhook(it)) => machine::webhook(it, now),
        Some(Shown::Alertmanager(it)) => machine::alertmanager(it, now),
        Some(Shown::Zabbix(it)) => machine::zabbix(it, refused),
        Some(Shown::Syslog(it)) => machine::syslog(it, refused),
        Some(Shown::Jira(it)) => paper::jira(it, now),
        None => {
            let message = format!("one of {} must be set", CHANNELS.join(", "));
            refused.push(Violation::invalid("receiver.channel", message));
            return None;
        }
    })
}

/// A secret belongs to the peer it was given for: whoever may change the address must not get
/// to see it that way.
fn check_secrets(
    receiver: &pb::Receiver,
    channel: &Channel,
    current: &Channel,
    refused: &mut Vec<Violation>,
) {
    if destination(channel) == destination(current) {
        return;
    }
    let written = channel_from(receiver, None, &mut Vec::new());
    if written.as_ref() != Some(channel) {
        let path = format!("receiver.{}", channel.kind().name());
        let message = "the address has changed: its secrets must be given again";
        refused.push(Violation::invalid(path, message));
    }
}

/// As it is shown, with the paths of its secrets that are set.
fn channel_to_proto(channel: &Channel) -> (Shown, Vec<String>) {
    let mut set = secret::Set::of(channel.kind());
    let shown = match channel {
        Channel::WecomApp(it) => chat::show_wecom_app(it, &mut set),
        Channel::WecomRobot(it) => chat::show_wecom_robot(it, &mut set),
        Channel::Dingtalk(it) => chat::show_dingtalk(it, &mut set),
        Channel::Feishu(it) => chat::show_feishu(it, &mut set),
        Channel::Slack(it) => chat::show_slack(it, &mut set),
        Channel::Teams(it) => chat::show_teams(it, &mut set),
        Channel::Telegram(it) => chat::show_telegram(it, &mut set),
        Channel::Email(it) => paper::show_email(it, &mut set),
        Channel::Sms(it) => phone::show_sms(it, &mut set),
        Channel::Voice(it) => phone::show_voice(it, &mut set),
        Channel::Pagerduty(it) => machine::show_pagerduty(it, &mut set),
        Channel::Webhook(it) => machine::show_webhook(it, &mut set),
        Channel::Alertmanager(it) => machine::show_alertmanager(it, &mut set),
        Channel::Zabbix(it) => machine::show_zabbix(it),
        Channel::Syslog(it) => machine::show_syslog(it),
        Channel::Jira(it) => paper::show_jira(it, &mut set),
    };
    (shown, set.paths())
}

fn rate_from(
    rate: Option<&pb::receiver::Rate>,
    path: &str,
    refused: &mut Vec<Violation>,
) -> Option<Rate> {
    let rate = rate?;
    if rate.window.is_none() {
        refused.push(Violation::invalid(format!("{path}.window"), "must be set"));
    }
    let seconds = time::optional_seconds(rate.window, &format!("{path}.window"), refused)?;
    Some(Rate { count: u32::try_from(rate.count).unwrap_or(0), seconds })
}

fn rate_to_proto(rate: Rate) -> pb::receiver::Rate {
    let count = i32::try_from(rate.count).unwrap_or(i32::MAX);
    pb::receiver::Rate { count, window: Some(time::seconds(rate.seconds)) }
}

/// A port in field `path`; 0 stands for the usual one.
fn port(number: i32, path: &str, refused: &mut Vec<Violation>) -> u16 {
    u16::try_from(number).unwrap_or_else(|_| {
        refused.push(Violation::invalid(path, "must be 0 to 65,535"));
        0
    })
}

/// What is known of a receiver at `now`.
pub(crate) fn health_to_proto(
    health: &Health,
    queued: u64,
    now: Timestamp,
) -> pb::receiver::Health {
    let coming = |time: Option<Timestamp>| time.filter(|time| *time > now).map(time::to_proto);
    pb::receiver::Health {
        failures: i32::try_from(health.failures).unwrap_or(i32::MAX),
        open_until: coming(health.open_until),
        throttled_until: coming(health.throttled_until),
        gone: health.gone.clone().unwrap_or_default(),
        queued: signed(queued),
    }
}

/// What receivers can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReceiverField {
    Id,
    DisplayName,
    Channel,
    Disabled,
}

/// Yes and no.
const TRUTH: Choices = &[("false", 0), ("true", 1)];

impl Field for ReceiverField {
    fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "id" => Self::Id,
            "display_name" => Self::DisplayName,
            "channel" => Self::Channel,
            "disabled" => Self::Disabled,
            _ => return None,
        })
    }

    fn kind(self) -> Kind {
        match self {
            Self::Id | Self::DisplayName | Self::Channel => Kind::Text,
            Self::Disabled => Kind::Choice(TRUTH),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_notify::ChannelKind;

    #[test]
    fn every_channel_can_be_changed() {
        let known: Vec<_> = ChannelKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(CHANNELS, known);
        for channel in CHANNELS {
            assert!(Receiver::WRITABLE.fields.contains(channel), "{channel}");
        }
    }

    #[test]
    fn secrets_stay_with_the_peer_they_were_given_for() {
        let app = |base_url: &str, secret: &str| pb::Receiver {
            channel: Some(Shown::WecomApp(pb::receiver::WecomApp {
                base_url: base_url.into(),
                corp_id: "ww1".into(),
                secret: secret.into(),
                ..<_>::default()
            })),
            ..<_>::default()
        };
        let refused = &mut Vec::new();
        let current = channel_from(&app("https://a.example", "s"), None, refused).expect("one");
        for (written, fine) in [
            (app("https://a.example/", ""), true),
            (app("https://b.example", ""), false),
            (app("http://a.example", ""), false),
            (app("https://b.example", "s"), true),
        ] {
            let channel = channel_from(&written, Some(&current), refused).expect("one");
            check_secrets(&written, &channel, &current, refused);
            assert_eq!(std::mem::take(refused).is_empty(), fine, "{written:?}");
        }
    }
}

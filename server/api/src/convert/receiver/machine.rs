//! Channels to other programs.

use super::{
    port,
    secret::{Set, kept, kept_url},
};
use crate::convert::enums::{self, known};
use umpire_model::Violation;
use umpire_notify::{Alertmanager, Channel, Pagerduty, Syslog, WebhookChannel, Zabbix};
use umpire_proto::v1::receiver::{self as pb, Channel as Shown};

pub(super) fn pagerduty(it: &pb::Pagerduty, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Pagerduty(now)) => Some(now),
        _ => None,
    };
    Channel::Pagerduty(Pagerduty {
        url: it.url.clone(),
        routing_key: kept(&it.routing_key, now.map(|now| &now.routing_key)),
        client_url: it.client_url.clone(),
    })
}

pub(super) fn show_pagerduty(it: &Pagerduty, set: &mut Set) -> Shown {
    Shown::Pagerduty(pb::Pagerduty {
        url: it.url.clone(),
        routing_key: set.hide("routing_key", &it.routing_key),
        client_url: it.client_url.clone(),
    })
}

pub(super) fn webhook(it: &pb::Webhook, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Webhook(now)) => Some(now),
        _ => None,
    };
    Channel::Webhook(WebhookChannel {
        url: kept_url(&it.url, now.map(|now| &now.url)),
        secret: kept(&it.secret, now.map(|now| &now.secret)),
        previous_secret: kept(&it.previous_secret, now.map(|now| &now.previous_secret)),
    })
}

pub(super) fn show_webhook(it: &WebhookChannel, set: &mut Set) -> Shown {
    Shown::Webhook(pb::Webhook {
        url: set.hide_url("url", &it.url),
        secret: set.hide("secret", &it.secret),
        previous_secret: set.hide("previous_secret", &it.previous_secret),
    })
}

pub(super) fn alertmanager(it: &pb::Alertmanager, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Alertmanager(now)) => Some(now),
        _ => None,
    };
    Channel::Alertmanager(Alertmanager {
        urls: it.urls.clone(),
        token: kept(&it.token, now.map(|now| &now.token)),
        username: it.username.clone(),
    })
}

pub(super) fn show_alertmanager(it: &Alertmanager, set: &mut Set) -> Shown {
    Shown::Alertmanager(pb::Alertmanager {
        urls: it.urls.clone(),
        token: set.hide("token", &it.token),
        username: it.username.clone(),
    })
}

pub(super) fn zabbix(it: &pb::Zabbix, refused: &mut Vec<Violation>) -> Channel {
    Channel::Zabbix(Zabbix {
        host: it.host.clone(),
        port: port(it.port, "receiver.zabbix.port", refused),
        item_host: it.item_host.clone(),
        item_key: it.item_key.clone(),
    })
}

pub(super) fn show_zabbix(it: &Zabbix) -> Shown {
    Shown::Zabbix(pb::Zabbix {
        host: it.host.clone(),
        port: it.port.into(),
        item_host: it.item_host.clone(),
        item_key: it.item_key.clone(),
    })
}

pub(super) fn syslog(it: &pb::Syslog, refused: &mut Vec<Violation>) -> Channel {
    let transport = enums::syslog_transport_from(it.transport);
    let format = enums::syslog_format_from(it.format);
    Channel::Syslog(Syslog {
        host: it.host.clone(),
        port: port(it.port, "receiver.syslog.port", refused),
        transport: known(transport, "receiver.syslog.transport", refused).unwrap_or_default(),
        format: known(format, "receiver.syslog.format", refused).unwrap_or_default(),
        facility: small(it.facility, "receiver.syslog.facility", refused),
        sd_id: it.sd_id.clone(),
        ca_certificate: it.ca_certificate.clone(),
    })
}

pub(super) fn show_syslog(it: &Syslog) -> Shown {
    Shown::Syslog(pb::Syslog {
        host: it.host.clone(),
        port: it.port.into(),
        transport: enums::syslog_transport(it.transport),
        format: enums::syslog_format(it.format),
        facility: it.facility.into(),
        sd_id: it.sd_id.clone(),
        ca_certificate: it.ca_certificate.clone(),
    })
}

fn small(number: i32, path: &str, refused: &mut Vec<Violation>) -> u8 {
    u8::try_from(number).unwrap_or_else(|_| {
        refused.push(Violation::invalid(path, "must be 0 to 23"));
        0
    })
}

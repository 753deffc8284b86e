//! Channels that are read later.

use super::{
    port,
    secret::{Set, kept},
};
use crate::convert::enums::{self, known};
use umpire_model::Violation;
use umpire_notify::{Channel, Email, Jira};
use umpire_proto::v1::receiver::{self as pb, Channel as Shown};

pub(super) fn email(
    it: &pb::Email,
    now: Option<&Channel>,
    refused: &mut Vec<Violation>,
) -> Channel {
    let now = match now {
        Some(Channel::Email(now)) => Some(now),
        _ => None,
    };
    let security = enums::email_security_from(it.security);
    Channel::Email(Email {
        host: it.host.clone(),
        port: port(it.port, "receiver.email.port", refused),
        security: known(security, "receiver.email.security", refused).unwrap_or_default(),
        username: it.username.clone(),
        password: kept(&it.password, now.map(|now| &now.password)),
        from: it.from.clone(),
        to: it.to.clone(),
        ca_certificate: it.ca_certificate.clone(),
    })
}

pub(super) fn show_email(it: &Email, set: &mut Set) -> Shown {
    Shown::Email(pb::Email {
        host: it.host.clone(),
        port: it.port.into(),
        security: enums::email_security(it.security),
        username: it.username.clone(),
        password: set.hide("password", &it.password),
        from: it.from.clone(),
        to: it.to.clone(),
        ca_certificate: it.ca_certificate.clone(),
    })
}

pub(super) fn jira(it: &pb::Jira, now: Option<&Channel>) -> Channel {
    let now = match now {
        Some(Channel::Jira(now)) => Some(now),
        _ => None,
    };
    Channel::Jira(Jira {
        base_url: it.base_url.clone(),
        token: kept(&it.token, now.map(|now| &now.token)),
        username: it.username.clone(),
        project: it.project.clone(),
        issue_type: it.issue_type.clone(),
        priorities: it.priorities.clone(),
        labels: it.labels.clone(),
        resolve_transition: it.resolve_transition.clone(),
    })
}

pub(super) fn show_jira(it: &Jira, set: &mut Set) -> Shown {
    Shown::Jira(pb::Jira {
        base_url: it.base_url.clone(),
        token: set.hide("token", &it.token),
        username: it.username.clone(),
        project: it.project.clone(),
        issue_type: it.issue_type.clone(),
        priorities: it.priorities.clone(),
        labels: it.labels.clone(),
        resolve_transition: it.resolve_transition.clone(),
    })
}

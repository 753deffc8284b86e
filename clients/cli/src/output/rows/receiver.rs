use super::{id_of, length, short};
use crate::output::Row;
use umpire_client::v1::{Receiver, SendTestNotificationResponse, receiver::Channel};

impl Row for Receiver {
    const NAME: &'static str = "Receiver";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "channel",
        "state",
        "failures",
        "queued",
        "failover",
        "send_resolved",
        "language",
        "display_name",
    ];

    fn cells(&self) -> Vec<String> {
        let health = self.health.clone().unwrap_or_default();
        vec![
            id_of(&self.name).to_owned(),
            channel(self).to_owned(),
            state(self).to_owned(),
            health.failures.to_string(),
            health.queued.to_string(),
            id_of(&self.failover).to_owned(),
            self.send_resolved.to_string(),
            short(self.language().as_str_name(), "NOTICE_LANGUAGE_"),
            self.display_name.clone(),
        ]
    }
}

/// The name of its field.
fn channel(receiver: &Receiver) -> &'static str {
    match &receiver.channel {
        Some(Channel::WecomApp(_)) => "wecom_app",
        Some(Channel::WecomRobot(_)) => "wecom_robot",
        Some(Channel::Dingtalk(_)) => "dingtalk",
        Some(Channel::Feishu(_)) => "feishu",
        Some(Channel::Slack(_)) => "slack",
        Some(Channel::Teams(_)) => "teams",
        Some(Channel::Telegram(_)) => "telegram",
        Some(Channel::Email(_)) => "email",
        Some(Channel::Sms(_)) => "sms",
        Some(Channel::Voice(_)) => "voice",
        Some(Channel::Pagerduty(_)) => "pagerduty",
        Some(Channel::Webhook(_)) => "webhook",
        Some(Channel::Alertmanager(_)) => "alertmanager",
        Some(Channel::Zabbix(_)) => "zabbix",
        Some(Channel::Syslog(_)) => "syslog",
        Some(Channel::Jira(_)) => "jira",
        None => "",
    }
}

/// Why it is told nothing now; empty while it is.
fn state(receiver: &Receiver) -> &'static str {
    let health = receiver.health.clone().unwrap_or_default();
    if receiver.disabled {
        "DISABLED"
    } else if !health.gone.is_empty() {
        "GONE"
    } else if health.open_until.is_some() {
        "FAILING"
    } else if health.throttled_until.is_some() {
        "THROTTLED"
    } else {
        ""
    }
}

impl Row for SendTestNotificationResponse {
    const NAME: &'static str = "SendTestNotificationResponse";
    const COLUMNS: &'static [&'static str] =
        &["delivered", "outcome", "http_status", "vendor_code", "latency", "detail", "delivery"];

    fn cells(&self) -> Vec<String> {
        let attempt = self.attempt.clone().unwrap_or_default();
        vec![
            self.delivered.to_string(),
            attempt.outcome,
            attempt.http_status.to_string(),
            attempt.vendor_code,
            length(attempt.latency),
            attempt.detail,
            id_of(&self.delivery).to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_client::v1::receiver::{Health, Teams};

    #[test]
    fn a_receiver_says_why_it_is_told_nothing() {
        let mut receiver = Receiver {
            channel: Some(Channel::Teams(Teams::default())),
            health: Some(Health { failures: 3, ..Health::default() }),
            ..Receiver::default()
        };
        let cells = receiver.cells();
        assert_eq!(cells.len(), Receiver::COLUMNS.len());
        assert_eq!(cells[1..4], ["teams", "", "3"]);
        let open_until = Some(<_>::default());
        receiver.health = Some(Health { open_until, ..Health::default() });
        assert_eq!(state(&receiver), "FAILING");
        receiver.health = Some(Health { gone: "410".into(), open_until, ..Health::default() });
        assert_eq!(state(&receiver), "GONE");
        receiver.disabled = true;
        assert_eq!(state(&receiver), "DISABLED");
    }
}

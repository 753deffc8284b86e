//! Where a channel sends what it keeps secret.

use umpire_notify::Channel;

/// Everything that says who gets to see the secrets of a channel: where they are sent, and
/// how that is protected. Equal as long as it stays the same.
pub(super) fn destination(channel: &Channel) -> String {
    match channel {
        Channel::WecomApp(it) => host(&it.base_url),
        Channel::WecomRobot(it) => host(&it.url),
        Channel::Dingtalk(it) => host(it.url.reveal()),
        Channel::Feishu(it) => host(it.url.reveal()),
        Channel::Slack(it) => host(it.url.reveal()),
        Channel::Teams(it) => host(it.url.reveal()),
        Channel::Telegram(it) => host(&it.base_url),
        Channel::Email(it) => {
            format!("{}:{} {:?} {}", it.host, it.port, it.security, it.ca_certificate)
        }
        Channel::Sms(it) => host(&it.base_url),
        Channel::Voice(it) => host(&it.base_url),
        Channel::Pagerduty(it) => host(&it.url),
        Channel::Webhook(it) => host(it.url.reveal()),
        Channel::Alertmanager(it) => {
            it.urls.iter().map(|url| host(url)).collect::<Vec<_>>().join(" ")
        }
        Channel::Jira(it) => host(&it.base_url),
        Channel::Zabbix(_) | Channel::Syslog(_) => String::new(),
    }
}

/// Scheme, host and port of a URL.
fn host(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}").to_lowercase()
}

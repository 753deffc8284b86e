use serde::{Deserialize, Serialize};
use umpire_model::Secret;

/// PagerDuty, Events API v2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Pagerduty {
    /// `https://events.pagerduty.com/v2/enqueue` when empty.
    pub url: String,
    pub routing_key: Secret,
    /// Where operators find the server; sent as `client_url`. Empty: none.
    pub client_url: String,
}

/// POST of JSON, signed after Standard Webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct WebhookChannel {
    pub url: Secret,
    /// `whsec_` and 24 to 64 bytes in base64.
    pub secret: Secret,
    /// Signs, too, while receivers change over from it. Empty: none.
    pub previous_secret: Secret,
}

/// Alertmanager, API v2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Alertmanager {
    /// Every member of a cluster, such as `http://am-1:9093`.
    pub urls: Vec<String>,
    /// Sent as Bearer, or with a `username` as Basic. Empty: neither.
    pub token: Secret,
    pub username: String,
}

/// The trapper of a Zabbix server or proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Zabbix {
    pub host: String,
    /// 0: 10051.
    pub port: u16,
    /// Host and key of the item, as Zabbix knows them.
    pub item_host: String,
    pub item_key: String,
}

/// A syslog server or a SIEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Syslog {
    pub host: String,
    /// 0: 514, or 6514 with TLS.
    pub port: u16,
    pub transport: SyslogTransport,
    pub format: SyslogFormat,
    /// 0 to 23; local0 is 16.
    pub facility: u8,
    /// Of the structured data, such as `alert@32473`; that when empty.
    pub sd_id: String,
    /// PEM; certificates to trust beside the system's. Empty: none.
    pub ca_certificate: String,
}

/// What carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)]
pub enum SyslogTransport {
    Udp,
    #[default]
    Tcp,
    Tls,
}

/// What stands in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SyslogFormat {
    /// RFC 5424 with structured data.
    #[default]
    Rfc5424,
    /// CEF:0 in a RFC 5424 message.
    Cef,
}

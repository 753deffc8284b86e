use serde::{Deserialize, Serialize};
use umpire_model::Secret;

/// A mail server and those it brings mail to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Email {
    pub host: String,
    /// 0: 587, 465 or 25, by `security`.
    pub port: u16,
    pub security: EmailSecurity,
    /// Empty: no authentication.
    pub username: String,
    pub password: Secret,
    /// An address, or `Name <address>`.
    pub from: String,
    pub to: Vec<String>,
    /// PEM; certificates to trust beside the system's. Empty: none.
    pub ca_certificate: String,
}

/// How mail is kept from being read on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmailSecurity {
    /// STARTTLS, and nothing without it.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: for a relay on the same machine.
    Plain,
}

/// A project in Jira, Cloud or Data Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Jira {
    /// Such as `https://example.atlassian.net`.
    pub base_url: String,
    /// With a `username` an API token, sent as Basic; without one a personal access token,
    /// sent as Bearer, for Data Center.
    pub token: Secret,
    pub username: String,
    pub project: String,
    /// `Task` when empty.
    pub issue_type: String,
    /// Names of priorities for P0, P1, P2, P3; empty: none is sent.
    pub priorities: Vec<String>,
    pub labels: Vec<String>,
    /// Name of the transition that closes an issue when its matter is over; empty: a comment.
    pub resolve_transition: String,
}

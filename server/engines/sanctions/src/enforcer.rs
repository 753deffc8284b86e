use crate::Subject;
use serde::{Deserialize, Serialize};

/// A service that carries sanctions out, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.Enforcer`
pub struct Enforcer {
    pub display_name: String,
    pub kind: EnforcerKind,
    /// Ids; empty: all.
    pub servers: Vec<String>,
    /// Ids; empty: all.
    pub categories: Vec<String>,
    /// Seconds without an acknowledgement after which a stream is told again.
    pub ack_deadline: u64,
}

/// How it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnforcerKind {
    /// By HTTP.
    Webhook(Webhook),
    /// By WatchSanctions.
    Stream,
}

/// Where and how a webhook is called.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Webhook {
    pub url: String,
    /// `whsec_` and base64.
    pub secret: String,
    /// Permanent sanctions carry an end ten years on.
    pub legacy_end_time: bool,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither secret nor what a URL may carry.
        f.debug_struct("Webhook").field("legacy_end_time", &self.legacy_end_time).finish()
    }
}

impl Enforcer {
    /// Whether it is told of sanctions of this subject.
    #[must_use]
    pub fn addresses(&self, subject: &Subject) -> bool {
        // A subject without a server stands for all of them.
        let within = |ids: &[String], id: &str| {
            ids.is_empty() || id.is_empty() || ids.iter().any(|known| known == id)
        };
        within(&self.servers, &subject.server_id) && within(&self.categories, &subject.category)
    }

    /// Whether it is told by HTTP.
    #[must_use]
    pub fn is_webhook(&self) -> bool {
        matches!(self.kind, EnforcerKind::Webhook(_))
    }
}

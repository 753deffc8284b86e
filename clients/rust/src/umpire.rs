use crate::{
    Admin, Alerts, Audit, Builder, Error, History, Lists, Policy, Rules, Sanctions,
    tenant::Tenant,
    v1::{
        CheckMode, VerdictView, admin_service_client::AdminServiceClient,
        alert_service_client::AlertServiceClient, audit_service_client::AuditServiceClient,
        moderation_service_client::ModerationServiceClient, rule_service_client::RuleServiceClient,
        sanction_service_client::SanctionServiceClient,
    },
    wire::Wire,
};
use std::{env, fmt, time::Duration};

/// Where a server is unless `UMPIRE_ENDPOINT` says otherwise.
const ENDPOINT: &str = "http://127.0.0.1:50051";
/// Most bytes of one answer.
const MAX_ANSWER_BYTES: usize = 64 << 20;

/// A connection to a server, in the name of one key. Cheap to clone.
#[derive(Clone)]
pub struct Umpire {
    wire: Wire,
    pub(crate) tenant: Tenant,
    pub(crate) timeout: Duration,
    pub(crate) mode: CheckMode,
    pub(crate) view: VerdictView,
}

impl Umpire {
    pub(crate) fn new(wire: Wire, tenant: Tenant, timeout: Duration) -> Self {
        let (mode, view) = (CheckMode::Enforce, VerdictView::Matches);
        Self { wire, tenant, timeout, mode, view }
    }

    /// Connects to an endpoint without a key: `http://127.0.0.1:50051`.
    ///
    /// # Errors
    /// When it is no endpoint or the server cannot be reached.
    pub async fn connect(endpoint: impl Into<String>) -> Result<Self, Error> {
        Self::builder(endpoint).connect().await
    }

    /// Connects as the environment says: `UMPIRE_ENDPOINT` (`http://127.0.0.1:50051`
    /// when absent), `UMPIRE_API_KEY` and `UMPIRE_TENANT`.
    ///
    /// # Errors
    /// When a setting cannot be used or the server cannot be reached.
    pub async fn from_env() -> Result<Self, Error> {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let mut builder = Self::builder(set("UMPIRE_ENDPOINT").unwrap_or_else(|| ENDPOINT.into()));
        if let Some(key) = set("UMPIRE_API_KEY") {
            builder = builder.api_key(key);
        }
        if let Some(tenant) = set("UMPIRE_TENANT") {
            builder = builder.tenant(tenant);
        }
        builder.connect().await
    }

    /// Starts to describe a connection. An endpoint without a scheme is plain text, or
    /// TLS when an authority is given.
    pub fn builder(endpoint: impl Into<String>) -> Builder {
        Builder::new(endpoint.into())
    }

    /// The same connection, whose checks are made in this mode.
    #[must_use]
    pub fn with_mode(self, mode: CheckMode) -> Self {
        Self { mode, ..self }
    }

    /// The same connection, whose verdicts show this much.
    #[must_use]
    pub fn with_view(self, view: VerdictView) -> Self {
        Self { view, ..self }
    }

    /// Rules: read, change, try out.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules::new(self.clone())
    }

    /// Word lists and their entries.
    #[must_use]
    pub fn lists(&self) -> Lists {
        Lists::new(self.clone())
    }

    /// The whole policy as one document.
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy::new(self.clone())
    }

    /// The revisions of the policy.
    #[must_use]
    pub fn history(&self) -> History {
        History::new(self.clone())
    }

    /// Strikes, sanctions and how they are carried out.
    #[must_use]
    pub fn sanctions(&self) -> Sanctions {
        Sanctions::new(self.clone())
    }

    /// Alerts, and how people are told of them.
    #[must_use]
    pub fn alerts(&self) -> Alerts {
        Alerts::new(self.clone())
    }

    /// The audit log.
    #[must_use]
    pub fn audit(&self) -> Audit {
        Audit::new(self.clone())
    }

    /// Tenants, API keys, the server itself.
    #[must_use]
    pub fn admin(&self) -> Admin {
        Admin::new(self.clone())
    }

    /// The generated client of `ModerationService`.
    #[must_use]
    pub fn raw_moderation(&self) -> ModerationServiceClient<Wire> {
        ModerationServiceClient::new(self.wire.clone()).max_decoding_message_size(MAX_ANSWER_BYTES)
    }

    /// The generated client of `RuleService`.
    #[must_use]
    pub fn raw_rules(&self) -> RuleServiceClient<Wire> {
        RuleServiceClient::new(self.wire.clone()).max_decoding_message_size(MAX_ANSWER_BYTES)
    }

    /// The generated client of `SanctionService`.
    #[must_use]
    pub fn raw_sanctions(&self) -> SanctionServiceClient<Wire> {
        SanctionServiceClient::new(self.wire.clone()).max_decoding_message_size(MAX_ANSWER_BYTES)
    }

    /// The generated client of `AlertService`.
    #[must_use]
    pub fn raw_alerts(&self) -> AlertServiceClient<Wire> {
        AlertServiceClient::new(self.wire.clone()).max_decoding_message_size(MAX_ANSWER_BYTES)
    }

    /// The generated client of `AuditService`.
    #[must_use]
    pub fn raw_audit(&self) -> AuditServiceClient<Wire> {
        AuditServiceClient::new(self.wire.clone()).max_decoding_message_size(MAX_ANSWER_BYTES)
    }

    /// The generated client of `AdminService`.
    #[must_use]
    pub fn raw_admin(&self) -> AdminServiceClient<Wire> {
        AdminServiceClient::new(self.wire.clone()).max_decoding_message_size(MAX_ANSWER_BYTES)
    }
}

/// Without the connection and its key.
impl fmt::Debug for Umpire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Umpire")
            .field("tenant", &self.tenant.id())
            .field("timeout", &self.timeout)
            .field("mode", &self.mode)
            .field("view", &self.view)
            .finish_non_exhaustive()
    }
}

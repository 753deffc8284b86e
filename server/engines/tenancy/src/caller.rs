use serde::{Deserialize, Serialize};
use std::sync::Arc;
use umpire_model::{TenantId, Timestamp};

/// What a caller may do. Which role may call which method is the API's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// A game backend or gateway.
    Service,
    /// Keeps rules.
    Moderator,
    /// Runs the server.
    Ops,
    /// Line supervisor.
    Supervisor,
    /// Department director.
    Director,
    /// Reads the audit log.
    Compliance,
    /// Keeps the tenant.
    Admin,
}

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The tenant the credential speaks for.
    pub tenant: TenantId,
    /// What it may do there.
    pub role: Role,
    /// The name that authorship is recorded under: a key's resource name, a token's
    /// subject, or `local`.
    pub principal: Arc<str>,
    /// From then on a token no longer speaks for it.
    pub end: Option<Timestamp>,
}

impl Caller {
    /// The caller of a server without authentication: ADMIN of `tenants/default`.
    #[must_use]
    pub fn local() -> Self {
        Self {
            tenant: TenantId::operator(),
            role: Role::Admin,
            principal: "local".into(),
            end: None,
        }
    }

    /// Whether this caller operates the server: an ADMIN of `tenants/default`.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.role == Role::Admin && self.tenant.is_operator()
    }
}

use crate::Role;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use umpire_model::{ResourceId, TenantId, Timestamp};

/// Starts every secret, so that leaked ones can be searched for.
const PREFIX: &str = "ump_";

/// A credential as it is kept: never the secret, only its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Unique within its tenant.
    pub id: ResourceId,
    /// The tenant it speaks for.
    pub tenant: TenantId,
    /// For people.
    pub display_name: String,
    /// What it may do.
    pub role: Role,
    /// SHA-256 of the secret, in hex. The secret has 256 random bits, so a plain
    /// digest cannot be searched back.
    pub digest: String,
    /// When it was made.
    pub create_time: Timestamp,
    /// When it ends; never if absent.
    pub expire_time: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_use_time: Option<Timestamp>,
    /// Set once it is revoked.
    pub revoke_time: Option<Timestamp>,
}

impl ApiKey {
    /// `tenants/{tenant}/apiKeys/{key}`
    #[must_use]
    pub fn name(&self) -> String {
        format!("tenants/{}/apiKeys/{}", self.tenant, self.id)
    }

    /// Whether it is neither revoked nor over at `now`.
    #[must_use]
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.revoke_time.is_none() && self.expire_time.is_none_or(|end| now < end)
    }
}

/// A new secret: 256 bits from the operating system.
///
/// # Errors
/// When the operating system has none to give.
pub(crate) fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes)))
}

/// The digest a secret is known by.
pub(crate) fn digest(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret))
}

use crate::Subject;
use sha2::{Digest, Sha256};
use umpire_model::{ResourceId, SanctionId, TenantId};
use uuid::Builder;

/// The id of the sanction that a record brings its subject under a rule: always the
/// same, so that one crossing is never two.
#[must_use]
pub fn sanction_id(
    tenant: &TenantId,
    subject: &Subject,
    rule: &ResourceId,
    record: &str,
) -> SanctionId {
    let subject = subject.key();
    let (tenant, rule) = (tenant.as_str().as_bytes(), rule.as_str().as_bytes());
    let mut hash = Sha256::new();
    for part in [tenant, subject.0.as_slice(), rule, record.as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    // Version 8: made of what its owner chose.
    SanctionId(Builder::from_custom_bytes(bytes).into_uuid())
}

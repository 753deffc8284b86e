//! Changes and lists of API keys.

use super::{Change, Directory, DirectoryError, KnownKey, record};
use crate::{
    ApiKey, Role,
    key::{digest, new_secret},
};
use std::sync::atomic::Ordering;
use umpire_model::{ResourceId, TenantId, Timestamp, Violation};
use umpire_query::Page;

/// The part of a key its administrator writes.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct KeyDraft {
    pub display_name: String,
    pub role: Role,
    pub expire_time: Option<Timestamp>,
}

impl Directory {
    /// Adds a key and gives its secret, which is kept nowhere. Repeating the
    /// request gives the key without the secret.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub async fn create_key(
        &self,
        tenant: &TenantId,
        id: ResourceId,
        draft: KeyDraft,
        change: &Change,
    ) -> Result<(ApiKey, Option<String>), DirectoryError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(change).await? {
            return Ok((done, None));
        }
        if self.state.load().keys.contains_key(&(tenant.clone(), id.clone())) {
            return Err(DirectoryError::AlreadyExists);
        }
        if draft.expire_time.is_some_and(|end| end <= change.time) {
            let violation = Violation::invalid("api_key.expire_time", "must lie in the future");
            return Err(DirectoryError::Invalid(vec![violation]));
        }
        let secret = new_secret().map_err(DirectoryError::Randomness)?;
        let key = ApiKey {
            id,
            tenant: tenant.clone(),
            display_name: draft.display_name,
            role: draft.role,
            digest: digest(&secret),
            create_time: change.time,
            expire_time: draft.expire_time,
            last_use_time: None,
            revoke_time: None,
        };
        if change.validate_only {
            return Ok((key, None));
        }
        self.put_key(key.clone(), change).await?;
        Ok((key, Some(secret)))
    }

    /// Ends a key. Revoking a revoked key changes nothing.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub async fn revoke_key(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        change: &Change,
    ) -> Result<ApiKey, DirectoryError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(change).await? {
            return Ok(done);
        }
        let name = (tenant.clone(), id.clone());
        let known = self.state.load().keys.get(&name).cloned().ok_or(DirectoryError::NotFound)?;
        let mut key = described(&known);
        if key.revoke_time.is_none() {
            key.revoke_time = Some(change.time);
            self.put_key(key.clone(), change).await?;
        }
        Ok(key)
    }

    async fn put_key(&self, key: ApiKey, change: &Change) -> Result<(), DirectoryError> {
        self.store.put_key(key.clone(), &change.scope, record(change, &key)).await?;
        self.publish(|state| state.insert_key(key));
        Ok(())
    }

    /// A page of a tenant's keys, by creation.
    #[must_use]
    pub fn keys(
        &self,
        tenant: &TenantId,
        show_revoked: bool,
        size: usize,
        cursor: Option<&[u8]>,
    ) -> Page<ApiKey> {
        let state = self.state.load();
        let mut keys: Vec<_> = state
            .keys
            .values()
            .filter(|known| known.key.tenant == *tenant)
            .filter(|known| show_revoked || known.key.revoke_time.is_none())
            .map(|known| described(known))
            .collect();
        keys.sort_by_key(list_key);
        keys.retain(|key| cursor.is_none_or(|cursor| list_key(key).as_slice() > cursor));
        Page::of(keys, size, list_key)
    }
}

/// Creation time, then id. Times of creation are after the epoch.
fn list_key(key: &ApiKey) -> Vec<u8> {
    let mut bytes = key.create_time.0.to_be_bytes().to_vec();
    bytes.extend_from_slice(key.id.as_str().as_bytes());
    bytes
}

/// The key with its last use as of now.
fn described(known: &KnownKey) -> ApiKey {
    let last_use = known.last_use.load(Ordering::Relaxed);
    let last_use_time = (last_use != i64::MIN).then_some(Timestamp(last_use));
    ApiKey { last_use_time, ..known.key.clone() }
}

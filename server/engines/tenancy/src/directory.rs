//! All tenants and keys in memory, and the one way to change them.

mod keys;
mod tenants;

use crate::{ApiKey, Caller, Role, Settings, StoredDirectory, Tenant, key::digest};
use arc_swap::ArcSwap;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::sync::Mutex;
use umpire_model::{
    RequestIdReused, RequestKey, RequestRecord, ResourceId, StoreError, TenantId, Timestamp,
    Violation,
};

pub use keys::KeyDraft;
pub use tenants::{TenantField, TenantQuery};

/// A key's last use is kept to this many microseconds.
const USE_PRECISION: i64 = 60 * 1_000_000;

/// When a change is made, and under which request id.
#[derive(Debug, Clone)]
pub struct Change {
    /// The moment.
    pub time: Timestamp,
    /// The caller's tenant: request ids of one are nothing to another.
    pub scope: TenantId,
    /// Makes the change idempotent.
    pub request: Option<RequestKey>,
    /// Check everything, change nothing.
    pub validate_only: bool,
}

/// A tenant or key cannot be changed; nothing was.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Fields are wrong.
    #[error("the request is not valid")]
    Invalid(Vec<Violation>),
    /// No such tenant or key.
    #[error("not found")]
    NotFound,
    /// The id is taken.
    #[error("it exists already")]
    AlreadyExists,
    /// It changed since the etag was read.
    #[error("the etag is stale")]
    EtagMismatch,
    /// Tenants with these ids include it.
    #[error("tenants include it: {}", .0.join(", "))]
    InUse(Vec<String>),
    /// The request id was used for another request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system has no randomness.
    #[error("no randomness: {0}")]
    Randomness(getrandom::Error),
}

/// A credential is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody knows this key, or it was revoked, or it is over.
    #[error("the API key is unknown, revoked or expired")]
    BadKey,
    /// Its tenant is shut.
    #[error("the tenant is shut")]
    TenantShut,
}

/// A key with when it was last used.
struct KnownKey {
    key: ApiKey,
    caller: Caller,
    last_use: AtomicI64,
}

/// Everything there is. Immutable but for the times of last use.
#[derive(Default)]
struct State {
    tenants: BTreeMap<TenantId, Arc<Tenant>>,
    keys: BTreeMap<(TenantId, ResourceId), Arc<KnownKey>>,
    by_digest: HashMap<String, Arc<KnownKey>>,
}

/// All tenants and keys.
pub struct Directory {
    store: Arc<dyn Settings>,
    state: ArcSwap<State>,
    changing: Mutex<()>,
    /// Digest of the operator key from the configuration.
    operator_key: Option<String>,
}

impl Directory {
    /// Loads everything; makes `tenants/default` on the first start.
    /// `operator_key` is a secret that speaks as ADMIN of `tenants/default`.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn open(
        store: Arc<dyn Settings>,
        operator_key: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let StoredDirectory { mut tenants, keys } = store.load().await?;
        if !tenants.iter().any(|tenant| tenant.id.is_operator()) {
            let tenant = tenants::new_tenant(TenantId::operator(), <_>::default(), now);
            store.put_tenant(tenant.clone(), &TenantId::operator(), None).await?;
            tenants.push(tenant);
        }
        let mut state = State::default();
        for tenant in tenants {
            state.tenants.insert(tenant.id.clone(), Arc::new(tenant));
        }
        for key in keys {
            state.insert_key(key);
        }
        let operator_key = operator_key.map(digest);
        Ok(Self {
            store,
            state: ArcSwap::from_pointee(state),
            changing: Mutex::new(()),
            operator_key,
        })
    }

    /// The tenant, shut or not.
    #[must_use]
    pub fn tenant(&self, id: &str) -> Option<Arc<Tenant>> {
        self.state.load().tenants.get(id).cloned()
    }

    /// Whether a caller that was let in before still is: its key is neither revoked
    /// nor over, and its tenant is open.
    #[must_use]
    pub fn is_current(&self, caller: &Caller, now: Timestamp) -> bool {
        let state = self.state.load();
        let open = state.tenants.get(&caller.tenant).is_some_and(|t| t.delete_time.is_none());
        let parent = format!("tenants/{}/apiKeys/", caller.tenant);
        let id = caller.principal.strip_prefix(&parent).and_then(|id| ResourceId::new(id).ok());
        let key = id.and_then(|id| state.keys.get(&(caller.tenant.clone(), id)));
        let over = caller.end.is_some_and(|end| end <= now);
        open && !over && key.is_none_or(|known| known.key.is_valid_at(now))
    }

    /// Whether there is a key at all, the configured one included.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        self.operator_key.is_some() || !self.state.load().keys.is_empty()
    }

    /// Who holds this secret.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn authenticate(&self, secret: &str, now: Timestamp) -> Result<Caller, Denied> {
        let digest = digest(secret);
        if self.operator_key.as_ref() == Some(&digest) {
            let principal = "tenants/default/apiKeys/configured".into();
            return Ok(Caller {
                tenant: TenantId::operator(),
                role: Role::Admin,
                principal,
                end: None,
            });
        }
        let state = self.state.load();
        let known = state.by_digest.get(&digest).ok_or(Denied::BadKey)?;
        if !known.key.is_valid_at(now) {
            return Err(Denied::BadKey);
        }
        let tenant = state.tenants.get(&known.key.tenant).ok_or(Denied::BadKey)?;
        if tenant.delete_time.is_some() {
            return Err(Denied::TenantShut);
        }
        self.note_use(known, now);
        Ok(known.caller.clone())
    }

    /// Whether a tenant is there and open, for callers that come without a key.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn admit_tenant(&self, tenant: &TenantId) -> Result<(), Denied> {
        let known = self.tenant(tenant.as_str()).ok_or(Denied::BadKey)?;
        if known.delete_time.is_some() { Err(Denied::TenantShut) } else { Ok(()) }
    }

    fn note_use(&self, known: &KnownKey, now: Timestamp) {
        let last = known.last_use.load(Ordering::Relaxed);
        if now.0.saturating_sub(last) < USE_PRECISION {
            return;
        }
        let swap =
            known.last_use.compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed);
        if swap.is_ok() {
            self.store.touch_key(&known.key.tenant, &known.key.id, now);
        }
    }

    /// The outcome of the same request, made before.
    async fn replay<T: serde::de::DeserializeOwned>(
        &self,
        change: &Change,
    ) -> Result<Option<T>, DirectoryError> {
        let Some(key) = &change.request else { return Ok(None) };
        let Some(record) = self.store.request(&change.scope, &key.id).await? else {
            return Ok(None);
        };
        let Some(outcome) = record.replay(key, change.time)? else { return Ok(None) };
        serde_json::from_str(&outcome)
            .map(Some)
            .map_err(|error| StoreError::Corrupt(error.to_string().into()).into())
    }

    /// Swaps in a state that differs by `edit`.
    fn publish(&self, edit: impl FnOnce(&mut State)) {
        let current = self.state.load();
        let mut next = State {
            tenants: current.tenants.clone(),
            keys: current.keys.clone(),
            by_digest: current.by_digest.clone(),
        };
        edit(&mut next);
        self.state.store(Arc::new(next));
    }
}

impl State {
    fn insert_key(&mut self, key: ApiKey) {
        let caller = Caller {
            tenant: key.tenant.clone(),
            role: key.role,
            principal: key.name().into(),
            end: None,
        };
        let last_use = AtomicI64::new(key.last_use_time.map_or(i64::MIN, |time| time.0));
        let known = Arc::new(KnownKey { key, caller, last_use });
        let name = (known.key.tenant.clone(), known.key.id.clone());
        self.by_digest.insert(known.key.digest.clone(), known.clone());
        self.keys.insert(name, known);
    }
}

fn record<T: serde::Serialize>(change: &Change, outcome: &T) -> Option<RequestRecord> {
    change.request.clone().map(|key| RequestRecord {
        key,
        outcome: serde_json::to_string(outcome).unwrap_or_default(),
        time: change.time,
    })
}

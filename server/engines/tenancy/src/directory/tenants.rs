//! Changes and lists of tenants.

use super::{Change, Directory, DirectoryError, record};
use crate::{PutOutcome, Tenant, TenantDraft};
use std::sync::Arc;
use umpire_model::{StoreError, TenantId, Timestamp, Violation};
use umpire_query::{Expr, Field, Kind, Page};

/// What tenants can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TenantField {
    Id,
    DisplayName,
    CreateTime,
}

impl Field for TenantField {
    fn from_path(path: &str) -> Option<Self> {
        match path {
            "id" => Some(Self::Id),
            "display_name" => Some(Self::DisplayName),
            "create_time" => Some(Self::CreateTime),
            _ => None,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Id | Self::DisplayName => Kind::Text,
            Self::CreateTime => Kind::Time,
        }
    }
}

/// Which tenants, from where on; ordered by id.
#[allow(missing_docs)]
pub struct TenantQuery {
    pub filter: Expr<TenantField>,
    pub show_deleted: bool,
    pub size: usize,
    /// The last id of the page before.
    pub cursor: Option<Vec<u8>>,
}

impl Directory {
    /// Ids of the tenants that are not shut.
    #[must_use]
    pub fn open_tenants(&self) -> Vec<TenantId> {
        let state = self.state.load();
        let open = state.tenants.values().filter(|tenant| tenant.delete_time.is_none());
        open.map(|tenant| tenant.id.clone()).collect()
    }

    /// A page of tenants.
    #[must_use]
    pub fn tenants(&self, query: &TenantQuery) -> Page<Arc<Tenant>> {
        let state = self.state.load();
        let after = |id: &TenantId| {
            query.cursor.as_ref().is_none_or(|cursor| id.as_str().as_bytes() > cursor.as_slice())
        };
        let items = state
            .tenants
            .values()
            .filter(|tenant| after(&tenant.id))
            .filter(|tenant| query.show_deleted || tenant.delete_time.is_none())
            .filter(|tenant| meets(tenant, &query.filter))
            .cloned();
        Page::of(items, query.size, |tenant: &Arc<Tenant>| tenant.id.as_str().into())
    }

    /// Adds a tenant.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub async fn create_tenant(
        &self,
        id: TenantId,
        draft: TenantDraft,
        change: &Change,
    ) -> Result<Tenant, DirectoryError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(change).await? {
            return Ok(done);
        }
        if self.tenant(id.as_str()).is_some() {
            return Err(DirectoryError::AlreadyExists);
        }
        self.put(new_tenant(id, draft, change.time), change).await
    }

    /// Changes a tenant: `edit` makes the new draft from the current tenant.
    ///
    /// # Errors
    /// [`DirectoryError`], `edit`'s among them.
    pub async fn update_tenant(
        &self,
        id: &TenantId,
        etag: &str,
        change: &Change,
        edit: impl FnOnce(&Tenant) -> Result<TenantDraft, DirectoryError>,
    ) -> Result<Tenant, DirectoryError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(change).await? {
            return Ok(done);
        }
        let current = self.current(id, etag)?;
        if current.delete_time.is_some() {
            return Err(DirectoryError::NotFound);
        }
        let next = Tenant { draft: edit(&current)?, ..next_version(&current, change.time) };
        self.put(next, change).await
    }

    /// Shuts a tenant, or opens it again.
    ///
    /// # Errors
    /// [`DirectoryError`]; the operator's tenant cannot be shut.
    pub async fn set_tenant_deleted(
        &self,
        id: &TenantId,
        etag: &str,
        deleted: bool,
        change: &Change,
    ) -> Result<Tenant, DirectoryError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(change).await? {
            return Ok(done);
        }
        if id.is_operator() {
            let violation = Violation::invalid("name", "the operator's tenant cannot be shut");
            return Err(DirectoryError::Invalid(vec![violation]));
        }
        let current = self.current(id, etag)?;
        if current.delete_time.is_some() == deleted {
            return Err(DirectoryError::NotFound);
        }
        let includers = self.includers(id);
        if deleted && !includers.is_empty() {
            return Err(DirectoryError::InUse(includers));
        }
        let delete_time = deleted.then_some(change.time);
        let next = Tenant { delete_time, ..next_version(&current, change.time) };
        self.put(next, change).await
    }

    fn current(&self, id: &TenantId, etag: &str) -> Result<Arc<Tenant>, DirectoryError> {
        let current = self.tenant(id.as_str()).ok_or(DirectoryError::NotFound)?;
        if !etag.is_empty() && etag != current.etag() {
            return Err(DirectoryError::EtagMismatch);
        }
        Ok(current)
    }

    /// Ids of the open tenants that include this one.
    fn includers(&self, id: &TenantId) -> Vec<String> {
        let state = self.state.load();
        let open = state.tenants.values().filter(|tenant| tenant.delete_time.is_none());
        let including = open.filter(|tenant| tenant.draft.settings.includes.contains(id));
        including.map(|tenant| tenant.id.to_string()).collect()
    }

    fn wrong_includes(&self, tenant: &Tenant) -> Vec<Violation> {
        let includes = &tenant.draft.settings.includes;
        let wrong = includes.iter().enumerate().filter_map(|(index, id)| {
            let known = self.tenant(id.as_str()).is_some_and(|known| known.delete_time.is_none());
            let message = match (*id == tenant.id, includes[..index].contains(id), known) {
                (true, _, _) => "a tenant cannot include itself",
                (_, true, _) => "came before",
                (_, _, false) => "there is no such tenant",
                _ => return None,
            };
            Some(Violation::invalid(format!("tenant.settings.includes[{index}]"), message))
        });
        wrong.collect()
    }

    async fn put(&self, mut tenant: Tenant, change: &Change) -> Result<Tenant, DirectoryError> {
        let mut violations = tenant.draft.violations();
        violations.extend(self.wrong_includes(&tenant));
        if !violations.is_empty() {
            return Err(DirectoryError::Invalid(violations));
        }
        tenant.draft.settings.normalize();
        if change.validate_only {
            return Ok(tenant);
        }
        match self.store.put_tenant(tenant.clone(), &change.scope, record(change, &tenant)).await? {
            PutOutcome::Done => {
                let kept = Arc::new(tenant.clone());
                self.publish(|state| {
                    state.tenants.insert(kept.id.clone(), kept);
                });
                Ok(tenant)
            }
            PutOutcome::Conflict => Err(StoreError::Overloaded.into()),
        }
    }
}

pub(super) fn new_tenant(id: TenantId, draft: TenantDraft, now: Timestamp) -> Tenant {
    Tenant { id, draft, version: 1, create_time: now, update_time: now, delete_time: None }
}

fn next_version(current: &Tenant, now: Timestamp) -> Tenant {
    Tenant { version: current.version + 1, update_time: now, ..current.clone() }
}

fn meets(tenant: &Tenant, filter: &Expr<TenantField>) -> bool {
    filter.matches(&|term| match term.field {
        TenantField::Id => term.test_text(tenant.id.as_str()),
        TenantField::DisplayName => term.test_text(&tenant.draft.display_name),
        TenantField::CreateTime => term.test_number(tenant.create_time.0),
    })
}

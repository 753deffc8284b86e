#[cfg(test)]
mod tests;

use crate::{CatalogError, Item, Kept, PutOutcome, Sealer, Shelf, Shelves, StoredItem, body};
use arc_swap::ArcSwap;
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::Mutex;
use umpire_model::{
    RequestKey, RequestRecord, ResourceId, StoreError, TenantId, Timestamp, Violation,
};
use umpire_query::Page;

/// Who changes something, when, and under which request id.
#[derive(Debug, Clone)]
pub struct Change {
    /// Who.
    pub author: String,
    /// The moment.
    pub time: Timestamp,
    /// Makes the change idempotent.
    pub request: Option<RequestKey>,
    /// Check everything, change nothing.
    pub validate_only: bool,
}

type Shelved<T> = BTreeMap<TenantId, Arc<Shelf<T>>>;

/// All resources of one kind.
pub struct Catalog<T: Item> {
    store: Arc<dyn Shelves>,
    sealer: Arc<Sealer>,
    shelves: ArcSwap<Shelved<T>>,
    changing: Mutex<()>,
}

impl<T: Item> Catalog<T> {
    /// Loads everything, and seals what should be and is not.
    ///
    /// # Errors
    /// When the store cannot be read, or holds what does not open with this key.
    pub async fn open(store: Arc<dyn Shelves>, sealer: Arc<Sealer>) -> Result<Self, StoreError> {
        let mut items: BTreeMap<TenantId, BTreeMap<ResourceId, Arc<Kept<T>>>> = BTreeMap::new();
        for stored in store.load(T::COLLECTION).await? {
            let exposed = T::SEALED && !Sealer::is_sealed(&stored.body);
            let plain = body::open::<T>(&sealer, stored)?;
            let kept = Arc::new(body::read(&plain)?);
            items.entry(plain.tenant.clone()).or_default().insert(plain.id.clone(), kept);
            if exposed {
                let sealed = body::seal::<T>(&sealer, plain)?;
                // A store that cannot be written now keeps it until the next start.
                let _ = store.replace_body(T::COLLECTION, sealed).await;
            }
        }
        let shelves =
            items.into_iter().map(|(tenant, items)| (tenant, Arc::new(Shelf::new(items))));
        let shelves = ArcSwap::from_pointee(shelves.collect());
        Ok(Self { store, sealer, shelves, changing: Mutex::new(()) })
    }

    /// The tenants that have one, or had one since the start.
    #[must_use]
    pub fn tenants(&self) -> Vec<TenantId> {
        self.shelves.load().keys().cloned().collect()
    }

    /// A tenant's, as of now; `None` when it has none.
    #[must_use]
    pub fn shelf(&self, tenant: &TenantId) -> Option<Arc<Shelf<T>>> {
        self.shelves.load().get(tenant).cloned()
    }

    /// One of a tenant's.
    #[must_use]
    pub fn get(&self, tenant: &TenantId, id: &ResourceId) -> Option<Arc<Kept<T>>> {
        self.shelves.load().get(tenant)?.get(id.as_str()).cloned()
    }

    /// A page of a tenant's in the order of ids; the cursor is the last id of the page
    /// before.
    pub fn page(
        &self,
        tenant: &TenantId,
        matches: impl Fn(&Kept<T>) -> bool,
        size: usize,
        cursor: Option<&[u8]>,
    ) -> Page<Arc<Kept<T>>> {
        let shelf = self.shelf(tenant).unwrap_or_default();
        let after = |id: &ResourceId| cursor.is_none_or(|cursor| id.as_str().as_bytes() > cursor);
        let items = shelf.iter().filter(|kept| after(&kept.id)).filter(|kept| matches(kept));
        Page::of(items.cloned(), size, |kept| kept.id.as_str().into())
    }

    /// Adds one.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn create(
        &self,
        tenant: &TenantId,
        id: ResourceId,
        item: T,
        change: &Change,
    ) -> Result<Arc<Kept<T>>, CatalogError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(tenant, change).await? {
            return Ok(done);
        }
        let shelf = self.shelf(tenant).unwrap_or_default();
        if shelf.get(id.as_str()).is_some() {
            return Err(CatalogError::AlreadyExists);
        }
        if shelf.len() >= T::MAX_PER_TENANT {
            let (most, what) = (T::MAX_PER_TENANT, T::COLLECTION);
            return Err(CatalogError::Limit(format!("a tenant has at most {most} {what}")));
        }
        let (author, time) = (change.author.clone(), change.time);
        let kept = Kept { id, item, version: 1, create_time: time, update_time: time, author };
        self.put(tenant, kept, change).await
    }

    /// Changes one: `edit` makes the new item from the current one. An empty etag is
    /// always current.
    ///
    /// # Errors
    /// [`CatalogError`], `edit`'s among them.
    pub async fn update(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        change: &Change,
        edit: impl FnOnce(&Kept<T>) -> Result<T, Vec<Violation>>,
    ) -> Result<Arc<Kept<T>>, CatalogError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(tenant, change).await? {
            return Ok(done);
        }
        let current = self.current(tenant, id, etag)?;
        let item = edit(&current).map_err(CatalogError::Invalid)?;
        let kept = Kept {
            item,
            version: current.version + 1,
            update_time: change.time,
            author: change.author.clone(),
            ..(*current).clone()
        };
        self.put(tenant, kept, change).await
    }

    /// Removes one, and gives what it was.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn delete(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        change: &Change,
    ) -> Result<Arc<Kept<T>>, CatalogError> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(done) = self.replay(tenant, change).await? {
            return Ok(done);
        }
        let current = self.current(tenant, id, etag)?;
        if change.validate_only {
            return Ok(current);
        }
        let request = record(tenant, &current, change)?;
        let (tenant_id, version) = (tenant.clone(), current.version);
        let removed =
            self.store.remove(T::COLLECTION, tenant_id, id.clone(), version, request).await?;
        self.publish(tenant, id, None, removed)?;
        Ok(current)
    }

    fn current(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
    ) -> Result<Arc<Kept<T>>, CatalogError> {
        let current = self.get(tenant, id).ok_or(CatalogError::NotFound)?;
        if !etag.is_empty() && etag != current.etag() {
            return Err(CatalogError::EtagMismatch);
        }
        Ok(current)
    }

    async fn put(
        &self,
        tenant: &TenantId,
        kept: Kept<T>,
        change: &Change,
    ) -> Result<Arc<Kept<T>>, CatalogError> {
        let violations = kept.item.violations();
        if !violations.is_empty() {
            return Err(CatalogError::Invalid(violations));
        }
        if change.validate_only {
            return Ok(Arc::new(kept));
        }
        let request = record(tenant, &kept, change)?;
        let sealed = body::seal::<T>(&self.sealer, body::write(tenant, &kept)?)?;
        let outcome = self.store.put(T::COLLECTION, sealed, request).await?;
        let kept = Arc::new(kept);
        self.publish(tenant, &kept.id, Some(kept.clone()), outcome)?;
        Ok(kept)
    }

    fn publish(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        item: Option<Arc<Kept<T>>>,
        outcome: PutOutcome,
    ) -> Result<(), CatalogError> {
        if outcome == PutOutcome::Conflict {
            return Err(CatalogError::EtagMismatch);
        }
        let mut shelves = Shelved::clone(&self.shelves.load());
        let shelf = shelves.entry(tenant.clone()).or_default();
        *shelf = Arc::new(shelf.with(id, item));
        self.shelves.store(Arc::new(shelves));
        Ok(())
    }

    /// The outcome of the same request, made before.
    async fn replay(
        &self,
        tenant: &TenantId,
        change: &Change,
    ) -> Result<Option<Arc<Kept<T>>>, CatalogError> {
        let Some(key) = &change.request else { return Ok(None) };
        let Some(record) = self.store.request(tenant, &key.id).await? else { return Ok(None) };
        let Some(outcome) = record.replay(key, change.time)? else { return Ok(None) };
        let (id, version, body): (ResourceId, u64, String) =
            serde_json::from_str(&outcome).map_err(unreadable)?;
        let stored = StoredItem { tenant: tenant.clone(), id, version, body };
        Ok(Some(Arc::new(body::read(&stored)?)))
    }
}

/// What is kept to answer a repeated request with. It is not sealed: it holds no secrets.
fn record<T: Item>(
    tenant: &TenantId,
    kept: &Kept<T>,
    change: &Change,
) -> Result<Option<RequestRecord>, StoreError> {
    let Some(key) = change.request.clone() else { return Ok(None) };
    let shown = Kept { item: kept.item.without_secrets(), ..kept.clone() };
    let StoredItem { id, version, body, .. } = body::write(tenant, &shown)?;
    let outcome = serde_json::to_string(&(id, version, body)).map_err(unreadable)?;
    Ok(Some(RequestRecord { key, outcome, time: change.time }))
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string().into())
}

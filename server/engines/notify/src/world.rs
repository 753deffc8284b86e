use crate::{EscalationPolicy, Policy, Receiver, Route, Silence, Template};
use std::sync::Arc;
use umpire_catalog::{Catalog, Sealer, Shelf, Shelves};
use umpire_model::{ResourceId, StoreError, TenantId};

/// What tenants configured, as turns see it: always as of now, without a lock.
pub struct World {
    /// Who can be told.
    pub receivers: Catalog<Receiver>,
    /// Who is told of what.
    pub routes: Catalog<Route>,
    /// What nobody is told of.
    pub silences: Catalog<Silence>,
    /// How notices are worded.
    pub templates: Catalog<Template>,
    /// What happens while nobody acknowledges.
    pub policies: Catalog<EscalationPolicy>,
    /// The server's own configuration.
    pub policy: Policy,
    /// Where tenants are.
    pub zones: Arc<dyn Zones>,
}

/// Knows the time zones of tenants.
pub trait Zones: Send + Sync {
    /// A tenant's IANA time zone; `UTC` when the tenant is unknown.
    fn zone(&self, tenant: &TenantId) -> String;
}

impl World {
    /// Loads everything; `sealer` opens what holds secrets.
    ///
    /// # Errors
    /// When the store cannot be read, or holds what does not open with this key.
    pub async fn open(
        sealer: Arc<Sealer>,
        shelves: Arc<dyn Shelves>,
        policy: Policy,
        zones: Arc<dyn Zones>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            receivers: Catalog::open(shelves.clone(), sealer.clone()).await?,
            routes: Catalog::open(shelves.clone(), sealer.clone()).await?,
            silences: Catalog::open(shelves.clone(), sealer.clone()).await?,
            templates: Catalog::open(shelves.clone(), sealer.clone()).await?,
            policies: Catalog::open(shelves, sealer).await?,
            policy,
            zones,
        })
    }

    /// A receiver, if it is there.
    #[must_use]
    pub fn receiver(&self, tenant: &TenantId, id: &ResourceId) -> Option<Receiver> {
        Some(self.receivers.get(tenant, id)?.item.clone())
    }

    /// All receivers of a tenant.
    #[must_use]
    pub fn receivers_of(&self, tenant: &TenantId) -> Arc<Shelf<Receiver>> {
        self.receivers.shelf(tenant).unwrap_or_default()
    }
}

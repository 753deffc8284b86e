//! What the API asks of this engine.

mod act;
mod alerts;
mod deliveries;
mod error;
mod routed;
mod sample;
mod watching;

#[cfg(test)]
mod tests;

pub use act::Act;
pub use alerts::{Acknowledge, Resolve};
pub use error::DeskError;
pub use routed::Routed;
pub use sample::TestResult;
pub use watching::{Happened, Watch, WatchEvent};

use crate::{Policy, World, Zones, port::Alerts};
use data_encoding::HEXLOWER;
use std::sync::Arc;
use tokio::sync::Notify;
use umpire_catalog::{Item, Sealer, Shelves};
use umpire_model::{ResourceId, StoreError, TenantId};

/// What a [`Desk`] is made of.
pub struct DeskParts {
    /// Where alerts and deliveries are kept.
    pub store: Arc<dyn Alerts>,
    /// Where receivers, routes and the like are kept.
    pub shelves: Arc<dyn Shelves>,
    /// Seals receivers there: they hold secrets.
    pub sealer: Arc<Sealer>,
    /// How alerts are handled and delivered.
    pub policy: Policy,
    /// Where tenants are.
    pub zones: Arc<dyn Zones>,
    /// Of this installation: seals resume tokens.
    pub secret: [u8; 32],
}

/// Everything that can be asked about alerts, and done to them.
pub struct Desk {
    store: Arc<dyn Alerts>,
    world: Arc<World>,
    /// In hexadecimal digits.
    secret: String,
    wake: Notify,
}

impl Desk {
    /// Loads what tenants configured.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(parts: DeskParts) -> Result<Self, StoreError> {
        let DeskParts { store, shelves, sealer, policy, zones, secret } = parts;
        let world = Arc::new(World::open(sealer, shelves, policy, zones).await?);
        Ok(Self { store, world, secret: HEXLOWER.encode(&secret), wake: Notify::new() })
    }

    /// What tenants configured; changes go through its catalogs.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Where alerts and deliveries are kept.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Alerts> {
        &self.store
    }

    /// What the notifier waits on; to be poked by whoever gives it something to do.
    #[must_use]
    pub fn wake(&self) -> &Notify {
        &self.wake
    }
}

/// Name of a resource of a catalog.
fn resource_name<T: Item>(tenant: &TenantId, id: &ResourceId) -> String {
    format!("tenants/{tenant}/{}/{id}", T::COLLECTION)
}

//! Deliveries: read, counted, and tried again.

use super::{Act, Desk, DeskError};
use crate::{
    Delivery, DeliveryId, DeliveryQuery, Health, Stats, StatsQuery, dispatch, port::Turn,
    turn::turn,
};
use umpire_model::{ResourceId, StoreError, TenantId};
use umpire_query::Page;

impl Desk {
    /// One delivery.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], and the store's.
    pub async fn delivery(&self, tenant: &TenantId, id: DeliveryId) -> Result<Delivery, DeskError> {
        let known = self.store.delivery(tenant, id).await?;
        known.ok_or_else(|| DeskError::NotFound(format!("tenants/{tenant}/deliveries/{id}")))
    }

    /// A page of deliveries, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn deliveries(&self, query: DeliveryQuery) -> Result<Page<Delivery>, StoreError> {
        self.store.deliveries(query).await
    }

    /// Queues a delivery again that is DEAD_LETTERED or EXPIRED.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn retry_delivery(
        &self,
        tenant: &TenantId,
        id: DeliveryId,
        act: &Act,
    ) -> Result<Delivery, DeskError> {
        let (of, world) = (tenant.clone(), self.world.clone());
        let retried = self.carry_out(tenant, act, move |turn, act| {
            dispatch::retry(turn, &world, &of, id, act.time)
        });
        retried.await
    }

    /// What is known of receivers as they are now, and how many deliveries wait for each; in
    /// their order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn healths(
        &self,
        tenant: &TenantId,
        receivers: Vec<ResourceId>,
    ) -> Result<Vec<(Health, u64)>, StoreError> {
        let (tenant, world) = (tenant.clone(), self.world.clone());
        let look = move |turn: &mut dyn Turn| -> Result<Vec<_>, StoreError> {
            let of = |id: ResourceId| {
                let health = match world.receivers.get(&tenant, &id) {
                    Some(kept) => dispatch::health_of(turn, &tenant, &kept)?,
                    None => Health::default(),
                };
                Ok((health, turn.queued_count(&tenant, &id)?))
            };
            receivers.into_iter().map(of).collect()
        };
        turn(&*self.store, look).await
    }

    /// Counted over the deliveries of a tenant, by channel and level.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stats(&self, query: StatsQuery) -> Result<Vec<Stats>, StoreError> {
        self.store.stats(query).await
    }
}

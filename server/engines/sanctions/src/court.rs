//! What the API and the path of a message ask of this engine.

mod act;
mod ending;
mod error;
mod journal;
mod manual;
mod rules;
mod safety;
mod subjects;
mod watching;

#[cfg(test)]
mod tests;

pub use act::Act;
pub use ending::{Lift, NewEnd, Wave};
pub use error::CourtError;
pub(crate) use journal::entries_after;
pub use manual::Draft;
pub use safety::{Drain, SetSwitch, SwitchStatus};
pub use watching::{Event, Watch, What};

use crate::{
    Enforcer, Sanction, SanctionRule,
    crash::crash_point,
    lifecycle::{self, Ack},
    policy::Policy,
    port::{Sanctions, Turn},
    query::SanctionQuery,
    turn::turn,
    view::View,
};
use data_encoding::HEXLOWER;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};
use umpire_catalog::{Catalog, Item, Sealer, Shelves};
use umpire_model::{ResourceId, SanctionId, StoreError, TenantId, Timestamp};
use umpire_query::Page;

/// After a failure of the store the journal is read again so much later.
const RETRY: Duration = Duration::from_millis(500);

/// What a [`Court`] is made of.
pub struct Parts {
    /// Where sanctions are kept.
    pub store: Arc<dyn Sanctions>,
    /// Where rules and enforcers are kept.
    pub shelves: Arc<dyn Shelves>,
    /// Seals enforcers there: they hold secrets.
    pub sealer: Arc<Sealer>,
    /// How sanctions are carried out.
    pub policy: Policy,
    /// Of this installation: seals resume tokens.
    pub secret: [u8; 32],
}

/// Everything that can be asked about sanctions, and done to them.
pub struct Court {
    store: Arc<dyn Sanctions>,
    rules: Arc<Catalog<SanctionRule>>,
    enforcers: Arc<Catalog<Enforcer>>,
    policy: Policy,
    /// In hexadecimal digits.
    secret: String,
    view: View,
    wake: Arc<Notify>,
}

impl Court {
    /// Loads rules, enforcers and what is in force.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(parts: Parts) -> Result<Self, StoreError> {
        let Parts { store, shelves, sealer, policy, secret } = parts;
        let rules = Catalog::<SanctionRule>::open(shelves.clone(), sealer.clone()).await?;
        let enforcers = Catalog::<Enforcer>::open(shelves, sealer).await?;
        let (rules, enforcers) = (Arc::new(rules), Arc::new(enforcers));
        let view = View::load(&*store).await?;
        let (secret, wake) = (HEXLOWER.encode(&secret), Arc::new(Notify::new()));
        Ok(Self { store, rules, enforcers, policy, secret, view, wake })
    }

    /// The sanction rules of all tenants.
    #[must_use]
    pub fn rules(&self) -> &Catalog<SanctionRule> {
        &self.rules
    }

    /// The enforcers of all tenants.
    #[must_use]
    pub fn enforcers(&self) -> &Catalog<Enforcer> {
        &self.enforcers
    }

    /// Where sanctions are kept.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Sanctions> {
        &self.store
    }

    /// How sanctions are carried out.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What the scheduler waits on; to be poked by whoever gives it something to do.
    #[must_use]
    pub fn wake(&self) -> &Notify {
        &self.wake
    }

    /// Keeps what is in memory up to the journal, until the server shuts down.
    pub async fn follow(&self, mut shutdown: watch::Receiver<bool>) {
        let mut settled = self.store.settled();
        loop {
            let caught_up = self.view.catch_up(&*self.store).await;
            if let Err(error) = &caught_up {
                tracing::error!(%error, "the journal of sanctions cannot be read");
            }
            let applied = self.view.applied();
            let next = async {
                if caught_up.is_err() {
                    tokio::time::sleep(RETRY).await;
                } else if settled.wait_for(|settled| *settled > applied).await.is_err() {
                    // The store is closed; nothing more comes.
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = next => {}
                _ = shutdown.wait_for(|down| *down) => return,
            }
        }
    }

    /// One sanction.
    ///
    /// # Errors
    /// [`CourtError::NotFound`], and the store's.
    pub async fn get(&self, tenant: &TenantId, id: SanctionId) -> Result<Sanction, CourtError> {
        let known = self.store.sanction(tenant, id).await?;
        known.ok_or_else(|| CourtError::NotFound(name_of(tenant, id)))
    }

    /// A page of sanctions, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self, query: SanctionQuery) -> Result<Page<Sanction>, StoreError> {
        self.store.sanctions(query).await
    }

    /// Takes what a stream enforcer says has become of sanctions: all of it or nothing.
    ///
    /// # Errors
    /// [`CourtError`]: no such enforcer, or no stream; a sanction that is not there, or was
    /// not sent to it.
    pub async fn acknowledge(
        &self,
        tenant: &TenantId,
        enforcer: &ResourceId,
        acks: Vec<Ack>,
        now: Timestamp,
    ) -> Result<(), CourtError> {
        watching::stream(&self.enforcers, tenant, enforcer)?;
        let (tenant, enforcer, policy) = (tenant.clone(), enforcer.clone(), self.policy);
        let work = move |turn: &mut dyn Turn| -> Result<(), CourtError> {
            lifecycle::acknowledge(turn, &tenant, &enforcer, &acks, now, &policy)
        };
        turn(&*self.store, work).await?;
        crash_point("acknowledged");
        self.wake.notify_one();
        Ok(())
    }

    /// Looks up the enforcers of a tenant, inside a turn.
    fn addressees(&self) -> impl Fn(&TenantId) -> Vec<(ResourceId, Enforcer)> + Send + use<> {
        let enforcers = self.enforcers.clone();
        move |tenant| {
            let shelf = enforcers.shelf(tenant).unwrap_or_default();
            shelf.iter().map(|kept| (kept.id.clone(), kept.item.clone())).collect()
        }
    }
}

/// Resource name of a sanction.
fn name_of(tenant: &TenantId, id: SanctionId) -> String {
    format!("tenants/{tenant}/sanctions/{id}")
}

/// Resource name of a rule or enforcer.
fn resource_name<T: Item>(tenant: &TenantId, id: &ResourceId) -> String {
    format!("tenants/{tenant}/{}/{id}", T::COLLECTION)
}

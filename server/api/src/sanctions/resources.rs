//! Sanction rules and enforcers, as they are kept.

use super::Sanctions;
use crate::{
    error::ApiError,
    names::own_resource,
    resources::{Asked, Resource, Resources},
};
use umpire_catalog::Catalog;
use umpire_sanctions::{Enforcer, SanctionRule};
use umpire_tenancy::Caller;

impl Sanctions {
    pub(super) fn rules<'a>(&'a self, caller: &'a Caller) -> Resources<'a, SanctionRule> {
        self.resources(self.court.rules(), caller)
    }

    pub(super) fn enforcers<'a>(&'a self, caller: &'a Caller) -> Resources<'a, Enforcer> {
        self.resources(self.court.enforcers(), caller)
    }

    fn resources<'a, T: Resource>(
        &self,
        catalog: &'a Catalog<T>,
        caller: &'a Caller,
    ) -> Resources<'a, T> {
        Resources { catalog, caller, now: self.clock.now(), known: Box::new(|_, _| true) }
    }

    /// Deletes a rule with the strikes it counted.
    pub(super) async fn delete_rule(
        &self,
        caller: &Caller,
        name: &str,
        etag: &str,
        asked: Asked<'_>,
    ) -> Result<(), ApiError> {
        let (tenant, id) = own_resource(caller, name, "sanctionRules")?;
        let change = self.rules(caller).change(asked)?;
        let deleted = self.court.delete_rule(&tenant, &id, etag, &change).await;
        deleted.map_err(|error| ApiError::of_catalog(error, name))?;
        Ok(())
    }
}

//! Sanction rules, and what they count of a message.

use super::Court;
use crate::{Change, Offence, SanctionRule, Subject, turn::turn};
use std::sync::Arc;
use umpire_catalog::{CatalogError, Kept, Shelf};
use umpire_model::{Message, ResourceId, TenantId, Timestamp, Verdict};

impl Court {
    /// What sanction rules are to count of a message; `None` when none fits. Record and
    /// content come with the decision.
    #[must_use]
    pub fn offence(
        &self,
        tenant: &TenantId,
        message: &Message<'_>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Option<Offence> {
        let sender = &message.sender;
        let shelf = self.rules.shelf(tenant)?;
        let candidates = shelf.derived().candidates(sender, &verdict.matches);
        if candidates.is_empty() {
            return None;
        }
        Some(Offence {
            tenant: tenant.clone(),
            subject: Subject::of(sender)?,
            time: now,
            candidates,
            record: String::new(),
            content: String::new(),
            ip: sender.ip.into(),
            callback_info: message.callback_info.into(),
            total_recharge: sender.total_recharge,
            revision: verdict.revision,
            stopped: self.policy.stopped,
        })
    }

    /// A tenant's rules in the order they are tried in, those that are OFF left out, and all
    /// of them.
    #[must_use]
    pub fn effective_order(
        &self,
        tenant: &TenantId,
    ) -> (Vec<Arc<Kept<SanctionRule>>>, Arc<Shelf<SanctionRule>>) {
        let shelf = self.rules.shelf(tenant).unwrap_or_default();
        (shelf.derived().rules.clone(), shelf)
    }

    /// Removes a rule; its strikes are forgotten, the sanctions it brought stay.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub async fn delete_rule(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        change: &umpire_catalog::Change,
    ) -> Result<(), CatalogError> {
        self.rules.delete(tenant, id, etag, change).await?;
        // With a repeated request it may have been made anew meanwhile.
        if change.validate_only || self.rules.get(tenant, id).is_some() {
            return Ok(());
        }
        let (tenant, time) = (tenant.clone(), change.time);
        let deleted = Change::RuleDeleted { rule: id.clone() };
        turn(&*self.store, move |turn| turn.append(&tenant, time, &deleted)).await?;
        Ok(())
    }
}

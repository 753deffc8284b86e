//! Single rules.

use super::{
    RuleBook, Stamp,
    kept::{changeable, deletable},
};
use crate::{
    change::{Change, ChangeError},
    listing::RuleQuery,
    policy::Policy,
    revision::{ChangeKind, Changes, RuleChange},
    rule::{Rule, RuleMode, StoredRule},
};
use std::sync::Arc;
use umpire_model::{ResourceId, StoreError, TenantId};
use umpire_query::Page;

impl RuleBook {
    /// One rule, deleted or not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn get(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<Arc<StoredRule>>, StoreError> {
        Ok(self.live_of(tenant).await?.policy.rules.get(id).cloned())
    }

    /// A page of rules.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(
        &self,
        tenant: &TenantId,
        query: &RuleQuery,
    ) -> Result<Page<Arc<StoredRule>>, StoreError> {
        let live = self.live_of(tenant).await?;
        Ok(query.page(live.policy.rules.values()))
    }

    /// The rules that have consequences, in the order of ids.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn enforced(&self, tenant: &TenantId) -> Result<Vec<Arc<StoredRule>>, StoreError> {
        let live = self.live_of(tenant).await?;
        let in_force = |stored: &Arc<StoredRule>| {
            stored.delete_time.is_none() && stored.rule.mode == RuleMode::Enforced
        };
        Ok(live.policy.rules.values().filter(|stored| in_force(stored)).cloned().collect())
    }

    /// Adds a rule.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn create(
        &self,
        tenant: &TenantId,
        rule: Rule,
        change: &Change,
    ) -> Result<StoredRule, ChangeError> {
        let id = rule.id.clone();
        self.change_rule(tenant, &id, change, move |current, stamp| {
            if current.is_some() {
                return Err(ChangeError::AlreadyExists);
            }
            Ok((ChangeKind::Created, stamp.rule(rule.clone(), None)))
        })
        .await
    }

    /// Changes a rule: `edit` makes the new one from the current one.
    ///
    /// # Errors
    /// [`ChangeError`], `edit`'s among them.
    pub async fn update(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        change: &Change,
        edit: impl Fn(&StoredRule) -> Result<Rule, ChangeError> + Send + Sync + 'static,
    ) -> Result<StoredRule, ChangeError> {
        let etag = etag.to_owned();
        self.change_rule(tenant, id, change, move |current, stamp| {
            let current = changeable(current, &etag)?;
            Ok((ChangeKind::Updated, stamp.rule(edit(current)?, Some(current))))
        })
        .await
    }

    /// Takes a rule out of force, or brings it back.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn set_deleted(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        etag: &str,
        deleted: bool,
        change: &Change,
    ) -> Result<StoredRule, ChangeError> {
        let etag = etag.to_owned();
        self.change_rule(tenant, id, change, move |current, stamp| {
            let (kind, current) = deletable(current, &etag, deleted)?;
            let mut stored = stamp.rule(current.rule.clone(), Some(current));
            stored.delete_time = deleted.then_some(stamp.time);
            Ok((kind, stored))
        })
        .await
    }

    async fn change_rule(
        &self,
        tenant: &TenantId,
        id: &ResourceId,
        change: &Change,
        edit: impl Fn(Option<&StoredRule>, &Stamp) -> Result<(ChangeKind, StoredRule), ChangeError>
        + Send
        + Sync
        + 'static,
    ) -> Result<StoredRule, ChangeError> {
        let (id, found) = (id.clone(), id.clone());
        let edit = move |policy: &Policy, stamp: &Stamp| {
            let before = policy.rules.get(&id).map(Arc::as_ref);
            let (kind, after) = edit(before, stamp)?;
            if kind == ChangeKind::Updated && before.is_some_and(|b| b.rule == after.rule) {
                // Nothing changes: no revision.
                return Ok(Changes::default());
            }
            let change = RuleChange { kind, before: before.cloned(), after };
            Ok(Changes { rules: vec![change], ..Changes::default() })
        };
        let answer = move |next: &super::Next<'_>| {
            let stored = next.policy.rules.get(&found).ok_or(ChangeError::NotFound)?;
            Ok(stored.as_ref().clone())
        };
        self.change(tenant, change, edit, answer).await
    }
}

impl Stamp {
    /// A rule as it is kept from this change on.
    pub(super) fn rule(&self, rule: Rule, before: Option<&StoredRule>) -> StoredRule {
        StoredRule {
            rule,
            revision: self.number,
            create_time: before.map_or(self.time, |before| before.create_time),
            update_time: self.time,
            author: self.author.clone(),
            delete_time: None,
        }
    }
}

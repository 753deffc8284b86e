//! The order sanction rules are tried in.

use super::Sanctions;
use crate::{convert::sanction_rule, error::ApiError, names::own_tenant};
use umpire_model::TenantId;
use umpire_proto::v1 as pb;
use umpire_rules::StoredRule;
use umpire_sanctions::{Sources, findings};
use umpire_tenancy::Caller;

impl Sanctions {
    pub(super) async fn effective_order(
        &self,
        caller: &Caller,
        request: &pb::ListEffectiveOrderRequest,
    ) -> Result<pb::ListEffectiveOrderResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let sources = self.sources(&tenant).await?;
        let (rules, shelf) = self.court.effective_order(&tenant);
        let found = findings(&shelf, &sources);
        let rules = rules.iter().map(|kept| sanction_rule::kept_to_proto(kept, &tenant));
        let found = found.iter().map(|found| sanction_rule::finding_to_proto(found, &tenant));
        Ok(pb::ListEffectiveOrderResponse {
            sanction_rules: rules.collect(),
            findings: found.collect(),
        })
    }

    /// What the rules that judge a tenant's messages can give: its own, and those of the
    /// tenants it includes.
    async fn sources(&self, tenant: &TenantId) -> Result<Sources, ApiError> {
        let known = self.directory.tenant(tenant.as_str());
        let included = known.iter().flat_map(|known| &known.draft.settings.includes);
        let mut sources = Sources::default();
        for tenant in [tenant].into_iter().chain(included) {
            for stored in self.book.enforced(tenant).await? {
                add(&mut sources, &stored);
            }
        }
        Ok(sources)
    }
}

/// Adds what matches of a rule can carry.
fn add(sources: &mut Sources, stored: &StoredRule) {
    let rule = &stored.rule;
    let Some(class) = rule.risk_class else { return };
    sources.classes.insert(class);
    let labels = rule.labels.iter().map(|label| label.as_ref().to_owned());
    sources.labels_by_class.entry(class).or_default().extend(labels);
    // Words of a list bring categories of their own.
    if rule.lists().0.is_some() {
        sources.open_labels.insert(class);
    }
}

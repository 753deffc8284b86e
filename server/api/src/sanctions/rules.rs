//! Sanction rules and the order they are tried in.

use super::{
    Sanctions,
    fields::{RuleField, test_rule},
    shown,
};
use crate::{
    convert::sanction_rule,
    error::ApiError,
    handler::request_key,
    mask,
    names::{new_id, own_resource, own_tenant},
    paging::Paging,
};
use prost::Message as _;
use umpire_catalog::Kept;
use umpire_model::TenantId;
use umpire_proto::v1 as pb;
use umpire_rules::StoredRule;
use umpire_sanctions::{SanctionRule, Sources, findings};
use umpire_tenancy::Caller;

impl Sanctions {
    pub(super) async fn create_rule(
        &self,
        caller: &Caller,
        request: &pb::CreateSanctionRuleRequest,
    ) -> Result<pb::SanctionRule, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let id = new_id(&request.sanction_rule_id, "sanction_rule_id")?;
        let rule = sanction_rule::from_proto(given(request.sanction_rule.as_ref())?);
        let rule = rule.map_err(ApiError::Invalid)?;
        let body = request.encode_to_vec();
        let key = request_key("CreateSanctionRule", &request.request_id, &body)?;
        let change = self.change(caller, key, request.validate_only);
        let name = sanction_rule::name(&tenant, &id);
        let created = self.court.rules().create(&tenant, id, rule, &change).await;
        let created = created.map_err(|error| ApiError::of_catalog(error, &name))?;
        Ok(sanction_rule::kept_to_proto(&created, &tenant))
    }

    pub(super) fn get_rule(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<pb::SanctionRule, ApiError> {
        let (tenant, id) = own_resource(caller, name, "sanctionRules")?;
        let found = self.court.rules().get(&tenant, &id);
        let kept = found.ok_or_else(|| ApiError::NotFound(name.into()))?;
        Ok(sanction_rule::kept_to_proto(&kept, &tenant))
    }

    pub(super) fn list_rules(
        &self,
        caller: &Caller,
        request: &pb::ListSanctionRulesRequest,
    ) -> Result<pb::ListSanctionRulesResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListSanctionRules", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let filter = umpire_query::parse::<RuleField>(&request.filter)?;
        let meets = |kept: &Kept<SanctionRule>| filter.matches(&|term| test_rule(kept, term));
        let page = self.court.rules().page(&tenant, meets, paging.size, paging.cursor.as_deref());
        let (sanction_rules, next) =
            shown(page, |kept| sanction_rule::kept_to_proto(kept, &tenant));
        let next_page_token = paging.next(next.as_deref());
        Ok(pb::ListSanctionRulesResponse { sanction_rules, next_page_token })
    }

    pub(super) async fn update_rule(
        &self,
        caller: &Caller,
        request: &pb::UpdateSanctionRuleRequest,
    ) -> Result<pb::SanctionRule, ApiError> {
        let (rule, update_mask) =
            (given(request.sanction_rule.as_ref())?, request.update_mask.as_ref());
        let (tenant, id) = own_resource(caller, &rule.name, "sanctionRules")?;
        let body = request.encode_to_vec();
        let key = request_key("UpdateSanctionRule", &request.request_id, &body)?;
        let change = self.change(caller, key, request.validate_only);
        // The mask is tried once before, so that its mistakes need no rule.
        mask::apply_to_sanction_rule(pb::SanctionRule::default(), rule, update_mask)
            .map_err(|violation| ApiError::Invalid(vec![violation]))?;
        let edit = |current: &Kept<SanctionRule>| {
            let current = sanction_rule::to_proto(&current.item);
            let merged = mask::apply_to_sanction_rule(current, rule, update_mask);
            sanction_rule::from_proto(&merged.map_err(|violation| vec![violation])?)
        };
        let updated = self.court.rules().update(&tenant, &id, &rule.etag, &change, edit).await;
        let updated = updated.map_err(|error| ApiError::of_catalog(error, &rule.name))?;
        Ok(sanction_rule::kept_to_proto(&updated, &tenant))
    }

    pub(super) async fn delete_rule(
        &self,
        caller: &Caller,
        request: &pb::DeleteSanctionRuleRequest,
    ) -> Result<(), ApiError> {
        let (tenant, id) = own_resource(caller, &request.name, "sanctionRules")?;
        let body = request.encode_to_vec();
        let key = request_key("DeleteSanctionRule", &request.request_id, &body)?;
        let change = self.change(caller, key, request.validate_only);
        let deleted = self.court.delete_rule(&tenant, &id, &request.etag, &change).await;
        deleted.map_err(|error| ApiError::of_catalog(error, &request.name))?;
        Ok(())
    }

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

fn given(rule: Option<&pb::SanctionRule>) -> Result<&pb::SanctionRule, ApiError> {
    rule.ok_or_else(|| ApiError::invalid("sanction_rule", "must be set"))
}

//! Single rules.

use super::{Mutation, Rules, mutation};
use crate::{
    convert,
    error::ApiError,
    mask,
    names::{new_id, own_resource, own_tenant},
    paging::Paging,
};
use prost::Message as _;
use umpire_model::TenantId;
use umpire_proto::v1 as pb;
use umpire_query::parse_order;
use umpire_rules::{ChangeError, RuleField, RuleQuery, StoredRule};
use umpire_tenancy::Caller;

impl Rules {
    pub(super) async fn create(
        &self,
        caller: &Caller,
        request: &pb::CreateRuleRequest,
    ) -> Result<pb::Rule, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let id = new_id(&request.rule_id, "rule_id")?;
        let rule = request.rule.as_ref().ok_or_else(|| ApiError::invalid("rule", "must be set"))?;
        let rule = convert::rule::from_proto(rule, id, &tenant).map_err(ApiError::Invalid)?;
        let change = self.details(caller, &mutation!("CreateRule", request))?;
        let name = format!("tenants/{tenant}/rules/{}", rule.id);
        let created = self.book.create(&tenant, rule, &change).await;
        shown(created, &tenant, &name)
    }

    pub(super) async fn update(
        &self,
        caller: &Caller,
        request: &pb::UpdateRuleRequest,
    ) -> Result<pb::Rule, ApiError> {
        let rule = request.rule.as_ref().ok_or_else(|| ApiError::invalid("rule", "must be set"))?;
        let (tenant, id) = own_resource(caller, &rule.name, "rules")?;
        let change = self.details(caller, &mutation!("UpdateRule", request))?;
        // The mask is tried once before, so that its mistakes need no rule.
        mask::apply_to_rule(pb::Rule::default(), rule, request.update_mask.as_ref())?;
        let (change_of, mask) = (rule.clone(), request.update_mask.clone());
        let (own, tenant_id) = (id.clone(), tenant.clone());
        let edit = move |current: &StoredRule| {
            let current = convert::rule::to_proto(&current.rule, &tenant_id);
            let merged = mask::apply_to_rule(current, &change_of, mask.as_ref());
            let merged = merged.map_err(|_| ChangeError::NotFound)?;
            convert::rule::from_proto(&merged, own.clone(), &tenant_id)
                .map_err(ChangeError::Invalid)
        };
        let updated = self.book.update(&tenant, &id, &rule.etag, &change, edit).await;
        shown(updated, &tenant, &rule.name)
    }

    pub(super) async fn set_deleted(
        &self,
        caller: &Caller,
        name: &str,
        etag: &str,
        deleted: bool,
        mutation: &Mutation<'_>,
    ) -> Result<pb::Rule, ApiError> {
        let (tenant, id) = own_resource(caller, name, "rules")?;
        let change = self.details(caller, mutation)?;
        let changed = self.book.set_deleted(&tenant, &id, etag, deleted, &change).await;
        shown(changed, &tenant, name)
    }

    pub(super) async fn get(&self, caller: &Caller, name: &str) -> Result<pb::Rule, ApiError> {
        let (tenant, id) = own_resource(caller, name, "rules")?;
        let found = self.book.get(&tenant, id.as_str()).await?;
        let stored = found.ok_or_else(|| ApiError::NotFound(name.into()))?;
        Ok(convert::rule::stored_to_proto(&stored, &tenant))
    }

    pub(super) async fn list(
        &self,
        caller: &Caller,
        request: &pb::ListRulesRequest,
    ) -> Result<pb::ListRulesResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let deleted = if request.show_deleted { "deleted" } else { "" };
        let query = ["ListRules", tenant.as_str(), &request.filter, &request.order_by, deleted];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let query = RuleQuery {
            filter: umpire_query::parse(&request.filter)?,
            order: parse_order(&request.order_by, &RuleField::ORDERS)?,
            show_deleted: request.show_deleted,
            size: paging.size,
            cursor: paging.cursor.clone(),
        };
        let page = self.book.list(&tenant, &query).await?;
        let rules = page.items.iter().map(|stored| convert::rule::stored_to_proto(stored, &tenant));
        Ok(pb::ListRulesResponse {
            rules: rules.collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }
}

fn shown(
    result: Result<StoredRule, ChangeError>,
    tenant: &TenantId,
    name: &str,
) -> Result<pb::Rule, ApiError> {
    let stored = result.map_err(|error| ApiError::of_change(error, name))?;
    Ok(convert::rule::stored_to_proto(&stored, tenant))
}

//! RuleService: rules, their revisions, and drafts.

use crate::{
    convert::{self, message, verdict},
    error::ApiError,
    handler::{answer, carry_out, request_key},
    mask,
    moderation::Limits,
    names::{new_id, own_resource, own_tenant},
    paging::Paging,
};
use prost::Message as _;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use umpire_model::{Clock, ResourceId, TenantId};
use umpire_moderation::Moderator;
use umpire_proto::v1::{self as pb, rule_service_server::RuleService};
use umpire_query::parse_order;
use umpire_rules::{Change, ChangeError, RuleBook, RuleField, RuleQuery, RuleSet, StoredRule};
use umpire_tenancy::Caller;

/// Most drafts of one test.
const MAX_DRAFTS: usize = 200;
/// Longest reason of a change, in characters.
const MAX_REASON: usize = 500;

/// The service.
#[derive(Clone)]
pub struct Rules {
    book: Arc<RuleBook>,
    moderator: Arc<Moderator>,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

/// What every mutation of a rule carries.
struct Mutation<'r> {
    method: &'static str,
    request_id: &'r str,
    body: Vec<u8>,
    reason: &'r str,
    validate_only: bool,
}

impl Rules {
    /// The service over a rule book.
    #[must_use]
    pub fn new(
        book: Arc<RuleBook>,
        moderator: Arc<Moderator>,
        clock: Arc<dyn Clock>,
        limits: Limits,
    ) -> Self {
        Self { book, moderator, clock, limits }
    }

    fn change(&self, caller: &Caller, mutation: &Mutation<'_>) -> Result<Change, ApiError> {
        if mutation.reason.chars().count() > MAX_REASON {
            let violation = umpire_model::Violation::too_large("reason", MAX_REASON);
            return Err(ApiError::Invalid(vec![violation]));
        }
        Ok(Change {
            author: caller.principal.as_ref().into(),
            reason: mutation.reason.into(),
            time: self.clock.now(),
            request: request_key(mutation.method, mutation.request_id, &mutation.body)?,
            validate_only: mutation.validate_only,
        })
    }

    async fn create(
        &self,
        caller: &Caller,
        request: &pb::CreateRuleRequest,
    ) -> Result<pb::Rule, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let id = new_id(&request.rule_id, "rule_id")?;
        let rule = request.rule.as_ref().ok_or_else(|| ApiError::invalid("rule", "must be set"))?;
        let rule = convert::rule::from_proto(rule, id).map_err(ApiError::Invalid)?;
        let change = self.change(
            caller,
            &Mutation {
                method: "CreateRule",
                request_id: &request.request_id,
                body: request.encode_to_vec(),
                reason: &request.reason,
                validate_only: request.validate_only,
            },
        )?;
        let name = name_of(&tenant, &rule.id);
        let created = self.book.create(&tenant, rule, &change).await;
        shown(created, &tenant, &name)
    }

    async fn update(
        &self,
        caller: &Caller,
        request: &pb::UpdateRuleRequest,
    ) -> Result<pb::Rule, ApiError> {
        let rule = request.rule.as_ref().ok_or_else(|| ApiError::invalid("rule", "must be set"))?;
        let (tenant, id) = own_resource(caller, &rule.name, "rules")?;
        let change = self.change(
            caller,
            &Mutation {
                method: "UpdateRule",
                request_id: &request.request_id,
                body: request.encode_to_vec(),
                reason: &request.reason,
                validate_only: request.validate_only,
            },
        )?;
        // The mask is tried once before, so that its mistakes need no rule.
        mask::apply_to_rule(pb::Rule::default(), rule, request.update_mask.as_ref())?;
        let edit = |current: &StoredRule| {
            let current = convert::rule::to_proto(&current.rule);
            let merged = mask::apply_to_rule(current, rule, request.update_mask.as_ref());
            let merged = merged.map_err(|_| ChangeError::NotFound)?;
            convert::rule::from_proto(&merged, id.clone()).map_err(ChangeError::Invalid)
        };
        let updated = self.book.update(&tenant, &id, &rule.etag, &change, edit).await;
        shown(updated, &tenant, &rule.name)
    }

    async fn set_deleted(
        &self,
        caller: &Caller,
        name: &str,
        etag: &str,
        deleted: bool,
        mutation: &Mutation<'_>,
    ) -> Result<pb::Rule, ApiError> {
        let (tenant, id) = own_resource(caller, name, "rules")?;
        let change = self.change(caller, mutation)?;
        let changed = self.book.set_deleted(&tenant, &id, etag, deleted, &change).await;
        shown(changed, &tenant, name)
    }

    async fn get(&self, caller: &Caller, name: &str) -> Result<pb::Rule, ApiError> {
        let (tenant, id) = own_resource(caller, name, "rules")?;
        let found = self.book.get(&tenant, id.as_str()).await?;
        let stored = found.ok_or_else(|| ApiError::NotFound(name.into()))?;
        Ok(convert::rule::stored_to_proto(&stored, &tenant))
    }

    async fn list(
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

    async fn revisions(
        &self,
        caller: &Caller,
        request: &pb::ListRevisionsRequest,
    ) -> Result<pb::ListRevisionsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let query = ["ListRevisions", tenant.as_str(), &request.filter];
        let paging = Paging::new(request.page_size, &request.page_token, &query)?;
        let filter = umpire_query::parse(&request.filter)?;
        let page =
            self.book.revisions(&tenant, &filter, paging.size, paging.cursor.clone()).await?;
        let revisions =
            page.items.iter().map(|revision| convert::rule::revision_to_proto(revision, &tenant));
        Ok(pb::ListRevisionsResponse {
            revisions: revisions.collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    async fn revision(&self, caller: &Caller, name: &str) -> Result<pb::Revision, ApiError> {
        let (tenant, id) = own_resource(caller, name, "revisions")?;
        let not_found = || ApiError::NotFound(name.into());
        let number = id.as_str().parse().map_err(|_| not_found())?;
        let revision = self.book.revision(&tenant, number).await?.ok_or_else(not_found)?;
        Ok(convert::rule::revision_to_proto(&revision, &tenant))
    }

    async fn test(
        &self,
        caller: &Caller,
        request: &pb::TestRulesRequest,
    ) -> Result<Vec<pb::Verdict>, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        within("rules", request.rules.len(), MAX_DRAFTS)?;
        within("messages", request.messages.len(), self.limits.max_batch_messages)?;
        let drafts =
            request.rules.iter().enumerate().map(|(index, rule)| draft(caller, index, rule));
        let drafts = drafts.collect::<Result<Vec<_>, _>>()?;
        let set = self.book.drafts(&tenant, drafts, request.include_live).await;
        let set = set.map_err(ApiError::of_drafts)?;
        for (index, message) in request.messages.iter().enumerate() {
            message::from_proto(message, &self.limits, &format!("messages[{index}]"))
                .map_err(|violation| ApiError::Invalid(vec![violation]))?;
        }
        let (moderator, limits, messages) =
            (self.moderator.clone(), self.limits, request.messages.clone());
        // Judging so much at once would keep other calls waiting.
        let judge = move || judged(&moderator, &limits, &set, &tenant, &messages);
        tokio::task::spawn_blocking(judge)
            .await
            .map_err(|panicked| ApiError::Internal(panicked.to_string()))
    }
}

/// The verdicts of draft rules on messages that were checked before.
fn judged(
    moderator: &Moderator,
    limits: &Limits,
    set: &RuleSet,
    tenant: &TenantId,
    messages: &[pb::Message],
) -> Vec<pb::Verdict> {
    let view = verdict::View::of(pb::VerdictView::Trace);
    let sound = messages.iter().filter_map(|one| message::from_proto(one, limits, "").ok());
    sound
        .map(|message| {
            let verdict = moderator.try_rules(set, &message);
            verdict::to_proto(verdict, tenant, &message, view, <_>::default())
        })
        .collect()
}

fn within(field: &str, count: usize, limit: usize) -> Result<(), ApiError> {
    if count == 0 {
        return Err(ApiError::invalid(field, "must not be empty"));
    }
    if count > limit {
        return Err(ApiError::Invalid(vec![umpire_model::Violation::too_large(field, limit)]));
    }
    Ok(())
}

/// A draft, under the id of the live rule it stands in for.
fn draft(
    caller: &Caller,
    index: usize,
    rule: &pb::Rule,
) -> Result<(Option<ResourceId>, umpire_rules::Rule), ApiError> {
    let named = (!rule.name.is_empty()).then(|| own_resource(caller, &rule.name, "rules"));
    let id = named.transpose()?.map(|(_, id)| id);
    let used = id.clone().map_or_else(|| ResourceId::new(&format!("draft-{index}")), Ok)?;
    let converted = convert::rule::from_proto(rule, used);
    let placed =
        |violations| ApiError::of_drafts(umpire_rules::TestError::Invalid(index, violations));
    Ok((id, converted.map_err(placed)?))
}

fn name_of(tenant: &TenantId, id: &ResourceId) -> String {
    format!("tenants/{tenant}/rules/{id}")
}

fn shown(
    result: Result<StoredRule, ChangeError>,
    tenant: &TenantId,
    name: &str,
) -> Result<pb::Rule, ApiError> {
    let stored = result.map_err(|error| ApiError::of_rule(error, name))?;
    Ok(convert::rule::stored_to_proto(&stored, tenant))
}

#[tonic::async_trait]
impl RuleService for Rules {
    async fn create_rule(
        &self,
        request: Request<pb::CreateRuleRequest>,
    ) -> Result<Response<pb::CreateRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let rule = this.create(&caller, body).await?;
            Ok(pb::CreateRuleResponse { rule: Some(rule) })
        })
    }

    async fn get_rule(
        &self,
        request: Request<pb::GetRuleRequest>,
    ) -> Result<Response<pb::GetRuleResponse>, Status> {
        answer!(request, caller, body => {
            Ok(pb::GetRuleResponse { rule: Some(self.get(&caller, &body.name).await?) })
        })
    }

    async fn list_rules(
        &self,
        request: Request<pb::ListRulesRequest>,
    ) -> Result<Response<pb::ListRulesResponse>, Status> {
        answer!(request, caller, body => self.list(&caller, body).await)
    }

    async fn update_rule(
        &self,
        request: Request<pb::UpdateRuleRequest>,
    ) -> Result<Response<pb::UpdateRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let rule = this.update(&caller, body).await?;
            Ok(pb::UpdateRuleResponse { rule: Some(rule) })
        })
    }

    async fn delete_rule(
        &self,
        request: Request<pb::DeleteRuleRequest>,
    ) -> Result<Response<pb::DeleteRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let mutation = Mutation {
                method: "DeleteRule",
                request_id: &body.request_id,
                body: body.encode_to_vec(),
                reason: &body.reason,
                validate_only: body.validate_only,
            };
            let rule = this.set_deleted(&caller, &body.name, &body.etag, true, &mutation).await?;
            Ok(pb::DeleteRuleResponse { rule: Some(rule) })
        })
    }

    async fn undelete_rule(
        &self,
        request: Request<pb::UndeleteRuleRequest>,
    ) -> Result<Response<pb::UndeleteRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let mutation = Mutation {
                method: "UndeleteRule",
                request_id: &body.request_id,
                body: body.encode_to_vec(),
                reason: &body.reason,
                validate_only: body.validate_only,
            };
            let rule = this.set_deleted(&caller, &body.name, &body.etag, false, &mutation).await?;
            Ok(pb::UndeleteRuleResponse { rule: Some(rule) })
        })
    }

    async fn list_revisions(
        &self,
        request: Request<pb::ListRevisionsRequest>,
    ) -> Result<Response<pb::ListRevisionsResponse>, Status> {
        answer!(request, caller, body => self.revisions(&caller, body).await)
    }

    async fn get_revision(
        &self,
        request: Request<pb::GetRevisionRequest>,
    ) -> Result<Response<pb::GetRevisionResponse>, Status> {
        answer!(request, caller, body => {
            let revision = self.revision(&caller, &body.name).await?;
            Ok(pb::GetRevisionResponse { revision: Some(revision) })
        })
    }

    async fn test_rules(
        &self,
        request: Request<pb::TestRulesRequest>,
    ) -> Result<Response<pb::TestRulesResponse>, Status> {
        answer!(request, caller, body => {
            Ok(pb::TestRulesResponse { verdicts: self.test(&caller, body).await? })
        })
    }
}

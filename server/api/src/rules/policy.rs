//! The policy as a document.

use super::{Mutation, Rules, mutation};
use crate::{
    convert::{enums, policy_test, revision},
    error::ApiError,
    names::own_tenant,
};
use prost::Message as _;
use umpire_proto::v1 as pb;
use umpire_rules::{Apply, Document, document::MAX_DOCUMENT_BYTES, quietly};
use umpire_tenancy::Caller;

impl Rules {
    pub(super) async fn export(
        &self,
        caller: &Caller,
        request: &pb::ExportRuleSetRequest,
    ) -> Result<pb::ExportRuleSetResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let notation = enums::notation_from(request.format);
        let notation = notation.map_err(|unknown| ApiError::Invalid(vec![unknown.at("format")]))?;
        let exported = self.book.document(&tenant, request.omit_entries).await?;
        let (document, number, content_hash) = exported;
        let written = tokio::task::spawn_blocking(move || document.write(notation)).await;
        let written = written.map_err(|panicked| ApiError::Internal(panicked.to_string()))?;
        let document = written.map_err(ApiError::Internal)?;
        if document.len() > MAX_DOCUMENT_BYTES {
            let what = "the document would have over 32 MiB; omit_entries leaves words out";
            return Err(ApiError::Limit(what.into()));
        }
        let revision = i64::try_from(number).unwrap_or(i64::MAX);
        Ok(pb::ExportRuleSetResponse { document, revision, content_hash })
    }

    pub(super) async fn apply(
        &self,
        caller: &Caller,
        request: &pb::ApplyRuleSetRequest,
    ) -> Result<pb::ApplyRuleSetResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        if request.force && request.reason.trim().is_empty() {
            return Err(ApiError::invalid("reason", "must be given with `force`"));
        }
        let base = request.base_revision.map(u64::try_from).transpose();
        let base = base.map_err(|_| ApiError::invalid("base_revision", "must not be negative"))?;
        let mutation = mutation!("ApplyRuleSet", request);
        let change = self.details(caller, &mutation)?;
        let _one_at_a_time = self.bulk().await?;
        let text = request.document.clone();
        let parsed = quietly(move || Document::parse(&text)).await?;
        let (included, zone) = self.surroundings(&tenant).await?;
        let apply = Apply {
            document: parsed.map_err(|violation| ApiError::Invalid(vec![violation]))?,
            keep_unlisted: request.keep_unlisted,
            force: request.force,
            base_revision: base,
            included,
            zone,
        };
        let applied = self.book.apply(&tenant, apply, &change).await;
        let name = format!("tenants/{tenant}/ruleSet");
        let applied = applied.map_err(|error| ApiError::of_change(error, &name))?;
        Ok(pb::ApplyRuleSetResponse {
            revision: i64::try_from(applied.revision).unwrap_or(i64::MAX),
            changes: revision::changes_to_proto(&applied.changes, &tenant),
            test_results: applied.results.iter().map(policy_test::result_to_proto).collect(),
        })
    }
}

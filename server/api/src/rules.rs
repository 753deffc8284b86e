//! RuleService: rules, word lists, their history, documents, drafts.

mod history;
mod policy;
mod single;
mod trial;
mod word_lists;

use crate::{
    error::ApiError,
    handler::{answer, carry_out, request_key},
    locale::Locale,
    moderation::Limits,
};
use futures_util::stream::BoxStream;
use prost::Message as _;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit, watch};
use tonic::{Request, Response, Status};
use umpire_model::Clock;
use umpire_moderation::Moderator;
use umpire_proto::v1::{self as pb, rule_service_server::RuleService};
use umpire_rules::{Change, RuleBook};
use umpire_tenancy::{Caller, Directory};
use word_lists::Parts;

/// Longest reason of a change, in characters.
const MAX_REASON: usize = 500;

/// Most files and documents of many megabytes that are worked on or wait.
const MAX_BULK: usize = 8;

/// What the service works with.
pub struct RuleParts {
    /// The policies.
    pub book: Arc<RuleBook>,
    /// Judges drafts.
    pub moderator: Arc<Moderator>,
    /// Knows who may go on with a stream.
    pub directory: Arc<Directory>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Sizes of messages.
    pub limits: Limits,
    /// Says that streams are to end.
    pub draining: watch::Receiver<bool>,
}

/// The service.
#[derive(Clone)]
pub struct Rules {
    book: Arc<RuleBook>,
    moderator: Arc<Moderator>,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    draining: watch::Receiver<bool>,
    /// Held while a file or document of many megabytes is worked on.
    bulk: Arc<Mutex<()>>,
    /// Places for those who hold it or wait for it.
    bulk_places: Arc<Semaphore>,
}

/// What every mutation of a policy carries.
struct Mutation<'r> {
    method: &'static str,
    request_id: &'r str,
    body: Vec<u8>,
    reason: &'r str,
    validate_only: bool,
}

/// The [`Mutation`] of a request.
macro_rules! mutation {
    ($method:literal, $request:expr) => {
        Mutation {
            method: $method,
            request_id: &$request.request_id,
            body: $request.encode_to_vec(),
            reason: &$request.reason,
            validate_only: $request.validate_only,
        }
    };
}
use mutation;

impl Rules {
    /// The service over its parts.
    #[must_use]
    pub fn new(parts: RuleParts) -> Self {
        let RuleParts { book, moderator, directory, clock, limits, draining } = parts;
        let (bulk, bulk_places) = (Arc::default(), Arc::new(Semaphore::new(MAX_BULK)));
        Self { book, moderator, directory, clock, limits, draining, bulk, bulk_places }
    }

    fn details(&self, caller: &Caller, mutation: &Mutation<'_>) -> Result<Change, ApiError> {
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

    /// Waits for the turn to work on something big: memory holds one at a time, and few
    /// that wait.
    async fn bulk(&self) -> Result<(SemaphorePermit<'_>, MutexGuard<'_, ()>), ApiError> {
        let place = self.bulk_places.try_acquire().map_err(|_| ApiError::Overloaded)?;
        Ok((place, self.bulk.lock().await))
    }
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
            let mutation = mutation!("DeleteRule", body);
            let rule = this.set_deleted(&caller, &body.name, &body.etag, true, &mutation).await?;
            Ok(pb::DeleteRuleResponse { rule: Some(rule) })
        })
    }

    async fn undelete_rule(
        &self,
        request: Request<pb::UndeleteRuleRequest>,
    ) -> Result<Response<pb::UndeleteRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let mutation = mutation!("UndeleteRule", body);
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
        answer!(request, caller, body => self.test(&caller, body).await)
    }

    async fn create_word_list(
        &self,
        request: Request<pb::CreateWordListRequest>,
    ) -> Result<Response<pb::CreateWordListResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let word_list = Some(this.create_list(&caller, body).await?);
            Ok(pb::CreateWordListResponse { word_list })
        })
    }

    async fn update_word_list(
        &self,
        request: Request<pb::UpdateWordListRequest>,
    ) -> Result<Response<pb::UpdateWordListResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let word_list = Some(this.update_list(&caller, body).await?);
            Ok(pb::UpdateWordListResponse { word_list })
        })
    }

    async fn delete_word_list(
        &self,
        request: Request<pb::DeleteWordListRequest>,
    ) -> Result<Response<pb::DeleteWordListResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let mutation = mutation!("DeleteWordList", body);
            let list = this.set_list_deleted(&caller, &body.name, &body.etag, true, &mutation).await?;
            Ok(pb::DeleteWordListResponse { word_list: Some(list) })
        })
    }

    async fn undelete_word_list(
        &self,
        request: Request<pb::UndeleteWordListRequest>,
    ) -> Result<Response<pb::UndeleteWordListResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let mutation = mutation!("UndeleteWordList", body);
            let list = this.set_list_deleted(&caller, &body.name, &body.etag, false, &mutation).await?;
            Ok(pb::UndeleteWordListResponse { word_list: Some(list) })
        })
    }

    async fn get_word_list(
        &self,
        request: Request<pb::GetWordListRequest>,
    ) -> Result<Response<pb::GetWordListResponse>, Status> {
        answer!(request, caller, body => {
            Ok(pb::GetWordListResponse { word_list: Some(self.get_list(&caller, &body.name).await?) })
        })
    }

    async fn list_word_lists(
        &self,
        request: Request<pb::ListWordListsRequest>,
    ) -> Result<Response<pb::ListWordListsResponse>, Status> {
        answer!(request, caller, body => self.list_lists(&caller, body).await)
    }

    async fn import_word_list(
        &self,
        request: Request<pb::ImportWordListRequest>,
    ) -> Result<Response<pb::ImportWordListResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.import(&caller, body).await)
    }

    type ExportWordListStream = Parts;

    async fn export_word_list(
        &self,
        request: Request<pb::ExportWordListRequest>,
    ) -> Result<Response<Parts>, Status> {
        answer!(request, caller, body => self.export_list(&caller, body).await)
    }

    async fn list_word_list_entries(
        &self,
        request: Request<pb::ListWordListEntriesRequest>,
    ) -> Result<Response<pb::ListWordListEntriesResponse>, Status> {
        answer!(request, caller, body => self.entries(&caller, body).await)
    }

    async fn batch_update_word_list_entries(
        &self,
        request: Request<pb::BatchUpdateWordListEntriesRequest>,
    ) -> Result<Response<pb::BatchUpdateWordListEntriesResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.update_entries(&caller, body).await)
    }

    async fn diff_revisions(
        &self,
        request: Request<pb::DiffRevisionsRequest>,
    ) -> Result<Response<pb::DiffRevisionsResponse>, Status> {
        answer!(request, caller, body => self.diff(&caller, body).await)
    }

    async fn rollback_to_revision(
        &self,
        request: Request<pb::RollbackToRevisionRequest>,
    ) -> Result<Response<pb::RollbackToRevisionResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let revision = Some(this.rollback(&caller, body).await?);
            Ok(pb::RollbackToRevisionResponse { revision })
        })
    }

    type WatchRevisionsStream = BoxStream<'static, Result<pb::WatchRevisionsResponse, Status>>;

    async fn watch_revisions(
        &self,
        request: Request<pb::WatchRevisionsRequest>,
    ) -> Result<Response<Self::WatchRevisionsStream>, Status> {
        let locale = Locale::of(request.metadata());
        answer!(request, caller, body => self.watch(caller.clone(), body, locale).await)
    }

    async fn export_rule_set(
        &self,
        request: Request<pb::ExportRuleSetRequest>,
    ) -> Result<Response<pb::ExportRuleSetResponse>, Status> {
        answer!(request, caller, body => self.export(&caller, body).await)
    }

    async fn apply_rule_set(
        &self,
        request: Request<pb::ApplyRuleSetRequest>,
    ) -> Result<Response<pb::ApplyRuleSetResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.apply(&caller, body).await)
    }
}

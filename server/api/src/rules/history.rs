//! Revisions: read, compared, gone back to, followed.

use super::{Mutation, Rules, mutation};
use crate::{
    convert,
    error::ApiError,
    events::{CHECKPOINT, Reading, events},
    handler::recheck,
    locale::Locale,
    names::{own_resource, own_tenant},
    paging::Paging,
};
use futures_util::stream::BoxStream;
use prost::Message as _;
use std::sync::Arc;
use tokio::sync::watch;
use tonic::Status;
use umpire_model::TenantId;
use umpire_proto::v1::{self as pb, watch_revisions_response as watched};
use umpire_query::PageToken;
use umpire_tenancy::Caller;

impl Rules {
    pub(super) async fn revisions(
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
            page.items.iter().map(|revision| convert::revision::to_proto(revision, &tenant));
        Ok(pb::ListRevisionsResponse {
            revisions: revisions.collect(),
            next_page_token: paging.next(page.next.as_deref()),
        })
    }

    pub(super) async fn revision(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<pb::Revision, ApiError> {
        let (tenant, id) = own_resource(caller, name, "revisions")?;
        let not_found = || ApiError::NotFound(name.into());
        let number = id.as_str().parse().map_err(|_| not_found())?;
        let revision = self.book.revision(&tenant, number).await?.ok_or_else(not_found)?;
        Ok(convert::revision::to_proto(&revision, &tenant))
    }

    pub(super) async fn diff(
        &self,
        caller: &Caller,
        request: &pb::DiffRevisionsRequest,
    ) -> Result<pb::DiffRevisionsResponse, ApiError> {
        let tenant = own_tenant(caller, &request.parent)?;
        let number = |path: &str, value: i64| {
            u64::try_from(value).map_err(|_| ApiError::invalid(path, "must not be negative"))
        };
        let newest = self.book.newest(&tenant).await?;
        let from = number("from_revision", request.from_revision)?;
        let to = match number("to_revision", request.to_revision)? {
            0 => newest,
            to => to,
        };
        let missing = || ApiError::NotFound(format!("tenants/{tenant}/revisions/{}", from.max(to)));
        let changes = self.book.diff(&tenant, from, to).await?.ok_or_else(missing)?;
        Ok(pb::DiffRevisionsResponse {
            from_revision: request.from_revision,
            to_revision: i64::try_from(to).unwrap_or(i64::MAX),
            changes: convert::revision::changes_to_proto(&changes, &tenant),
        })
    }

    pub(super) async fn rollback(
        &self,
        caller: &Caller,
        request: &pb::RollbackToRevisionRequest,
    ) -> Result<pb::Revision, ApiError> {
        let (tenant, id) = own_resource(caller, &request.name, "revisions")?;
        if request.reason.trim().is_empty() {
            return Err(ApiError::invalid("reason", "must be given"));
        }
        let missing = || ApiError::NotFound(request.name.clone());
        let number: u64 = id.as_str().parse().map_err(|_| missing())?;
        // Revision 0 is the empty policy, which nobody made.
        if number == 0 {
            return Err(missing());
        }
        let mutation = mutation!("RollbackToRevision", request);
        let change = self.details(caller, &mutation)?;
        let made = self.book.rollback(&tenant, number, &change).await;
        let made = made.map_err(|error| ApiError::of_change(error, &request.name))?;
        let revision = self.book.revision(&tenant, made).await?.ok_or_else(missing)?;
        Ok(convert::revision::to_proto(&revision, &tenant))
    }

    pub(super) async fn watch(
        &self,
        caller: Arc<Caller>,
        request: &pb::WatchRevisionsRequest,
        locale: Locale,
    ) -> Result<BoxStream<'static, Result<pb::WatchRevisionsResponse, Status>>, ApiError> {
        let tenant = own_tenant(&caller, &request.parent)?;
        let newest = self.book.watch(&tenant).await?;
        let token = PageToken::of(&["WatchRevisions", tenant.as_str()]);
        let resumed = token.decode(&request.resume_token);
        let resumed = resumed.map_err(|_| ApiError::InvalidResumeToken)?;
        let seen = match resumed {
            None => *newest.borrow(),
            Some(cursor) => {
                let bytes = cursor.try_into().map_err(|_| ApiError::InvalidResumeToken)?;
                u64::from_be_bytes(bytes)
            }
        };
        let service = self.clone();
        let watching =
            Watching { service, caller, locale, tenant, token, newest, seen, opened: false };
        Ok(events(watching))
    }
}

/// One reader of a tenant's revisions.
struct Watching {
    service: Rules,
    caller: Arc<Caller>,
    locale: Locale,
    tenant: TenantId,
    token: PageToken,
    newest: watch::Receiver<u64>,
    seen: u64,
    opened: bool,
}

impl Reading for Watching {
    type Event = pb::WatchRevisionsResponse;

    fn locale(&self) -> Locale {
        self.locale
    }

    async fn next(&mut self) -> Result<Vec<pb::WatchRevisionsResponse>, ApiError> {
        if !self.opened {
            self.opened = true;
            return Ok(vec![self.checkpoint()]);
        }
        let mut draining = self.service.draining.clone();
        let seen = self.seen;
        tokio::select! {
            _ = self.newest.wait_for(|newest| *newest > seen) => {}
            () = tokio::time::sleep(CHECKPOINT) => {}
            _ = draining.wait_for(|draining| *draining) => return Err(ApiError::ShuttingDown),
        }
        recheck(&self.service.directory, &*self.service.clock, &self.caller)?;
        if *self.newest.borrow() <= self.seen {
            return Ok(vec![self.checkpoint()]);
        }
        let number = self.seen + 1;
        let Some(revision) = self.service.book.revision(&self.tenant, number).await? else {
            return Err(ApiError::Internal(format!("revision {number} is missing")));
        };
        self.seen = number;
        let revision = convert::revision::to_proto(&revision, &self.tenant);
        Ok(vec![self.event(watched::Event::Revision(revision))])
    }
}

impl Watching {
    fn checkpoint(&self) -> pb::WatchRevisionsResponse {
        let revision = i64::try_from(*self.newest.borrow()).unwrap_or(i64::MAX);
        self.event(watched::Event::Checkpoint(watched::Checkpoint { revision }))
    }

    fn event(&self, event: watched::Event) -> pb::WatchRevisionsResponse {
        let resume_token = self.token.encode(Some(&self.seen.to_be_bytes()));
        pb::WatchRevisionsResponse { resume_token, event: Some(event) }
    }
}

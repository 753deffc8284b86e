use crate::{
    Change, Error, Listing, Umpire,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        DiffRevisionsRequest, DiffRevisionsResponse, GetRevisionRequest, ListRevisionsRequest,
        Revision, RollbackToRevisionRequest, WatchRevisionsRequest, WatchRevisionsResponse,
    },
    watch::{Answers, Presence, Watched, watch},
};
use futures_util::{StreamExt, stream::BoxStream};
use tonic::Status;

const COLLECTION: &str = "revisions";

/// The revisions of the policy. Roles MODERATOR and ADMIN; COMPLIANCE reads.
#[derive(Debug, Clone)]
pub struct History(Umpire);

impl History {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// The tenant's revisions, newest first.
    pub fn list(&self) -> Listing<ListRevisionsRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListRevisionsRequest { parent, ..<_>::default() })
    }

    /// One revision, by number.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn get(&self, number: i64) -> Result<Revision, Error> {
        let name = self.0.full_name(COLLECTION, &number.to_string()).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetRevisionRequest { name }, |request| {
                let mut client = self.0.raw_rules();
                async move { client.get_revision(request).await }
            })
            .await?;
        answer.revision.ok_or(Error::Incomplete("revision"))
    }

    /// What lies between two revisions. From 0 is from the empty policy, to 0 is to the
    /// newest.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn diff(&self, from: i64, to: i64) -> Result<DiffRevisionsResponse, Error> {
        let parent = self.0.tenant.parent();
        let request = DiffRevisionsRequest { parent, from_revision: from, to_revision: to };
        self.0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_rules();
                async move { client.diff_revisions(request).await }
            })
            .await
    }

    /// Makes the policy what it was at a revision, as a new revision.
    pub fn rollback(
        &self,
        number: i64,
        reason: impl Into<String>,
    ) -> Change<RollbackToRevisionRequest> {
        let (name, reason) = (number.to_string(), reason.into());
        Change::new(&self.0, RollbackToRevisionRequest { name, reason, ..<_>::default() })
    }

    /// Every revision as it becomes live, and checkpoints in between: from now on, or
    /// after the event with this token. Connects again, without gap or repeat, when the
    /// server goes away; other errors end it. Must be polled within a tokio runtime.
    pub fn watch(
        &self,
        resume_token: impl Into<String>,
    ) -> BoxStream<'static, Result<WatchRevisionsResponse, Error>> {
        self.watch_noticing(resume_token, |_| {})
    }

    /// As [`watch`](History::watch), and says when the server goes away and comes back.
    pub fn watch_noticing(
        &self,
        resume_token: impl Into<String>,
        notice: impl FnMut(Presence) + Send + 'static,
    ) -> BoxStream<'static, Result<WatchRevisionsResponse, Error>> {
        let (parent, resume_token) = (self.0.tenant.parent(), resume_token.into());
        let request = WatchRevisionsRequest { parent, resume_token };
        watch(self.0.clone(), request, Box::new(notice))
    }
}

impl Watched for WatchRevisionsRequest {
    type Answer = WatchRevisionsResponse;
    type Event = WatchRevisionsResponse;

    fn resume_token(&mut self) -> &mut String {
        &mut self.resume_token
    }

    fn token_of(answer: &WatchRevisionsResponse) -> &str {
        &answer.resume_token
    }

    async fn open(self, umpire: &Umpire) -> Result<Answers<WatchRevisionsResponse>, Status> {
        Ok(umpire.raw_rules().watch_revisions(self).await?.into_inner().boxed())
    }
}

paged!(raw_rules.list_revisions(ListRevisionsRequest) -> revisions: Revision, 50 at once);
lists_with!(Filtered, filter: String; ListRevisionsRequest);

mutation!(
    raw_rules.rollback_to_revision(RollbackToRevisionRequest) -> Revision,
    |answer| answer.revision,
    |request| Some((&mut request.name, COLLECTION))
);
mutations_with!(Reasoned, reason: String; RollbackToRevisionRequest);
mutations_with!(Checkable, validate_only: bool; RollbackToRevisionRequest);

//! What an enforcer of kind `stream` is told.

use super::Sanctions;
use crate::{
    Error, Umpire,
    error::reason_of,
    v1::{ErrorReason, WatchSanctionsRequest, WatchSanctionsResponse},
    watch::{Answers, Presence, Watched, watch},
};
use futures_util::{StreamExt, stream::BoxStream};
use tonic::Status;

/// What an enforcer is told.
#[derive(Debug, Clone, PartialEq)]
pub enum SanctionEvent {
    /// A snapshot begins: what is in force comes again, up to `snapshot_end`, and what does
    /// not come is over. So begins a watch without a token; so it goes on when the
    /// server no longer knows what came after the last one.
    SnapshotBegin,
    /// An event as the server sent it.
    Told(Box<WatchSanctionsResponse>),
}

impl Sanctions {
    /// What the enforcer, of kind `stream`, is to carry out: after the event with this
    /// token, or, without one, all that is in force and then every change. Connects again,
    /// without gap, when the server goes away, and begins with a new snapshot when the
    /// server has forgotten where it was; other errors end it. What is carried out is to be
    /// [acknowledged](Sanctions::ack), or it comes again. Must be polled within a tokio
    /// runtime.
    pub fn watch(
        &self,
        enforcer: impl Into<String>,
        resume_token: impl Into<String>,
    ) -> BoxStream<'static, Result<SanctionEvent, Error>> {
        self.watch_noticing(enforcer, resume_token, |_| {})
    }

    /// As [`watch`](Sanctions::watch), and says when the server goes away and comes back.
    pub fn watch_noticing(
        &self,
        enforcer: impl Into<String>,
        resume_token: impl Into<String>,
        notice: impl FnMut(Presence) + Send + 'static,
    ) -> BoxStream<'static, Result<SanctionEvent, Error>> {
        let request = WatchSanctionsRequest {
            parent: self.0.tenant.parent(),
            enforcer: enforcer.into(),
            resume_token: resume_token.into(),
        };
        watch(self.0.clone(), request, Box::new(notice))
    }
}

impl From<WatchSanctionsResponse> for SanctionEvent {
    fn from(told: WatchSanctionsResponse) -> Self {
        Self::Told(Box::new(told))
    }
}

impl Watched for WatchSanctionsRequest {
    type Answer = WatchSanctionsResponse;
    type Event = SanctionEvent;

    fn resume_token(&mut self) -> &mut String {
        &mut self.resume_token
    }

    fn token_of(answer: &WatchSanctionsResponse) -> &str {
        &answer.resume_token
    }

    async fn open(self, umpire: &Umpire) -> Result<Answers<WatchSanctionsResponse>, Status> {
        Ok(umpire.raw_sanctions().watch_sanctions(self).await?.into_inner().boxed())
    }

    fn beginning() -> Option<SanctionEvent> {
        Some(SanctionEvent::SnapshotBegin)
    }

    fn is_forgotten(status: &Status) -> bool {
        let reason = reason_of(status);
        matches!(reason, ErrorReason::ResumeTokenExpired | ErrorReason::InvalidResumeToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::Code;
    use tonic_types::{ErrorDetails, StatusExt};

    #[test]
    fn only_a_token_without_a_place_is_given_up() {
        let check = |code, reason: &str, forgotten| {
            let details = ErrorDetails::with_error_info(reason, "umpire", []);
            let status = Status::with_error_details(code, "", details);
            assert_eq!(WatchSanctionsRequest::is_forgotten(&status), forgotten, "{reason}");
        };
        check(Code::OutOfRange, "RESUME_TOKEN_EXPIRED", true);
        check(Code::InvalidArgument, "INVALID_RESUME_TOKEN", true);
        check(Code::InvalidArgument, "INVALID_FIELD", false);
        check(Code::FailedPrecondition, "WRONG_ENFORCER_KIND", false);
        let too_large = Status::out_of_range("decoded message length too large");
        assert!(!WatchSanctionsRequest::is_forgotten(&too_large));
    }
}

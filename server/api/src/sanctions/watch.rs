//! What a stream enforcer is told.

use super::Sanctions;
use crate::{
    convert::sanction,
    error::ApiError,
    events::{CHECKPOINT, Reading, events},
    handler::recheck,
    locale::Locale,
    names::{own_id, own_tenant},
};
use futures_util::stream::BoxStream;
use std::sync::Arc;
use tonic::Status;
use umpire_proto::v1::{self as pb, watch_sanctions_response as watched};
use umpire_sanctions::{Event, Watch, What};
use umpire_tenancy::Caller;

/// What is in force, then changes.
pub(super) type Events = BoxStream<'static, Result<pb::WatchSanctionsResponse, Status>>;

impl Sanctions {
    pub(super) async fn watch(
        &self,
        caller: Arc<Caller>,
        request: &pb::WatchSanctionsRequest,
        locale: Locale,
    ) -> Result<Events, ApiError> {
        let tenant = own_tenant(&caller, &request.parent)?;
        let enforcer = own_id(&caller, &request.enforcer, "enforcers", "enforcer")?;
        let watch = self.court.watch(&tenant, &enforcer, &request.resume_token).await?;
        let watching = Watching { service: self.clone(), caller, locale, watch };
        Ok(events(watching))
    }
}

/// One reader of the journal.
struct Watching {
    service: Sanctions,
    caller: Arc<Caller>,
    locale: Locale,
    watch: Watch,
}

impl Reading for Watching {
    type Event = pb::WatchSanctionsResponse;

    fn locale(&self) -> Locale {
        self.locale
    }

    async fn next(&mut self) -> Result<Vec<pb::WatchSanctionsResponse>, ApiError> {
        let mut draining = self.service.draining.clone();
        let now = self.service.clock.now();
        let next = tokio::select! {
            events = self.watch.next(now) => Some(events?),
            () = tokio::time::sleep(CHECKPOINT) => None,
            _ = draining.wait_for(|draining| *draining) => return Err(ApiError::ShuttingDown),
        };
        recheck(&self.service.directory, &*self.service.clock, &self.caller)?;
        let events = next.unwrap_or_else(|| vec![self.watch.checkpoint()]);
        Ok(events.into_iter().map(to_proto).collect())
    }
}

fn to_proto(event: Event) -> pb::WatchSanctionsResponse {
    let told = match event.what {
        What::Sanction(made) => watched::Event::Sanction(sanction::to_proto(&made)),
        What::Lifted(lifted) => watched::Event::Lifted(sanction::to_proto(&lifted)),
        What::Expired(over) => watched::Event::Expired(sanction::to_proto(&over)),
        What::SnapshotEnd => watched::Event::SnapshotEnd(watched::SnapshotEnd {}),
        What::Checkpoint => watched::Event::Checkpoint(watched::Checkpoint {}),
    };
    pb::WatchSanctionsResponse {
        resume_token: event.resume.unwrap_or_default(),
        event: Some(told),
        attempt: i32::try_from(event.attempt).unwrap_or(i32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_telling_has_no_number() {
        let checkpoint = |resume| Event { resume, what: What::Checkpoint, attempt: 0 };
        let shown = to_proto(checkpoint(Some("token".into())));
        assert_eq!(shown.event, Some(watched::Event::Checkpoint(watched::Checkpoint {})));
        assert_eq!((shown.resume_token.as_str(), shown.attempt), ("token", 0));
        assert_eq!(to_proto(checkpoint(None)).resume_token, "", "none within a snapshot");
    }
}

//! What consoles follow.

use super::Alerts;
use crate::{
    convert::{alert, enums, time},
    error::ApiError,
    events::{CHECKPOINT, Reading, events},
    handler::recheck,
    locale::Locale,
    names::own_tenant,
};
use futures_util::stream::BoxStream;
use std::sync::Arc;
use tonic::Status;
use umpire_notify::{Watch, WatchEvent};
use umpire_proto::v1::{self as pb, stream_alerts_response::Checkpoint};
use umpire_tenancy::Caller;

/// What happens to alerts.
pub(super) type Events = BoxStream<'static, Result<pb::StreamAlertsResponse, Status>>;

impl Alerts {
    pub(super) async fn stream(
        &self,
        caller: Arc<Caller>,
        request: &pb::StreamAlertsRequest,
        locale: Locale,
    ) -> Result<Events, ApiError> {
        let tenant = own_tenant(&caller, &request.parent)?;
        let filter = umpire_query::parse(&request.filter)?;
        let watch =
            self.desk.watch(&tenant, filter, &request.filter, &request.resume_token).await?;
        Ok(events(Console { service: self.clone(), caller, locale, watch, begun: false }))
    }
}

/// One reader of the journal.
struct Console {
    service: Alerts,
    caller: Arc<Caller>,
    locale: Locale,
    watch: Watch,
    /// The first checkpoint was given.
    begun: bool,
}

impl Reading for Console {
    type Event = pb::StreamAlertsResponse;

    fn locale(&self) -> Locale {
        self.locale
    }

    async fn next(&mut self) -> Result<Vec<pb::StreamAlertsResponse>, ApiError> {
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(vec![to_proto(self.watch.checkpoint())]);
        }
        let mut draining = self.service.draining.clone();
        let next = tokio::select! {
            events = self.watch.next() => Some(events?),
            () = tokio::time::sleep(CHECKPOINT) => None,
            _ = draining.wait_for(|draining| *draining) => return Err(ApiError::ShuttingDown),
        };
        recheck(&self.service.directory, &*self.service.clock, &self.caller)?;
        let events = next.unwrap_or_else(|| vec![self.watch.checkpoint()]);
        Ok(events.into_iter().map(to_proto).collect())
    }
}

fn to_proto(event: WatchEvent) -> pb::StreamAlertsResponse {
    let resume_token = event.resume;
    let Some(happened) = event.happened else {
        let checkpoint = Some(Checkpoint {});
        return pb::StreamAlertsResponse { resume_token, checkpoint, ..<_>::default() };
    };
    pb::StreamAlertsResponse {
        resume_token,
        kind: enums::happening_kind(happened.kind),
        alert: Some(alert::to_proto(&happened.alert)),
        checkpoint: None,
        cause: happened.cause,
        time: Some(time::to_proto(happened.time)),
    }
}

//! What happens to alerts, as it happens.

use super::Alerts;
use crate::{
    Error, Umpire,
    v1::{Alert, AlertEventKind, StreamAlertsRequest, StreamAlertsResponse},
    watch::{Answers, Notice, Presence, Watched, watch},
};
use futures_util::{StreamExt, TryStreamExt, future, stream, stream::BoxStream};
use prost_types::Timestamp;
use std::fmt;
use tonic::Status;

/// Something that happened to an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertEvent {
    /// To go on after this.
    pub resume_token: String,
    /// What.
    pub kind: AlertEventKind,
    /// As it was right after.
    pub alert: Alert,
    /// Why, where the alert does not say: `DEDUPLICATED`, an operator, the name of a silence or
    /// of a delivery.
    pub cause: String,
    /// When.
    pub time: Option<Timestamp>,
}

/// A stream of events that has not been opened: [`start`](AlertWatch::start) it.
#[must_use = "nothing is told until it is started"]
pub struct AlertWatch {
    umpire: Umpire,
    request: StreamAlertsRequest,
    notice: Notice,
}

impl Alerts {
    /// What happens from now on, or [after](AlertWatch::resume) a token, to alerts that a
    /// filter lets through as they are right after it; to all with an empty one.
    pub fn watch(&self, filter: impl Into<String>) -> AlertWatch {
        let (parent, filter) = (self.0.tenant.parent(), filter.into());
        let request = StreamAlertsRequest { parent, filter, ..<_>::default() };
        AlertWatch { umpire: self.0.clone(), request, notice: Box::new(|_| {}) }
    }
}

impl AlertWatch {
    /// Goes on after the event with this token; empty: from now on.
    pub fn resume(mut self, token: impl Into<String>) -> Self {
        self.request.resume_token = token.into();
        self
    }

    /// Says when the server goes away and comes back.
    pub fn noticing(self, notice: impl FnMut(Presence) + Send + 'static) -> Self {
        Self { notice: Box::new(notice), ..self }
    }

    /// Opens it. What happens once this has returned is told: who lists alerts afterwards
    /// misses nothing. It connects again, without gap or repeat, when the server goes away;
    /// other errors end it, among them OUT_OF_RANGE (RESUME_TOKEN_EXPIRED) when the server has
    /// forgotten what came after the last event. Must be polled within a tokio runtime.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a filter or token that cannot be read, OUT_OF_RANGE as above, and
    /// what any call may fail with.
    pub async fn start(self) -> Result<BoxStream<'static, Result<AlertEvent, Error>>, Error> {
        let mut answers = watch(self.umpire, self.request, self.notice);
        // The server begins with a checkpoint: it follows what happens from there on.
        let first = answers.try_next().await?;
        let answers = stream::iter(first.map(Ok)).chain(answers);
        Ok(answers.try_filter_map(|answer| future::ready(Ok(happened(answer)))).boxed())
    }
}

/// Without the connection and its key.
impl fmt::Debug for AlertWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlertWatch").field("request", &self.request).finish_non_exhaustive()
    }
}

/// Nothing for a checkpoint.
fn happened(answer: StreamAlertsResponse) -> Option<AlertEvent> {
    let kind = answer.kind();
    let StreamAlertsResponse { resume_token, alert, cause, time, .. } = answer;
    Some(AlertEvent { resume_token, kind, alert: alert?, cause, time })
}

/// As the server sent it.
impl From<AlertEvent> for StreamAlertsResponse {
    fn from(event: AlertEvent) -> Self {
        let AlertEvent { resume_token, kind, alert, cause, time } = event;
        let (kind, alert) = (kind as i32, Some(alert));
        Self { resume_token, kind, alert, cause, time, checkpoint: None }
    }
}

impl Watched for StreamAlertsRequest {
    type Answer = StreamAlertsResponse;
    type Event = StreamAlertsResponse;

    fn resume_token(&mut self) -> &mut String {
        &mut self.resume_token
    }

    fn token_of(answer: &StreamAlertsResponse) -> &str {
        &answer.resume_token
    }

    async fn open(self, umpire: &Umpire) -> Result<Answers<StreamAlertsResponse>, Status> {
        Ok(umpire.raw_alerts().stream_alerts(self).await?.into_inner().boxed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::stream_alerts_response::Checkpoint;

    #[test]
    fn checkpoints_are_no_events() {
        let resume_token = "7".to_owned();
        let checkpoint = Some(Checkpoint {});
        let quiet = StreamAlertsResponse { resume_token, checkpoint, ..<_>::default() };
        assert_eq!(happened(quiet), None);
        let alert = Some(Alert { title: "spam".into(), ..Alert::default() });
        let kind = AlertEventKind::Created as i32;
        let told = StreamAlertsResponse { alert, kind, cause: "c".into(), ..<_>::default() };
        let event = happened(told.clone()).expect("an event");
        assert_eq!((event.kind, event.alert.title.as_str()), (AlertEventKind::Created, "spam"));
        assert_eq!(StreamAlertsResponse::from(event), told);
    }
}

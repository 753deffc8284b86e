use crate::Clients;
use std::time::Duration;
use tonic::{Status, Streaming};
use umpire_proto::v1::{StreamAlertsRequest, StreamAlertsResponse};

/// How long an event may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// Somebody who watches what happens to alerts.
pub struct Console {
    events: Streaming<StreamAlertsResponse>,
    /// Of the last answer.
    pub token: String,
}

impl Console {
    /// Starts to watch, from now on or after a token, and reads the first checkpoint.
    ///
    /// # Errors
    /// The server's status.
    pub async fn open(clients: &Clients, filter: &str, token: &str) -> Result<Self, Status> {
        let request = StreamAlertsRequest {
            filter: filter.into(),
            resume_token: token.into(),
            ..StreamAlertsRequest::default()
        };
        let events = clients.alerts.clone().stream_alerts(request).await?.into_inner();
        let mut console = Self { events, token: String::new() };
        let first = console.answer().await?;
        assert!(first.checkpoint.is_some() && !console.token.is_empty(), "{first:?}");
        Ok(console)
    }

    /// The next event, checkpoints left out.
    ///
    /// # Errors
    /// The status that ended the stream.
    pub async fn event(&mut self) -> Result<StreamAlertsResponse, Status> {
        loop {
            let answer = self.answer().await?;
            if answer.checkpoint.is_none() {
                return Ok(answer);
            }
        }
    }

    /// The next event in short: `CREATED leak/room 1`, `SUPPRESSED leak/room 2 DEDUPLICATED`
    /// (kind, key, count and cause).
    pub async fn told(&mut self) -> String {
        let event = self.event().await.unwrap();
        let kind = event.kind().as_str_name().replace("ALERT_EVENT_KIND_", "");
        let alert = event.alert.unwrap();
        format!("{kind} {} {} {}", alert.key, alert.count, event.cause).trim_end().to_owned()
    }

    /// So many events in short.
    pub async fn told_all(&mut self, count: usize) -> Vec<String> {
        let mut told = Vec::with_capacity(count);
        for _ in 0..count {
            told.push(self.told().await);
        }
        told
    }

    async fn answer(&mut self) -> Result<StreamAlertsResponse, Status> {
        let answer = tokio::time::timeout(PATIENCE, self.events.message()).await;
        let answer = answer.expect("an answer in time")?.expect("the stream goes on");
        self.token.clone_from(&answer.resume_token);
        Ok(answer)
    }
}

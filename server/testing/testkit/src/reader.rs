use crate::Clients;
use std::time::Duration;
use tonic::{Status, Streaming};
use umpire_proto::v1::{
    AckResult, AckSanctionsRequest, Sanction, WatchSanctionsRequest, WatchSanctionsResponse,
    ack_sanctions_request::Ack, watch_sanctions_response::Event,
};

/// How long an event may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// A game that reads what a stream enforcer is told.
pub struct Reader {
    clients: Clients,
    enforcer: String,
    events: Streaming<WatchSanctionsResponse>,
    /// Of the last event that had one.
    pub token: String,
}

impl Reader {
    /// Starts to read: from a snapshot on, or after a token.
    ///
    /// # Errors
    /// The server's status.
    pub async fn open(clients: &Clients, enforcer: &str, token: &str) -> Result<Self, Status> {
        let request = WatchSanctionsRequest {
            enforcer: enforcer.into(),
            resume_token: token.into(),
            ..WatchSanctionsRequest::default()
        };
        let answer = clients.sanctions.clone().watch_sanctions(request).await?;
        let (clients, enforcer) = (clients.clone(), enforcer.to_owned());
        Ok(Self { clients, enforcer, events: answer.into_inner(), token: token.into() })
    }

    /// The next event, checkpoints left out, with the number of its telling.
    ///
    /// # Errors
    /// The status that ended the stream.
    pub async fn event(&mut self) -> Result<(Event, i32), Status> {
        loop {
            let answer = tokio::time::timeout(PATIENCE, self.events.message()).await;
            let answer = answer.expect("an event in time")?.expect("the stream goes on");
            if !answer.resume_token.is_empty() {
                self.token = answer.resume_token;
            }
            match answer.event.unwrap() {
                Event::Checkpoint(_) => {}
                event => return Ok((event, answer.attempt)),
            }
        }
    }

    /// The next event in short: `sanction p 1` (user and telling), `lifted p`,
    /// `expired p`, `end`.
    pub async fn told(&mut self) -> String {
        match self.event().await.unwrap() {
            (Event::Sanction(sanction), attempt) => {
                format!("sanction {} {attempt}", user(&sanction))
            }
            (Event::Lifted(sanction), _) => format!("lifted {}", user(&sanction)),
            (Event::Expired(sanction), _) => format!("expired {}", user(&sanction)),
            (Event::SnapshotEnd(_), _) => "end".into(),
            (Event::Checkpoint(_), _) => "checkpoint".into(),
        }
    }

    /// So many events in short.
    pub async fn told_all(&mut self, count: usize) -> Vec<String> {
        let mut told = Vec::with_capacity(count);
        for _ in 0..count {
            told.push(self.told().await);
        }
        told
    }

    /// The next event, which must be a sanction to carry out.
    pub async fn sanction(&mut self) -> Sanction {
        match self.event().await.unwrap() {
            (Event::Sanction(sanction), _) => sanction,
            (other, _) => panic!("{other:?}"),
        }
    }

    /// Says what has become of a sanction.
    ///
    /// # Errors
    /// The server's status.
    pub async fn acknowledge(&self, sanction: &str, result: AckResult) -> Result<(), Status> {
        acknowledge(&self.clients, &self.enforcer, &[sanction], result).await
    }
}

fn user(sanction: &Sanction) -> &str {
    sanction.subject.as_ref().map_or("", |subject| &subject.user_id)
}

/// Says in an enforcer's name what has become of sanctions.
///
/// # Errors
/// The server's status.
pub async fn acknowledge(
    clients: &Clients,
    enforcer: &str,
    sanctions: &[&str],
    result: AckResult,
) -> Result<(), Status> {
    let ack = |name: &&str| {
        let (sanction, error) = ((*name).to_owned(), "as the test says".to_owned());
        Ack { sanction, result: result as i32, error, event: 0 }
    };
    let acks = sanctions.iter().map(ack).collect();
    let request =
        AckSanctionsRequest { enforcer: enforcer.into(), acks, ..AckSanctionsRequest::default() };
    clients.sanctions.clone().ack_sanctions(request).await.map(drop)
}

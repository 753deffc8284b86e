//! A game that reads a stream and acknowledges what it is told.

use super::{Receipts, set_up};
use std::time::{Duration, Instant};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::timeout,
};
use tonic::{Streaming, transport::Channel};
use umpire_proto::v1::{
    AckResult, AckSanctionsRequest, WatchSanctionsRequest, WatchSanctionsResponse,
    ack_sanctions_request::Ack, sanction_service_client::SanctionServiceClient,
    watch_sanctions_response::Event,
};

/// How long a sanction may take before the measurement fails.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most acknowledgements of a call.
const MAX_ACKS: usize = 1_000;

/// The game, while it is not dropped.
pub struct Game {
    tasks: JoinSet<()>,
    told: UnboundedReceiver<(String, Instant)>,
    receipts: Receipts,
}

impl Game {
    /// Starts to read, and is past the snapshot then.
    pub async fn start(channel: Channel) -> Self {
        let mut client = SanctionServiceClient::new(channel);
        let request = WatchSanctionsRequest { enforcer: set_up::STREAM.into(), ..<_>::default() };
        let mut events = client.watch_sanctions(request).await.unwrap().into_inner();
        let first = events.message().await.unwrap().unwrap().event;
        assert!(matches!(first, Some(Event::SnapshotEnd(_))), "nothing is in force: {first:?}");
        let (tell, told) = unbounded_channel();
        let (carry_out, carried_out) = unbounded_channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(read(events, tell, carry_out));
        tasks.spawn(acknowledge(client, carried_out));
        Self { tasks, told, receipts: Receipts::new() }
    }

    /// Waits until it has received sanctions of so many users.
    pub async fn wait_for(&mut self, users: usize) {
        while self.receipts.len() < users {
            let told = timeout(PATIENCE, self.told.recv()).await;
            let (user, at) = told.expect("told in time").expect("the stream goes on");
            self.receipts.entry(user).or_insert(at);
        }
        let ended = self.tasks.try_join_next();
        assert!(ended.is_none(), "it reads and acknowledges: {ended:?}");
    }

    /// What it received, and when.
    pub fn receipts(&self) -> &Receipts {
        &self.receipts
    }
}

async fn read(
    mut events: Streaming<WatchSanctionsResponse>,
    tell: UnboundedSender<(String, Instant)>,
    carry_out: UnboundedSender<String>,
) {
    while let Some(answer) = events.message().await.unwrap() {
        let at = Instant::now();
        if let Some(Event::Sanction(sanction)) = answer.event {
            tell.send((sanction.subject.unwrap().user_id, at)).unwrap();
            carry_out.send(sanction.name).unwrap();
        }
    }
}

/// Says that sanctions are carried out: those that came during one call in the next.
async fn acknowledge(
    mut client: SanctionServiceClient<Channel>,
    mut carried_out: UnboundedReceiver<String>,
) {
    let mut names = Vec::new();
    while carried_out.recv_many(&mut names, MAX_ACKS).await > 0 {
        let applied = |sanction: String| Ack {
            sanction,
            result: AckResult::Applied as i32,
            ..Ack::default()
        };
        let acks = names.drain(..).map(applied).collect();
        let enforcer = set_up::STREAM.into();
        let request = AckSanctionsRequest { enforcer, acks, ..AckSanctionsRequest::default() };
        client.ack_sanctions(request).await.unwrap();
    }
}

//! `enforcement`: how long after a call an enforcer receives the sanction that the call
//! brought, by webhook and over a stream, beside calls whose match brings none.

mod game;
mod set_up;

use crate::{material, server::Server};
use clap::Args;
use game::Game;
use hdrhistogram::Histogram;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tonic::transport::Channel;
use umpire_fakes::{FakeEnforcer, Options as FakeOptions};
use umpire_proto::v1::{
    AuditState, CheckMessageRequest, Message, Sender,
    moderation_service_client::ModerationServiceClient,
};

#[derive(Args)]
pub struct Options {
    /// Calls a second
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
    /// Seconds of calls of each kind
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Rounds in which the kinds take turns; one more warms up
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

/// The fake is on this machine, and no budget is to hold anything.
const ENVIRONMENT: [(&str, &str); 2] = [
    ("UMPIRE_OUTBOUND__ALLOW_PRIVATE", "true"),
    ("UMPIRE_SANCTIONS__CEILING_PER_MINUTE", "1000000"),
];

/// After each round, so that what it left to settle does not slow the next.
const PAUSE: Duration = Duration::from_millis(300);

/// Who is told of what a message brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Nobody,
    Webhook,
    Stream,
}

impl Told {
    const ALL: [Self; 3] = [Self::Nobody, Self::Webhook, Self::Stream];

    /// The game server it is said on.
    fn server(self) -> &'static str {
        match self {
            Self::Nobody | Self::Webhook => set_up::WEBHOOK,
            Self::Stream => set_up::STREAM,
        }
    }

    /// What is said, among other things.
    fn word(self) -> &'static str {
        match self {
            Self::Nobody => set_up::HARMLESS,
            Self::Webhook | Self::Stream => set_up::OFFENDING,
        }
    }

    fn message(self, number: u64) -> Message {
        let text = format!("{} 出售, 一手货源, 价格便宜, 秒发", self.word());
        let sender = Sender {
            user_id: format!("player-{number}"),
            server_id: self.server().into(),
            ..Sender::default()
        };
        Message { sender: Some(sender), ..material::message(&text, number) }
    }
}

/// A call that was answered.
struct Sent {
    user: String,
    /// Just before the call.
    at: Instant,
    took: Duration,
}

/// When whose sanction was received.
type Receipts = HashMap<String, Instant>;

pub async fn run(options: Options) {
    let folder = TempDir::new().unwrap();
    let fake = FakeEnforcer::start(FakeOptions::signed_with(set_up::SECRET)).await;
    let server = Server::start_with(folder.path(), &[], &ENVIRONMENT);
    set_up::everything(&server.channel(), &fake.url()).await;
    let mut game = Game::start(server.channel()).await;
    let sent = send_all(&options, &server, &fake, &mut game).await;
    print(&sent, &received_by(&fake), game.receipts());
    drop(game);
    server.stop();
}

/// The calls of each kind. The first round warms up and is left out.
async fn send_all(
    options: &Options,
    server: &Server,
    fake: &FakeEnforcer,
    game: &mut Game,
) -> [Vec<Sent>; 3] {
    let moderation = ModerationServiceClient::new(server.channel());
    let interval = Duration::from_secs(1) / options.rate;
    let calls = (options.rate * options.seconds).div_ceil(options.rounds) as usize;
    let mut sent: [Vec<Sent>; 3] = Default::default();
    let mut told = 0;
    let mut number = 0;
    for round in 0..=options.rounds {
        told += calls;
        for (whom, sent) in Told::ALL.into_iter().zip(&mut sent) {
            let answered = send(&moderation, whom, number, calls, interval).await;
            number += calls as u64;
            match whom {
                Told::Nobody => {}
                Told::Webhook => drop(fake.wait_for_requests(told).await),
                Told::Stream => game.wait_for(told).await,
            }
            tokio::time::sleep(PAUSE).await;
            if round > 0 {
                sent.extend(answered);
            }
        }
    }
    sent
}

/// So many calls at a steady rate, each of another user, whatever the answers take.
async fn send(
    moderation: &ModerationServiceClient<Channel>,
    whom: Told,
    first: u64,
    calls: usize,
    interval: Duration,
) -> Vec<Sent> {
    let mut due = Instant::now();
    let mut under_way = Vec::with_capacity(calls);
    for number in (first..).take(calls) {
        under_way.push(tokio::spawn(call(moderation.clone(), whom, number, due)));
        due += interval;
    }
    let mut sent = Vec::with_capacity(calls);
    for call in under_way {
        sent.push(call.await.unwrap());
    }
    sent
}

async fn call(
    mut moderation: ModerationServiceClient<Channel>,
    whom: Told,
    number: u64,
    due: Instant,
) -> Sent {
    let message = whom.message(number);
    let user = message.sender.as_ref().unwrap().user_id.clone();
    let request = CheckMessageRequest { message: Some(message), ..CheckMessageRequest::default() };
    tokio::time::sleep_until(due.into()).await;
    let at = Instant::now();
    let answer = moderation.check_message(request).await;
    let took = at.elapsed();
    let verdict = answer.unwrap().into_inner().verdict.unwrap();
    assert_eq!(verdict.audit_state(), AuditState::Recorded, "durable before told");
    assert_eq!(verdict.sanctions.len(), usize::from(whom != Told::Nobody));
    Sent { user, at, took }
}

/// When the webhook was first called for each user.
fn received_by(fake: &FakeEnforcer) -> Receipts {
    let mut receipts = Receipts::new();
    for request in fake.received() {
        assert_eq!(request.refused, None, "every request is believed");
        receipts.entry(request.user_id).or_insert(request.at);
    }
    receipts
}

fn print(sent: &[Vec<Sent>; 3], webhook: &Receipts, stream: &Receipts) {
    let [recorded, told_by_webhook, told_by_stream] = sent;
    let commit = calls_of(recorded);
    println!("{} calls of each kind", recorded.len());
    println!("{:<38} {:>10} {:>10} {:>10} {:>10}", "", "p50", "p99", "of p50", "of p99");
    print_line("a match, recorded: the call", &commit, &commit);
    for (name, sent, receipts) in
        [("webhook", told_by_webhook, webhook), ("stream", told_by_stream, stream)]
    {
        print_line(&format!("a sanction, {name}: the call"), &calls_of(sent), &commit);
        let received = receipts_of(sent, receipts);
        print_line(&format!("a sanction, {name}: received"), &received, &commit);
    }
}

/// A line with what it is a multiple of: the same quantile of calls that are only recorded.
fn print_line(name: &str, micros: &Histogram<u64>, commit: &Histogram<u64>) {
    let [p50, p99] = [0.5, 0.99].map(|at| micros.value_at_quantile(at));
    let of_commit = |micros: u64, at| micros as f64 / commit.value_at_quantile(at) as f64;
    println!(
        "{name:<38} {:>10.2?} {:>10.2?} {:>9.2}x {:>9.2}x",
        Duration::from_micros(p50),
        Duration::from_micros(p99),
        of_commit(p50, 0.5),
        of_commit(p99, 0.99),
    );
}

fn calls_of(sent: &[Sent]) -> Histogram<u64> {
    histogram(sent.iter().map(|sent| sent.took))
}

/// From just before each call to the receipt of what it brought.
fn receipts_of(sent: &[Sent], receipts: &Receipts) -> Histogram<u64> {
    histogram(sent.iter().map(|sent| receipts[&sent.user].saturating_duration_since(sent.at)))
}

fn histogram(durations: impl Iterator<Item = Duration>) -> Histogram<u64> {
    let mut micros = Histogram::new(3).unwrap();
    for duration in durations {
        micros.record(u64::try_from(duration.as_micros()).unwrap()).unwrap();
    }
    micros
}

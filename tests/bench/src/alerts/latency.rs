use super::set_up::{HARMLESS, SECRET, URGENT, everything, message, room};
use crate::server::Server;
use clap::Args;
use hdrhistogram::Histogram;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tonic::transport::Channel;
use umpire_fakes::{vendor::FakeVendor, webhook_sink::WebhookSink};
use umpire_proto::v1::{
    AuditState, CheckMessageRequest, moderation_service_client::ModerationServiceClient,
};

#[derive(Args)]
pub struct Options {
    /// Calls a second
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
    /// Seconds of calls of each kind
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Rounds in which the kinds take turns; one more warms up
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

/// After each round, so that what it left to settle does not slow the next.
const PAUSE: Duration = Duration::from_millis(300);

/// A call that was answered.
struct Sent {
    room: String,
    /// Just before the call.
    at: Instant,
    took: Duration,
}

pub async fn run(options: Options) {
    let folder = TempDir::new().unwrap();
    let fake = FakeVendor::start(WebhookSink::signed_with(SECRET)).await;
    let environment = [("UMPIRE_OUTBOUND__ALLOW_PRIVATE", "true")];
    let server = Server::start_with(folder.path(), &[], &environment);
    everything(&server, fake.url("/hook")).await;
    let [recorded, told] = send_all(&options, &server, &fake).await;
    let receipts: HashMap<_, _> = fake.calls().iter().map(|call| (room(call), call.at)).collect();
    print(&recorded, &told, &receipts);
    server.stop();
}

/// The calls of each kind. The first round warms up and is left out.
async fn send_all(options: &Options, server: &Server, fake: &FakeVendor) -> [Vec<Sent>; 2] {
    let moderation = ModerationServiceClient::new(server.channel());
    let interval = Duration::from_secs(1) / options.rate;
    let calls = (options.rate * options.seconds).div_ceil(options.rounds) as usize;
    let mut sent: [Vec<Sent>; 2] = Default::default();
    let (mut number, mut told) = (0, 0);
    for round in 0..=options.rounds {
        for (word, sent) in [HARMLESS, URGENT].into_iter().zip(&mut sent) {
            let answered = send(&moderation, word, number, calls, interval).await;
            number += calls as u64;
            if word == URGENT {
                told += calls;
                fake.wait_for_calls(told).await;
            }
            tokio::time::sleep(PAUSE).await;
            if round > 0 {
                sent.extend(answered);
            }
        }
    }
    sent
}

/// So many calls at a steady rate, each in another room, whatever the answers take.
async fn send(
    moderation: &ModerationServiceClient<Channel>,
    word: &'static str,
    first: u64,
    calls: usize,
    interval: Duration,
) -> Vec<Sent> {
    let mut due = Instant::now();
    let mut under_way = Vec::with_capacity(calls);
    for number in (first..).take(calls) {
        under_way.push(tokio::spawn(call(moderation.clone(), word, number, due)));
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
    word: &'static str,
    number: u64,
    due: Instant,
) -> Sent {
    let room = format!("room-{number}");
    let message = Some(message(word, &room, number));
    let request = CheckMessageRequest { message, ..CheckMessageRequest::default() };
    tokio::time::sleep_until(due.into()).await;
    let at = Instant::now();
    let answer = moderation.check_message(request).await;
    let took = at.elapsed();
    let verdict = answer.unwrap().into_inner().verdict.unwrap();
    assert_eq!(verdict.audit_state(), AuditState::Recorded, "durable before told");
    Sent { room, at, took }
}

fn print(recorded: &[Sent], told: &[Sent], receipts: &HashMap<String, Instant>) {
    let commit = histogram(recorded.iter().map(|sent| sent.took));
    let calls = histogram(told.iter().map(|sent| sent.took));
    let since = |sent: &Sent| receipts[&sent.room].saturating_duration_since(sent.at);
    let received = histogram(told.iter().map(since));
    println!("{} calls of each kind", recorded.len());
    println!("{:<34} {:>10} {:>10}", "", "p50", "p99");
    let lines = [
        ("a match, recorded: the call", &commit),
        ("a P0, recorded: the call", &calls),
        ("a P0: received by the vendor", &received),
    ];
    for (name, micros) in lines {
        println!("{name:<34} {:>10.2?} {:>10.2?}", at(micros, 0.5), at(micros, 0.99));
    }
    let goal = 3 * at(&commit, 0.99) + Duration::from_millis(10);
    println!("goal for the last p99: three times the first and 10 ms, {goal:.2?}");
}

fn at(micros: &Histogram<u64>, quantile: f64) -> Duration {
    Duration::from_micros(micros.value_at_quantile(quantile))
}

fn histogram(durations: impl Iterator<Item = Duration>) -> Histogram<u64> {
    let mut micros = Histogram::new(3).unwrap();
    for duration in durations {
        micros.record(u64::try_from(duration.as_micros()).unwrap()).unwrap();
    }
    micros
}

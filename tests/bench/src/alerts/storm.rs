use super::set_up::{SECRET, URGENT, everything, message, room};
use crate::server::Server;
use clap::Args;
use std::{
    collections::HashMap,
    fs,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use umpire_fakes::{vendor::FakeVendor, webhook_sink::WebhookSink};
use umpire_proto::v1::{
    Alert, BatchCheckMessagesRequest, ListAlertsRequest, alert_service_client::AlertServiceClient,
    moderation_service_client::ModerationServiceClient,
};

#[derive(Args)]
pub struct Options {
    /// Events
    #[arg(long, default_value_t = 100_000)]
    events: u64,
    /// Keys they are for
    #[arg(long, default_value_t = 5_000)]
    keys: u64,
    /// Seconds they come in
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// Messages of one call.
const BATCH: u64 = 100;
/// How often the memory is looked at.
const LOOK: Duration = Duration::from_secs(10);

pub async fn run(options: Options) {
    let folder = TempDir::new().unwrap();
    let fake = FakeVendor::start(WebhookSink::signed_with(SECRET)).await;
    let environment = [("UMPIRE_OUTBOUND__ALLOW_PRIVATE", "true")];
    let server = Server::start_with(folder.path(), &[], &environment);
    everything(&server, fake.url("/hook")).await;
    let started = Instant::now();
    send(&options, &server, started).await;
    println!("all {} events were recorded after {:.1?}", options.events, started.elapsed());
    let alerts = all_counted(&options, &server).await;
    println!("all of them were counted after {:.1?}", started.elapsed());
    fake.wait_for_calls(usize::try_from(options.keys).unwrap()).await;
    println!("every key was told after {:.1?}", started.elapsed());
    account(&options, &alerts, &fake);
    server.stop();
}

/// The events at a steady rate, and the server's memory meanwhile.
async fn send(options: &Options, server: &Server, started: Instant) {
    let mut moderation = ModerationServiceClient::new(server.channel());
    let batches = options.events / BATCH;
    let mut next_look = Duration::ZERO;
    for batch in 0..batches {
        let due = Duration::from_secs(options.seconds) * u32::try_from(batch).unwrap()
            / u32::try_from(batches).unwrap();
        tokio::time::sleep_until((started + due).into()).await;
        let messages = (batch * BATCH..).take(usize::try_from(BATCH).unwrap());
        let messages = messages
            .map(|number| message(URGENT, &format!("room-{}", number % options.keys), number));
        let request = BatchCheckMessagesRequest { messages: messages.collect(), ..<_>::default() };
        moderation.batch_check_messages(request).await.unwrap();
        if started.elapsed() >= next_look {
            println!("{:>5.0?}: {} MB resident", started.elapsed(), resident(server) >> 20);
            next_look += LOOK;
        }
    }
}

/// Every alert, once all events are counted in one.
async fn all_counted(options: &Options, server: &Server) -> Vec<Alert> {
    let patience = Instant::now() + Duration::from_secs(120);
    loop {
        let alerts = alerts(server).await;
        let counted: i64 = alerts.iter().map(|alert| alert.count).sum();
        if u64::try_from(counted).unwrap() == options.events {
            return alerts;
        }
        assert!(Instant::now() < patience, "{counted} events are counted");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn alerts(server: &Server) -> Vec<Alert> {
    let mut client = AlertServiceClient::new(server.channel());
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListAlertsRequest { page_size: 1_000, page_token, ..<_>::default() };
        let page = client.list_alerts(request).await.unwrap().into_inner();
        all.extend(page.alerts);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return all;
        }
    }
}

/// At most one message per key and window, and no event that nothing has become of.
fn account(options: &Options, alerts: &[Alert], fake: &FakeVendor) {
    let mut told: HashMap<String, u64> = HashMap::new();
    for call in fake.calls() {
        *told.entry(room(&call)).or_default() += 1;
    }
    let most = told.values().max().copied().unwrap_or_default();
    println!("{} alerts, {} keys told, at most {most} message a key", alerts.len(), told.len());
    let mut fates: HashMap<&str, i64> = HashMap::new();
    for alert in alerts {
        assert_eq!(alert.fates.values().sum::<i64>(), alert.count, "{alert:?}");
        alert.fates.iter().for_each(|(fate, count)| *fates.entry(fate).or_default() += count);
    }
    println!("what became of {} events: {fates:?}", options.events);
}

/// Bytes of memory that a server holds.
fn resident(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

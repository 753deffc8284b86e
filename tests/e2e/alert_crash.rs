//! Whenever the server is killed, everybody hears of every alert, and twice at most of what
//! was on its way.

use crate::{
    durability::Dice,
    duty::{SECRET, said, webhook_id, webhook_ids},
};
use futures_util::future::join_all;
use rusqlite::Connection;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tonic::Status;
use umpire_fakes::{FakeVendor, webhook_sink::WebhookSink};
use umpire_notify::CRASH_POINTS;
use umpire_proto::v1::{
    BatchCheckMessagesRequest, CheckMessageRequest, DeliveryState, Level, ListAlertsRequest,
    ListDeliveriesRequest, Message, StreamMessagesRequest, check_result,
};
use umpire_testkit::{
    Clients, ServerProcess, alerting_rule, alerts, check, deliveries, eventually, route,
    webhook_receiver,
};

/// Fakes are on this machine.
const ENVIRONMENT: [(&str, &str); 1] = [("UMPIRE_OUTBOUND__ALLOW_PRIVATE", "true")];
/// What a killed server had in its hands belongs to it for a minute longer.
const PATIENCE: Duration = Duration::from_secs(180);
const POLL: Duration = Duration::from_millis(100);
/// Matters in each scene.
const MATTERS: u64 = 20;

async fn service() -> FakeVendor {
    FakeVendor::start(WebhookSink::signed_with(SECRET)).await
}

/// A data folder in which `bad` is told, at each scene to a receiver of its own.
async fn set_up(folder: &TempDir, fake: &FakeVendor, scenes: u64) {
    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    let clients = server.clients();
    let (mut rules, mut service) = (clients.rules.clone(), clients.alerts.clone());
    rules.create_rule(alerting_rule("bad", &["bad"], Level::P2)).await.unwrap();
    for scene in 0..scenes {
        let id = format!("hook-{scene}");
        let url = fake.url(&format!("/{id}"));
        service.create_receiver(webhook_receiver(&id, &url, SECRET)).await.unwrap();
        let filter = format!("scene = {}", called(scene));
        service.create_route(route(&id, &filter, &[&id])).await.unwrap();
    }
    assert!(server.terminate().success());
}

fn called(scene: u64) -> String {
    format!("scene-{scene}")
}

/// Messages that are always the same, so that they can be sent again; each a matter of its
/// own.
fn of(scene: u64) -> impl Iterator<Item = Message> {
    (0..MATTERS).map(move |number| Message {
        message_id: number.to_string(),
        scene: called(scene),
        ..said(&format!("{scene}-{number}"), "bad")
    })
}

/// Deliveries that a server had in its hands when it ended: each with the number of its
/// lease.
type Leases = BTreeSet<(String, u64)>;

/// Reads the folder of a server that has ended.
fn leased(folder: &Path) -> Leases {
    let database = Connection::open(folder.join("umpire.db")).unwrap();
    let mut query = database.prepare("SELECT body FROM deliveries WHERE state = 0").unwrap();
    let bodies = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let bodies = bodies.map(|body| serde_json::from_str::<Value>(&body.unwrap()).unwrap());
    bodies
        .filter(|delivery| delivery["leased"] == true)
        .map(|delivery| {
            let id = delivery["id"].as_str().unwrap();
            (format!("msg_{id}"), delivery["fence"].as_u64().unwrap())
        })
        .collect()
}

/// Waits until there are so many alerts, and nothing is on its way.
async fn told(clients: &Clients, count: usize) -> Result<(), Status> {
    let deadline = Instant::now() + PATIENCE;
    while !all_told(clients, count).await? {
        assert!(Instant::now() < deadline, "{count} alerts are not told within {PATIENCE:?}");
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

async fn all_told(clients: &Clients, count: usize) -> Result<bool, Status> {
    let mut service = clients.alerts.clone();
    let request = ListAlertsRequest { page_size: 1_000, ..<_>::default() };
    if service.list_alerts(request).await?.into_inner().alerts.len() < count {
        return Ok(false);
    }
    let filter = "state = QUEUED".to_owned();
    let request = ListDeliveriesRequest { page_size: 1, filter, ..<_>::default() };
    Ok(service.list_deliveries(request).await?.into_inner().deliveries.is_empty())
}

/// Every alert was told under the id of its one delivery; twice only what was on its way
/// when a server ended, once for each time that it was.
async fn check_all(clients: &Clients, fake: &FakeVendor, count: usize, leases: &Leases) {
    let all = alerts(clients).await;
    let keys: BTreeSet<_> = all.iter().map(|alert| &alert.key).collect();
    assert_eq!((all.len(), keys.len()), (count, count), "{all:#?}");
    for alert in &all {
        assert_eq!(alert.fates, BTreeMap::from([("NOTIFIED".into(), 1)]), "{alert:?}");
    }
    let sent = deliveries(clients).await;
    let about: BTreeSet<_> = sent.iter().flat_map(|one| &one.alerts).collect();
    assert_eq!((sent.len(), about.len()), (count, count), "one for each");
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for id in webhook_ids(&fake.calls()) {
        *calls.entry(id).or_default() += 1;
    }
    assert_eq!(calls.len(), count, "nothing else was told");
    for delivery in &sent {
        assert_eq!(delivery.state(), DeliveryState::Delivered, "{delivery:?}");
        let id = webhook_id(delivery);
        let times = calls.get(&id).copied().unwrap_or_default();
        let in_hand = leases.iter().filter(|(leased, _)| *leased == id).count();
        assert!((1..=1 + in_hand).contains(&times), "{id}: {times} calls, {in_hand} leases");
    }
    assert_eq!(fake.messages().len(), count, "each is seen once");
}

/// Breaks off when the server does, and can be lived again.
async fn live(clients: &Clients) -> Result<(), Status> {
    for message in of(0) {
        check(clients, message).await?;
    }
    told(clients, MATTERS as usize).await
}

async fn check_point(point: &str) {
    let (folder, fake) = (TempDir::new().unwrap(), service().await);
    set_up(&folder, &fake, 1).await;
    let environment = [ENVIRONMENT[0], ("UMPIRE_CRASH_POINT", point)];
    let mut server = ServerProcess::start_with(folder.path(), &environment);
    assert!(
        live(&server.clients()).await.is_err(),
        "{point} was not passed: was the server built with the feature `umpire/crash-points`?"
    );
    eventually(point, async || server.has_ended().then_some(())).await;
    let leases = leased(folder.path());
    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    live(&server.clients()).await.unwrap();
    check_all(&server.clients(), &fake, MATTERS as usize, &leases).await;
    assert!(server.terminate().success());
}

/// All at once, for each waits until what the killed server had is free.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_crash_point_of_alerts() {
    assert!(!CRASH_POINTS.is_empty());
    join_all(CRASH_POINTS.iter().map(|point| Box::pin(check_point(point)))).await;
}

/// How often the server is killed: at each scene once.
const KILLS: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_while_it_tells() {
    let (folder, fake) = (TempDir::new().unwrap(), service().await);
    set_up(&folder, &fake, KILLS).await;
    let (mut dice, mut leases) = (Dice(13), Leases::new());
    for scene in 0..KILLS {
        let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
        let verdicts = 1 + dice.below(MATTERS - 1);
        let calls = fake.calls().len() as u64 + dice.below(verdicts + 1);
        say_until(&server.clients(), scene, verdicts).await;
        eventually("some are told", async || (fake.calls().len() as u64 >= calls).then_some(()))
            .await;
        server.kill();
        leases.extend(leased(folder.path()));
    }
    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    let clients = server.clients();
    for scene in 0..KILLS {
        say_again(&clients, of(scene).collect()).await;
    }
    let everything = (KILLS * MATTERS) as usize;
    told(&clients, everything).await.unwrap();
    check_all(&clients, &fake, everything, &leases).await;
    assert!(server.terminate().success());
}

/// Streams the messages of a scene until so many verdicts came; more are under way then.
async fn say_until(clients: &Clients, scene: u64, verdicts: u64) {
    let asked = (0..).zip(of(scene)).map(|(client_seq, message)| {
        let check = CheckMessageRequest { message: Some(message), ..<_>::default() };
        StreamMessagesRequest { client_seq, check: Some(check) }
    });
    let asked: Vec<_> = asked.collect();
    let stream = clients.moderation.clone().stream_messages(tokio_stream::iter(asked)).await;
    let mut answers = stream.unwrap().into_inner();
    for _ in 0..verdicts {
        answers.message().await.unwrap().unwrap();
    }
}

/// Sends messages again: those that were recorded raise nothing more.
async fn say_again(clients: &Clients, messages: Vec<Message>) {
    let request = BatchCheckMessagesRequest { messages, ..<_>::default() };
    let answer = clients.moderation.clone().batch_check_messages(request).await.unwrap();
    for result in answer.into_inner().results {
        assert!(matches!(result.result, Some(check_result::Result::Verdict(_))), "{result:?}");
    }
}

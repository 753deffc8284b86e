//! Secrets are written, used, and neither shown, logged nor kept so that anybody can read
//! them.

use super::{
    create,
    every_channel::{MARK, MOBILE, all},
    get, try_it,
};
use prost::Message;
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;
use umpire::{Config, Server};
use umpire_fakes::{FakeVendor, webhook_sink::WebhookSink};
use umpire_proto::v1::{
    CreateReceiverRequest, ListDeliveriesRequest, ListReceiversRequest, UpdateReceiverRequest,
};
use umpire_testkit::{
    Clients, ManualClock, ServerProcess, eventually, receiver, receiver_name, webhook_receiver,
};

/// `whsec_` and 24 bytes that no test's receiver has.
const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
/// Everything may be said, and fakes are on this machine.
const ENVIRONMENT: [(&str, &str); 2] =
    [("UMPIRE_LOG__LEVEL", "debug"), ("UMPIRE_OUTBOUND__ALLOW_PRIVATE", "true")];

/// Files below a folder that have a text in them.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            found.extend(holding(&path, text));
        } else if holds(&fs::read(&path).unwrap(), text) {
            found.push(path);
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A port of this machine where nobody listens.
fn closed_port() -> i32 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().into()
}

fn request_id(number: usize) -> String {
    format!("0193a7b2-5c1e-7cc0-8000-{number:012}")
}

/// Makes, changes and tries a receiver of every channel; nothing that is answered has a
/// secret in it. Every peer refuses.
async fn use_all(clients: &Clients, peer: &FakeVendor) {
    let channels = all(&peer.url(""), closed_port());
    for (number, (channel, secrets)) in channels.into_iter().enumerate() {
        let id = format!("r{number}");
        let request =
            CreateReceiverRequest { request_id: request_id(number), ..receiver(&id, channel) };
        let written = request.receiver.clone().unwrap();
        let made = create(clients, request.clone()).await.unwrap();
        let repeated = create(clients, request).await.unwrap();
        assert_eq!((&repeated, made.secrets_set.len()), (&made, secrets.len()));
        let update = UpdateReceiverRequest {
            receiver: Some(umpire_proto::v1::Receiver { name: made.name.clone(), ..written }),
            request_id: request_id(100 + number),
            ..<_>::default()
        };
        let updated = clients.alerts.clone().update_receiver(update).await.unwrap().into_inner();
        let tried = try_it(clients, &id).await.unwrap();
        for answer in [made.encode_to_vec(), updated.encode_to_vec(), tried.encode_to_vec()] {
            assert!(!holds(&answer, MARK), "{id}: {made:?} {tried:?}");
        }
    }
    let list = ListReceiversRequest::default();
    let listed = clients.alerts.clone().list_receivers(list).await.unwrap().into_inner();
    assert_eq!(listed.receivers.len(), 16);
    let log = ListDeliveriesRequest { page_size: 1_000, ..<_>::default() };
    let log = clients.alerts.clone().list_deliveries(log).await.unwrap().into_inner();
    for answer in [listed.encode_to_vec(), log.encode_to_vec()] {
        assert!(!holds(&answer, MARK), "{listed:?} {log:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_a_secret_in_an_answer_a_file_or_the_log() {
    let folder = TempDir::new().unwrap();
    let peer = FakeVendor::start(WebhookSink::signed_with(SECRET)).await;
    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    use_all(&server.clients(), &peer).await;
    assert!(!peer.calls().is_empty(), "they were used");
    let running = holding(folder.path(), MARK);
    let log = server.log();
    assert!(server.terminate().success());
    let stopped = holding(folder.path(), MARK);
    assert!(running.is_empty() && stopped.is_empty(), "{running:?} {stopped:?}");
    for private in [MARK, MOBILE] {
        let told: Vec<_> = log.lines().filter(|line| line.contains(private)).collect();
        assert!(told.is_empty(), "{told:?}");
    }
    assert!(log.contains("DEBUG"), "everything was said");
    // They are there all the same.
    let server = ServerProcess::start_with(folder.path(), &ENVIRONMENT);
    let calls = peer.calls().len();
    for number in 0..16 {
        let id = format!("r{number}");
        get(&server.clients(), &receiver_name(&id)).await.unwrap();
        try_it(&server.clients(), &id).await.unwrap();
    }
    let again = peer.calls().split_off(calls);
    assert!(again.iter().any(|call| call.path.contains(MARK) || call.raw_query.contains(MARK)));
}

#[tokio::test]
async fn another_key_opens_nothing_and_says_what() {
    let folder = TempDir::new().unwrap();
    let config = |key: &str| {
        let path = folder.path().join(key);
        fs::write(&path, key.repeat(32)).unwrap();
        let mut config = Config::default();
        config.server.data_dir = folder.path().join("data");
        config.server.grpc.set_port(0);
        config.server.http.set_port(0);
        config.secrets.key_file = Some(path);
        config
    };
    let clock = Arc::new(ManualClock::at("2026-11-22T03:00:00Z"));
    let server = Server::start(&config("a"), clock.clone()).await.unwrap();
    let clients = Clients::connect(server.grpc_address(), None);
    create(&clients, webhook_receiver("duty", "https://duty.example/hook", SECRET)).await.unwrap();
    server.shutdown().await;
    let error = Server::start(&config("b"), clock.clone()).await.err().expect("refused");
    let said = error.to_string();
    assert!(said.contains("receivers/default/duty"), "{said}");
    let right = config("a");
    let server = eventually("the folder is let go", async || {
        Server::start(&right, clock.clone()).await.ok()
    })
    .await;
    let clients = Clients::connect(server.grpc_address(), None);
    let kept = get(&clients, &receiver_name("duty")).await.unwrap();
    assert_eq!(kept.secrets_set, ["webhook.url", "webhook.secret"]);
    server.shutdown().await;
}

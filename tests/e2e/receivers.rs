//! Receivers are kept and changed; their secrets come in and never go out.

mod every_channel;
mod secrets;

use crate::office::{Office, SECRET};
use prost_types::FieldMask;
use tonic::{Code, Status};
use umpire_fakes::Fault;
use umpire_proto::v1::{
    AlertState, CreateReceiverRequest, DeleteReceiverRequest, Delivery, DeliveryState,
    GetDeliveryRequest, GetReceiverRequest,
    Level::P2,
    ListReceiversRequest, NoticeReason, Receiver, SendTestNotificationRequest,
    SendTestNotificationResponse, UpdateReceiverRequest,
    receiver::{Channel, Slack, Webhook},
};
use umpire_testkit::{
    Clients, alerts, deliveries, eventually, fates, reason, receiver_name, seconds, violated,
    webhook_receiver,
};

const ID: &str = "0193a7b2-5c1e-7cc0-8000-000000000001";
/// `whsec_` and 24 bytes that the sink does not know.
const OTHER_SECRET: &str = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4";

async fn create(clients: &Clients, request: CreateReceiverRequest) -> Result<Receiver, Status> {
    let made = clients.alerts.clone().create_receiver(request).await?;
    Ok(made.into_inner().receiver.unwrap())
}

/// A receiver, without what is known of its health.
async fn get(clients: &Clients, name: &str) -> Result<Receiver, Status> {
    let request = GetReceiverRequest { name: name.into() };
    let read = clients.alerts.clone().get_receiver(request).await?.into_inner().receiver.unwrap();
    assert!(read.health.is_some());
    Ok(Receiver { health: None, ..read })
}

/// Changes these fields; without any those that are set.
async fn update(clients: &Clients, receiver: Receiver, paths: &[&str]) -> Result<Receiver, Status> {
    let mask = FieldMask { paths: paths.iter().map(|&path| path.to_owned()).collect() };
    let request = UpdateReceiverRequest {
        receiver: Some(receiver),
        update_mask: (!paths.is_empty()).then_some(mask),
        ..<_>::default()
    };
    Ok(clients.alerts.clone().update_receiver(request).await?.into_inner().receiver.unwrap())
}

async fn delete(clients: &Clients, name: &str, etag: &str) -> Result<(), Status> {
    let request = DeleteReceiverRequest { name: name.into(), etag: etag.into(), ..<_>::default() };
    clients.alerts.clone().delete_receiver(request).await.map(drop)
}

async fn try_it(clients: &Clients, id: &str) -> Result<SendTestNotificationResponse, Status> {
    let request = SendTestNotificationRequest { name: receiver_name(id), ..<_>::default() };
    Ok(clients.alerts.clone().send_test_notification(request).await?.into_inner())
}

async fn delivery(clients: &Clients, name: &str) -> Delivery {
    let request = GetDeliveryRequest { name: name.into() };
    clients.alerts.clone().get_delivery(request).await.unwrap().into_inner().delivery.unwrap()
}

#[tokio::test]
async fn a_receiver_lives_through_its_changes() {
    let mut office = Office::start(&[]).await;
    let made = office.receiver("night", |receiver| receiver.display_name = "Night".into()).await;
    assert_eq!(made.name, receiver_name("night"));
    assert_eq!(made.secrets_set, ["webhook.url", "webhook.secret"]);
    assert!(made.create_time.is_some() && made.create_time == made.update_time);
    assert_eq!(made.failover_after, seconds(60));
    let again = webhook_receiver("night", "https://night.example/", SECRET);
    let refused = create(&office.clients, again).await.unwrap_err();
    assert_eq!((refused.code(), &*reason(&refused)), (Code::AlreadyExists, "ALREADY_EXISTS"));

    let wanted = Receiver { display_name: "Nights".into(), disabled: true, ..made.clone() };
    let renamed = update(&office.clients, wanted.clone(), &["display_name"]).await.unwrap();
    assert_eq!((renamed.display_name.as_str(), renamed.disabled), ("Nights", false));
    assert_ne!(renamed.etag, made.etag);
    let stale = update(&office.clients, wanted, &["display_name"]).await.unwrap_err();
    assert_eq!((stale.code(), &*reason(&stale)), (Code::Aborted, "ETAG_MISMATCH"));
    office.restart().await;
    assert_eq!(get(&office.clients, &made.name).await.unwrap(), renamed);

    let stale = delete(&office.clients, &made.name, &made.etag).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    delete(&office.clients, &made.name, &renamed.etag).await.unwrap();
    for gone in [
        get(&office.clients, &made.name).await.map(drop),
        delete(&office.clients, &made.name, "").await,
        try_it(&office.clients, "night").await.map(drop),
        update(&office.clients, renamed, &["display_name"]).await.map(drop),
    ] {
        let gone = gone.unwrap_err();
        assert_eq!((gone.code(), &*reason(&gone)), (Code::NotFound, "NOT_FOUND"));
    }
}

#[tokio::test]
async fn a_request_id_makes_a_change_once_and_validate_only_none() {
    let office = Office::start(&[]).await;
    let url = office.sink.url("/hook");
    let dry =
        CreateReceiverRequest { validate_only: true, ..webhook_receiver("dry", &url, SECRET) };
    assert_eq!(create(&office.clients, dry).await.unwrap().name, receiver_name("dry"));
    let request =
        CreateReceiverRequest { request_id: ID.into(), ..webhook_receiver("", &url, SECRET) };
    let first = create(&office.clients, request.clone()).await.unwrap();
    assert_eq!(create(&office.clients, request.clone()).await.unwrap(), first);
    let other = CreateReceiverRequest { receiver_id: "b".into(), ..request };
    let refused = create(&office.clients, other).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    let list = ListReceiversRequest::default();
    let listed = office.clients.alerts.clone().list_receivers(list).await.unwrap().into_inner();
    assert_eq!(listed.receivers.len(), 1);
    let id = first.name.rsplit('/').next().unwrap();
    assert!(try_it(&office.clients, id).await.unwrap().delivered, "its secret was not forgotten");
}

#[tokio::test]
async fn receivers_are_listed_by_id_with_filters_and_pages() {
    let office = Office::start(&["a", "b", "c", "d"]).await;
    office
        .receiver("z", |receiver| {
            let slack = Slack { url: "https://hooks.example/x".into(), ..<_>::default() };
            (receiver.display_name, receiver.channel) =
                ("Night shift".into(), Some(Channel::Slack(slack)));
        })
        .await;
    for (filter, expected) in [
        ("", "a b c d z"),
        ("channel = webhook", "a b c d"),
        ("channel != webhook", "z"),
        ("display_name:night", "z"),
        ("id = b OR id = c", "b c"),
    ] {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListReceiversRequest {
                page_size: 2,
                page_token,
                filter: filter.into(),
                ..<_>::default()
            };
            let page = office.clients.alerts.clone().list_receivers(request).await.unwrap();
            let page = page.into_inner();
            assert!(page.receivers.iter().all(|receiver| receiver.health.is_some()));
            let id = |receiver: Receiver| receiver.name.replace("tenants/default/receivers/", "");
            found.extend(page.receivers.into_iter().map(id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found.join(" "), expected, "{filter}");
    }
}

/// A change of a receiver's webhook alone.
fn webhook(made: &Receiver, url: &str, secret: &str) -> Receiver {
    let webhook = Webhook { url: url.into(), secret: secret.into(), ..<_>::default() };
    let channel = Some(Channel::Webhook(webhook));
    Receiver { name: made.name.clone(), channel, ..<_>::default() }
}

#[tokio::test]
async fn a_change_names_what_it_is_about_and_leaves_secrets_alone() {
    let office = Office::start(&[]).await;
    let made = office.receiver("duty", |_| {}).await;
    let shown = match &made.channel {
        Some(Channel::Webhook(webhook)) => webhook.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown.url, format!("http://{}/***", office.sink.address()));
    assert_eq!((shown.secret.as_str(), shown.previous_secret.as_str()), ("", ""));
    let hook = office.sink.url("/hook");
    for (number, (change, paths, believed)) in [
        // As it is shown, whole.
        (made.clone(), &["*"][..], true),
        // Only the secret, named; and then without a mask.
        (webhook(&made, "", OTHER_SECRET), &["webhook.secret"], false),
        (webhook(&made, "", SECRET), &[], true),
        // The address alone, and as it is shown.
        (webhook(&made, &hook, ""), &["webhook.url"], true),
        (webhook(&made, &shown.url, ""), &[], true),
        // What signs, too, while it changes over.
        (webhook(&made, "", OTHER_SECRET), &["webhook.secret"], false),
        (
            Receiver {
                channel: Some(Channel::Webhook(Webhook {
                    previous_secret: SECRET.into(),
                    ..<_>::default()
                })),
                ..webhook(&made, "", "")
            },
            &[],
            true,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let change = Receiver { etag: String::new(), ..change };
        update(&office.clients, change, paths).await.unwrap();
        let tried = try_it(&office.clients, "duty").await.unwrap();
        assert_eq!(tried.delivered, believed, "{number}: {tried:?}");
    }
    for path in ["name", "etag", "health", "secrets_set", "webhook.colour", "display_name.x"] {
        let refused = update(&office.clients, made.clone(), &[path]).await.unwrap_err();
        assert_eq!(violated(&refused), ["update_mask"], "{path}");
    }
}

#[tokio::test]
async fn the_kind_of_channel_stays() {
    let office = Office::start(&[]).await;
    let made = office.receiver("duty", |_| {}).await;
    let slack = Slack { url: "https://hooks.example/x".into(), ..<_>::default() };
    let other = Receiver { channel: Some(Channel::Slack(slack)), ..made.clone() };
    for paths in [&[][..], &["slack"], &["*"]] {
        let refused = update(&office.clients, other.clone(), paths).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(violated(&refused), ["receiver.slack"], "{paths:?}");
    }
    assert_eq!(get(&office.clients, &made.name).await.unwrap(), made);
}

#[tokio::test]
async fn a_receiver_is_tried_and_the_peers_answer_is_told() {
    let office = Office::start(&["duty"]).await;
    let good = try_it(&office.clients, "duty").await.unwrap();
    let attempt = good.attempt.unwrap();
    assert_eq!(
        (good.delivered, attempt.outcome.as_str(), attempt.http_status),
        (true, "DELIVERED", 204)
    );
    assert!(!good.title.is_empty() && !good.body.is_empty());
    let heard = office.heard(1).await;
    assert!(heard[0].starts_with("duty P2 TEST "), "{heard:?}");
    let logged = delivery(&office.clients, &good.delivery).await;
    assert_eq!((logged.state(), logged.reason()), (DeliveryState::Delivered, NoticeReason::Test));

    office.sink.fail_next([Fault::Status(404, Vec::new(), "nobody lives here".into())]);
    let bad = try_it(&office.clients, "duty").await.unwrap();
    let attempt = bad.attempt.unwrap();
    assert_eq!(
        (bad.delivered, attempt.outcome.as_str(), attempt.http_status),
        (false, "PERMANENT", 404)
    );
    assert!(attempt.detail.contains("nobody lives here"), "{}", attempt.detail);
    let logged = delivery(&office.clients, &bad.delivery).await;
    assert_eq!((logged.state(), logged.log.len()), (DeliveryState::DeadLettered, 1));
    assert!(alerts(&office.clients).await.is_empty(), "who tried it knows");
}

#[tokio::test]
async fn who_is_switched_off_or_gone_is_told_nothing() {
    let office = Office::start(&["duty"]).await;
    office.route("all", "", &["duty"], |_| {}).await;
    office.rule("leak", P2).await;
    let name = receiver_name("duty");
    let switch = |disabled| Receiver { name: name.clone(), disabled, ..<_>::default() };
    update(&office.clients, switch(true), &["disabled"]).await.unwrap();
    office.say("a", "leak").await;
    let recorded = office.alert("").await;
    assert_eq!(
        (fates(&recorded), recorded.state()),
        (vec![("RECORDED_ONLY", 1)], AlertState::Open)
    );
    assert_eq!(reasons(&office).await, ["RECEIVER_DISABLED"]);
    assert!(try_it(&office.clients, "duty").await.unwrap().delivered, "it can be tried");
    update(&office.clients, switch(false), &["disabled"]).await.unwrap();

    office.sink.fail_always(Some(Fault::Status(500, Vec::new(), String::new())));
    office.say("b", "leak").await;
    eventually("it was tried in vain", async || {
        let waiting = deliveries(&office.clients).await.into_iter().find(|one| one.attempts == 1);
        waiting.filter(|one| one.state() == DeliveryState::Queued)
    })
    .await;
    delete(&office.clients, &name, "").await.unwrap();
    eventually("what waited is suppressed", async || {
        (reasons(&office).await == ["RECEIVER_DELETED", "RECEIVER_DISABLED"]).then_some(())
    })
    .await;
    office.say("c", "leak").await;
    let recorded = office.alert("conversation = c").await;
    assert_eq!(recorded.suppressed_by, "RECORDED_ONLY", "the route leads nowhere");
}

/// Why deliveries were suppressed, newest first.
async fn reasons(office: &Office) -> Vec<String> {
    let all = deliveries(&office.clients).await.into_iter();
    let suppressed = all.filter(|one| one.state() == DeliveryState::Suppressed);
    suppressed.map(|one| one.suppressed_by).collect()
}

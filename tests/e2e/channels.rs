//! Every channel, from the call that creates its receiver to what people see.

mod peer;
mod vendors;

use crate::duty::Duty;
use peer::Peer;
use std::collections::BTreeSet;
use umpire_fakes::Fault;
use umpire_proto::v1::{
    DeliveryState, GetDeliveryRequest, ListReceiversRequest, NoticeReason, Receiver,
    SendTestNotificationRequest, SendTestNotificationResponse, delivery::Attempt,
    receiver::Channel,
};
use umpire_testkit::{alerts, delivered, deliveries_with, receiver, receiver_name, the_alert};
use vendors::{Vendor, vendors};

/// The fields of `Receiver.channel`.
const CHANNELS: usize = 16;

/// The id of a vendor's receiver.
fn id(vendor: &Vendor) -> String {
    vendor.name.replace('_', "-")
}

async fn create(duty: &Duty, id: &str, channel: &Channel) {
    duty.receiver(receiver(id, channel.clone()), |_| {}).await;
}

async fn send_test(duty: &Duty, id: &str) -> SendTestNotificationResponse {
    let request = SendTestNotificationRequest { name: receiver_name(id), ..<_>::default() };
    duty.clients.alerts.clone().send_test_notification(request).await.unwrap().into_inner()
}

/// What a call came to, for short.
fn came_to(attempt: &Attempt) -> (&str, i32, &str) {
    (&attempt.outcome, attempt.http_status, &attempt.vendor_code)
}

#[tokio::test]
async fn every_channel_tells_people_and_what_its_vendor_says() {
    let mut duty = Duty::start().await;
    let vendors = vendors(&mut duty).await;
    let names: BTreeSet<_> = vendors.iter().map(|vendor| vendor.name).collect();
    assert_eq!(names.len(), CHANNELS);
    for vendor in &vendors {
        create(&duty, &id(vendor), &vendor.right).await;
        create(&duty, &format!("{}-wrong", id(vendor)), &vendor.wrong).await;
        check_test(&duty, vendor).await;
        check_refusal(&duty, vendor).await;
    }
    assert!(alerts(&duty.clients).await.is_empty(), "a test alarms nobody");
    // Nobody is called on the telephone twice in a minute.
    duty.pass(61);
    let ids: Vec<_> = vendors.iter().map(id).collect();
    duty.route("all", "", &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    duty.say("hall", "grave").await;
    delivered(&duty.clients, 2 * CHANNELS).await;
    let alert = the_alert(&duty.clients, "").await;
    assert_eq!(alert.receivers.len(), CHANNELS);
    for vendor in &vendors {
        check_alert(&duty, vendor, &alert.name).await;
    }
}

/// A test, asked for by a person.
async fn check_test(duty: &Duty, vendor: &Vendor) {
    let name = vendor.name;
    let answer = send_test(duty, &id(vendor)).await;
    let attempt = answer.attempt.unwrap();
    let (status, code) = vendor.yes;
    assert_eq!(came_to(&attempt), ("DELIVERED", status, code), "{name}: {attempt:?}");
    assert!(answer.delivered, "{name}");
    assert!(answer.title.contains("Test notice"), "{name}: {}", answer.title);
    let shown = vendor.peer.wait_for(1).await;
    assert_eq!(shown.len(), 1, "{name}: {shown:?}");
    let request = GetDeliveryRequest { name: answer.delivery };
    let logged = duty.clients.alerts.clone().get_delivery(request).await.unwrap();
    let logged = logged.into_inner().delivery.unwrap();
    assert_eq!((&*logged.channel, logged.reason()), (name, NoticeReason::Test));
    assert_eq!((logged.state(), logged.log.len()), (DeliveryState::Delivered, 1), "{name}");
}

/// A test of a receiver that the vendor does not know, or does not believe.
async fn check_refusal(duty: &Duty, vendor: &Vendor) {
    let name = vendor.name;
    let id = format!("{}-wrong", id(vendor));
    let answer = send_test(duty, &id).await;
    let attempt = answer.attempt.unwrap();
    let (outcome, status, code, said) = vendor.no;
    assert_eq!(came_to(&attempt), (outcome, status, code), "{name}: {attempt:?}");
    assert!(attempt.detail.contains(said), "{name}: {attempt:?}");
    assert!(!answer.delivered, "{name}");
    let logged = deliveries_with(&duty.clients, &format!("receiver = {id}")).await;
    let [logged] = &logged[..] else { panic!("{name}: {logged:?}") };
    assert_eq!(
        (logged.state(), &logged.log[0].detail),
        (DeliveryState::DeadLettered, &attempt.detail)
    );
    assert_eq!(vendor.peer.wait_for(0).await.len(), 1, "{name}: nobody sees it");
}

/// The one alert, on its way to everybody.
async fn check_alert(duty: &Duty, vendor: &Vendor, alert: &str) {
    let name = vendor.name;
    let filter = format!("receiver = {} AND reason = FIRST", id(vendor));
    let told = deliveries_with(&duty.clients, &filter).await;
    let [told] = &told[..] else { panic!("{name}: {told:?}") };
    assert_eq!((told.state(), &*told.channel), (DeliveryState::Delivered, name));
    assert_eq!((&told.alerts[..], told.stands_for), (&[alert.to_owned()][..], 1), "{name}");
    let [attempt] = &told.log[..] else { panic!("{name}: {told:?}") };
    let (status, code) = vendor.yes;
    assert_eq!(came_to(attempt), ("DELIVERED", status, code), "{name}: {attempt:?}");
    let shown = vendor.peer.wait_for(2).await;
    assert!(shown[1].contains(vendor.mark), "{name}: {shown:?}");
}

#[tokio::test]
async fn private_addresses_are_refused_unless_they_are_allowed() {
    let mut duty = Duty::start_with(|config| config.outbound.allow_private = false).await;
    let vendors = vendors(&mut duty).await;
    for vendor in &vendors {
        let name = vendor.name;
        create(&duty, &id(vendor), &vendor.right).await;
        let answer = send_test(&duty, &id(vendor)).await;
        let attempt = answer.attempt.unwrap();
        assert!(!answer.delivered, "{name}");
        assert_eq!(came_to(&attempt), ("PERMANENT", 0, ""), "{name}: {attempt:?}");
        let said = "127.0.0.1 is a private or reserved address";
        assert!(attempt.detail.contains(said), "{name}: {attempt:?}");
        assert!(!vendor.peer.was_called(), "{name}");
    }
    duty.route("hook", "kind = TEXT", &["webhook"]).await;
    duty.say("hall", "bad").await;
    let dead = duty.so_many("state = DEAD_LETTERED AND reason = FIRST", 1).await;
    assert_eq!((dead[0].attempts, dead[0].log.len()), (1, 1), "it is not tried again");
    let alarm = the_alert(&duty.clients, "kind = SYSTEM").await;
    assert_eq!(alarm.key, "receiver/webhook");
}

#[tokio::test]
async fn secrets_are_not_shown_whatever_a_vendor_says() {
    let mut duty = Duty::start().await;
    for vendor in &vendors(&mut duty).await {
        create(&duty, &id(vendor), &vendor.right).await;
        let Peer::Vendor(fake) = &vendor.peer else { continue };
        fake.fail_next([Fault::Status(400, Vec::new(), vendor.secrets.join(" "))]);
        let answer = send_test(&duty, &id(vendor)).await;
        let shown = format!("{answer:?} {:?}", receivers(&duty).await);
        let told = vendor.secrets.iter().find(|secret| shown.contains(**secret));
        assert_eq!(told, None, "{}: {shown}", vendor.name);
    }
}

async fn receivers(duty: &Duty) -> Vec<Receiver> {
    let listed = duty.clients.alerts.clone().list_receivers(ListReceiversRequest::default()).await;
    listed.unwrap().into_inner().receivers
}

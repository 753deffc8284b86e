use super::*;
use crate::{
    Audience, Courier, Delivery, DeliveryId, DeliveryState, Notice, Outcome, Parcel, Reason,
    Receiver, Rendered, Report,
    samples::{id, notice, receiver, receiver_for},
};
use futures_util::future::BoxFuture;
use std::{future::ready, sync::Mutex};

/// Answers everything alike, and remembers what it was handed.
struct Vendor {
    report: Report,
    parcels: Mutex<Vec<(DeliveryId, Notice, Rendered, u32)>>,
}

fn vendor(outcome: Outcome) -> Vendor {
    let detail = "字".repeat(600);
    let (status, vendor_code) = (200, "0".into());
    let report = Report { outcome, status, vendor_code, detail, vendor_id: "m-1".into() };
    Vendor { report, parcels: Mutex::default() }
}

impl Courier for Vendor {
    fn deliver<'a>(&'a self, _: &'a Receiver, parcel: Parcel<'a>) -> BoxFuture<'a, Report> {
        let Parcel { id, notice, rendered, attempt, .. } = parcel;
        let parcel = (id, notice.clone(), rendered.clone(), attempt);
        self.parcels.lock().expect("no test panics in a call").push(parcel);
        Box::pin(ready(self.report.clone()))
    }
}

async fn office() -> Office {
    let off = Receiver { disabled: true, ..receiver() };
    let receivers = [("hook", receiver()), ("off", off), ("ops", receiver_for(Audience::Group))];
    Office::open(Setup::default().receivers(&receivers)).await
}

impl Office {
    async fn try_out(&self, vendor: &Vendor, receiver: &str) -> Result<TestResult, DeskError> {
        let notice = notice(&alert("k"));
        self.desk.send_test(vendor, &tenant(), &id(receiver), notice, at(5)).await
    }

    /// The one delivery there is.
    fn delivery(&self) -> Delivery {
        let memory = self.store.memory();
        assert_eq!(memory.deliveries.len(), 1);
        memory.deliveries.values().next().cloned().expect("one")
    }
}

#[tokio::test]
async fn a_test_is_sent_once_and_the_log_shows_it() {
    let office = office().await;
    let vendor = vendor(Outcome::Delivered);
    let result = office.try_out(&vendor, "hook").await.expect("a receiver");
    assert_eq!(result.report, vendor.report);
    assert!(!result.rendered.body.is_empty());
    let delivery = office.delivery();
    let sent = vendor.parcels.lock().expect("no test panics in a call").clone();
    let notice = Notice { reason: Reason::Test, ..delivery.notice.clone() };
    assert_eq!(sent, [(delivery.id, notice, result.rendered, 1)]);
    assert_eq!(delivery.notice.reason, Reason::Test);
    assert_eq!((delivery.state, delivery.leased), (DeliveryState::Delivered, false));
    assert_eq!((delivery.receiver.as_str(), delivery.alerts.len()), ("hook", 0));
    assert!(delivery.done_time.is_some_and(|done| at(5) <= done));
    assert_eq!(delivery.vendor_id, "m-1");
    let [call] = &delivery.log[..] else { panic!("one call: {delivery:?}") };
    assert_eq!((call.class.as_str(), call.vendor_code.as_str()), ("DELIVERED", "0"));
    assert_eq!((call.time, call.latency_ms), (at(5), result.latency_ms));
    assert_eq!(call.detail.chars().count(), 500, "no more is kept");
}

#[tokio::test]
async fn whatever_comes_of_it_is_its_end() {
    use DeliveryState::{DeadLettered, Delivered};
    for (outcome, state, failed) in [
        (Outcome::Partial(vec!["bob".into()]), Delivered, vec!["bob".to_owned()]),
        (Outcome::Throttled(60), DeadLettered, vec![]),
        (Outcome::Transient, DeadLettered, vec![]),
        (Outcome::Unknown, DeadLettered, vec![]),
        (Outcome::Permanent, DeadLettered, vec![]),
        (Outcome::Gone, DeadLettered, vec![]),
    ] {
        let office = office().await;
        let class = outcome.class();
        office.try_out(&vendor(outcome), "hook").await.expect("a receiver");
        let delivery = office.delivery();
        assert_eq!((delivery.state, &delivery.failed_recipients), (state, &failed), "{class}");
        assert_eq!(delivery.log[0].class, class);
        assert!(office.store.memory().events.is_empty(), "nobody is alarmed: {class}");
    }
}

#[tokio::test]
async fn one_that_is_switched_off_is_tried_and_one_that_is_not_there_is_not() {
    let office = office().await;
    let vendor = vendor(Outcome::Delivered);
    let missing = DeskError::NotFound("tenants/acme/receivers/nobody".into());
    assert_eq!(office.try_out(&vendor, "nobody").await.err(), Some(missing));
    assert!(vendor.parcels.lock().expect("no test panics in a call").is_empty());
    office.try_out(&vendor, "off").await.expect("a receiver");
    assert_eq!(office.delivery().state, DeliveryState::Delivered);
}

#[tokio::test]
async fn vendors_that_count_have_it_counted() {
    let office = office().await;
    for receiver in ["hook", "ops", "ops"] {
        office.try_out(&vendor(Outcome::Delivered), receiver).await.expect("a receiver");
    }
    let memory = office.store.memory();
    let sent = |name: &str| memory.healths.get(&(tenant(), id(name))).map(|it| it.sent.clone());
    assert_eq!(sent("hook"), None, "a webhook has no limit");
    assert_eq!(sent("ops"), Some(vec![at(5); 2]));
}

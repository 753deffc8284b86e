//! What a batch goes through on its way.

use super::{
    super::flights::Flights,
    office::{Answer, Call, Vendor},
};
use crate::{
    Delivery, Outcome, Report,
    dispatch::{Batch, Landed},
    samples::{Setup, alert, delivery, id, receiver, tenant},
};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;
use umpire_model::SystemClock;

fn batch(count: usize) -> Batch {
    let leased = |attempts: u32| Delivery {
        leased: true,
        fence: 7,
        attempts,
        ..delivery("a", &alert("fraud"))
    };
    let deliveries = (0..count).map(|place| leased(place as u32)).collect();
    Batch { tenant: tenant(), receiver_id: id("a"), receiver: receiver(), deliveries }
}

fn flights(answers: &[Answer]) -> (Flights, Arc<Vendor>, UnboundedReceiver<Call>) {
    let (vendor, calls) = Vendor::new(&[("a", answers)]);
    let world = Arc::new(Setup::default().open());
    (Flights::new(world, vendor.clone(), Arc::new(SystemClock)), vendor, calls)
}

/// What came of each: `-` when it was not tried.
fn classes(landed: &Landed) -> Vec<&'static str> {
    let class = |tried: &Option<(Report, u64)>| {
        tried.as_ref().map_or("-", |(report, _)| report.outcome.class())
    };
    landed.results.iter().map(|(_, _, tried)| class(tried)).collect()
}

#[tokio::test]
async fn deliveries_go_one_after_the_other_until_one_fails() {
    use Outcome::{Delivered, Gone, Permanent, Throttled, Transient, Unknown};
    let cases: [(&[Outcome], &[&str]); 6] = [
        (&[Delivered, Delivered], &["DELIVERED", "DELIVERED", "DELIVERED"]),
        (&[Permanent, Delivered], &["PERMANENT", "DELIVERED", "DELIVERED"]),
        (&[Delivered, Transient], &["DELIVERED", "TRANSIENT", "-"]),
        (&[Unknown], &["UNKNOWN", "-", "-"]),
        (&[Throttled(9)], &["THROTTLED", "-", "-"]),
        (&[Gone], &["PERMANENT", "-", "-"]),
    ];
    for (outcomes, expected) in cases {
        let answers: Vec<_> = outcomes.iter().cloned().map(Answer::Say).collect();
        let (mut flights, _, mut calls) = flights(&answers);
        let batch = batch(3);
        let sent: Vec<_> = batch.deliveries.iter().map(|one| (one.id, one.fence)).collect();
        flights.start(batch);
        assert!(flights.busy().contains(&(tenant(), id("a"))));
        let landed = flights.land().await.expect("one is under way");
        assert_eq!(classes(&landed), expected, "{outcomes:?}");
        let results: Vec<_> = landed.results.iter().map(|one| (one.0, one.1)).collect();
        assert_eq!(results, sent, "in order, each with its fence");
        let tried = expected.iter().filter(|class| **class != "-").count();
        for (place, (delivery, _)) in sent.into_iter().enumerate().take(tried) {
            let call = calls.try_recv().expect("it was made");
            assert_eq!(call, ("a".into(), delivery, place as u32 + 1));
        }
        assert!(calls.try_recv().is_err());
        assert!(flights.busy().is_empty() && flights.land().await.is_none());
    }
}

#[tokio::test]
async fn when_the_server_ends_no_further_call_is_begun() {
    let (mut flights, vendor, mut calls) = flights(&[Answer::Hold]);
    flights.start(batch(3));
    calls.recv().await.expect("it was made");
    flights.close();
    vendor.let_go();
    let landed = flights.land().await.expect("one is under way");
    assert_eq!(classes(&landed), ["DELIVERED", "-", "-"]);
}

#[tokio::test]
async fn a_panic_is_one_call_that_failed() {
    let said = Answer::Say(Outcome::Delivered);
    let (mut flights, _, _calls) = flights(&[said, Answer::Panic]);
    flights.start(batch(3));
    let landed = flights.land().await.expect("one is under way");
    assert_eq!(classes(&landed), ["DELIVERED", "UNKNOWN", "-"]);
}

//! What a vendor takes is kept to, and what is too much becomes one message and is never lost.

use crate::duty::{Duty, data, wait};
use std::{collections::BTreeMap, sync::Arc};
use umpire_fakes::{FakeVendor, dingtalk::Robot};
use umpire_proto::v1::{
    Alert, CreateRouteRequest, Delivery, DeliveryState, NoticeReason, receiver::Rate,
};
use umpire_testkit::{
    alerts, delivered, deliveries, deliveries_with, dingtalk_receiver, eventually, route, seconds,
};

const TOKEN: &str = "token-of-the-group";
/// What the server sends a robot in a minute: two less than DingTalk takes.
const A_MINUTE: usize = 18;
/// What DingTalk says before it blocks a robot.
const TOO_FAST: &str = "130101";

/// A group with a robot that takes 20 messages a minute, and is blocked for ten when it is
/// sent more.
async fn robot(duty: &mut Duty) -> Arc<FakeVendor> {
    let fake = duty.vendor(Robot::new(TOKEN)).await;
    let request = dingtalk_receiver("robot", &fake.url("/robot/send"), TOKEN, "");
    duty.receiver(request, |_| {}).await;
    duty.route("all", "", &["robot"]).await;
    fake
}

/// Has so many alerts wait, the first for a vendor that asked for a pause.
async fn pile_up(duty: &Duty, receiver: &str, fake: &FakeVendor, count: usize) {
    fake.fail_next([wait(429, 30)]);
    for number in 1..count {
        duty.say(&format!("c{number}"), "bad").await;
    }
    duty.say("c0", "urgent").await;
    duty.so_many("state = QUEUED", count).await;
    eventually("the pause is noted", async || {
        duty.health(receiver).await.throttled_until.map(drop)
    })
    .await;
}

/// Those that were sent, the digests of them, and those that a digest tells of.
struct Sent {
    delivered: Vec<Delivery>,
    digests: Vec<Delivery>,
    merged: Vec<Delivery>,
}

impl Sent {
    fn of(all: Vec<Delivery>) -> Self {
        let (delivered, merged): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| one.state() == DeliveryState::Delivered);
        let digests = delivered.iter().filter(|one| one.reason() == NoticeReason::Digest);
        Self { digests: digests.cloned().collect(), delivered, merged }
    }

    /// Every one of so many events is told once, alone or in a digest that is there.
    fn check(&self, events: i64) {
        let told: i64 = self.delivered.iter().map(|one| one.stands_for).sum();
        assert_eq!(told, events);
        for one in &self.merged {
            assert_eq!(one.state(), DeliveryState::Suppressed, "{one:?}");
            let is_told = self.digests.iter().any(|digest| digest.name == one.suppressed_by);
            assert!(is_told, "{one:?}");
        }
    }
}

fn check_told(all: &[Alert], count: usize) {
    assert_eq!(all.len(), count);
    for alert in all {
        assert_eq!(alert.fates, BTreeMap::from([("NOTIFIED".into(), 1)]), "{alert:?}");
    }
}

#[tokio::test]
async fn two_hundred_alerts_become_seventeen_and_a_digest() {
    const MATTERS: usize = 200;
    let mut duty = Duty::start().await;
    let fake = robot(&mut duty).await;
    pile_up(&duty, "robot", &fake, MATTERS).await;
    duty.pass(61);
    let sent = Sent::of(delivered(&duty.clients, A_MINUTE).await);
    let shown = fake.messages();
    assert_eq!((shown.len(), sent.delivered.len()), (A_MINUTE, A_MINUTE));
    assert!(shown[0].text.contains("P0 urgent"), "what is urgent goes first: {:?}", shown[0]);
    let [digest] = &sent.digests[..] else { panic!("{:?}", sent.digests) };
    let merged = MATTERS - (A_MINUTE - 1);
    assert_eq!((digest.stands_for as usize, sent.merged.len()), (merged, merged));
    assert_eq!(digest.alerts.len(), 100, "as many as it is found by");
    let last = &shown[A_MINUTE - 1].text;
    assert!(last.contains(&format!("{merged} alerts")), "{last}");
    sent.check(MATTERS as i64);
    check_told(&alerts(&duty.clients).await, MATTERS);
}

/// As they come, the clock moving on when nothing more may be sent.
#[tokio::test]
async fn a_robot_is_never_sent_more_than_it_takes() {
    const MATTERS: usize = 200;
    let mut duty = Duty::start().await;
    let fake = robot(&mut duty).await;
    for number in 0..MATTERS {
        duty.say(&format!("c{number}"), "bad").await;
    }
    eventually("all are taken in", async || {
        (alerts(&duty.clients).await.len() == MATTERS).then_some(())
    })
    .await;
    for minute in 1.. {
        let is_over = eventually("a minute's are sent", async || {
            let all = deliveries(&duty.clients).await;
            let of = |state| all.iter().filter(|one| one.state() == state).count();
            let is_over = of(DeliveryState::Queued) == 0;
            let is_full = of(DeliveryState::Delivered) == minute * A_MINUTE;
            (is_over || is_full).then_some(is_over)
        });
        let is_over = is_over.await;
        assert!(fake.calls().len() <= minute * A_MINUTE, "in minute {minute}");
        if is_over {
            break;
        }
        duty.pass(61);
    }
    let sent = Sent::of(deliveries(&duty.clients).await);
    assert!(!sent.digests.is_empty());
    assert_eq!(fake.messages().len(), sent.delivered.len());
    let mut attempts = sent.delivered.iter().flat_map(|one| &one.log);
    assert!(attempts.all(|attempt| attempt.vendor_code != TOO_FAST), "it was blocked");
    sent.check(MATTERS as i64);
    check_told(&alerts(&duty.clients).await, MATTERS);
}

#[tokio::test]
async fn a_receiver_may_want_less_than_its_vendor_takes() {
    let mut duty = Duty::start().await;
    let fake = duty.webhook_with("hook", |one| {
        one.vendor_rate = Some(Rate { count: 3, window: seconds(60) });
    });
    let fake = fake.await;
    duty.route("all", "", &["hook"]).await;
    pile_up(&duty, "hook", &fake, 10).await;
    duty.pass(61);
    let sent = Sent::of(delivered(&duty.clients, 3).await);
    let told: Vec<_> = sent.delivered.iter().rev().map(|one| one.stands_for).collect();
    assert_eq!(told, [1, 1, 8]);
    let told = fake.calls();
    let parts = data(&told[3])["parts"].as_array().unwrap().len();
    assert_eq!((told.len(), parts), (4, 8), "each is in it");
    sent.check(10);
}

/// A route that tells each event.
fn each_event(receiver: &str) -> CreateRouteRequest {
    let mut request = route("each", "", &[receiver]);
    request.route.as_mut().unwrap().dedupe_window = seconds(0);
    request
}

#[tokio::test]
async fn what_is_over_the_limit_of_a_key_is_told_when_there_is_room() {
    let mut duty = Duty::start().await;
    let fake = duty.webhook_with("hook", |one| {
        one.rate = Some(Rate { count: 2, window: seconds(600) });
    });
    let fake = fake.await;
    duty.clients.alerts.clone().create_route(each_event("hook")).await.unwrap();
    for count in 1..=5 {
        duty.say("c", "bad").await;
        eventually("it is counted", async || {
            alerts(&duty.clients).await.iter().any(|alert| alert.count == count).then_some(())
        })
        .await;
    }
    // Another key has a limit of its own.
    duty.say("d", "bad").await;
    fake.wait_for(3).await;
    let alert = alerts(&duty.clients).await.into_iter().find(|alert| alert.count == 5).unwrap();
    let expected = BTreeMap::from([("NOTIFIED".into(), 2), ("RATE_LIMITED".into(), 3)]);
    assert_eq!((&alert.fates, &*alert.suppressed_by), (&expected, "RATE_LIMITED"));
    let held = deliveries_with(&duty.clients, "state = SUPPRESSED").await;
    assert!(!held.is_empty() && held.iter().all(|one| one.suppressed_by == "RATE_LIMITED"));
    duty.pass(601);
    let calls = fake.wait_for_calls(4).await;
    assert_eq!(data(&calls[3])["stands_for"], 3);
    eventually("all are told", async || {
        let all = alerts(&duty.clients).await;
        all.iter().all(|alert| alert.fates.get("NOTIFIED") == Some(&alert.count)).then_some(())
    })
    .await;
}

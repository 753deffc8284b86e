//! A vendor that fails is tried again, left alone, stood in for, and never waited for by
//! others; what it will never take somebody hears of.

use crate::duty::{Duty, SECRET, conversations, data, status, wait, webhook_id, webhook_ids};
use prost_types::FieldMask;
use std::collections::BTreeSet;
use tonic::Code;
use umpire_fakes::Fault;
use umpire_proto::v1::{
    AlertEventKind, Delivery, DeliveryState, Level, Receiver, RetryDeliveryRequest,
    StreamAlertsRequest, UpdateReceiverRequest,
};
use umpire_testkit::{
    delivered, deliveries, deliveries_with, eventually, reason, receiver_name, seconds, the_alert,
    webhook_receiver,
};

const SECOND: i64 = 1_000_000;

/// What its calls came to.
fn outcomes(delivery: &Delivery) -> Vec<&str> {
    delivery.log.iter().map(|attempt| attempt.outcome.as_str()).collect()
}

#[tokio::test]
async fn what_fails_is_tried_again_three_times_with_growing_pauses() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("hook").await;
    hook.fail_next([status(500), Fault::CloseBeforeRead, status(502)]);
    duty.say("c", "bad").await;
    for (calls, seconds) in [(1, 1), (2, 2)] {
        let failed = duty.called("hook", calls).await;
        assert_eq!(failed.attempts as usize, calls);
        let pause = duty.until(failed.next_attempt_time);
        // A few looks at the clock have passed; jitter adds at most half.
        let range = seconds * SECOND - SECOND / 100..=seconds * SECOND * 3 / 2;
        assert!(range.contains(&pause), "{pause} is not within {range:?}");
        duty.pass_until_due(&failed);
    }
    let failed = duty.called("hook", 3).await;
    assert_eq!((failed.state(), failed.attempts), (DeliveryState::Queued, 3));
    // By then it has failed so often that it is left alone for a while.
    duty.pass(31);
    let done = delivered(&duty.clients, 1).await.remove(0);
    assert_eq!(outcomes(&done), ["TRANSIENT", "UNKNOWN", "TRANSIENT", "DELIVERED"]);
    let statuses: Vec<_> = done.log.iter().map(|attempt| attempt.http_status).collect();
    assert_eq!(statuses, [500, 0, 502, 204]);
    // The second call was never read.
    let calls = hook.calls();
    assert_eq!(webhook_ids(&calls), vec![webhook_id(&done); 3], "one id for all");
    assert!(calls.iter().all(|call| call.body == calls[0].body), "and the same to say");
    for header in ["webhook-timestamp", "webhook-signature"] {
        let values: BTreeSet<_> = calls.iter().map(|call| call.header(header)).collect();
        assert_eq!(values.len(), 3, "{header} is made afresh: {values:?}");
    }
    assert_eq!(hook.messages().len(), 1);
}

#[tokio::test]
async fn pauses_are_spread() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("h0").await;
    let ids: Vec<String> = (0..8).map(|number| format!("h{number}")).collect();
    for id in &ids[1..] {
        let request = webhook_receiver(id, &hook.url("/hook"), SECRET);
        duty.receiver(request, |_| {}).await;
    }
    duty.route("all", "", &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    hook.fail_always(Some(status(500)));
    duty.say("c", "bad").await;
    let mut pauses = BTreeSet::new();
    for id in &ids {
        let failed = duty.called(id, 1).await;
        let pause = duty.until(failed.next_attempt_time);
        assert!((SECOND - SECOND / 100..=SECOND * 3 / 2).contains(&pause), "{pause}");
        // In hundredths: looks at the clock do not make them differ.
        pauses.insert(pause * 100 / SECOND);
    }
    assert!(pauses.len() > 1, "{pauses:?}");
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_message() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("hook").await;
    hook.fail_next([Fault::CloseAfterRead]);
    duty.say("c", "bad").await;
    let failed = duty.called("hook", 1).await;
    duty.pass_until_due(&failed);
    let done = delivered(&duty.clients, 1).await.remove(0);
    assert_eq!(webhook_ids(&hook.calls()), vec![webhook_id(&done); 2]);
    assert_eq!(hook.messages().len(), 1, "it knows the id");
}

#[tokio::test]
async fn a_vendor_that_asks_for_time_gets_all_of_it() {
    for code in [429, 503] {
        let mut duty = Duty::start().await;
        let (busy, other) = (duty.webhook("busy").await, duty.webhook("other").await);
        duty.route("both", "", &["busy", "other"]).await;
        busy.fail_next([wait(code, 120)]);
        duty.say("c1", "bad").await;
        let told = duty.called("busy", 1).await;
        assert_eq!((outcomes(&told), told.attempts), (vec!["THROTTLED"], 0), "{code}");
        let pause = duty.until(told.next_attempt_time);
        assert!((119 * SECOND..=121 * SECOND).contains(&pause), "{code}: {pause}");
        assert!(duty.health("busy").await.throttled_until.is_some());
        duty.pass(119);
        // Not even for something urgent.
        duty.say("c2", "urgent").await;
        assert_eq!(conversations(&other.wait_for_calls(2).await), ["c1", "c2"]);
        assert_eq!(busy.calls().len(), 1, "{code}");
        duty.pass(2);
        busy.wait_for(2).await;
        let told = conversations(&busy.calls());
        assert_eq!(told, ["c1", "c2", "c1"], "{code}: then the urgent one goes first");
        delivered(&duty.clients, 4).await;
        assert_eq!(duty.health("busy").await.throttled_until, None);
    }
}

#[tokio::test]
async fn a_vendor_that_never_answers_delays_nobody_else() {
    let mut duty = Duty::start().await;
    let (dead, good) = (duty.webhook("dead").await, duty.webhook("good").await);
    duty.route("both", "", &["dead", "good"]).await;
    dead.fail_always(Some(Fault::Hang));
    for number in 0..20 {
        duty.say(&format!("c{number}"), "bad").await;
    }
    let told = conversations(&good.wait_for_calls(20).await);
    assert_eq!(told, (0..20).map(|number| format!("c{number}")).collect::<Vec<_>>());
    assert!(dead.calls().len() <= 1, "it is told one after the other");
    assert_eq!(duty.health("dead").await.queued, 20);
}

/// Has a receiver fail until it is left alone; gives its first delivery.
async fn break_down(duty: &Duty, receiver: &str) -> Delivery {
    for calls in 1..=2 {
        let failed = duty.called(receiver, calls).await;
        duty.pass_until_due(&failed);
    }
    duty.called(receiver, 3).await
}

#[tokio::test]
async fn a_receiver_that_fails_is_left_alone_for_longer_each_time() {
    let mut duty = Duty::start().await;
    let (bad, good) = (duty.webhook("bad").await, duty.webhook("good").await);
    duty.route("both", "", &["bad", "good"]).await;
    bad.fail_always(Some(status(503)));
    duty.say("c0", "bad").await;
    break_down(&duty, "bad").await;
    let health = duty.health("bad").await;
    assert_eq!((health.failures, health.queued), (3, 1));
    let open = duty.until(health.open_until);
    assert!((29 * SECOND..=30 * SECOND).contains(&open), "{open}");
    for number in 1..5 {
        duty.say(&format!("c{number}"), "bad").await;
        good.wait_for(number + 1).await;
    }
    assert_eq!(bad.calls().len(), 3, "nobody called it meanwhile");
    duty.pass(31);
    let probed = duty.called("bad", 4).await;
    assert_eq!(probed.attempts, 3, "a call that only tries whether it works costs nothing");
    let open = duty.until(duty.health("bad").await.open_until);
    assert!((59 * SECOND..=60 * SECOND).contains(&open), "{open}");
    bad.fail_always(None);
    duty.pass(61);
    bad.wait_for(5).await;
    delivered(&duty.clients, 10).await;
    let told = conversations(&bad.calls()[4..]);
    assert_eq!(told, ["c0", "c1", "c2", "c3", "c4"], "in order");
    let health = duty.health("bad").await;
    assert_eq!((health.failures, health.open_until, health.queued), (0, None, 0));
}

#[tokio::test]
async fn dead_letters_are_listed_alarmed_on_and_sent_again_on_command() {
    let mut duty = Duty::start_with(|config| config.alerts.attempts = 2).await;
    let (first, other) = (duty.webhook("first").await, duty.webhook("other").await);
    duty.route("alarms", "kind = SYSTEM", &["first", "other"]).await;
    duty.route("texts", "kind = TEXT", &["first"]).await;
    let mut service = duty.clients.alerts.clone();
    let watched = service.stream_alerts(StreamAlertsRequest::default()).await.unwrap();
    let mut watched = watched.into_inner();
    // One that is refused, and one for which no attempt is left.
    first.fail_next([status(422), status(500), status(500)]);
    duty.say("c1", "bad").await;
    duty.so_many("state = DEAD_LETTERED", 1).await;
    duty.say("c2", "bad").await;
    let failed = eventually("it failed", async || {
        let found = deliveries_with(&duty.clients, "state = QUEUED AND receiver = first").await;
        found.into_iter().find(|one| one.log.len() == 1)
    });
    duty.pass_until_due(&failed.await);
    let dead = duty.so_many("state = DEAD_LETTERED", 2).await;
    assert_eq!(outcomes(&dead[1]), ["PERMANENT"]);
    assert_eq!((dead[1].log[0].http_status, dead[1].attempts), (422, 1));
    assert_eq!((outcomes(&dead[0]), dead[0].attempts), (vec!["TRANSIENT", "TRANSIENT"], 2));

    let alarm = the_alert(&duty.clients, "kind = SYSTEM").await;
    assert_eq!((alarm.level(), &*alarm.key), (Level::P1, "receiver/first"));
    assert!(alarm.title.contains("first") && alarm.title.contains("DEAD_LETTERED"));
    assert_eq!(alarm.receivers, [receiver_name("other")], "not the one it is about");
    assert!(other.wait_for(1).await[0].text.contains("first"));
    let mut causes = Vec::new();
    while causes.len() < 2 {
        let event = watched.message().await.unwrap().unwrap();
        if event.kind() == AlertEventKind::DeliveryFailed {
            causes.push(event.cause);
        }
    }
    assert_eq!(causes, [dead[1].name.clone(), dead[0].name.clone()]);

    let request = RetryDeliveryRequest { name: dead[1].name.clone(), ..<_>::default() };
    let queued = service.retry_delivery(request.clone()).await.unwrap().into_inner().delivery;
    let queued = queued.unwrap();
    assert_eq!((queued.state(), queued.attempts), (DeliveryState::Queued, 0));
    let told = first.wait_for(1).await;
    assert_eq!(told[0].to, receiver_name("first"));
    duty.so_many("state = DELIVERED AND receiver = first", 1).await;
    let ids = webhook_ids(&first.calls());
    assert_eq!((&ids[0], ids.len()), (&ids[3], 4), "the same message");
    let status = service.retry_delivery(request).await.unwrap_err();
    assert_eq!((status.code(), &*reason(&status)), (Code::FailedPrecondition, "DELIVERY_NOT_DEAD"));
}

#[tokio::test]
async fn another_is_told_in_the_place_of_one_that_refuses() {
    let mut duty = Duty::start().await;
    let first = duty.webhook_with("first", |one| one.failover = receiver_name("second")).await;
    let second = duty.webhook_with("second", |one| one.failover = receiver_name("first")).await;
    duty.route("texts", "kind = TEXT", &["first"]).await;
    first.fail_next([status(403)]);
    duty.say("c1", "bad").await;
    second.wait_for(1).await;
    let told = delivered(&duty.clients, 1).await;
    let [stand_in, refused] = &told[..] else { panic!("{told:?}") };
    assert_eq!(stand_in.receiver, receiver_name("second"));
    assert_eq!((&stand_in.failover_of, &refused.failover), (&refused.name, &stand_in.name));
    assert_eq!(data(&second.calls()[0])["place"]["conversation_id"], "c1");
    // Two that stand in for each other do so once.
    first.fail_next([status(403)]);
    second.fail_next([status(403)]);
    duty.say("c2", "bad").await;
    duty.so_many("state = DEAD_LETTERED", 3).await;
    the_alert(&duty.clients, "key = \"receiver/second\"").await;
    assert_eq!(deliveries(&duty.clients).await.len(), 4);
    assert_eq!((first.calls().len(), second.calls().len()), (2, 2));
}

#[tokio::test]
async fn what_is_urgent_does_not_wait_for_one_that_is_broken_or_slow() {
    let mut duty = Duty::start().await;
    let broken = duty.webhook_with("broken", |one| one.failover = receiver_name("spare")).await;
    let slow = duty.webhook_with("slow", |one| {
        one.failover = receiver_name("spare");
        one.failover_after = seconds(90);
    });
    let slow = slow.await;
    let spare = duty.webhook("spare").await;
    duty.route("one", "conversation = one", &["broken"]).await;
    duty.route("two", "conversation = two", &["slow"]).await;
    broken.fail_always(Some(status(500)));
    duty.say("one", "bad").await;
    break_down(&duty, "broken").await;
    assert!(spare.calls().is_empty(), "what is not urgent waits");
    duty.say("one", "urgent").await;
    assert_eq!(data(&spare.wait_for_calls(1).await[0])["level"], "P0");
    assert_eq!(broken.calls().len(), 3);

    slow.fail_next([wait(429, 600)]);
    duty.say("two", "urgent").await;
    duty.called("slow", 1).await;
    duty.pass(80);
    // That this waits, too, shows that the server has looked since.
    duty.say("two", "bad").await;
    duty.so_many("receiver = slow AND state = QUEUED", 2).await;
    assert_eq!(spare.calls().len(), 1, "it has time left");
    duty.pass(11);
    let told = spare.wait_for_calls(2).await;
    assert_eq!(conversations(&told), ["one", "two"]);
    let of_slow = duty.called("slow", 1).await;
    assert_eq!(of_slow.state(), DeliveryState::Queued, "and its turn comes, too");
    assert!(!of_slow.failover.is_empty());
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_called_again_when_it_was_changed() {
    let mut duty = Duty::start().await;
    let hook = duty.webhook("hook").await;
    duty.route("texts", "kind = TEXT", &["hook"]).await;
    hook.fail_next([status(410)]);
    duty.say("c1", "bad").await;
    duty.so_many("state = DEAD_LETTERED", 1).await;
    assert!(duty.health("hook").await.gone.contains("410"));
    duty.say("c2", "bad").await;
    duty.so_many("state = DEAD_LETTERED", 2).await;
    assert_eq!(hook.calls().len(), 1, "nobody called it in vain");
    let receiver = Receiver {
        name: receiver_name("hook"),
        display_name: "moved".into(),
        ..Receiver::default()
    };
    let request = UpdateReceiverRequest {
        receiver: Some(receiver),
        update_mask: Some(FieldMask { paths: vec!["display_name".into()] }),
        ..UpdateReceiverRequest::default()
    };
    duty.clients.alerts.clone().update_receiver(request).await.unwrap();
    duty.say("c3", "bad").await;
    assert_eq!(conversations(&hook.wait_for_calls(2).await), ["c1", "c3"]);
    delivered(&duty.clients, 1).await;
    assert_eq!(duty.health("hook").await.gone, "");
}

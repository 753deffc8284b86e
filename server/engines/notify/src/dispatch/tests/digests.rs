//! When a vendor's window is full, the rest goes out as one.

use super::stage::{Stage, limited};
use crate::{
    DeliveryId, DeliveryState, Mention, Notice, Outcome, Reason,
    samples::{Setup, at, delivery, id, notice, receiver_for, tenant},
};
use umpire_model::{Level, Timestamp};

/// Sends for so many seconds whatever can be sent, and gives when each call was made.
fn run(stage: &mut Stage, seconds: i64) -> Vec<(Timestamp, DeliveryId)> {
    let mut calls = Vec::new();
    for _ in 0..seconds {
        loop {
            let sent = stage.sent();
            if sent.is_empty() {
                break;
            }
            calls.extend(sent.into_iter().map(|id| (stage.now, id)));
        }
        stage.pass(1);
    }
    calls
}

#[test]
fn ten_thousand_alerts_become_no_more_calls_than_the_vendor_takes() {
    let mut stage = Stage::with(&[]);
    let robot = receiver_for(crate::Audience::Group);
    stage.world = Setup::default().receivers(&[("robot", robot)]).open();
    for count in 0..10_000 {
        let alert = stage.matter(&format!("key-{count}"), Level::P1);
        let delivery = delivery("robot", &alert);
        stage.memory.deliveries.insert((tenant(), delivery.id), delivery);
    }
    let calls = run(&mut stage, 180);
    assert_eq!(calls.len(), 18);
    for crowd in calls.windows(19) {
        assert!(crowd[0].0.plus_seconds(60) <= crowd[18].0, "more than 18 in a minute");
    }
    check_that_all_are_accounted_for(&stage, 10_000);
}

fn check_that_all_are_accounted_for(stage: &Stage, count: u64) {
    let all = stage.of("robot");
    let digests: Vec<_> = all.iter().filter(|one| one.notice.reason == Reason::Digest).collect();
    assert_eq!(digests.len(), 1);
    let (digest, name) = (digests[0], digests[0].name());
    let merged: Vec<_> = all.iter().filter(|one| one.suppressed_by == name).collect();
    assert!(merged.iter().all(|one| one.state == DeliveryState::Suppressed));
    assert_eq!(digest.notice.stands_for, merged.len() as u64);
    assert_eq!(digest.notice.parts.len() as u64 + digest.notice.more_parts, merged.len() as u64);
    let delivered = all.iter().filter(|one| one.state == DeliveryState::Delivered);
    let told: u64 = delivered.map(|one| one.notice.stands_for).sum();
    assert_eq!(told, count);
    assert_eq!(digest.alerts.len(), 100);
}

#[test]
fn alerts_that_keep_coming_keep_to_the_limit() {
    let mut stage = Stage::with(&[("a", limited(5, 10))]);
    let mut calls = Vec::new();
    let mut queued = 0;
    for second in 0..100_usize {
        for _ in 0..(second * 7) % 5 {
            stage.queue("a", [Level::P0, Level::P1, Level::P3][second % 3]);
            queued += 1;
        }
        calls.extend(run(&mut stage, 1));
    }
    calls.extend(run(&mut stage, 30));
    for crowd in calls.windows(6) {
        assert!(crowd[0].0.plus_seconds(10) <= crowd[5].0, "more than 5 in 10 s");
    }
    let all = stage.of("a");
    let delivered = all.iter().filter(|one| one.state == DeliveryState::Delivered);
    let told: u64 = delivered.map(|one| one.notice.stands_for).sum();
    assert_eq!(told, queued);
    assert!(all.iter().all(|one| one.state != DeliveryState::Queued));
}

#[test]
fn a_digest_that_fails_is_part_of_the_next_one() {
    let mut stage = Stage::with(&[("a", limited(1, 10))]);
    for _ in 0..3 {
        stage.queue("a", Level::P2);
    }
    stage.send(&[Outcome::Transient]);
    for _ in 0..2 {
        stage.queue("a", Level::P2);
    }
    stage.pass(10);
    stage.send(&[Outcome::Delivered]);
    let all = stage.of("a");
    let delivered = all.iter().filter(|one| one.state == DeliveryState::Delivered);
    let told: Vec<_> = delivered.map(|one| one.notice.stands_for).collect();
    assert_eq!(told, [5]);
    assert!(all.iter().all(|one| one.state != DeliveryState::Queued));
}

#[test]
fn a_digest_says_what_all_have_in_common() {
    let mut stage = Stage::with(&[("a", limited(1, 60))]);
    let first = stage.matter("one", Level::P2);
    let second = stage.matter("two", Level::P1);
    let said = Notice {
        mention: Mention::Named,
        mentions: vec!["ann".into()],
        keyword: "silver".into(),
        stands_for: 3,
        count: 7,
        last_time: at(50),
        ..notice(&second)
    };
    stage.tell("a", &first);
    stage.say("a", &second, said);
    let batch = stage.batch();
    let [digest] = &batch.deliveries[..] else { panic!("{batch:?}") };
    let notice = &digest.notice;
    assert_eq!((notice.reason, notice.level), (Reason::Digest, Level::P1));
    assert_eq!((notice.stands_for, notice.count), (4, 8));
    assert_eq!((notice.first_time, notice.last_time), (at(0), at(50)));
    assert_eq!((&*notice.rule_name, &*notice.keyword, &*notice.excerpt), ("Fraud", "", ""));
    assert_eq!(notice.mention, Mention::Named);
    assert_eq!(notice.mentions, ["ann"]);
    assert_eq!(notice.labels, ["fraud"]);
    assert_eq!(notice.thread, format!("digest-{}", digest.id));
    assert_eq!(digest.alerts, [first.id, second.id]);
    assert_eq!(digest.receiver, id("a"));
}

#[test]
fn no_digest_is_made_of_what_fits() {
    let mut stage = Stage::with(&[("a", limited(3, 60))]);
    let queued: Vec<_> = (0..3).map(|_| stage.queue("a", Level::P1)).collect();
    assert_eq!(stage.sent(), queued);
}

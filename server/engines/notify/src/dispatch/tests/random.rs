//! Whatever vendors do, as long as it ends: every delivery comes to an end, what failed was
//! said, and nobody hears of a matter in another order than it went.

use super::stage::{Stage, again, backed_by, limited};
use crate::{
    Alert, AlertId, AlertKind, Delivery, DeliveryId, DeliveryState, Event, Notice, Outcome, Policy,
    Reason, Receiver,
    dispatch::Batch,
    port::Turn,
    samples::{alert, id, notice},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use umpire_model::{Level, ResourceId, Timestamp};

const NAMES: [&str; 3] = ["a", "b", "c"];
/// Notices a minute that `a` takes.
const LIMIT: u32 = 3;

#[derive(Debug, Clone)]
enum Step {
    /// A receiver is to be told of a matter, perhaps once more.
    Tell {
        receiver: usize,
        matter: usize,
        level: Level,
    },
    Lease,
    /// What one of those that are being told said.
    Land {
        which: usize,
        answers: Vec<Outcome>,
    },
    /// The process ends: nobody knows what the vendors got.
    Crash,
    Pass {
        seconds: i64,
    },
    Back,
}

fn levels() -> impl Strategy<Value = Level> {
    prop::sample::select(vec![Level::P0, Level::P1, Level::P2, Level::P3])
}

fn answers() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => Just(Outcome::Delivered),
        1 => Just(Outcome::Partial(vec!["bob".into()])),
        2 => prop::sample::select(vec![1, 70, 5_000]).prop_map(Outcome::Throttled),
        4 => Just(Outcome::Transient),
        2 => Just(Outcome::Unknown),
        1 => Just(Outcome::Permanent),
        1 => Just(Outcome::Gone),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let seconds = prop_oneof![Just(0_i64), 1..4_i64, 20..70_i64, 500..5_000_i64];
    let step = prop_oneof![
        8 => (0..3_usize, 0..4_usize, levels())
            .prop_map(|(receiver, matter, level)| Step::Tell { receiver, matter, level }),
        8 => Just(Step::Lease),
        8 => (any::<usize>(), prop::collection::vec(answers(), 1..4))
            .prop_map(|(which, answers)| Step::Land { which, answers }),
        1 => Just(Step::Crash),
        5 => seconds.prop_map(|seconds| Step::Pass { seconds }),
        2 => Just(Step::Back),
    ];
    prop::collection::vec(step, 1..150)
}

/// A stage, and what people and vendors saw of it.
struct Story {
    stage: Stage,
    matters: Vec<Alert>,
    /// Alerts that the alarms became.
    system: BTreeMap<String, Alert>,
    under_way: Vec<Batch>,
    alarms: Vec<Event>,
    /// What reached a receiver of an alert, in order.
    seen: BTreeMap<(ResourceId, AlertId), Vec<DeliveryId>>,
    /// When `a` was called.
    calls: Vec<Timestamp>,
}

impl Story {
    fn new() -> Self {
        let receivers: [(&str, Receiver); 3] = [
            ("a", Receiver { failover: Some(id("b")), ..limited(LIMIT, 60) }),
            ("b", backed_by("c")),
            ("c", backed_by("a")),
        ];
        let policy = Policy { attempts: 3, breaker_failures: 2, ..Policy::default() };
        let mut stage = Stage::under(policy, &receivers);
        let matters = (0..4).map(|n| stage.matter(&format!("key-{n}"), Level::P3)).collect();
        Self {
            stage,
            matters,
            system: BTreeMap::new(),
            under_way: Vec::new(),
            alarms: Vec::new(),
            seen: BTreeMap::new(),
            calls: Vec::new(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Tell { receiver, matter, level } => {
                let alert = self.matters[matter].clone();
                self.stage.say(NAMES[receiver], &alert, again(&alert, Reason::Repeated, level));
            }
            Step::Lease => {
                let batches = self.stage.lease();
                self.under_way.extend(batches);
            }
            Step::Land { which, answers } => {
                if !self.under_way.is_empty() {
                    let batch = self.under_way.remove(which % self.under_way.len());
                    self.land(batch, &answers);
                }
            }
            Step::Crash => {
                self.under_way.clear();
                self.stage.crash();
            }
            Step::Pass { seconds } => self.stage.pass(seconds),
            Step::Back => {
                self.stage.back();
            }
        }
        self.hear();
    }

    fn land(&mut self, batch: Batch, answers: &[Outcome]) {
        let sent = batch.deliveries.clone();
        self.stage.land(batch, answers);
        for before in &sent {
            let after = self.stage.delivery(before.id);
            if after.receiver == id("a") && after.log.len() > before.log.len() {
                self.calls.push(self.stage.now);
            }
            let ([alert], DeliveryState::Delivered) = (&after.alerts[..], after.state) else {
                continue;
            };
            let seen = self.seen.entry((after.receiver.clone(), *alert)).or_default();
            seen.push(after.id);
        }
    }

    /// Takes alarms in: somebody whom they are not about is told.
    fn hear(&mut self) {
        for event in std::mem::take(&mut self.stage.memory.events) {
            assert_eq!(event.kind, AlertKind::System);
            let alert = self.system.entry(event.key.clone()).or_insert_with(|| Alert {
                kind: AlertKind::System,
                not_to: event.not_to.clone(),
                ..alert(&event.key)
            });
            self.stage.memory.put_alert(alert, None).expect("in memory");
            let told = NAMES.iter().find(|name| !event.not_to.contains(&id(name)));
            let said = Notice { level: event.level, ..notice(alert) };
            self.stage.say(told.expect("there are three"), alert, said);
            self.alarms.push(event);
        }
    }

    /// From now on everybody is there, and does what is asked.
    fn come_to_rest(&mut self) {
        for _ in 0..200 {
            self.stage.back();
            self.hear();
            loop {
                let mut landing = std::mem::take(&mut self.under_way);
                landing.extend(self.stage.lease());
                if landing.is_empty() {
                    break;
                }
                landing.into_iter().for_each(|batch| self.land(batch, &[]));
                self.hear();
            }
            self.stage.pass(61);
        }
    }
}

fn check(story: &Story) {
    let all: Vec<_> = story.stage.memory.deliveries.values().collect();
    let mut unsent = BTreeSet::new();
    for one in all.iter().filter(|one| one.state == DeliveryState::Queued && !one.leased) {
        if let [alert] = one.alerts[..] {
            assert!(unsent.insert((&one.receiver, alert)), "said twice: {one:?}");
        }
    }
    for (who, seen) in &story.seen {
        assert!(seen.is_sorted(), "out of order at {who:?}: {seen:?}");
    }
    for crowd in story.calls.windows(LIMIT as usize + 1) {
        assert!(crowd[0].plus_seconds(60) <= crowd[LIMIT as usize], "more than {LIMIT} a minute");
    }
}

fn has_failed(delivery: &Delivery) -> bool {
    matches!(delivery.state, DeliveryState::Expired | DeliveryState::DeadLettered)
}

/// When all came to rest: each has an end, and those that failed were told of.
fn check_rest(story: &Story) {
    let (stage, told) = (&story.stage, story.stage.failures());
    let about = |delivery: &Delivery| {
        let is_one = |alert: &AlertId| story.system.values().any(|system| system.id == *alert);
        delivery.alerts.iter().all(is_one)
    };
    let mut failed: BTreeMap<String, usize> = BTreeMap::new();
    for delivery in stage.memory.deliveries.values() {
        assert_ne!(delivery.state, DeliveryState::Queued, "{delivery:?}");
        assert!(delivery.done_time.is_some(), "{delivery:?}");
        if has_failed(delivery) {
            assert!(told.contains(&&*delivery.name()), "{delivery:?}");
            if !about(delivery) {
                *failed.entry(format!("receiver/{}", delivery.receiver)).or_default() += 1;
            }
        }
    }
    let mut alarms: BTreeMap<String, usize> = BTreeMap::new();
    let of_ends = story.alarms.iter().filter(|alarm| !alarm.title.ends_with("be reached"));
    for alarm in of_ends {
        *alarms.entry(alarm.key.clone()).or_default() += 1;
    }
    assert_eq!(failed, alarms);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_delivery_comes_to_an_end_that_can_be_seen(steps in steps()) {
        let mut story = Story::new();
        for step in steps {
            story.take(step);
            check(&story);
        }
        story.come_to_rest();
        check(&story);
        check_rest(&story);
    }
}

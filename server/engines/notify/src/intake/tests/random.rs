//! Whatever happens, in whatever order: no event is lost or counted twice, nobody hears of
//! a key more often than its window allows, and all comes to rest.

use super::stage::{Stage, change, receivers};
use crate::{
    Alert, AlertId, AlertState, Delivery, EscalationPolicy, EscalationStep, Fate, GroupBy,
    Inhibition, Raise, Rate, Reason, Route, Silence,
    samples::{Setup, at, event_at, id, route_to},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::collections::BTreeMap;
use umpire_model::{Level, ResourceId, Timestamp};

/// One receiver for each route, and one for the steps of policies.
const RECEIVERS: [&str; 4] = ["r0", "r1", "r2", "boss"];
const KEYS: [&str; 3] = ["a", "b", "c"];
const LEVELS: [Level; 4] = [Level::P0, Level::P1, Level::P2, Level::P3];
const FILTERS: [&str; 6] =
    ["", "level >= P1", "level <= P2", "key = a", "state = OPEN", "count >= 3"];

#[derive(Debug, Clone)]
struct Plan {
    matches: &'static str,
    window: u64,
    repeat: u64,
    /// Wait and interval.
    group: Option<(u64, u64)>,
    goes_on: bool,
    policy: bool,
    inhibited: bool,
    rate: Option<u64>,
}

#[derive(Debug, Clone)]
enum Step {
    /// So many events of a key in one turn.
    Events {
        key: &'static str,
        levels: Vec<Level>,
    },
    Pass {
        seconds: i64,
    },
    Acknowledge {
        key: &'static str,
        seconds: i64,
    },
    Resolve {
        key: &'static str,
    },
    /// A route is for something else from now on.
    Reroute {
        which: usize,
        matches: &'static str,
    },
}

fn plan() -> impl Strategy<Value = Plan> {
    let group = option::of((select(vec![0, 10, 40]), select(vec![0, 60, 400])));
    let times = (select(vec![0, 30, 300]), select(vec![0, 0, 100]), group);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let rate = option::of(select(vec![20, 90]));
    (select(FILTERS.to_vec()), times, flags, rate).prop_map(|(matches, times, flags, rate)| {
        let ((window, repeat, group), (goes_on, policy, inhibited)) = (times, flags);
        Plan { matches, window, repeat, group, goes_on, policy, inhibited, rate }
    })
}

fn step() -> impl Strategy<Value = Step> {
    let key = || select(KEYS.to_vec());
    let levels = vec(select(LEVELS.to_vec()), 1..4);
    let filter = select(FILTERS.to_vec());
    prop_oneof![
        6 => (key(), levels).prop_map(|(key, levels)| Step::Events { key, levels }),
        5 => select(vec![0, 1, 10, 30, 60, 100, 300, 900])
            .prop_map(|seconds| Step::Pass { seconds }),
        1 => (key(), select(vec![5, 50, 500]))
            .prop_map(|(key, seconds)| Step::Acknowledge { key, seconds }),
        1 => key().prop_map(|key| Step::Resolve { key }),
        1 => (0..3_usize, filter).prop_map(|(which, matches)| Step::Reroute { which, matches }),
    ]
}

impl Plan {
    fn route(&self, at: usize) -> Route {
        let (group_wait, group_interval) = self.group.unwrap_or_default();
        let inhibition =
            Inhibition { source: "level = P0".into(), equal: vec![GroupBy::Conversation] };
        Route {
            matches: self.matches.into(),
            group_by: self.group.iter().map(|_| GroupBy::Level).collect(),
            group_wait,
            group_interval,
            repeat_interval: self.repeat,
            dedupe_window: Some(self.window),
            continue_matching: self.goes_on,
            escalation_policy: self.policy.then(|| id("up")),
            inhibitions: if self.inhibited { vec![inhibition] } else { Vec::new() },
            ..route_to(&RECEIVERS[at..=at])
        }
    }
}

fn policy() -> EscalationPolicy {
    let step = |wait, raise_to| EscalationStep { wait, receivers: vec![id("boss")], raise_to };
    EscalationPolicy {
        display_name: String::new(),
        steps: vec![step(45, None), step(200, Some(Level::P1))],
        repeat: 1,
        raises: vec![Raise { count: 4, seconds: 120, to: Level::P1 }],
    }
}

/// A notice: when, to whom, why, of how many events.
type Said = (Timestamp, Reason, u64);

struct Story {
    stage: Stage,
    plans: Vec<Plan>,
    events: u64,
    rerouted: bool,
    /// What was said of each alert to each receiver.
    said: BTreeMap<(AlertId, ResourceId), Vec<Said>>,
    /// Alerts as they were before.
    known: BTreeMap<AlertId, Alert>,
}

impl Story {
    fn new(plans: Vec<Plan>) -> Self {
        let mut all = receivers(&RECEIVERS);
        for (plan, (_, receiver)) in plans.iter().zip(&mut all) {
            receiver.rate = plan.rate.map(|seconds| Rate { count: 2, seconds });
            receiver.send_resolved = plan.goes_on;
        }
        let routes = plans.iter().enumerate().map(|(at, plan)| (RECEIVERS[at], plan.route(at)));
        let routes: Vec<_> = routes.collect();
        let silence = Silence {
            matches: "level = P2 AND key = b".into(),
            reason: "maintenance".into(),
            start_time: at(50),
            end_time: at(500),
        };
        let setup = Setup::default().receivers(&all).routes(&routes);
        let setup = setup.policies(&[("up", policy())]).silences(&[("s", silence)]);
        let (stage, said, known) = (Stage::of(setup), BTreeMap::new(), BTreeMap::new());
        Self { stage, plans, events: 0, rerouted: false, said, known }
    }

    fn is_open(&self, key: &str) -> bool {
        self.stage.memory.alerts.values().any(|alert| alert.key == key && alert.is_open())
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Events { key, levels } => {
                let event = |level: &Level| event_at(key, *level, self.stage.now);
                let events: Vec<_> = levels.iter().map(event).collect();
                self.events += events.len() as u64;
                self.stage.take(events);
            }
            Step::Pass { seconds } => self.stage.pass(*seconds),
            Step::Acknowledge { key, seconds } if self.is_open(key) => {
                self.stage.acknowledge(key, *seconds);
            }
            Step::Resolve { key } if self.is_open(key) => self.stage.resolve(key),
            Step::Reroute { which, matches } => self.reroute(*which, matches),
            Step::Acknowledge { .. } | Step::Resolve { .. } => {}
        }
        self.listen();
    }

    fn reroute(&mut self, which: usize, matches: &'static str) {
        let Some(plan) = self.plans.get_mut(which) else { return };
        plan.matches = matches;
        change(&self.stage.world.routes, RECEIVERS[which], plan.route(which));
        self.rerouted = true;
    }

    fn listen(&mut self) {
        for Delivery { alerts, receiver, notice, .. } in self.stage.send() {
            // A rise is told at once, as what it is: neither more nor again.
            let reason = notice.previous_level.map_or(notice.reason, |_| Reason::LevelUp);
            for alert in alerts {
                let said = self.said.entry((alert, receiver.clone())).or_default();
                said.push((self.stage.now, reason, notice.stands_for));
            }
        }
    }
}

fn check_alert(alert: &Alert, before: Option<&Alert>) {
    assert_eq!(alert.fates.values().sum::<u64>(), alert.count, "{alert:?}");
    assert!(alert.fates.values().all(|count| *count > 0), "{alert:?}");
    let levels: Vec<_> = alert.level_history.iter().map(|change| change.level).collect();
    assert!(levels.is_sorted_by(|one, next| one > next), "it only rises: {levels:?}");
    assert_eq!(levels.last(), Some(&alert.level));
    let is_acknowledged = alert.state == AlertState::Acknowledged;
    assert_eq!(alert.acknowledgement.is_some(), is_acknowledged);
    assert_eq!(alert.resolution.is_some(), !alert.is_open());
    let Some(before) = before else { return };
    assert!(before.count <= alert.count && before.version <= alert.version);
    assert!(before.is_open() || before.count == alert.count, "it is over");
}

fn check_alerts(story: &mut Story) {
    let alerts: Vec<_> = story.stage.memory.alerts.values().cloned().collect();
    let count: u64 = alerts.iter().map(|alert| alert.count).sum();
    assert_eq!(count, story.events, "each event is of one alert");
    for key in KEYS {
        let open = alerts.iter().filter(|alert| alert.key == key && alert.is_open());
        assert!(open.count() <= 1, "{key}");
    }
    for alert in alerts {
        check_alert(&alert, story.known.get(&alert.id));
        let due = story.stage.memory.due.get(&(alert.tenant.clone(), alert.id));
        assert_eq!(due.is_some(), alert.is_open());
        story.known.insert(alert.id, alert);
    }
}

/// Each receiver belongs to one route, whose window holds for what it heard.
fn check_windows(story: &Story) {
    for (at, plan) in story.plans.iter().enumerate().filter(|(_, plan)| plan.group.is_none()) {
        let of_route = story.said.iter().filter(|((_, to), _)| to.as_str() == RECEIVERS[at]);
        for (_, said) in of_route {
            let news: Vec<_> = said.iter().filter(|one| is_news(one)).collect();
            for pair in news.windows(2) {
                let apart = pair[1].0.micros_since(pair[0].0);
                assert!(plan.window * 1_000_000 <= apart, "{said:?} of {plan:?}");
            }
            let firsts = said.iter().filter(|(_, reason, _)| *reason == Reason::First);
            assert!(firsts.count() <= 1, "{said:?}");
        }
    }
}

fn is_news((_, reason, stands_for): &Said) -> bool {
    matches!(reason, Reason::First | Reason::Repeated) && *stands_for > 0
}

/// With a single route, whoever hears of an alert hears of each event that is said to be
/// told, and of no other.
fn check_counts(story: &Story) {
    let is_simple = story.plans.len() == 1 && story.plans[0].group.is_none() && !story.rerouted;
    if !is_simple {
        return;
    }
    for alert in story.known.values() {
        let said = story.said.get(&(alert.id, id("r0")));
        let told: u64 = said.into_iter().flatten().map(|(_, _, stands_for)| stands_for).sum();
        let notified = alert.fates.get(&Fate::Notified).copied().unwrap_or(0);
        assert_eq!(told, notified, "{said:?} {alert:?}");
    }
}

fn check(story: &mut Story) {
    check_alerts(story);
    check_windows(story);
    check_counts(story);
}

/// When nothing happens any more, all is over, and nothing is left to do.
fn check_rest(story: &mut Story) {
    for _ in 0..20 {
        story.take(&Step::Pass { seconds: 600 });
        check(story);
    }
    let memory = &story.stage.memory;
    assert!(memory.due.is_empty() && memory.groups.is_empty(), "{:?}", memory.groups);
    assert!(memory.alerts.values().all(|alert| !alert.is_open()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_event_has_one_fate_and_every_window_holds(
        plans in vec(plan(), 1..4),
        steps in vec(step(), 1..40),
    ) {
        let mut story = Story::new(plans);
        for step in &steps {
            story.take(step);
            check(&mut story);
        }
        check_rest(&mut story);
    }
}

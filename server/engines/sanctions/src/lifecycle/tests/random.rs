//! Whatever happens, in whatever order: nothing is lost, nothing is told twice as something
//! new, nothing goes out over the budget, and nobody is left with what was undone.

use super::world::{World, refused, retry};
use crate::{
    AckResult, EnforcementState, Job, JobState, Notice, Origin, SafetyState, Sanction, Settled,
    State,
    port::Turn,
    samples::{id, tenant},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use umpire_model::{ResourceId, SanctionId, Timestamp};

/// Automatic sanctions a minute.
const BUDGET: u32 = 3;

#[derive(Debug, Clone)]
enum Step {
    Make {
        user: usize,
        manual: bool,
        lasts: Option<i64>,
    },
    Dispatch,
    Lease,
    /// One of those that are being told answers.
    Settle {
        which: usize,
        answer: usize,
    },
    /// The process ends: nobody knows what became of what was being told.
    Crash,
    Read,
    /// The reader of the stream starts anew, with a snapshot.
    Snapshot,
    Ack {
        which: usize,
        answer: usize,
    },
    Lift {
        which: usize,
    },
    Extend {
        which: usize,
        lasts: Option<i64>,
    },
    Release {
        which: usize,
    },
    Arm {
        probe: Option<u32>,
    },
    Stop,
    Pass {
        seconds: i64,
    },
    /// What comes with time.
    Look,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = any::<usize>();
    let lasts = || prop::option::weighted(0.7, 1..5_000_i64);
    let step = prop_oneof![
        6 => (0..3_usize, any::<bool>(), lasts())
            .prop_map(|(user, manual, lasts)| Step::Make { user, manual, lasts }),
        6 => Just(Step::Dispatch),
        6 => Just(Step::Lease),
        8 => (which, 0..6_usize).prop_map(|(which, answer)| Step::Settle { which, answer }),
        1 => Just(Step::Crash),
        3 => Just(Step::Read),
        2 => Just(Step::Snapshot),
        5 => (which, 0..5_usize).prop_map(|(which, answer)| Step::Ack { which, answer }),
        3 => which.prop_map(|which| Step::Lift { which }),
        4 => (which, lasts()).prop_map(|(which, lasts)| Step::Extend { which, lasts }),
        2 => which.prop_map(|which| Step::Release { which }),
        1 => prop::option::of(1..3_u32).prop_map(|probe| Step::Arm { probe }),
        1 => Just(Step::Stop),
        5 => prop_oneof![1..3_i64, 20..70_i64, 500..2_000_i64, Just(90_000_i64)]
            .prop_map(|seconds| Step::Pass { seconds }),
        5 => Just(Step::Look),
    ];
    prop::collection::vec(step, 1..120)
}

/// A world, and what its enforcers saw of it.
struct Story {
    world: World,
    made: Vec<SanctionId>,
    /// What webhooks are being told.
    under_way: Vec<Job>,
    /// What each webhook was told about a sanction, in order.
    told: BTreeMap<(ResourceId, SanctionId), Vec<Notice>>,
    fences: BTreeMap<u64, u64>,
    applied: BTreeSet<u64>,
}

fn pick<T: Clone>(from: &[T], which: usize) -> Option<T> {
    (!from.is_empty()).then(|| from[which % from.len()].clone())
}

impl Story {
    fn new() -> Self {
        let mut world = World::with(&["a", "b", "stream"]);
        world.set_switch(SafetyState::On, BUDGET, None);
        let (under_way, made) = (Vec::new(), Vec::new());
        let (told, fences, applied) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { world, made, under_way, told, fences, applied }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Make { user, manual, lasts } => {
                let origin = if manual { Origin::Manual } else { Origin::Automatic };
                self.made.push(self.world.make(["u", "v", "w"][user], origin, lasts));
            }
            Step::Dispatch => {
                self.world.dispatch();
            }
            Step::Lease => self.lease(),
            Step::Settle { which, answer } => self.settle(which, answer),
            Step::Crash => self.under_way.clear(),
            Step::Read => {
                self.world.read();
            }
            Step::Snapshot => self.snapshot(),
            Step::Ack { which, answer } => self.ack(which, answer),
            Step::Lift { which } => self.with_one(which, |world, id, _| world.lift(id)),
            Step::Extend { which, lasts } => self.with_one(which, |world, id, sanction| {
                let now = world.now;
                if sanction.is_open() && sanction.end_time.is_none_or(|end| now < end) {
                    world.extend(id, lasts);
                }
            }),
            Step::Release { which } => self.with_one(which, |world, id, sanction| {
                if sanction.state == State::Held {
                    world.release(id);
                }
            }),
            Step::Arm { probe } => self.world.set_switch(SafetyState::On, BUDGET, probe),
            Step::Stop => self.world.set_switch(SafetyState::Off, BUDGET, None),
            Step::Pass { seconds } => self.world.pass(seconds),
            Step::Look => {
                self.world.overdue();
                self.world.expire();
                self.world.go_stale();
            }
        }
    }

    fn with_one(&mut self, which: usize, act: impl FnOnce(&mut World, SanctionId, Sanction)) {
        if let Some(id) = pick(&self.made, which) {
            let sanction = self.world.sanction(id);
            act(&mut self.world, id, sanction);
        }
    }

    fn lease(&mut self) {
        for job in self.world.lease() {
            let before = self.fences.insert(job.id, job.fence);
            assert!(before.is_none_or(|before| before < job.fence), "{job:?}");
            assert!(!self.applied.contains(&job.id), "applied, and told again: {job:?}");
            self.check_turn(&job);
            let told = self.told.entry((job.enforcer.clone(), job.sanction)).or_default();
            if told.last() != Some(&job.notice) {
                told.push(job.notice);
            }
            self.under_way.push(job);
        }
    }

    /// Nobody is told of what is over, or of anything while something else about the same
    /// subject may still be on its way.
    fn check_turn(&mut self, job: &Job) {
        let carries_out = matches!(job.notice, Notice::Apply | Notice::Extend);
        let state = self.world.state(job.sanction);
        let is_over = matches!(state, State::Lifted | State::Expired);
        assert!(!(carries_out && is_over), "{job:?} is about what is {state:?}");
        let now = self.world.now;
        let overtakes = |other: &Job| {
            (&other.enforcer, other.subject) == (&job.enforcer, job.subject)
                && other.id != job.id
                && other.due > now
        };
        assert!(!self.under_way.iter().any(overtakes), "{job:?} overtakes another");
    }

    fn settle(&mut self, which: usize, answer: usize) {
        let Some(job) = pick(&self.under_way, which) else { return };
        self.under_way.retain(|other| (other.id, other.fence) != (job.id, job.fence));
        let settled = match answer {
            0..3 => Settled::Applied,
            3 => retry(),
            4 => refused(),
            _ => Settled::Gone,
        };
        let is_current = self.fences[&job.id] == job.fence;
        let entries = self.world.memory.journal.len();
        let taken = self.world.settle(&job, settled.clone());
        if taken {
            assert!(is_current, "an old lease was believed: {job:?}");
            if settled == Settled::Applied {
                assert!(self.applied.insert(job.id), "applied twice: {job:?}");
            }
        } else {
            assert_eq!(self.world.memory.journal.len(), entries);
        }
    }

    /// As a watch does it: what is open and waits, and what is lifted and was not heard.
    fn snapshot(&mut self) {
        self.world.skip();
        let jobs = self.world.memory.due_jobs(false, Timestamp(i64::MAX), 1_000, 1_000);
        let unheard: Vec<_> = jobs.expect("in memory").iter().map(|job| job.sanction).collect();
        for id in self.made.clone() {
            let sanction = self.world.sanction(id);
            let Some(delivery) = stream_of(&sanction) else { continue };
            let waits = delivery.state == EnforcementState::Pending;
            if sanction.is_open() && waits {
                self.world.stream(id, delivery.notice);
            } else if sanction.state == State::Lifted && unheard.contains(&id) {
                self.world.stream(id, Notice::Lift);
            }
        }
    }

    fn ack(&mut self, which: usize, answer: usize) {
        use AckResult::{Already, Applied, Failed, UnknownSubject};
        let answer = [Applied, Applied, Already, Failed, UnknownSubject][answer];
        self.with_one(which, |world, id, sanction| {
            if stream_of(&sanction).is_some() {
                world.ack(id, answer);
            }
        });
    }

    /// From now on everybody is there, and does what is asked.
    fn come_to_rest(&mut self) {
        for round in 0..60 {
            self.world.pass(if round < 55 { 61 } else { 90_000 });
            self.world.set_switch(SafetyState::On, BUDGET, None);
            for id in self.made.clone() {
                if self.world.state(id) == State::Held {
                    self.world.release(id);
                }
            }
            self.world.dispatch();
            self.tell_all();
            self.world.overdue();
            self.world.expire();
            self.tell_all();
        }
    }

    fn tell_all(&mut self) {
        loop {
            self.lease();
            if self.under_way.is_empty() {
                break;
            }
            while !self.under_way.is_empty() {
                self.settle(0, 0);
            }
        }
        self.world.read();
        for at in 0..self.made.len() {
            // One for each thing it may have been told.
            (0..3).for_each(|_| self.ack(at, 0));
        }
    }
}

fn stream_of(sanction: &Sanction) -> Option<&crate::Enforcement> {
    sanction.deliveries.iter().find(|delivery| delivery.enforcer == id("stream"))
}

fn is_legal(from: State, to: State) -> bool {
    use State::{Done, Executing, Expired, Failed, Held, Lifted, Pending};
    match from {
        Pending => true,
        Held => matches!(to, Held | Pending | Lifted | Expired),
        Executing => !matches!(to, Pending | Held),
        Done => matches!(to, Done | Executing | Lifted | Expired),
        Failed => !matches!(to, Pending | Held),
        Lifted | Expired => false,
    }
}

fn is_open(job: &Job) -> bool {
    matches!(job.state, JobState::Waiting | JobState::Leased)
}

fn check_sanction(sanction: &Sanction, jobs: &[&Job]) {
    let states: Vec<_> = sanction.history.iter().map(|entry| entry.state).collect();
    assert_eq!((states.first(), states.last()), (Some(&State::Pending), Some(&sanction.state)));
    assert!(states.windows(2).all(|pair| is_legal(pair[0], pair[1])), "{states:?}");
    let told = &sanction.deliveries;
    let count = |state| told.iter().filter(|delivery| delivery.state == state).count();
    let (pending, failed) = (count(EnforcementState::Pending), count(EnforcementState::Failed));
    match sanction.state {
        State::Pending | State::Held => assert!(told.is_empty() && jobs.is_empty()),
        State::Executing => assert!(pending > 0, "{sanction:?}"),
        State::Done => assert_eq!((pending, failed), (0, 0), "{sanction:?}"),
        State::Failed => assert_eq!(pending, 0, "{sanction:?}"),
        State::Lifted | State::Expired => {}
    }
    // What is waited for will come.
    for delivery in told.iter().filter(|delivery| delivery.state == EnforcementState::Pending) {
        let mut of = jobs.iter().filter(|job| job.enforcer == delivery.enforcer);
        assert!(of.any(|job| job.notice == delivery.notice), "{delivery:?} {sanction:?}");
    }
}

fn check_order(jobs: &[Job]) {
    for (at, job) in jobs.iter().enumerate() {
        let mut before = jobs[..at].iter();
        let behind =
            before.any(|other| (&other.enforcer, other.subject) == (&job.enforcer, job.subject));
        let is_told = job.webhook && job.state == JobState::Leased;
        assert!(!(behind && is_told), "{job:?} came too early");
    }
}

fn check_budget(sanctions: &[Sanction]) {
    let automatic = sanctions.iter().filter(|sanction| sanction.origin == Origin::Automatic);
    let mut out: Vec<_> = automatic.filter_map(|sanction| sanction.dispatch_time).collect();
    out.sort_unstable();
    for crowd in out.windows(BUDGET as usize + 1) {
        let (first, last) = (crowd[0], crowd[BUDGET as usize]);
        assert!(first.plus_seconds(60) <= last, "more than {BUDGET} within a minute");
    }
}

fn check(story: &Story) {
    let memory = &story.world.memory;
    let sanctions: Vec<_> = memory.sanctions.values().cloned().collect();
    let jobs: Vec<_> = memory.jobs.values().filter(|job| is_open(job)).cloned().collect();
    assert_eq!(sanctions.len(), story.made.len(), "none is lost");
    for sanction in &sanctions {
        let of: Vec<_> = jobs.iter().filter(|job| job.sanction == sanction.id).collect();
        check_sanction(sanction, &of);
    }
    check_order(&jobs);
    check_budget(&sanctions);
}

/// When all came to rest: everybody knows what there is to know.
fn check_rest(story: &mut Story) {
    for id in story.made.clone() {
        let sanction = story.world.sanction(id);
        let is_over = matches!(sanction.state, State::Lifted | State::Expired);
        let unfinished = [State::Pending, State::Held, State::Executing];
        assert!(!unfinished.contains(&sanction.state), "{sanction:?}");
        for delivery in &sanction.deliveries {
            assert_ne!(delivery.state, EnforcementState::Pending, "{sanction:?}");
            let told = story.told.get(&(delivery.enforcer.clone(), id));
            let last = told.and_then(|told| told.last());
            let expected = match sanction.state {
                State::Lifted => Notice::Lift,
                State::Expired => Notice::Expire,
                _ => continue,
            };
            assert!(last.is_none_or(|last| *last == expected), "{last:?} {sanction:?}");
        }
        let open = story.world.memory.open_jobs(&tenant(), id).expect("in memory");
        assert!(open.is_empty() || !is_over, "{open:?} {sanction:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn nothing_is_lost_told_twice_or_over_the_budget(steps in steps()) {
        let mut story = Story::new();
        for step in steps {
            story.take(step);
            check(&story);
        }
        story.come_to_rest();
        check(&story);
        check_rest(&mut story);
    }
}

//! What comes with time, in the order it is due.

use super::{Round, matter::Matter, telling::Cause};
use crate::{
    Alert, AlertState, Fate, HappeningKind, Policy, Resolution, Thread, World, port::Turn,
    queue::later, routing::Way,
};
use std::mem::discriminant;
use umpire_model::{StoreError, Timestamp};

/// What is to be done about an alert. In this order where several are due at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// Its acknowledgement ends.
    Reopen,
    /// A step of one of its escalations is taken.
    Step(usize),
    /// A thread tells of what waits.
    Window(usize),
    /// A thread tells again.
    Repeat(usize),
    /// It is over: nothing happened for long.
    Quiet,
}

/// Carries out what is due for alerts and groups, of each at most `limit`; gives for how
/// many something was.
pub(crate) fn tend(
    turn: &mut dyn Turn,
    world: &World,
    now: Timestamp,
    limit: usize,
) -> Result<usize, StoreError> {
    let alerts = turn.due_alerts(now, limit)?;
    let mut done = alerts.len();
    let mut round = Round::new(turn, world, now);
    for alert in alerts {
        round.tend(alert)?;
    }
    let groups = round.turn.due_groups(now, limit)?;
    done += groups.len();
    for group in groups {
        round.flush(group)?;
    }
    Ok(done)
}

/// What comes next for an alert, and when; `None` when it is over.
pub(super) fn next(alert: &Alert, policy: &Policy) -> Option<(Timestamp, Task)> {
    if !alert.is_open() {
        return None;
    }
    let mut tasks = vec![(quiet_from(alert, policy), Task::Quiet)];
    let acknowledgement = alert.acknowledgement.iter();
    tasks.extend(acknowledgement.map(|one| (one.expire_time, Task::Reopen)));
    if alert.state == AlertState::Open {
        let escalations = alert.escalations.iter().enumerate();
        tasks.extend(escalations.filter_map(|(at, one)| Some((one.due?, Task::Step(at)))));
        let threads = alert.threads.iter().enumerate();
        tasks
            .extend(threads.clone().filter_map(|(at, one)| Some((window(one)?, Task::Window(at)))));
        tasks.extend(threads.filter_map(|(at, one)| Some((one.repeat_time?, Task::Repeat(at)))));
    }
    tasks.into_iter().min()
}

/// When a thread tells of what waits; `None` when nothing wants to be told.
fn window(thread: &Thread) -> Option<Timestamp> {
    let waits = |fate| thread.waiting.contains_key(&fate);
    (waits(Fate::Deduplicated) || waits(Fate::RateLimited)).then_some(thread.window_end)
}

/// From when on an alert is over unless something happens: so long after its last event, or
/// after the server last learned something worse. What reached the server late is not over
/// before anybody heard of it.
pub(super) fn quiet_from(alert: &Alert, policy: &Policy) -> Timestamp {
    let learned = alert.level_history.last().map_or(alert.last_time, |change| change.time);
    later(alert.last_time.max(learned), policy.resolve_after)
}

impl Round<'_> {
    fn tend(&mut self, alert: Alert) -> Result<(), StoreError> {
        let mut matter = Matter::of(alert);
        let mut last = None;
        while matter.alert.is_open() {
            let ways = self.align(&mut matter);
            let next = next(&matter.alert, &self.world.policy);
            let Some((_, task)) = next.filter(|(due, _)| *due <= self.now) else { break };
            // Windows that end together tell a receiver of several once.
            let kind = Some(discriminant(&task));
            if last != kind {
                matter.reached.clear();
            }
            last = kind;
            self.carry_out(&mut matter, &ways, task)?;
        }
        self.close(matter).map(drop)
    }

    fn carry_out(
        &mut self,
        matter: &mut Matter,
        ways: &[Way],
        task: Task,
    ) -> Result<(), StoreError> {
        match task {
            Task::Reopen => self.reopen(matter),
            Task::Step(which) => self.take_step(matter, which),
            Task::Window(at) => self.tell_of_waiting(matter, ways, at),
            Task::Repeat(at) => self.repeat(matter, ways, at),
            Task::Quiet => {
                let (operator, note) = (String::new(), String::new());
                self.end(matter, Resolution { operator, time: self.now, note })
            }
        }
    }

    fn reopen(&mut self, matter: &mut Matter) -> Result<(), StoreError> {
        for escalation in &mut matter.alert.escalations {
            escalation.start(self.now);
        }
        matter.note(HappeningKind::Acknowledged, "");
        self.tell_again(matter)?;
        matter.alert.acknowledgement = None;
        Ok(())
    }

    fn tell_of_waiting(
        &mut self,
        matter: &mut Matter,
        ways: &[Way],
        at: usize,
    ) -> Result<(), StoreError> {
        // Threads have nothing waiting where no way is.
        let Some(way) = ways.get(at) else { return Ok(()) };
        let cause = matter.cause(at, way, None);
        self.tell(matter, at, way, cause)
    }

    fn repeat(&mut self, matter: &mut Matter, ways: &[Way], at: usize) -> Result<(), StoreError> {
        let Some(way) = ways.get(at) else { return Ok(()) };
        let is_free = matter.thread(at).is_none_or(|thread| thread.window_end <= self.now);
        let reason = matter.cause(at, way, None).reason;
        self.tell(matter, at, way, Cause { reason, previous: None, carries: is_free })
    }
}

//! Threads follow the ways that an alert takes now.

use super::{
    Round,
    matter::{Matter, NEVER},
};
use crate::{
    Thread,
    routing::{Way, ways},
};
use std::{collections::BTreeMap, mem};

impl Round<'_> {
    /// The ways that an alert takes, and a thread for each, in the same order and before
    /// those of ways it takes no longer. Ways that lead to somebody come first, so that the
    /// first thread can say what has become of events.
    pub(super) fn align(&self, matter: &mut Matter) -> Vec<Way> {
        let mut ways = ways(self.world, &matter.alert);
        ways.retain(|way| !way.receivers.is_empty() || way.plan.escalation_policy.is_some());
        ways.sort_by_key(|way| way.receivers.is_empty());
        let mut left = mem::take(&mut matter.alert.threads);
        let mut threads: Vec<_> = ways.iter().map(|way| thread_of(way, &mut left)).collect();
        hand_over(&mut threads, &mut left);
        threads.append(&mut left);
        matter.alert.threads = threads;
        ways
    }
}

fn thread_of(way: &Way, threads: &mut Vec<Thread>) -> Thread {
    match threads.iter().position(|thread| thread.route == way.route) {
        Some(at) => threads.remove(at),
        None => Thread {
            route: way.route.clone(),
            window_end: NEVER,
            waiting: BTreeMap::new(),
            repeat_time: None,
        },
    }
}

/// What waits on ways that are no longer taken is told on the first of those that are, if
/// that is new: the level rose, say, and another route is responsible.
fn hand_over(threads: &mut [Thread], left: &mut [Thread]) {
    for old in left {
        let waiting = mem::take(&mut old.waiting);
        old.repeat_time = None;
        let heir = threads.first_mut().filter(|first| first.window_end == NEVER);
        if let Some(heir) = heir.filter(|heir| heir.waiting.is_empty()) {
            heir.waiting = waiting;
        }
    }
}

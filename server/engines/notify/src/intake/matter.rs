use super::telling::Cause;
use crate::{Alert, AlertState, Fate, HappeningKind, LevelChange, Reason, Thread, routing::Way};
use umpire_model::{Level, ResourceId, Timestamp};

/// End of the window of a thread that never told anybody.
pub(super) const NEVER: Timestamp = Timestamp(i64::MIN);

/// What is to be told: what is new, and what waits for a window or a rate to let it go.
pub(super) const PRESSING: [Fate; 3] = [Fate::RecordedOnly, Fate::Deduplicated, Fate::RateLimited];
/// Whatever can wait: what was held back, too, is in the count of the next notice.
const ALL: [Fate; 6] = [
    Fate::RecordedOnly,
    Fate::Deduplicated,
    Fate::RateLimited,
    Fate::Silenced,
    Fate::Inhibited,
    Fate::Inactive,
];

/// An alert, and what happens to it in this turn.
pub(super) struct Matter {
    pub alert: Alert,
    /// New events that no thread knows of yet.
    pub fresh: u64,
    /// Receivers that heard of it just now: nobody hears of it twice, by two routes.
    pub reached: Vec<ResourceId>,
    /// For the journal.
    pub happened: Vec<(HappeningKind, String)>,
}

impl Matter {
    /// One that is there.
    pub fn of(alert: Alert) -> Self {
        Self { alert, fresh: 0, reached: Vec::new(), happened: Vec::new() }
    }

    /// One that was made just now, of one event.
    pub fn new(alert: Alert) -> Self {
        Self { fresh: 1, ..Self::of(alert) }
    }

    pub fn is_new(&self) -> bool {
        self.alert.version == 0
    }

    /// For the journal: once a turn for each kind.
    pub fn note(&mut self, kind: HappeningKind, cause: &str) {
        if !self.happened.iter().any(|(noted, _)| *noted == kind) {
            self.happened.push((kind, cause.to_owned()));
        }
    }

    /// The level it had, if it rose since; that is then noted.
    pub fn rose_from(&mut self, before: Level) -> Option<Level> {
        if self.alert.level == before {
            return None;
        }
        let cause = self.alert.level_history.last().map(|change| change.cause.clone());
        self.note(HappeningKind::Escalated, &cause.unwrap_or_default());
        Some(before)
    }

    /// Every thread that is followed, the first `live`, learns of what is new.
    pub fn spread(&mut self, live: usize) {
        let fresh = std::mem::take(&mut self.fresh);
        if fresh == 0 {
            return;
        }
        for thread in self.alert.threads.iter_mut().take(live) {
            *thread.waiting.entry(Fate::RecordedOnly).or_default() += fresh;
        }
        if live == 0 {
            self.blame(0, Fate::RecordedOnly.name());
        }
    }

    /// Whether what is new waits on a thread.
    pub fn must_wait(&self, at: usize, now: Timestamp) -> bool {
        let is_acknowledged = self.alert.state == AlertState::Acknowledged;
        is_acknowledged || self.thread(at).is_some_and(|thread| now < thread.window_end)
    }

    /// What is new waits on a thread: for the end of its window, or with others for a rate.
    pub fn wait(&mut self, at: usize) {
        let is_limited =
            self.thread(at).is_some_and(|thread| thread.waiting.contains_key(&Fate::RateLimited));
        let fate = if is_limited { Fate::RateLimited } else { Fate::Deduplicated };
        if self.shift(at, &[Fate::RecordedOnly], fate) > 0 {
            self.blame(at, fate.name());
            if at == 0 {
                self.note(HappeningKind::Suppressed, fate.name());
            }
        }
    }

    /// Why there is something to tell on a way.
    pub fn cause(&self, at: usize, way: &Way, rose_from: Option<Level>) -> Cause {
        let is_fresh = self.thread(at).is_none_or(|thread| thread.window_end == NEVER);
        let is_known = way.receivers.iter().any(|receiver| self.alert.told.contains(receiver));
        let reason = match rose_from {
            Some(_) if !self.alert.told.is_empty() => Reason::LevelUp,
            _ if is_fresh || !is_known => Reason::First,
            _ => Reason::Repeated,
        };
        Cause { reason, previous: rose_from, carries: true }
    }

    pub fn thread(&self, at: usize) -> Option<&Thread> {
        self.alert.threads.get(at)
    }

    /// How many events the next notice of a thread tells of.
    pub fn waiting(&self, at: usize) -> u64 {
        self.thread(at).map_or(0, |thread| thread.waiting.values().sum())
    }

    /// A receiver hears of it.
    pub fn reach(&mut self, receiver: &ResourceId) {
        self.reached.push(receiver.clone());
        if !self.alert.told.contains(receiver) {
            self.alert.told.push(receiver.clone());
        }
    }

    /// Everything that waits on a thread is told.
    pub fn all_told(&mut self, at: usize) {
        self.shift(at, &ALL, Fate::Notified);
        self.blame(at, "");
    }

    /// Gives events of a thread, which have one of these fates, another; says how many.
    /// What is not decided by it goes on waiting under its new fate.
    pub fn shift(&mut self, at: usize, from: &[Fate], to: Fate) -> u64 {
        let mut shifted = 0;
        for fate in from {
            let waiting = self.alert.threads.get_mut(at).map(|thread| &mut thread.waiting);
            let count = waiting.and_then(|waiting| waiting.remove(fate)).unwrap_or(0);
            shifted += count;
            if at == 0 {
                self.alert.give_fate(*fate, to, count);
            }
        }
        let is_decided = matches!(to, Fate::Notified | Fate::RecordedOnly);
        if let Some(thread) = self.alert.threads.get_mut(at).filter(|_| shifted > 0 && !is_decided)
        {
            *thread.waiting.entry(to).or_default() += shifted;
        }
        shifted
    }

    /// Why the last event was not told, as far as the first thread knows; empty: it was.
    pub fn blame(&mut self, at: usize, why: &str) {
        if at == 0 {
            why.clone_into(&mut self.alert.suppressed_by);
        }
    }
}

impl Alert {
    /// Makes it more urgent, if `to` is; says whether it is.
    pub(super) fn raise(&mut self, to: Level, cause: &str, now: Timestamp) -> bool {
        let rises = to < self.level;
        if rises {
            self.level = to;
            self.level_history.push(LevelChange { time: now, level: to, cause: cause.into() });
        }
        rises
    }

    /// Gives events another fate: so many, or as many as there are. None is lost or made.
    pub(super) fn give_fate(&mut self, from: Fate, to: Fate, count: u64) {
        let there = self.fates.get(&from).copied().unwrap_or(0);
        let moved = count.min(there);
        if moved == 0 || from == to {
            return;
        }
        self.fates.insert(from, there - moved);
        self.fates.retain(|_, count| *count > 0);
        *self.fates.entry(to).or_default() += moved;
    }
}

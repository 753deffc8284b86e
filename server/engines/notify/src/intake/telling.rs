//! Telling of an alert on one way: what holds it back, in a fixed order, and what it comes
//! to for its events.

use super::{
    Round,
    matter::{Matter, PRESSING},
    speaking::Spoken,
};
use crate::{
    AlertState, Fate, Reason,
    queue::later,
    routing::{Way, inhibited_by, is_active, is_inhibited, silenced_by},
};
use umpire_model::{Level, StoreError, Timestamp};

/// Why there is something to tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause {
    pub reason: Reason,
    /// The level before, if it rose.
    pub previous: Option<Level>,
    /// What waits is told with it, and a new window begins. Only what is told again though
    /// nothing happened leaves a window as it is.
    pub carries: bool,
}

impl Cause {
    pub fn of(reason: Reason) -> Self {
        Self { reason, previous: None, carries: true }
    }

    /// Whether a receiver's rate holds for it.
    pub fn is_limited(self, level: Level) -> bool {
        match self.reason {
            _ if self.previous.is_some() => false,
            Reason::First => level != Level::P0,
            Reason::Repeated => true,
            _ => false,
        }
    }
}

/// What holds an alert back on a way.
#[derive(Debug)]
pub(super) struct Held {
    pub fate: Fate,
    /// As deliveries show it.
    pub by: String,
}

impl Round<'_> {
    /// Tells of an alert on one way, the thread of which is at a place, or notes why not.
    pub(super) fn tell(
        &mut self,
        matter: &mut Matter,
        at: usize,
        way: &Way,
        cause: Cause,
    ) -> Result<(), StoreError> {
        self.put_off_repeating(matter, at, way);
        if let Some(held) = self.held(matter, way)? {
            return self.hold_back(matter, at, way, cause, &held);
        }
        if self.is_grouped(matter, way, cause) {
            return self.join(matter, at, way, cause);
        }
        self.take_back(matter, at, way, cause)?;
        let spoken = self.speak(matter, at, way, cause)?;
        self.conclude(matter, at, way, cause, spoken);
        Ok(())
    }

    fn put_off_repeating(&self, matter: &mut Matter, at: usize, way: &Way) {
        let interval = way.plan.repeat_interval;
        if let Some(thread) = matter.alert.threads.get_mut(at) {
            thread.repeat_time = (interval > 0).then(|| later(self.now, interval));
        }
    }

    /// What holds an alert back on a way now.
    pub(super) fn held(&mut self, matter: &Matter, way: &Way) -> Result<Option<Held>, StoreError> {
        let alert = &matter.alert;
        if !is_active(self.world, alert, way, self.now) {
            let by = Fate::Inactive.name().into();
            return Ok(Some(Held { fate: Fate::Inactive, by }));
        }
        if let Some(by) = silenced_by(self.world, alert, self.now) {
            return Ok(Some(Held { fate: Fate::Silenced, by }));
        }
        if !is_inhibited(self.world, alert, way) {
            return Ok(None);
        }
        let world = self.world;
        let by = inhibited_by(self.open_alerts(&alert.tenant)?, world, alert, way);
        Ok(by.map(|by| Held { fate: Fate::Inhibited, by }))
    }

    /// Says of each receiver of a way why it does not hear of an alert.
    pub(super) fn hold_back(
        &mut self,
        matter: &mut Matter,
        at: usize,
        way: &Way,
        cause: Cause,
        held: &Held,
    ) -> Result<(), StoreError> {
        let count = if cause.carries { matter.shift(at, &PRESSING, held.fate) } else { 0 };
        if count > 0 {
            matter.blame(at, &held.by);
        }
        let notice = self.notice(&matter.alert, cause, count);
        for receiver in &way.receivers {
            self.leave_out(matter, receiver, &notice, &held.by)?;
        }
        Ok(())
    }

    fn conclude(
        &mut self,
        matter: &mut Matter,
        at: usize,
        way: &Way,
        cause: Cause,
        spoken: Spoken,
    ) {
        if spoken.told {
            self.told(matter, at, way, cause);
        } else if let Some(free) = spoken.free {
            self.wait_for_rate(matter, at, cause, free);
        } else {
            self.told_nobody(matter, at, way, cause);
        }
    }

    /// Somebody heard of an alert on a way.
    pub(super) fn told(&self, matter: &mut Matter, at: usize, way: &Way, cause: Cause) {
        if cause.carries {
            matter.all_told(at);
            self.open_window(matter, at, way);
        }
        self.start_policy(matter, way);
    }

    /// What is new on a way waits from now on, for a while.
    pub(super) fn open_window(&self, matter: &mut Matter, at: usize, way: &Way) {
        let seconds = way.plan.dedupe_window.unwrap_or(self.world.policy.dedupe_window);
        if let Some(thread) = matter.alert.threads.get_mut(at) {
            thread.window_end = later(self.now, seconds);
        }
    }

    fn wait_for_rate(&self, matter: &mut Matter, at: usize, cause: Cause, free: Timestamp) {
        if !cause.carries || matter.shift(at, &PRESSING, Fate::RateLimited) == 0 {
            return;
        }
        matter.blame(at, Fate::RateLimited.name());
        if let Some(thread) = matter.alert.threads.get_mut(at) {
            thread.window_end = free;
        }
    }

    /// The way leads to nobody, or all of them are switched off.
    pub(super) fn told_nobody(&self, matter: &mut Matter, at: usize, way: &Way, cause: Cause) {
        if cause.carries && matter.shift(at, &PRESSING, Fate::RecordedOnly) > 0 {
            matter.blame(at, Fate::RecordedOnly.name());
        }
        if way.receivers.is_empty() {
            self.start_policy(matter, way);
        }
    }

    /// Tells those whom an acknowledgement had kept in peace that it ended.
    pub(super) fn tell_again(&mut self, matter: &mut Matter) -> Result<(), StoreError> {
        matter.alert.state = AlertState::Open;
        for (at, way) in self.align(matter).iter().enumerate() {
            let mut way = way.clone();
            way.receivers.retain(|receiver| matter.alert.told.contains(receiver));
            if !way.receivers.is_empty() {
                self.tell(matter, at, &way, Cause::of(Reason::AckExpired))?;
            }
        }
        Ok(())
    }
}

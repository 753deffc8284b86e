//! From an event in the inbox to deliveries that are queued, in turns of the writer.
//!
//! Events of one key become one alert ([`take_in`]). For each way that the alert takes
//! there is a thread, which says until when what is new waits. Telling, on one way, comes to
//! one of these: somebody hears of it, it waits in a group, or something holds it back. What
//! comes with time ([`tend`]) is carried out in the order it is due: windows end, steps of
//! policies are taken, acknowledgements end, alerts go quiet.
//!
//! What has become of each event is counted in the alert's `fates`. Every event starts as
//! RECORDED_ONLY, and is only ever moved from one fate to another, so that none is lost.

mod absorb;
mod ending;
mod escalation;
mod flushing;
mod groups;
mod hands;
mod matter;
mod notices;
mod open;
mod rate;
mod speaking;
mod telling;
mod tending;
mod threads;

#[cfg(test)]
mod tests;

use crate::{Alert, Event, Happening, HappeningKind, World, port::Turn};
use matter::Matter;
use open::OpenAlerts;
use std::collections::HashMap;
use umpire_model::{Level, StoreError, Timestamp};

pub(crate) use absorb::alert_of;
pub(crate) use ending::resolve;
pub(crate) use hands::{acknowledge, assign};
pub use notices::notice_of_alert;
pub(crate) use tending::tend;

/// A turn of the writer, and what it goes by.
struct Round<'a> {
    turn: &'a mut dyn Turn,
    world: &'a World,
    now: Timestamp,
    open: OpenAlerts,
}

impl<'a> Round<'a> {
    fn new(turn: &'a mut dyn Turn, world: &'a World, now: Timestamp) -> Self {
        Self { turn, world, now, open: OpenAlerts::default() }
    }
}

/// Makes alerts of the oldest events of the inbox, and tells of them; gives how many events
/// there were.
pub(crate) fn take_in(
    turn: &mut dyn Turn,
    world: &World,
    now: Timestamp,
    limit: usize,
) -> Result<usize, StoreError> {
    let events = turn.take_events(limit)?;
    let taken = events.len();
    let mut round = Round::new(turn, world, now);
    for events in by_key(events) {
        round.take(&events)?;
    }
    Ok(taken)
}

/// Keeps an alert as it is now, to be looked at again when the next thing comes with time.
pub(crate) fn keep(
    turn: &mut dyn Turn,
    world: &World,
    alert: Alert,
    now: Timestamp,
) -> Result<(), StoreError> {
    let next = tending::next(&alert, &world.policy);
    turn.put_alert(&alert, next.map(|(due, _)| due.max(now)))
}

/// Events of one matter together, in the order they came.
fn by_key(events: Vec<Event>) -> Vec<Vec<Event>> {
    let mut places = HashMap::new();
    let mut keys: Vec<Vec<Event>> = Vec::new();
    for event in events {
        let key = (event.tenant.clone(), event.key.clone());
        let place = *places.entry(key).or_insert(keys.len());
        match keys.get_mut(place) {
            Some(list) => list.push(event),
            None => keys.push(vec![event]),
        }
    }
    keys
}

impl Round<'_> {
    /// Takes in all new events of one key.
    fn take(&mut self, events: &[Event]) -> Result<(), StoreError> {
        let [first, more @ ..] = events else { return Ok(()) };
        let (mut matter, news) = match self.turn.open_alert(&first.tenant, &first.key)? {
            Some(alert) => (Matter::of(alert), events),
            None => (Matter::new(alert_of(first, self.now)), more),
        };
        let before = matter.alert.level;
        matter.absorb(news, self.now);
        matter.raise_by_count(self.now);
        // Nobody knows of another level of what was made just now.
        let rose = if matter.is_new() { None } else { matter.rose_from(before) };
        self.pass(&mut matter, rose)?;
        self.raise_again(&mut matter)?;
        self.close(matter).map(drop)
    }

    /// A policy that started with what was just told counts what happened before, too.
    fn raise_again(&mut self, matter: &mut Matter) -> Result<(), StoreError> {
        let before = matter.alert.level;
        matter.raise_by_count(self.now);
        let Some(before) = matter.rose_from(before) else { return Ok(()) };
        matter.reached.clear();
        self.pass(matter, Some(before))
    }

    /// Tells on each way of what is new; where the level rose `from` another, at once.
    fn pass(&mut self, matter: &mut Matter, from: Option<Level>) -> Result<(), StoreError> {
        let ways = self.align(matter);
        matter.spread(ways.len());
        for (at, way) in ways.iter().enumerate() {
            if from.is_none() && matter.must_wait(at, self.now) {
                matter.wait(at);
                continue;
            }
            let cause = matter.cause(at, way, from);
            self.tell(matter, at, way, cause)?;
        }
        Ok(())
    }

    /// Keeps an alert, and enters into the journal what happened to it. Its version is that
    /// of its last entry: what only moves inside leaves the etag that people hold valid.
    fn close(&mut self, matter: Matter) -> Result<Alert, StoreError> {
        let Matter { mut alert, happened, .. } = matter;
        alert.version += u64::from(!happened.is_empty());
        for (kind, cause) in happened {
            self.enter(&alert, kind, cause)?;
        }
        self.open.note(&alert);
        keep(self.turn, self.world, alert.clone(), self.now)?;
        Ok(alert)
    }

    fn enter(
        &mut self,
        alert: &Alert,
        kind: HappeningKind,
        cause: String,
    ) -> Result<(), StoreError> {
        // Of what consoles are not shown nothing is kept: a storm writes many of these.
        let alert = Alert { recent: Vec::new(), escalations: Vec::new(), ..alert.clone() };
        let alert = Box::new(alert);
        let happening = Happening { kind, alert, cause };
        let tenant = happening.alert.tenant.clone();
        self.turn.append(&tenant, self.now, &happening).map(drop)
    }
}

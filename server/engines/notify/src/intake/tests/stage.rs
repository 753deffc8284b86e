//! A tenant with receivers and routes, and everything that can happen to its alerts.

use crate::{
    Acknowledgement, Alert, AlertId, Call, Delivery, DeliveryId, DeliveryState, Event, Fate,
    HappeningKind, Receiver, Resolution, Route, World,
    intake::{acknowledge, resolve, take_in, tend},
    memory::Memory,
    port::Turn,
    queue::SUPERSEDED,
    samples::{self, Setup, at, event_at, receiver, tenant},
};
use futures_util::FutureExt;
use std::collections::BTreeSet;
use umpire_catalog::{Catalog, Change, Item};
use umpire_model::{Level, Timestamp};

pub(super) struct Stage {
    pub memory: Memory,
    pub world: World,
    pub now: Timestamp,
    /// Deliveries that were looked at.
    seen: BTreeSet<DeliveryId>,
    /// Entries of the journal that were.
    read: usize,
}

/// Receivers, all the same, who want to know of the end only when a test says so.
pub(super) fn receivers(names: &[&'static str]) -> Vec<(&'static str, Receiver)> {
    let quiet = || Receiver { send_resolved: false, ..receiver() };
    names.iter().map(|name| (*name, quiet())).collect()
}

/// `anybody` is a receiver of the only route, with this window.
pub(super) fn one_route(dedupe_window: u64) -> (&'static str, Route) {
    ("all", Route { dedupe_window: Some(dedupe_window), ..samples::route_to(&["anybody"]) })
}

impl Stage {
    pub fn of(setup: Setup) -> Self {
        let (memory, world) = (Memory::default(), setup.open());
        Self { memory, world, now: at(0), seen: BTreeSet::new(), read: 0 }
    }

    /// One receiver, `anybody`, and these routes.
    pub fn with_routes(routes: &[(&str, Route)]) -> Self {
        Self::of(Setup::default().receivers(&receivers(&["anybody"])).routes(routes))
    }

    /// One receiver, `anybody`, who hears of everything, with this window.
    pub fn with_window(dedupe_window: u64) -> Self {
        Self::with_routes(&[one_route(dedupe_window)])
    }

    /// Something of this key and level happens now, and is taken in.
    pub fn happens(&mut self, key: &str, level: Level) {
        self.take(vec![event_at(key, level, self.now)]);
    }

    /// These happen, and are taken in by one turn.
    pub fn take(&mut self, events: Vec<Event>) {
        let count = events.len();
        for event in events {
            self.memory.accept(&event).expect("in memory");
        }
        let taken = take_in(&mut self.memory, &self.world, self.now, 1_000).expect("in memory");
        assert_eq!(taken, count);
    }

    pub fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
        self.tend();
    }

    /// Does what is due, and sees that nothing is left.
    pub fn tend(&mut self) {
        for _ in 0..5 {
            if tend(&mut self.memory, &self.world, self.now, 1_000).expect("in memory") == 0 {
                return;
            }
        }
        panic!("something is always due");
    }

    /// The last alert of a key.
    pub fn alert(&self, key: &str) -> Alert {
        let mut of_key = self.memory.alerts.values().rev().filter(|alert| alert.key == key);
        of_key.next().cloned().expect("an alert")
    }

    pub fn id(&self, key: &str) -> AlertId {
        self.alert(key).id
    }

    pub fn acknowledge(&mut self, key: &str, seconds: i64) {
        let mut alert = self.alert(key);
        let acknowledgement = Acknowledgement {
            operator: "ann".into(),
            time: self.now,
            expire_time: self.now.plus_seconds(seconds),
            note: String::new(),
        };
        acknowledge(&mut self.memory, &self.world, &mut alert, acknowledgement, self.now)
            .expect("in memory");
        assert_eq!(alert, self.alert(key), "what is given back is what is kept");
    }

    pub fn resolve(&mut self, key: &str) {
        let mut alert = self.alert(key);
        let (operator, note) = ("ann".into(), String::new());
        let resolution = Resolution { operator, time: self.now, note };
        resolve(&mut self.memory, &self.world, &mut alert, resolution, self.now)
            .expect("in memory");
        assert_eq!(alert, self.alert(key), "what is given back is what is kept");
    }

    /// What is to be sent; from now on it is sent.
    pub fn send(&mut self) -> Vec<Delivery> {
        let new = self.unseen(|one| one.state == DeliveryState::Queued);
        for delivery in &new {
            let sent = Delivery { state: DeliveryState::Delivered, ..delivery.clone() };
            self.memory.put_delivery(&sent).expect("in memory");
        }
        new
    }

    /// The same, as `receiver REASON level xevents`.
    pub fn sent(&mut self) -> Vec<String> {
        self.send().iter().map(in_words).collect()
    }

    /// What is not sent, as `receiver REASON level xevents: why`, but for what a newer one
    /// tells of.
    pub fn left_out(&mut self) -> Vec<String> {
        let is_left_out = |one: &Delivery| {
            one.state == DeliveryState::Suppressed && one.suppressed_by != SUPERSEDED
        };
        let new = self.unseen(is_left_out);
        new.iter().map(|one| format!("{}: {}", in_words(one), one.suppressed_by)).collect()
    }

    fn unseen(&mut self, wanted: impl Fn(&Delivery) -> bool) -> Vec<Delivery> {
        let all = self.memory.deliveries.values();
        let new: Vec<_> = all.filter(|one| wanted(one)).cloned().collect();
        new.into_iter().filter(|one| self.seen.insert(one.id)).collect()
    }

    /// Nothing was queued, and nothing was left out.
    pub fn is_still(&mut self) -> bool {
        self.sent().is_empty() && self.left_out().is_empty()
    }

    /// What the journal says since the last look: kinds with their causes.
    pub fn journal(&mut self) -> Vec<(HappeningKind, String)> {
        let new = &self.memory.journal[self.read..];
        let told: Vec<_> = new.iter().map(|one| &one.happening).collect();
        let entries = told.iter().map(|one| (one.kind, one.cause.clone())).collect();
        self.read = self.memory.journal.len();
        entries
    }

    /// What has become of the events of the last alert of a key.
    pub fn fates(&self, key: &str) -> Vec<(Fate, u64)> {
        let alert = self.alert(key);
        assert_eq!(alert.fates.values().sum::<u64>(), alert.count, "{alert:?}");
        alert.fates.into_iter().collect()
    }
}

fn in_words(delivery: &Delivery) -> String {
    let Delivery { receiver, notice, .. } = delivery;
    let (reason, level) = (notice.reason.name(), notice.level.name());
    format!("{receiver} {reason} {level} x{}", notice.stands_for)
}

/// Something changed in what the tenant configured.
pub(super) fn change<T: Item>(catalog: &Catalog<T>, name: &str, item: T) {
    let change = Change { author: "ann".into(), time: at(0), request: None, validate_only: false };
    let (tenant, id) = (tenant(), samples::id(name));
    let changed = catalog.update(&tenant, &id, "", &change, |_| Ok(item));
    assert!(changed.now_or_never().expect("nothing waits").is_ok());
}

/// Something was removed from it.
pub(super) fn delete<T: Item>(catalog: &Catalog<T>, name: &str) {
    let change = Change { author: "ann".into(), time: at(0), request: None, validate_only: false };
    let (tenant, id) = (tenant(), samples::id(name));
    let deleted = catalog.delete(&tenant, &id, "", &change);
    assert!(deleted.now_or_never().expect("nothing waits").is_ok());
}

/// A rule that names receivers itself.
pub(super) fn calling(receivers: &[&str]) -> Call {
    let receivers = receivers.iter().map(|name| samples::id(name)).collect();
    Call { receivers, alert: true, ..Call::default() }
}

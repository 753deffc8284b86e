//! A tenant with receivers, and everything that can happen to its deliveries.

use crate::{
    Alert, AlertKind, Delivery, DeliveryId, DeliveryState, Event, HappeningKind, Health, Notice,
    Outcome, Policy, Rate, Reason, Receiver, Report, World,
    desk::DeskError,
    dispatch::{Batch, Landed, back, lease, lease::Leased, retry, settle},
    memory::Memory,
    port::Turn,
    queue::{Order, queue},
    samples::{Setup, alert, at, id, notice, receiver, tenant},
};
use std::collections::HashSet;
use umpire_model::{Level, ResourceId, TenantId, Timestamp};

pub(super) struct Stage {
    pub memory: Memory,
    pub world: World,
    pub now: Timestamp,
    /// Receivers with a batch on its way.
    pub busy: HashSet<(TenantId, ResourceId)>,
}

/// A receiver that `failover` stands in for.
pub(super) fn backed_by(failover: &str) -> Receiver {
    Receiver { failover: Some(id(failover)), ..receiver() }
}

/// One that takes so many notices in so many seconds.
pub(super) fn limited(count: u32, seconds: u64) -> Receiver {
    Receiver { vendor_rate: Some(Rate { count, seconds }), ..receiver() }
}

pub(super) fn report(outcome: Outcome) -> Report {
    Report {
        outcome,
        status: 200,
        vendor_code: "0".into(),
        detail: "as the vendor said".into(),
        vendor_id: "m1".into(),
    }
}

impl Stage {
    /// With these receivers and the default policy.
    pub fn with(receivers: &[(&str, Receiver)]) -> Self {
        Self::under(Policy::default(), receivers)
    }

    pub fn under(policy: Policy, receivers: &[(&str, Receiver)]) -> Self {
        let world = Setup::default().policy(policy).receivers(receivers).open();
        Self { memory: Memory::default(), world, now: at(0), busy: HashSet::new() }
    }

    /// Receivers are changed: these are all there are from now on.
    pub fn change(&mut self, receivers: &[(&str, Receiver)]) {
        let policy = self.world.policy.clone();
        let setup = Setup::default().policy(policy);
        self.world = setup.receivers_of(receivers, self.now).open();
    }

    pub fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// An alert of a level that is kept.
    pub fn matter(&mut self, key: &str, level: Level) -> Alert {
        let alert = Alert { level, ..alert(key) };
        self.memory.put_alert(&alert, None).expect("in memory");
        alert
    }

    /// Queues what is said of an alert.
    pub fn say(&mut self, receiver: &str, alert: &Alert, notice: Notice) -> Delivery {
        let order = Order {
            tenant: &tenant(),
            receiver: &id(receiver),
            alerts: vec![alert.id],
            notice,
            failover_of: None,
            suppressed_by: None,
        };
        let queued = queue(&mut self.memory, &self.world, order, self.now);
        queued.expect("in memory").expect("a receiver")
    }

    pub fn tell(&mut self, receiver: &str, alert: &Alert) -> DeliveryId {
        self.say(receiver, alert, notice(alert)).id
    }

    /// Queues the first notice of a new matter.
    pub fn queue(&mut self, receiver: &str, level: Level) -> DeliveryId {
        let key = format!("key-{}", self.memory.alerts.len());
        let alert = self.matter(&key, level);
        self.tell(receiver, &alert)
    }

    pub fn look(&mut self) -> Leased {
        let leased = lease(&mut self.memory, &self.world, self.now, 100, &self.busy);
        leased.expect("in memory")
    }

    pub fn lease(&mut self) -> Vec<Batch> {
        let batches = self.look().batches;
        let who = |batch: &Batch| (batch.tenant.clone(), batch.receiver_id.clone());
        self.busy.extend(batches.iter().map(who));
        batches
    }

    /// The only batch that can be sent.
    pub fn batch(&mut self) -> Batch {
        let mut batches = self.lease();
        assert_eq!(batches.len(), 1, "{batches:?}");
        batches.remove(0)
    }

    /// The ids of what is sent next, to one receiver; nothing when all of them wait.
    pub fn sent(&mut self) -> Vec<DeliveryId> {
        let mut sent = Vec::new();
        for batch in self.lease() {
            sent.extend(ids(&batch));
            self.land(batch, &[]);
        }
        sent
    }

    /// What the vendor said to the first ones of a batch; when one fails the rest is not
    /// tried, and what comes after all answers is delivered.
    pub fn land(&mut self, batch: Batch, answers: &[Outcome]) {
        self.land_with(batch, answers, 0.0, 0);
    }

    pub fn land_with(&mut self, batch: Batch, answers: &[Outcome], jitter: f64, ms: u64) {
        let Batch { tenant, receiver_id: receiver, deliveries, .. } = batch;
        self.busy.remove(&(tenant.clone(), receiver.clone()));
        let (mut answers, mut failed) = (answers.iter().cloned(), false);
        let mut results = Vec::new();
        for one in deliveries {
            let answer = answers.next().unwrap_or(Outcome::Delivered);
            let tried = (!failed).then(|| (report(answer.clone()), ms));
            failed |=
                !matches!(answer, Outcome::Delivered | Outcome::Partial(_) | Outcome::Permanent);
            results.push((one.id, one.fence, tried));
        }
        let landed = Landed { tenant, receiver, results, jitter };
        settle(&mut self.memory, &self.world, landed, self.now).expect("in memory");
    }

    /// Sends the only batch there is, and has its first ones answered so.
    pub fn send(&mut self, answers: &[Outcome]) {
        let batch = self.batch();
        self.land(batch, answers);
    }

    /// The process ends: nobody knows what became of what was on its way.
    pub fn crash(&mut self) {
        self.busy.clear();
    }

    pub fn back(&mut self) -> usize {
        back(&mut self.memory, &self.world, self.now, 1_000).expect("in memory")
    }

    pub fn retry(&mut self, delivery: DeliveryId) -> Result<Delivery, DeskError> {
        retry(&mut self.memory, &self.world, &tenant(), delivery, self.now)
    }

    pub fn delivery(&self, id: DeliveryId) -> &Delivery {
        &self.memory.deliveries[&(tenant(), id)]
    }

    pub fn state(&self, id: DeliveryId) -> DeliveryState {
        self.delivery(id).state
    }

    pub fn health(&self, receiver: &str) -> Health {
        let known = self.memory.healths.get(&(tenant(), id(receiver)));
        known.cloned().unwrap_or_default()
    }

    /// All deliveries to a receiver, in the order of queueing.
    pub fn of(&self, receiver: &str) -> Vec<&Delivery> {
        let all = self.memory.deliveries.values();
        all.filter(|one| one.receiver == id(receiver)).collect()
    }

    /// The alarms that were raised and not taken in.
    pub fn alarms(&self) -> Vec<&Event> {
        let events = self.memory.events.iter();
        events.filter(|event| event.kind == AlertKind::System).collect()
    }

    /// Names of the deliveries that consoles were told of as failed.
    pub fn failures(&self) -> Vec<&str> {
        let told = self.memory.journal.iter().map(|told| &told.happening);
        let failed = told.filter(|one| one.kind == HappeningKind::DeliveryFailed);
        failed.map(|one| one.cause.as_str()).collect()
    }
}

pub(super) fn ids(batch: &Batch) -> Vec<DeliveryId> {
    batch.deliveries.iter().map(|one| one.id).collect()
}

/// The same matter, said again at another level and for another reason.
pub(super) fn again(alert: &Alert, reason: Reason, level: Level) -> Notice {
    Notice { reason, level, ..notice(alert) }
}

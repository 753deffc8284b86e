//! Batches that are under way: one task for each receiver.

use crate::{
    Courier, Delivery, DeliveryId, Outcome, Parcel, Report, World,
    crash::crash_point,
    dispatch::{Batch, Landed, Tried, unknown},
    render::render,
};
use futures_util::FutureExt;
use std::{
    collections::{HashMap, HashSet},
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::{Id, JoinError, JoinSet},
    time::{Instant, timeout},
};
use umpire_model::{Clock, ResourceId, TenantId};

/// Who is told, and what: deliveries with their fences.
struct Flight {
    tenant: TenantId,
    receiver: ResourceId,
    deliveries: Vec<(DeliveryId, u64)>,
}

/// All that are under way.
pub(super) struct Flights {
    world: Arc<World>,
    courier: Arc<dyn Courier>,
    clock: Arc<dyn Clock>,
    /// No further call is begun.
    closing: Arc<AtomicBool>,
    tasks: JoinSet<Vec<Tried>>,
    out: HashMap<Id, Flight>,
}

impl Flights {
    pub fn new(world: Arc<World>, courier: Arc<dyn Courier>, clock: Arc<dyn Clock>) -> Self {
        let (closing, tasks, out) = (Arc::default(), JoinSet::new(), HashMap::new());
        Self { world, courier, clock, closing, tasks, out }
    }

    /// Receivers that are being told.
    pub fn busy(&self) -> HashSet<(TenantId, ResourceId)> {
        let who = |flight: &Flight| (flight.tenant.clone(), flight.receiver.clone());
        self.out.values().map(who).collect()
    }

    /// Sends a batch.
    pub fn start(&mut self, batch: Batch) {
        let flight = Flight {
            tenant: batch.tenant.clone(),
            receiver: batch.receiver_id.clone(),
            deliveries: batch.deliveries.iter().map(|one| (one.id, one.fence)).collect(),
        };
        let trip = Trip {
            world: self.world.clone(),
            courier: self.courier.clone(),
            clock: self.clock.clone(),
            closing: self.closing.clone(),
            batch,
        };
        let task = self.tasks.spawn(async move { trip.make().await });
        self.out.insert(task.id(), flight);
    }

    /// Begins no further call: what is not under way comes back as not tried.
    pub fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// The next one that ends; `None` when none is under way. It may be dropped while it
    /// waits.
    pub async fn land(&mut self) -> Option<Landed> {
        loop {
            let ended = self.tasks.join_next_with_id().await?;
            if let Some(landed) = self.note(ended) {
                return Some(landed);
            }
        }
    }

    /// Those that have ended already.
    pub fn landed(&mut self) -> Vec<Landed> {
        let mut landed = Vec::new();
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            landed.extend(self.note(ended));
        }
        landed
    }

    fn note(&mut self, ended: Result<(Id, Vec<Tried>), JoinError>) -> Option<Landed> {
        let (id, results) = match ended {
            Ok((id, results)) => (id, Some(results)),
            Err(error) => {
                tracing::error!(%error, "telling a receiver failed");
                (error.id(), None)
            }
        };
        // Each was noted when it started.
        let Flight { tenant, receiver, deliveries } = self.out.remove(&id)?;
        let results = results.unwrap_or_else(|| lost(deliveries));
        // Without randomness attempts are merely less spread.
        let jitter = getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX));
        Some(Landed { tenant, receiver, results, jitter })
    }
}

/// Nobody knows how far it came.
fn lost(deliveries: Vec<(DeliveryId, u64)>) -> Vec<Tried> {
    let told = |(id, fence)| (id, fence, Some((unknown("internal error"), 0)));
    deliveries.into_iter().map(told).collect()
}

/// A batch on its way.
struct Trip {
    world: Arc<World>,
    courier: Arc<dyn Courier>,
    clock: Arc<dyn Clock>,
    closing: Arc<AtomicBool>,
    batch: Batch,
}

impl Trip {
    /// Sends one after the other. After one that failed, and when there is no time left for
    /// another call, the rest comes back as not tried.
    async fn make(self) -> Vec<Tried> {
        let (begun, mut ends) = (Instant::now(), false);
        let mut results = Vec::with_capacity(self.batch.deliveries.len());
        for delivery in &self.batch.deliveries {
            ends |= begun.elapsed() > self.lease() / 4 || self.closing.load(Ordering::Relaxed);
            let tried = if ends { None } else { Some(self.tell(delivery).await) };
            ends |= tried.as_ref().is_some_and(|(report, _)| ends_batch(&report.outcome));
            results.push((delivery.id, delivery.fence, tried));
        }
        results
    }

    fn lease(&self) -> Duration {
        Duration::from_secs(self.world.policy.lease.max(1))
    }

    /// One call, which takes no longer than half a lease: with the quarter in which calls
    /// begin, a batch is back before its lease is over.
    async fn tell(&self, delivery: &Delivery) -> (Report, u64) {
        let begun = Instant::now();
        let call = timeout(self.lease() / 2, self.call(delivery));
        let report = match AssertUnwindSafe(call).catch_unwind().await {
            Ok(Ok(report)) => report,
            Ok(Err(_)) => unknown("no answer in time"),
            Err(_) => {
                tracing::error!(delivery = %delivery.id, "sending a delivery failed");
                unknown("internal error")
            }
        };
        crash_point("alerts-sent");
        (report, u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    async fn call(&self, delivery: &Delivery) -> Report {
        let Batch { tenant, receiver_id, receiver, .. } = &self.batch;
        let (kind, language) = (receiver.channel.kind(), receiver.language);
        let templates = self.world.templates.shelf(tenant);
        let rendered = render(templates.as_deref(), &delivery.notice, kind, language);
        if let Some(why) = &rendered.fallback {
            tracing::warn!(%tenant, %why, "a template failed; the built-in one was used");
        }
        let parcel = Parcel {
            tenant,
            receiver_id,
            id: delivery.id,
            notice: &delivery.notice,
            rendered: &rendered,
            attempt: delivery.attempts.saturating_add(1),
            time: self.clock.now(),
        };
        self.courier.deliver(receiver, parcel).await
    }
}

/// Whether what follows would fare no better.
fn ends_batch(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Delivered | Outcome::Partial(_) | Outcome::Permanent => false,
        Outcome::Throttled(_) | Outcome::Transient | Outcome::Unknown | Outcome::Gone => true,
    }
}

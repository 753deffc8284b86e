//! A receiver, tried.

use super::{Desk, DeskError, resource_name};
use crate::{
    Attempt, Courier, Delivery, DeliveryId, DeliveryState, Notice, Outcome, Parcel, Reason,
    Receiver, Rendered, Report, World, port::Turn, render, turn::turn,
};
use std::time::Instant;
use umpire_model::{ResourceId, StoreError, TenantId, Timestamp, new_uuid};

/// Longest piece that is kept of what a vendor said, in characters.
const MAX_DETAIL_CHARS: usize = 500;

/// Most calls that are remembered for limits.
const MAX_SENT: usize = 1_000;

/// For so long a test holds, where a peer keeps what it is told.
const TEST_SECONDS: i64 = 60;

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// Its entry in the delivery log.
    pub delivery: DeliveryId,
    /// What was sent.
    pub rendered: Rendered,
    /// What the vendor made of it.
    pub report: Report,
    /// How long that took, in milliseconds.
    pub latency_ms: u64,
}

impl Desk {
    /// Sends a notice to a receiver at once, past every queue and limit and though it be
    /// switched off, and once: nothing is tried again, nobody stands in, nobody is alarmed.
    /// The delivery log shows it with the reason TEST, and it counts as a call of the
    /// vendor, which has limits.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when there is no such receiver, and the store's.
    pub async fn send_test(
        &self,
        courier: &dyn Courier,
        tenant: &TenantId,
        receiver: &ResourceId,
        notice: Notice,
        now: Timestamp,
    ) -> Result<TestResult, DeskError> {
        let Some(config) = self.world.receiver(tenant, receiver) else {
            return Err(DeskError::NotFound(resource_name::<Receiver>(tenant, receiver)));
        };
        let notice = Notice { reason: Reason::Test, ..notice };
        let templates = self.world.templates.shelf(tenant);
        let kind = config.channel.kind();
        let rendered = render(templates.as_deref(), &notice, kind, config.language);
        let mut delivery = fresh(tenant, receiver, &config, notice, now);
        let id = delivery.id;
        // No peer takes one test for the repetition of another, and none waits for its end.
        delivery.notice.thread = format!("test-{id}");
        delivery.notice.end_time = now.plus_seconds(TEST_SECONDS);
        let parcel = Parcel {
            tenant,
            receiver_id: receiver,
            id: delivery.id,
            notice: &delivery.notice,
            rendered: &rendered,
            attempt: 1,
            time: now,
        };
        let started = Instant::now();
        let report = courier.deliver(&config, parcel).await;
        let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        conclude(&mut delivery, &report, latency_ms);
        let world = self.world.clone();
        turn(&*self.store, move |turn| note(turn, &world, &delivery)).await?;
        Ok(TestResult { delivery: id, rendered, report, latency_ms })
    }
}

/// A delivery that is not queued: nobody else is to take it.
fn fresh(
    tenant: &TenantId,
    receiver: &ResourceId,
    config: &Receiver,
    notice: Notice,
    now: Timestamp,
) -> Delivery {
    Delivery {
        id: DeliveryId(new_uuid()),
        tenant: tenant.clone(),
        receiver: receiver.clone(),
        channel: config.channel.kind(),
        alerts: Vec::new(),
        notice,
        state: DeliveryState::DeadLettered,
        suppressed_by: String::new(),
        leased: false,
        attempts: 1,
        due: now,
        deadline: now,
        fence: 1,
        create_time: now,
        done_time: None,
        log: Vec::new(),
        vendor_id: String::new(),
        failed_recipients: Vec::new(),
        failover_of: None,
        failover: None,
    }
}

/// The delivery ends with its one call.
fn conclude(delivery: &mut Delivery, report: &Report, latency_ms: u64) {
    let latency = i64::try_from(latency_ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
    let done = Timestamp(delivery.create_time.0.saturating_add(latency));
    let state = match &report.outcome {
        Outcome::Delivered => DeliveryState::Delivered,
        Outcome::Partial(failed) => {
            delivery.failed_recipients.clone_from(failed);
            DeliveryState::Delivered
        }
        _ => DeliveryState::DeadLettered,
    };
    delivery.end(state, done);
    delivery.vendor_id.clone_from(&report.vendor_id);
    delivery.log.push(Attempt {
        time: delivery.create_time,
        latency_ms,
        class: report.outcome.class().into(),
        status: report.status,
        vendor_code: report.vendor_code.clone(),
        detail: report.detail.chars().take(MAX_DETAIL_CHARS).collect(),
    });
}

fn note(turn: &mut dyn Turn, world: &World, delivery: &Delivery) -> Result<(), StoreError> {
    turn.put_delivery(delivery)?;
    let (tenant, receiver) = (&delivery.tenant, &delivery.receiver);
    // One that was deleted meanwhile has no limit any more.
    let is_limited = world.receiver(tenant, receiver).is_some_and(|config| {
        config.vendor_rate.is_some() || world.policy.vendor_rates.contains_key(&delivery.channel)
    });
    if !is_limited {
        return Ok(());
    }
    let mut health = turn.health(tenant, receiver)?;
    health.sent.push(delivery.create_time);
    health.sent.sort_unstable();
    let surplus = health.sent.len().saturating_sub(MAX_SENT);
    health.sent.drain(..surplus);
    turn.put_health(tenant, receiver, Some(&health))
}

//! The workers of sanctions, and what they show to those who watch.

use crate::config::Config;
use futures_util::future::BoxFuture;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use std::sync::Arc;
use tokio::{sync::watch, task::JoinSet};
use umpire_enforcers::Webhooks;
use umpire_model::Clock;
use umpire_outbound::Outbound;
use umpire_sanctions::{Court, Herald, Policy, Scheduler, Settled, Told, Webhook};

/// What the configuration says, as the engine wants it.
pub(crate) fn policy(config: &Config) -> Policy {
    let sanctions = &config.sanctions;
    Policy {
        attempts: sanctions.attempts,
        backoff: sanctions.backoff_seconds,
        stale: sanctions.stale_hours * 3_600,
        ceiling_per_minute: sanctions.ceiling_per_minute,
        stopped: !sanctions.enabled,
        ..Policy::default()
    }
}

/// The tasks that keep what is in memory up to the journal and tell enforcers.
pub(crate) struct Workers {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Workers {
    /// Starts them.
    pub fn start(
        outbound: Outbound,
        court: &Arc<Court>,
        clock: Arc<dyn Clock>,
        metrics: &SanctionMetrics,
    ) -> Self {
        let herald = CountingHerald { herald: Webhooks::new(outbound), told: metrics.told.clone() };
        let (stop, stopped) = watch::channel(false);
        let scheduler = Scheduler::new(court.clone(), Arc::new(herald), clock);
        let follower = court.clone();
        let mut tasks = JoinSet::new();
        let until = stopped.clone();
        tasks.spawn(async move { follower.follow(until).await });
        tasks.spawn(scheduler.run(stopped));
        Self { tasks, stop }
    }

    /// Lets them finish what they are at.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// How a telling ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ending {
    result: &'static str,
}

/// What is shown at `/metrics`.
#[derive(Clone)]
pub(crate) struct SanctionMetrics {
    told: Family<Ending, Counter>,
    pending: Gauge,
    held: Gauge,
    jobs: Gauge,
    oldest: Gauge,
    dispatched: Gauge,
}

impl SanctionMetrics {
    pub fn new(registry: &mut Registry) -> Self {
        let metrics = Self {
            told: Family::default(),
            pending: Gauge::default(),
            held: Gauge::default(),
            jobs: Gauge::default(),
            oldest: Gauge::default(),
            dispatched: Gauge::default(),
        };
        let told = "Webhook calls about sanctions, by result";
        registry.register("umpire_enforcer_attempts", told, metrics.told.clone());
        let gauges = [
            ("pending", "Sanctions that are not carried out yet", &metrics.pending),
            ("held", "Sanctions that a safety switch keeps back", &metrics.held),
            ("jobs", "Tellings of enforcers that are not done", &metrics.jobs),
            ("oldest_seconds", "Age of the oldest pending sanction", &metrics.oldest),
            (
                "budget_used",
                "Automatic sanctions of all tenants in the last minute",
                &metrics.dispatched,
            ),
        ];
        for (name, help, gauge) in gauges {
            registry.register(format!("umpire_sanctions_{name}"), help, gauge.clone());
        }
        metrics
    }

    /// Reads what waits; keeps the last figures when the store is away.
    pub async fn refresh(&self, court: &Court, clock: &dyn Clock) {
        let now = clock.now();
        let Ok(waiting) = court.store().waiting(now).await else { return };
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.pending.set(signed(waiting.pending));
        self.held.set(signed(waiting.held));
        self.jobs.set(signed(waiting.jobs));
        self.dispatched.set(signed(waiting.dispatched));
        let age = waiting.oldest.map_or(0, |oldest| now.micros_since(oldest) / 1_000_000);
        self.oldest.set(signed(age));
    }
}

/// Counts what a herald does.
struct CountingHerald {
    herald: Webhooks,
    told: Family<Ending, Counter>,
}

impl Herald for CountingHerald {
    fn tell<'a>(&'a self, webhook: &'a Webhook, told: Told<'a>) -> BoxFuture<'a, Settled> {
        Box::pin(async move {
            let settled = self.herald.tell(webhook, told).await;
            let result = match settled {
                Settled::Applied => "applied",
                Settled::Retry { .. } => "failed",
                Settled::Refused { .. } => "refused",
                Settled::Gone => "gone",
            };
            self.told.get_or_create(&Ending { result }).inc();
            settled
        })
    }
}

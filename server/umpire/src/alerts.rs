//! The worker of alerts, and what it shows to those who watch.

use crate::{config::Config, server::StartError};
use futures_util::future::BoxFuture;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use sha2::{Digest, Sha256};
use std::{fs, sync::Arc, time::Instant};
use tokio::{sync::watch, task::JoinHandle};
use umpire_catalog::Sealer;
use umpire_channels::Channels;
use umpire_model::{Clock, TenantId};
use umpire_notify::{Courier, Desk, Notifier, Parcel, Receiver, Report, Zones};
use umpire_outbound::Outbound;
use umpire_tenancy::Directory;

/// Upper bounds of the buckets for calls of vendors, in seconds.
const BUCKETS: [f64; 10] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0];

/// What secrets are encrypted under.
///
/// # Errors
/// When the key's file cannot be read, or is too short.
pub(crate) fn sealer(config: &Config, folder_secret: &[u8]) -> Result<Arc<Sealer>, StartError> {
    let key = match &config.secrets.key_file {
        Some(path) => {
            let wrong = |text: String| StartError::Secrets(format!("{}: {text}", path.display()));
            let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
            if bytes.len() < 32 {
                return Err(wrong("must hold at least 32 bytes".into()));
            }
            bytes
        }
        None => folder_secret.to_vec(),
    };
    let digest = Sha256::new_with_prefix("umpire sealing key 1").chain_update(key).finalize();
    Ok(Arc::new(Sealer::new(digest.into())))
}

/// Where tenants are, for windows and for times that people read.
pub(crate) struct TenantZones(pub Arc<Directory>);

impl Zones for TenantZones {
    fn zone(&self, tenant: &TenantId) -> String {
        let known = self.0.tenant(tenant.as_str());
        known.map_or_else(|| "UTC".into(), |tenant| tenant.draft.time_zone.clone())
    }
}

/// The one that hands notices to vendors, and counts.
///
/// # Errors
/// [`StartError`] for codes that cannot be read.
pub(crate) fn courier(
    config: &Config,
    outbound: Outbound,
    metrics: &AlertMetrics,
) -> Result<Arc<dyn Courier>, StartError> {
    let codes = config.alerts.codes().map_err(|error| StartError::Outbound(error.to_string()))?;
    Ok(Arc::new(CountingCourier {
        channels: Channels::new(outbound, codes),
        calls: metrics.calls.clone(),
        times: metrics.times.clone(),
    }))
}

/// The task that tells people.
pub(crate) struct Worker {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Worker {
    pub fn start(desk: Arc<Desk>, courier: Arc<dyn Courier>, clock: Arc<dyn Clock>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(Notifier::new(desk, courier, clock).run(stopped));
        Self { task, stop }
    }

    /// Lets it finish what it is at.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the notifier failed");
        }
    }
}

/// One call of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    channel: &'static str,
    outcome: &'static str,
}

/// Calls of one vendor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Vendor {
    channel: &'static str,
}

/// What is shown at `/metrics`.
#[derive(Clone)]
pub(crate) struct AlertMetrics {
    calls: Family<Call, Counter>,
    times: Family<Vendor, Histogram>,
    inbox: Gauge,
    open: Gauge,
    queued: Gauge,
    oldest: Gauge,
    dead: Gauge,
}

impl AlertMetrics {
    pub fn new(registry: &mut Registry) -> Self {
        let metrics = Self {
            calls: Family::default(),
            times: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            inbox: Gauge::default(),
            open: Gauge::default(),
            queued: Gauge::default(),
            oldest: Gauge::default(),
            dead: Gauge::default(),
        };
        let calls = "Calls of vendors, by channel and outcome";
        registry.register("umpire_notification_attempts", calls, metrics.calls.clone());
        let times = "How long calls of vendors took";
        registry.register("umpire_notification_seconds", times, metrics.times.clone());
        let gauges = [
            ("alerts_inbox", "Events that were accepted and not handled yet", &metrics.inbox),
            ("alerts_open", "Alerts that are not resolved", &metrics.open),
            ("deliveries_queued", "Deliveries on their way", &metrics.queued),
            ("deliveries_oldest_seconds", "Age of the oldest of them", &metrics.oldest),
            ("deliveries_dead", "Deliveries that failed or expired and are kept", &metrics.dead),
        ];
        for (name, help, gauge) in gauges {
            registry.register(format!("umpire_{name}"), help, gauge.clone());
        }
        metrics
    }

    /// Reads what waits; keeps the last figures when the store is away.
    pub async fn refresh(&self, desk: &Desk, clock: &dyn Clock) {
        let now = clock.now();
        let Ok(waiting) = desk.store().waiting(now).await else { return };
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.inbox.set(signed(waiting.events));
        self.open.set(signed(waiting.open));
        self.queued.set(signed(waiting.queued));
        self.dead.set(signed(waiting.dead));
        let age = waiting.oldest.map_or(0, |oldest| now.micros_since(oldest) / 1_000_000);
        self.oldest.set(signed(age));
    }
}

/// Counts what the channels do.
struct CountingCourier {
    channels: Channels,
    calls: Family<Call, Counter>,
    times: Family<Vendor, Histogram>,
}

impl Courier for CountingCourier {
    fn deliver<'a>(&'a self, receiver: &'a Receiver, parcel: Parcel<'a>) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let started = Instant::now();
            let report = self.channels.deliver(receiver, parcel).await;
            let channel = receiver.channel.kind().name();
            let seconds = started.elapsed().as_secs_f64();
            self.times.get_or_create(&Vendor { channel }).observe(seconds);
            self.calls.get_or_create(&Call { channel, outcome: report.outcome.class() }).inc();
            report
        })
    }
}

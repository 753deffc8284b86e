//! The composition root: builds everything, runs it, takes it down in order.

use crate::{
    alerts::{self, AlertMetrics, TenantZones, Worker},
    config::{AuthMode, Config, JwtConfig},
    grpc::{self, Parts, SERVICES},
    http::{self, Pages},
    sanctions::{SanctionMetrics, Workers, policy},
};
use prometheus_client::registry::Registry;
use std::{fs, io, net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tonic::transport::server::TcpIncoming;
use tonic_health::{ServingStatus, server::HealthReporter};
use umpire_api::{
    ServerInfo,
    layers::{Admission, GateLayer, GateOptions, Metrics, Rate, TokenOptions, Tokens},
};
use umpire_audit::Ledger;
use umpire_model::{Clock, StoreError};
use umpire_moderation::Moderator;
use umpire_notify::{Courier, Desk, DeskParts};
use umpire_outbound::{Options, Outbound};
use umpire_proto::v1::GetServerInfoResponse;
use umpire_rules::RuleBook;
use umpire_sanctions::{Court, Parts as CourtParts};
use umpire_store_embedded::{EmbeddedStore, OpenError, Options as StoreOptions};
use umpire_tenancy::{Caller, Directory};

/// The server cannot start.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum StartError {
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{key}: cannot listen on {address}: {error}")]
    Listen { key: &'static str, address: SocketAddr, error: io::Error },
    #[error("{0}")]
    Tls(String),
    #[error("auth.jwt: {0}")]
    Jwt(String),
    #[error("outbound: {0}")]
    Outbound(String),
    #[error("secrets.key_file: {0}")]
    Secrets(String),
    #[error("descriptors: {0}")]
    Descriptors(String),
}

/// A running server.
pub struct Server {
    grpc_address: SocketAddr,
    http_address: SocketAddr,
    drain_limit: Duration,
    store: EmbeddedStore,
    health: HealthReporter,
    /// Says that streams are to end and that the server is not ready.
    draining: watch::Sender<bool>,
    grpc: JoinHandle<Result<(), tonic::transport::Error>>,
    http: JoinHandle<io::Result<()>>,
    workers: Workers,
    notifier: Worker,
}

impl Server {
    /// Opens the store, builds the engines and listens.
    ///
    /// # Errors
    /// [`StartError`]; nothing keeps running.
    pub async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let grpc_listener = listen("server.grpc", config.server.grpc).await?;
        let http_listener = listen("server.http", config.server.http).await?;
        let store = EmbeddedStore::open(&StoreOptions {
            folder: config.server.data_dir.clone(),
            max_spool_bytes: config.store.max_spool_bytes,
        })?;
        let mut registry = Registry::default();
        let (draining, on_drain) = watch::channel(false);
        let metrics = Metrics::new(&mut registry);
        let (sanctions, told) =
            (SanctionMetrics::new(&mut registry), AlertMetrics::new(&mut registry));
        let outbound = outbound(config)?;
        let courier = alerts::courier(config, outbound.clone(), &told)?;
        let building =
            Building { clock: clock.clone(), draining: on_drain.clone(), metrics, courier };
        let parts = engines(config, &store, building).await?;
        let gate = gate(config, &parts)?;
        let (court, desk, courier) =
            (parts.court.clone(), parts.desk.clone(), parts.courier.clone());
        register_store(&mut registry, &store);

        let grpc_address = address("server.grpc", config.server.grpc, &grpc_listener)?;
        let http_address = address("server.http", config.server.http, &http_listener)?;
        let (router, health) = grpc::server(config, parts, gate)?;
        for service in SERVICES {
            health.set_service_status(service, ServingStatus::Serving).await;
        }
        let incoming = TcpIncoming::from(grpc_listener).with_nodelay(Some(true));
        let grpc =
            tokio::spawn(router.serve_with_incoming_shutdown(incoming, until(on_drain.clone())));
        let workers = Workers::start(outbound, &court, clock.clone(), &sanctions);
        let notifier = Worker::start(desk.clone(), courier, clock.clone());
        let pages = Pages {
            store: store.clone(),
            registry: Arc::new(registry),
            draining: on_drain,
            court,
            sanctions,
            desk,
            alerts: told,
            clock,
        };
        let http = axum::serve(http_listener, http::router(pages)).into_future();
        let http = tokio::spawn(http);
        let drain_limit = Duration::from_secs(config.server.drain_seconds);
        Ok(Self {
            grpc_address,
            http_address,
            drain_limit,
            store,
            health,
            draining,
            grpc,
            http,
            workers,
            notifier,
        })
    }

    /// Where gRPC is served.
    #[must_use]
    pub fn grpc_address(&self) -> SocketAddr {
        self.grpc_address
    }

    /// Where health and metrics are served.
    #[must_use]
    pub fn http_address(&self) -> SocketAddr {
        self.http_address
    }

    /// Health says NOT_SERVING; no more calls are taken; those in flight end, or
    /// are cut off at the limit; what is queued is committed; the store is closed.
    pub async fn shutdown(mut self) {
        for service in SERVICES {
            self.health.set_service_status(service, ServingStatus::NotServing).await;
        }
        for service in SERVICES {
            // Ends the streams of those who watch.
            self.health.clear_service_status(service).await;
        }
        self.draining.send_replace(true);
        if tokio::time::timeout(self.drain_limit, &mut self.grpc).await.is_err() {
            tracing::warn!("calls still in flight at the drain limit are cut off");
            self.grpc.abort();
        }
        self.http.abort();
        self.workers.stop().await;
        self.notifier.stop().await;
        self.store.close().await;
    }
}

async fn until(mut draining: watch::Receiver<bool>) {
    // An error means that the server is gone, which is as good.
    let _ = draining.wait_for(|draining| *draining).await;
}

async fn listen(key: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Listen { key, address, error })
}

fn address(
    key: &'static str,
    asked: SocketAddr,
    listener: &TcpListener,
) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|error| StartError::Listen { key, address: asked, error })
}

/// The one client for everything that is called.
fn outbound(config: &Config) -> Result<Outbound, StartError> {
    let allow_private = config.outbound.allow_private;
    let outbound = Outbound::new(Options { allow_private, ..Options::default() });
    outbound.map_err(|error| StartError::Outbound(error.to_string()))
}

/// What the engines are built with.
struct Building {
    clock: Arc<dyn Clock>,
    draining: watch::Receiver<bool>,
    metrics: Metrics,
    courier: Arc<dyn Courier>,
}

async fn engines(
    config: &Config,
    store: &EmbeddedStore,
    building: Building,
) -> Result<Parts, StartError> {
    let Building { clock, draining, metrics, courier } = building;
    let now = clock.now();
    let ports = Arc::new(store.clone());
    let admin_key = config.auth.admin_key.reveal();
    let directory = Arc::new(Directory::open(ports.clone(), admin_key, now).await?);
    if config.auth.mode == AuthMode::Keys && !directory.has_keys() {
        tracing::warn!("nobody can call: there is no API key, and auth.admin_key is not set");
    }
    let book = Arc::new(RuleBook::new(ports.clone()));
    // Ready means that the first check finds its rules.
    for tenant in directory.open_tenants() {
        if let Err(error) = book.open(&tenant).await {
            // Its checks will say so; other tenants go on.
            tracing::error!(%tenant, %error, "the rules cannot be loaded");
        }
    }
    let sealer = alerts::sealer(config, &ports.secret())?;
    let court = Court::open(CourtParts {
        store: ports.clone(),
        shelves: ports.clone(),
        sealer: sealer.clone(),
        policy: policy(config),
        secret: ports.secret(),
    });
    let court = Arc::new(court.await?);
    let desk = Desk::open(DeskParts {
        store: ports.clone(),
        shelves: ports.clone(),
        sealer,
        policy: config.alerts.policy().map_err(|error| StartError::Outbound(error.to_string()))?,
        zones: Arc::new(TenantZones(directory.clone())),
        secret: ports.secret(),
    });
    let desk = Arc::new(desk.await?);
    let moderator = Moderator::open(
        book.clone(),
        directory.clone(),
        ports.clone(),
        court.clone(),
        crate::VERSION,
        now,
    );
    let moderator = moderator.await?;
    let info = ServerInfo(GetServerInfoResponse {
        version: crate::VERSION.into(),
        start_time: Some(start_time(now)),
        store: "embedded".into(),
        max_text_bytes: i64::try_from(config.limits.max_text_bytes).unwrap_or(i64::MAX),
        max_batch_messages: i32::try_from(config.limits.max_batch_messages).unwrap_or(i32::MAX),
        authentication_required: config.auth.mode == AuthMode::Keys,
    });
    let moderator = Arc::new(moderator);
    Ok(Parts {
        moderator,
        book,
        court,
        desk,
        courier,
        directory,
        ledger: ports,
        clock,
        info,
        draining,
        metrics,
    })
}

fn start_time(now: umpire_model::Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = now.parts();
    prost_types::Timestamp { seconds, nanos }
}

fn gate(config: &Config, parts: &Parts) -> Result<GateLayer, StartError> {
    let clock = parts.clock.clone();
    let rate = NonZeroU32::new(config.limits.max_requests_per_second);
    Ok(GateLayer::new(GateOptions {
        directory: parts.directory.clone(),
        clock: clock.clone(),
        admission: Admission::new(config.limits.max_concurrent_requests),
        metrics: parts.metrics.clone(),
        anonymous: (config.auth.mode == AuthMode::None).then(Caller::local),
        tokens: tokens(&config.auth.jwt)?,
        rate: rate.map(|rate| Rate::new(rate, clock)),
    }))
}

/// What verifies tokens, if they are accepted.
fn tokens(jwt: &JwtConfig) -> Result<Option<Tokens>, StartError> {
    if jwt.algorithm.is_empty() {
        return Ok(None);
    }
    let key = match (&jwt.key_file, jwt.secret.reveal()) {
        (Some(path), _) => fs::read(path)
            .map_err(|error| StartError::Jwt(format!("key_file: {}: {error}", path.display())))?,
        (None, secret) => secret.unwrap_or_default().as_bytes().to_vec(),
    };
    let (algorithm, issuer, audience) =
        (jwt.algorithm.clone(), jwt.issuer.clone(), jwt.audience.clone());
    let options = TokenOptions { algorithm, key, issuer, audience };
    Tokens::new(&options).map(Some).map_err(StartError::Jwt)
}

/// How full the writer's queue is, read when it is asked for.
fn register_store(registry: &mut Registry, store: &EmbeddedStore) {
    registry.register_collector(Box::new(QueueDepth(store.clone())));
}

struct QueueDepth(EmbeddedStore);

impl std::fmt::Debug for QueueDepth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QueueDepth")
    }
}

impl prometheus_client::collector::Collector for QueueDepth {
    fn encode(
        &self,
        mut encoder: prometheus_client::encoding::DescriptorEncoder<'_>,
    ) -> Result<(), std::fmt::Error> {
        use prometheus_client::{encoding::EncodeMetric, metrics::gauge::ConstGauge};
        let (_, waiting) = self.0.queue();
        let gauge = ConstGauge::new(i64::try_from(waiting).unwrap_or(i64::MAX));
        let help = "Decisions and changes that wait for the writer";
        let metric =
            encoder.encode_descriptor("umpire_store_queue", help, None, gauge.metric_type())?;
        gauge.encode(metric)
    }
}

use crate::{Clients, ManualClock};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tempfile::TempDir;
use umpire::{Config, Server, config::AuthMode};

/// The operator's key of servers that require keys.
const OPERATOR_KEY: &str = "operator key of the tests";

/// A server in this process, on free ports, with a folder and a clock of its own.
pub struct TestServer {
    /// The server's clock.
    pub clock: Arc<ManualClock>,
    config: Config,
    folder: TempDir,
    server: Option<Server>,
}

impl TestServer {
    /// As `umpire serve` starts without configuration.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// That requires keys.
    pub async fn start_with_keys() -> Self {
        Self::start_with(|config| {
            config.auth.mode = AuthMode::Keys;
            config.auth.admin_key = OPERATOR_KEY.into();
        })
        .await
    }

    /// With another configuration.
    pub async fn start_with(configure: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.server.data_dir = folder.path().into();
        config.server.grpc.set_port(0);
        config.server.http.set_port(0);
        configure(&mut config);
        let clock = Arc::new(ManualClock::at("2026-11-22T03:00:00Z"));
        let server = Server::start(&config, clock.clone()).await.unwrap();
        Self { clock, config, folder, server: Some(server) }
    }

    /// Stops and starts on the same folder.
    pub async fn restart(&mut self) {
        self.restart_after(|_, _| {}).await;
    }

    /// Stops, lets something happen to its clock and folder, and starts on that folder.
    pub async fn restart_after(&mut self, meanwhile: impl FnOnce(&ManualClock, &Path)) {
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
        meanwhile(&self.clock, self.folder.path());
        self.server = Some(Server::start(&self.config, self.clock.clone()).await.unwrap());
    }

    /// Drains and stops.
    pub async fn stop(mut self) {
        self.server.take().unwrap().shutdown().await;
    }

    /// Clients without a key.
    #[must_use]
    pub fn clients(&self) -> Clients {
        Clients::connect(self.grpc(), None)
    }

    /// Clients with the operator's key.
    #[must_use]
    pub fn operator(&self) -> Clients {
        self.clients_with(OPERATOR_KEY)
    }

    /// Clients with a key.
    #[must_use]
    pub fn clients_with(&self, key: &str) -> Clients {
        Clients::connect(self.grpc(), Some(key))
    }

    /// Where gRPC is served.
    #[must_use]
    pub fn grpc(&self) -> SocketAddr {
        self.server.as_ref().unwrap().grpc_address()
    }

    /// Where health and metrics are served.
    #[must_use]
    pub fn http(&self) -> SocketAddr {
        self.server.as_ref().unwrap().http_address()
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

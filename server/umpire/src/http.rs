//! `/health`, `/ready` and `/metrics` over plain HTTP.

use crate::{alerts::AlertMetrics, sanctions::SanctionMetrics};
use axum::{
    Json, Router, extract::State, http::StatusCode, http::header, response::IntoResponse,
    routing::get,
};
use prometheus_client::registry::Registry;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;
use umpire_model::Clock;
use umpire_notify::Desk;
use umpire_sanctions::Court;
use umpire_store_embedded::EmbeddedStore;

/// Longest wait for a component's answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the pages are made of.
#[derive(Clone)]
pub(crate) struct Pages {
    pub store: EmbeddedStore,
    pub registry: Arc<Registry>,
    pub draining: watch::Receiver<bool>,
    pub court: Arc<Court>,
    pub sanctions: SanctionMetrics,
    pub desk: Arc<Desk>,
    pub alerts: AlertMetrics,
    pub clock: Arc<dyn Clock>,
}

pub(crate) fn router(pages: Pages) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(pages)
}

/// The process is alive.
async fn health() -> impl IntoResponse {
    Json(json!({ "status": "ok", "version": crate::VERSION }))
}

/// The server takes calls; each component says how it is.
async fn ready(State(pages): State<Pages>) -> impl IntoResponse {
    let store = match tokio::time::timeout(PATIENCE, pages.store.check()).await {
        Ok(Ok(())) => "ok".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer".to_owned(),
    };
    let draining = *pages.draining.borrow();
    let serving = store == "ok" && !draining;
    let status = if serving { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let grpc = if draining { "draining" } else { "ok" };
    let body = json!({
        "status": if serving { "ready" } else { "not ready" },
        "components": { "grpc": grpc, "store": store },
    });
    (status, Json(body))
}

/// OpenMetrics text.
async fn metrics(State(pages): State<Pages>) -> impl IntoResponse {
    pages.sanctions.refresh(&pages.court, &*pages.clock).await;
    pages.alerts.refresh(&pages.desk, &*pages.clock).await;
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, &pages.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

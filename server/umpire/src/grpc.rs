//! The gRPC side: every service and what stands before it, as a visible stack.

use crate::{config::Config, server::StartError};
use std::{fs, path::Path, sync::Arc, time::Duration};
use tokio::sync::watch;
use tonic::{
    codec::CompressionEncoding::Gzip,
    service::Routes,
    transport::{Certificate, Identity, Server, ServerTlsConfig, server::Router},
};
use tonic_health::server::HealthReporter;
use tower::layer::util::{Identity as NoLayer, Stack};
use umpire_api::{
    Admin, AlertParts, Alerts, Audit, Limits, Moderation, RuleParts, Rules, SanctionParts,
    Sanctions, ServerInfo,
    layers::{GateLayer, Metrics},
};
use umpire_audit::Ledger;
use umpire_model::Clock;
use umpire_moderation::Moderator;
use umpire_notify::{Courier, Desk};
use umpire_proto::v1::{
    admin_service_server::AdminServiceServer, alert_service_server::AlertServiceServer,
    audit_service_server::AuditServiceServer, moderation_service_server::ModerationServiceServer,
    rule_service_server::RuleServiceServer, sanction_service_server::SanctionServiceServer,
};
use umpire_rules::RuleBook;
use umpire_sanctions::Court;
use umpire_tenancy::Directory;

/// What the services work with.
pub(crate) struct Parts {
    pub moderator: Arc<Moderator>,
    pub book: Arc<RuleBook>,
    pub court: Arc<Court>,
    pub desk: Arc<Desk>,
    pub courier: Arc<dyn Courier>,
    pub directory: Arc<Directory>,
    pub ledger: Arc<dyn Ledger>,
    pub clock: Arc<dyn Clock>,
    pub info: ServerInfo,
    pub draining: watch::Receiver<bool>,
    pub metrics: Metrics,
}

/// Names under which health is reported.
pub(crate) const SERVICES: [&str; 7] = [
    "",
    "umpire.v1.ModerationService",
    "umpire.v1.RuleService",
    "umpire.v1.SanctionService",
    "umpire.v1.AlertService",
    "umpire.v1.AuditService",
    "umpire.v1.AdminService",
];

/// A file or document of 32 MiB with what is around it: a moderator's request may be
/// as big whatever other requests may be.
const MAX_FILE_REQUEST: usize = 33 << 20;

/// The server, from the wire to the handlers:
///
/// 1. HTTP/2 with keep-alive, so that dead peers are noticed;
/// 2. TLS, if configured, with client certificates if asked for;
/// 3. the caller's deadline (`grpc-timeout`), which tonic enforces;
/// 4. the gate: admission, caller, role;
/// 5. routing to a service; requests over the size limit are refused there.
pub(crate) fn server(
    config: &Config,
    parts: Parts,
    gate: GateLayer,
) -> Result<(Router<Stack<GateLayer, NoLayer>>, HealthReporter), StartError> {
    let (health, health_service) = tonic_health::server::health_reporter();
    let mut routes = Routes::builder();
    routes.add_service(health_service);
    add_reflection(&mut routes)?;
    add_services(&mut routes, config, parts);
    let mut server = Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .http2_max_header_list_size(16 << 10)
        .max_concurrent_streams(1_024);
    if let Some(tls) = tls(config)? {
        server = server.tls_config(tls).map_err(|error| StartError::Tls(explain(&error)))?;
    }
    Ok((server.layer(gate).add_routes(routes.routes()), health))
}

fn add_services(routes: &mut tonic::service::RoutesBuilder, config: &Config, parts: Parts) {
    let most = config.limits.max_request_bytes;
    let limits = Limits {
        max_text_bytes: config.limits.max_text_bytes,
        max_batch_messages: config.limits.max_batch_messages,
    };
    let Parts {
        moderator,
        book,
        court,
        desk,
        courier,
        directory,
        ledger,
        clock,
        info,
        draining,
        metrics,
    } = parts;
    let moderation = Moderation::new(
        moderator.clone(),
        directory.clone(),
        clock.clone(),
        limits,
        metrics.verdicts(),
        draining.clone(),
    );
    let sanctions = Sanctions::new(SanctionParts {
        court,
        book: book.clone(),
        directory: directory.clone(),
        clock: clock.clone(),
        draining: draining.clone(),
    });
    let alerts = Alerts::new(AlertParts {
        desk,
        courier,
        directory: directory.clone(),
        clock: clock.clone(),
        draining: draining.clone(),
    });
    let rules = Rules::new(RuleParts {
        book,
        moderator,
        directory: directory.clone(),
        clock: clock.clone(),
        limits,
        draining,
    });
    let admin = Admin::new(directory, clock, info);
    // Answers to checks are small and many: compressing them costs more than it saves.
    routes
        .add_service(
            ModerationServiceServer::new(moderation)
                .accept_compressed(Gzip)
                .max_decoding_message_size(most),
        )
        .add_service(
            RuleServiceServer::new(rules)
                .accept_compressed(Gzip)
                .send_compressed(Gzip)
                .max_decoding_message_size(most.max(MAX_FILE_REQUEST)),
        )
        .add_service(
            SanctionServiceServer::new(sanctions)
                .accept_compressed(Gzip)
                .send_compressed(Gzip)
                .max_decoding_message_size(most),
        )
        .add_service(
            AlertServiceServer::new(alerts)
                .accept_compressed(Gzip)
                .send_compressed(Gzip)
                .max_decoding_message_size(most),
        )
        .add_service(
            AuditServiceServer::new(Audit::new(ledger))
                .accept_compressed(Gzip)
                .send_compressed(Gzip)
                .max_decoding_message_size(most),
        )
        .add_service(
            AdminServiceServer::new(admin)
                .accept_compressed(Gzip)
                .send_compressed(Gzip)
                .max_decoding_message_size(most),
        );
    #[cfg(feature = "bench")]
    routes.add_service(
        umpire_proto::bench::echo_service_server::EchoServiceServer::new(umpire_api::Echo)
            .accept_compressed(Gzip)
            .max_decoding_message_size(most),
    );
}

fn add_reflection(routes: &mut tonic::service::RoutesBuilder) -> Result<(), StartError> {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(umpire_proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let invalid =
        |error: tonic_reflection::server::Error| StartError::Descriptors(error.to_string());
    routes.add_service(builder().build_v1().map_err(invalid)?);
    routes.add_service(builder().build_v1alpha().map_err(invalid)?);
    Ok(())
}

fn tls(config: &Config) -> Result<Option<ServerTlsConfig>, StartError> {
    let (Some(certificate), Some(key)) = (&config.tls.certificate, &config.tls.key) else {
        return Ok(None);
    };
    let identity = Identity::from_pem(read("tls.certificate", certificate)?, read("tls.key", key)?);
    let mut tls = ServerTlsConfig::new().identity(identity);
    if let Some(authority) = &config.tls.client_ca {
        tls = tls.client_ca_root(Certificate::from_pem(read("tls.client_ca", authority)?));
    }
    Ok(Some(tls))
}

fn read(key: &str, path: &Path) -> Result<Vec<u8>, StartError> {
    fs::read(path).map_err(|error| StartError::Tls(format!("{key}: {}: {error}", path.display())))
}

/// An error with its causes: tonic's own text says only "transport error".
fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text += &format!(": {inner}");
        cause = inner.source();
    }
    text
}

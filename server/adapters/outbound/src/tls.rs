use crate::error::OutboundError;
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use std::sync::Arc;

/// TLS with ring's cryptography and the authorities the system trusts. It is set up here
/// because the client would otherwise look for a provider of the whole process.
pub(crate) fn tls() -> Result<ClientConfig, OutboundError> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| OutboundError::Setup(error.to_string()))?;
    Ok(config.with_root_certificates(authorities()).with_no_client_auth())
}

fn authorities() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        tracing::warn!("the system trusts no certificate authority: no https URL can be called");
    }
    roots
}

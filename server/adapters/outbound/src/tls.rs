use crate::error::OutboundError;
use rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::sync::Arc;

/// TLS with ring's cryptography and the authorities the system trusts. It is set up here
/// because the client would otherwise look for a provider of the whole process.
pub(crate) fn tls() -> Result<ClientConfig, OutboundError> {
    tls_trusting("")
}

/// As the client's, trusting these certificates, too: PEM, one after the other.
///
/// # Errors
/// [`OutboundError::Setup`], when one of them cannot be read.
pub fn tls_trusting(pem: &str) -> Result<ClientConfig, OutboundError> {
    let mut roots = authorities();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| OutboundError::Setup(error.to_string()))?;
        roots.add(certificate).map_err(|error| OutboundError::Setup(error.to_string()))?;
    }
    Ok(builder()?.with_root_certificates(roots).with_no_client_auth())
}

type Builder = ConfigBuilder<ClientConfig, WantsVerifier>;

fn builder() -> Result<Builder, OutboundError> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| OutboundError::Setup(error.to_string()))
}

fn authorities() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        tracing::warn!("the system trusts no certificate authority: no https URL can be called");
    }
    roots
}

//! The wire can be encrypted, and clients can be asked for a certificate.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::{fs, path::Path};
use tempfile::TempDir;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use umpire_testkit::{Clients, TestServer, check, message};

/// A certificate signed by an authority, with its key, in PEM.
struct Pair {
    certificate: String,
    key: String,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn signed(authority: &Authority) -> Pair {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".into()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    Pair { certificate: certificate.pem(), key: key.serialize_pem() }
}

fn write(folder: &Path, name: &str, text: &str) -> Option<std::path::PathBuf> {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    Some(path)
}

async fn server(folder: &Path, authority: &Authority, ask_clients: bool) -> TestServer {
    let pair = signed(authority);
    TestServer::start_with(|config| {
        config.tls.certificate = write(folder, "server.pem", &pair.certificate);
        config.tls.key = write(folder, "server.key", &pair.key);
        config.tls.client_ca =
            ask_clients.then(|| write(folder, "ca.pem", &authority.pem())).flatten();
    })
    .await
}

async fn connect(
    server: &TestServer,
    trusted: &Authority,
    identity: Option<Pair>,
) -> Result<Channel, tonic::transport::Error> {
    let mut tls = ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(trusted.pem()))
        .domain_name("localhost");
    if let Some(pair) = identity {
        tls = tls.identity(Identity::from_pem(pair.certificate, pair.key));
    }
    let endpoint = Endpoint::from_shared(format!("https://{}", server.grpc())).unwrap();
    endpoint.tls_config(tls)?.connect().await
}

async fn may_call(channel: Result<Channel, tonic::transport::Error>) -> bool {
    match channel {
        Ok(channel) => check(&Clients::over(channel, None), message("hi")).await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn the_server_shows_its_certificate() {
    let (folder, ours, theirs) = (TempDir::new().unwrap(), authority(), authority());
    let server = server(folder.path(), &ours, false).await;
    assert!(may_call(connect(&server, &ours, None).await).await);
    assert!(!may_call(connect(&server, &theirs, None).await).await, "not trusted");
    assert!(check(&server.clients(), message("hi")).await.is_err(), "plain text");
}

#[tokio::test]
async fn clients_show_theirs_when_asked() {
    let (folder, ours, theirs) = (TempDir::new().unwrap(), authority(), authority());
    let server = server(folder.path(), &ours, true).await;
    assert!(may_call(connect(&server, &ours, Some(signed(&ours))).await).await);
    assert!(!may_call(connect(&server, &ours, None).await).await, "none shown");
    assert!(!may_call(connect(&server, &ours, Some(signed(&theirs))).await).await, "not ours");
}

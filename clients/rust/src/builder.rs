use crate::{Error, Umpire, tenant::Tenant, wire::Credentials};
use std::{fmt, sync::Arc, time::Duration};
use tonic::{
    service::interceptor::InterceptedService,
    transport::{self, Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};

/// How long one try of a call may take unless said otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a connection is asked whether it is alive, so that a watch notices when
/// it is not.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// How to reach a server; made by [`Umpire::builder`].
#[derive(Clone)]
#[must_use = "nothing happens until `connect`"]
pub struct Builder {
    endpoint: String,
    api_key: Option<String>,
    tenant: Option<String>,
    timeout: Duration,
    authority: Option<Certificate>,
    identity: Option<Identity>,
    server_name: Option<String>,
    locale: Option<String>,
}

impl Builder {
    pub(crate) fn new(endpoint: String) -> Self {
        Self {
            endpoint,
            api_key: None,
            tenant: None,
            timeout: TIMEOUT,
            authority: None,
            identity: None,
            server_name: None,
            locale: None,
        }
    }

    /// The key to call with.
    pub fn api_key(self, key: impl Into<String>) -> Self {
        Self { api_key: Some(key.into()), ..self }
    }

    /// Id of the tenant that is meant; the key's own unless given.
    pub fn tenant(self, id: impl Into<String>) -> Self {
        Self { tenant: Some(id.into()), ..self }
    }

    /// How long one try of a call may take, 60 seconds unless given. The server is
    /// told. Streams are not limited.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The authority (PEM) that vouches for the server; the system's own otherwise.
    pub fn ca_certificate(self, pem: impl AsRef<[u8]>) -> Self {
        Self { authority: Some(Certificate::from_pem(pem)), ..self }
    }

    /// The certificate and key (PEM) to show to a server that asks for one.
    pub fn client_identity(self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        Self { identity: Some(Identity::from_pem(certificate, key)), ..self }
    }

    /// The name in the server's certificate, where it is not the endpoint's host.
    pub fn server_name(self, name: impl Into<String>) -> Self {
        Self { server_name: Some(name.into()), ..self }
    }

    /// Language of messages for people, as a BCP 47 tag: `zh-CN` or `en`.
    pub fn locale(self, tag: impl Into<String>) -> Self {
        Self { locale: Some(tag.into()), ..self }
    }

    /// Connects.
    ///
    /// # Errors
    /// When a setting cannot be used or the server cannot be reached.
    pub async fn connect(self) -> Result<Umpire, Error> {
        let channel = self.endpoint()?.connect().await;
        let channel = channel.map_err(|error| Error::Connect(Arc::new(error)))?;
        self.over(channel)
    }

    /// Connects with the first call. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn connect_lazy(self) -> Result<Umpire, Error> {
        let channel = self.endpoint()?.connect_lazy();
        self.over(channel)
    }

    fn over(self, channel: Channel) -> Result<Umpire, Error> {
        let credentials = Credentials::new(self.api_key.as_deref(), self.locale.as_deref())?;
        let wire = InterceptedService::new(channel, credentials);
        Ok(Umpire::new(wire, Tenant::new(self.tenant), self.timeout))
    }

    fn endpoint(&self) -> Result<Endpoint, Error> {
        self.try_endpoint().map_err(|error| Error::InvalidEndpoint(Arc::new(error)))
    }

    fn try_endpoint(&self) -> Result<Endpoint, transport::Error> {
        let uri = self.uri();
        let secure = uri.starts_with("https:");
        let endpoint = Endpoint::from_shared(uri)?
            .user_agent(concat!("umpire-client/", env!("CARGO_PKG_VERSION")))?
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE);
        if secure { endpoint.tls_config(self.tls()) } else { Ok(endpoint) }
    }

    /// The endpoint with a scheme. An authority was given for a reason: without a
    /// scheme it means TLS.
    fn uri(&self) -> String {
        match (self.endpoint.contains("://"), &self.authority) {
            (true, _) => self.endpoint.clone(),
            (false, Some(_)) => format!("https://{}", self.endpoint),
            (false, None) => format!("http://{}", self.endpoint),
        }
    }

    fn tls(&self) -> ClientTlsConfig {
        let mut tls = match &self.authority {
            Some(authority) => ClientTlsConfig::new().ca_certificate(authority.clone()),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        if let Some(identity) = &self.identity {
            tls = tls.identity(identity.clone());
        }
        if let Some(name) = &self.server_name {
            tls = tls.domain_name(name);
        }
        tls
    }
}

/// Never shows the key.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("endpoint", &self.endpoint)
            .field("api_key", &self.api_key.as_ref().map(|_| "***"))
            .field("tenant", &self.tenant)
            .field("timeout", &self.timeout)
            .field("locale", &self.locale)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_added_where_there_is_none() {
        let plain = Builder::new("127.0.0.1:50051".into());
        assert_eq!(plain.uri(), "http://127.0.0.1:50051");
        assert_eq!(plain.ca_certificate("pem").uri(), "https://127.0.0.1:50051");
        assert_eq!(Builder::new("https://umpire".into()).uri(), "https://umpire");
    }

    #[test]
    fn debug_hides_the_key() {
        let builder = Builder::new("umpire".into()).api_key("geheim");
        assert!(!format!("{builder:?}").contains("geheim"));
    }
}

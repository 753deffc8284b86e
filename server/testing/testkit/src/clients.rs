use std::net::SocketAddr;
use tonic::{
    Request, Status,
    metadata::MetadataValue,
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};
use umpire_proto::v1::{
    admin_service_client::AdminServiceClient, alert_service_client::AlertServiceClient,
    audit_service_client::AuditServiceClient, moderation_service_client::ModerationServiceClient,
    rule_service_client::RuleServiceClient, sanction_service_client::SanctionServiceClient,
};

/// Adds an API key to every call; without one, nothing.
#[derive(Clone, Default)]
pub struct Keyed(Option<String>);

impl Interceptor for Keyed {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(key) = &self.0 {
            let value: MetadataValue<_> = format!("Bearer {key}").parse().unwrap();
            request.metadata_mut().insert("authorization", value);
        }
        Ok(request)
    }
}

type Wire = InterceptedService<Channel, Keyed>;

/// A client of every service, in the name of one key.
#[derive(Clone)]
#[allow(missing_docs)]
pub struct Clients {
    pub moderation: ModerationServiceClient<Wire>,
    pub rules: RuleServiceClient<Wire>,
    pub sanctions: SanctionServiceClient<Wire>,
    pub alerts: AlertServiceClient<Wire>,
    pub audit: AuditServiceClient<Wire>,
    pub admin: AdminServiceClient<Wire>,
    pub channel: Channel,
}

impl Clients {
    /// Connects lazily.
    #[must_use]
    pub fn connect(address: SocketAddr, key: Option<&str>) -> Self {
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        Self::over(channel, key)
    }

    /// Over a connection that exists.
    #[must_use]
    pub fn over(channel: Channel, key: Option<&str>) -> Self {
        let keyed = Keyed(key.map(str::to_owned));
        let wire = || InterceptedService::new(channel.clone(), keyed.clone());
        Self {
            moderation: ModerationServiceClient::new(wire()),
            rules: RuleServiceClient::new(wire()),
            sanctions: SanctionServiceClient::new(wire()),
            alerts: AlertServiceClient::new(wire()),
            audit: AuditServiceClient::new(wire()),
            admin: AdminServiceClient::new(wire()),
            channel,
        }
    }
}

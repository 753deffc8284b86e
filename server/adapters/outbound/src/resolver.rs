use crate::{address::Guard, error::ForbiddenAddress};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{error::Error, net::SocketAddr};

/// Resolves names as the system does, and gives the client only addresses it may connect
/// to. There is no second look-up that could give others.
#[derive(Debug)]
pub(crate) struct GuardedResolver(pub Guard);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(look_up(name, self.0))
    }
}

async fn look_up(name: Name, guard: Guard) -> Result<Addrs, Box<dyn Error + Send + Sync>> {
    // The client puts the URL's port in the place of 0.
    let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
    let (permitted, refused): (Vec<SocketAddr>, Vec<_>) =
        found.partition(|address| guard.permits(address.ip()));
    match refused.first() {
        Some(address) if permitted.is_empty() => Err(ForbiddenAddress(address.ip()).into()),
        _ => Ok(Box::new(permitted.into_iter())),
    }
}

//! Peers that speak something other than HTTP.

use crate::{client::Outbound, error::OutboundError};
use std::net::SocketAddr;
use tokio::{net::TcpStream, time::timeout};

impl Outbound {
    /// An address of a host that may be called. To be called as it is: another look-up could
    /// give another.
    ///
    /// # Errors
    /// [`OutboundError::Forbidden`], and when the host has no address.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<SocketAddr, OutboundError> {
        let found = tokio::net::lookup_host((host, port)).await;
        let found: Vec<_> = found.map_err(|error| unreachable(&error))?.collect();
        let permitted = found.iter().find(|address| self.guard.permits(address.ip()));
        match (permitted, found.first()) {
            (Some(address), _) => Ok(*address),
            (None, Some(refused)) => Err(OutboundError::Forbidden(refused.ip())),
            (None, None) => Err(OutboundError::Unreachable("the host has no address".into())),
        }
    }

    /// A connection to a host that may be called.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, OutboundError> {
        let address = self.resolve(host, port).await?;
        match timeout(self.connect_timeout, TcpStream::connect(address)).await {
            Ok(connected) => connected.map_err(|error| unreachable(&error)),
            Err(_) => Err(OutboundError::Timeout { sent: false }),
        }
    }
}

fn unreachable(error: &std::io::Error) -> OutboundError {
    OutboundError::Unreachable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use tokio::net::TcpListener;

    fn outbound(allow_private: bool) -> Outbound {
        Outbound::new(Options { allow_private, ..Options::default() }).expect("set up")
    }

    #[tokio::test]
    async fn private_peers_are_called_only_where_that_is_allowed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        assert!(outbound(true).connect("localhost", port).await.is_ok());
        for host in ["localhost", "127.0.0.1", "169.254.169.254"] {
            let refused = outbound(false).connect(host, port).await.err();
            assert!(matches!(refused, Some(OutboundError::Forbidden(_))), "{host}: {refused:?}");
        }
    }
}

use crate::report::{not_sent, refused};
use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::UdpSocket,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use umpire_notify::{Outcome, Report, Syslog, SyslogTransport};
use umpire_outbound::{Outbound, OutboundError, tls_trusting};

/// Longest wait for a connection, and again for the message to be written.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a server is waited for to close its side, too.
const GOODBYE: Duration = Duration::from_secs(1);

const PORT: u16 = 514;
const TLS_PORT: u16 = 6_514;

/// What a message is written to.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Writes a message to the server.
pub(super) async fn send(outbound: &Outbound, config: &Syslog, message: &str) -> Report {
    let port = match (config.port, config.transport) {
        (0, SyslogTransport::Tls) => TLS_PORT,
        (0, SyslogTransport::Udp | SyslogTransport::Tcp) => PORT,
        (port, _) => port,
    };
    let sent = match config.transport {
        SyslogTransport::Udp => datagram(outbound, &config.host, port, message).await,
        SyslogTransport::Tcp | SyslogTransport::Tls => {
            stream(outbound, config, port, message).await
        }
    };
    let delivered = Report { outcome: Outcome::Delivered, ..refused("sent") };
    sent.map_or_else(|report| report, |()| delivered)
}

/// Whether it arrives nobody knows.
async fn datagram(outbound: &Outbound, host: &str, port: u16, message: &str) -> Result<(), Report> {
    let address = in_time(outbound.resolve(host, port)).await?;
    let local: SocketAddr = match address {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(local).await.map_err(|error| lost(&error))?;
    socket.send_to(message.as_bytes(), address).await.map_err(|error| lost(&error))?;
    Ok(())
}

async fn stream(
    outbound: &Outbound,
    config: &Syslog,
    port: u16,
    message: &str,
) -> Result<(), Report> {
    let mut stream = in_time(open(outbound, config, port)).await?;
    // Octet counting: no line break in a message can start another.
    let frame = format!("{} {message}", message.len());
    match timeout(PATIENCE, write(&mut stream, frame.as_bytes())).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Report { outcome: Outcome::Unknown, ..refused(&error.to_string()) }),
        Err(_) => Err(not_sent(&OutboundError::Timeout { sent: true })),
    }
}

/// With TLS the server has then proven to be `config.host`.
async fn open(
    outbound: &Outbound,
    config: &Syslog,
    port: u16,
) -> Result<Box<dyn Stream>, OutboundError> {
    let stream = outbound.connect(&config.host, port).await?;
    if config.transport != SyslogTransport::Tls {
        return Ok(Box::new(stream));
    }
    let tls = TlsConnector::from(Arc::new(tls_trusting(&config.ca_certificate)?));
    let name = ServerName::try_from(config.host.clone())
        .map_err(|_| OutboundError::Setup("`host` is no name that certificates hold".into()))?;
    let connected = tls.connect(name, stream).await;
    Ok(Box::new(connected.map_err(|error| OutboundError::Unreachable(error.to_string()))?))
}

/// Writes all of it and closes. A server that closes, too, has read all of it; one that
/// breaks the connection may not have.
async fn write(stream: &mut Box<dyn Stream>, frame: &[u8]) -> io::Result<()> {
    stream.write_all(frame).await?;
    stream.shutdown().await?;
    let mut rest = [0; 1_024];
    let closed = async {
        while stream.read(&mut rest).await? > 0 {}
        io::Result::Ok(())
    };
    match timeout(GOODBYE, closed).await {
        // The end of the connection without that of TLS is an end all the same.
        Ok(Err(error)) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(()),
    }
}

/// What comes in time, or why nothing was sent.
async fn in_time<T>(work: impl Future<Output = Result<T, OutboundError>>) -> Result<T, Report> {
    let late = || OutboundError::Timeout { sent: false };
    let result = timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(late()));
    result.map_err(|error| not_sent(&error))
}

fn lost(error: &io::Error) -> Report {
    not_sent(&OutboundError::Unreachable(error.to_string()))
}

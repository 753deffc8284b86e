//! A syslog server: datagrams, or octet-counted messages over TCP or TLS.

use crate::smtp_sink::{kept::Kept, tls::Certified};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    net::{TcpListener, UdpSocket},
    task::JoinHandle,
};

/// What all connections share.
#[derive(Default)]
struct Shared {
    messages: Kept<String>,
    closes: AtomicBool,
}

/// A syslog server at work. Dropped, it takes nothing more.
pub struct SyslogSink {
    address: SocketAddr,
    authority: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl SyslogSink {
    /// One for datagrams.
    pub async fn udp() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let (address, shared) = (socket.local_addr().unwrap(), Arc::<Shared>::default());
        let task = tokio::spawn(receive(socket, shared.clone()));
        Self { address, authority: String::new(), shared, task }
    }

    /// One for connections.
    pub async fn tcp() -> Self {
        Self::listening(None).await
    }

    /// One for encrypted connections, for hosts of these names.
    pub async fn tls(names: &[&str]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Self::listening(Some(Certified::new(names))).await
    }

    async fn listening(certified: Option<Certified>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shared) = (listener.local_addr().unwrap(), Arc::<Shared>::default());
        let authority = certified.as_ref().map_or_else(String::new, |tls| tls.authority.clone());
        let task = tokio::spawn(listen(listener, certified, shared.clone()));
        Self { address, authority, shared, task }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority that vouches for it, as PEM; empty without TLS.
    #[must_use]
    pub fn authority(&self) -> String {
        self.authority.clone()
    }

    /// From now on it closes every connection without reading.
    pub fn close_connections(&self) {
        self.shared.closes.store(true, Ordering::Relaxed);
    }

    /// Waits until it has taken at least so many messages, and gives them all.
    pub async fn wait_for(&self, messages: usize) -> Vec<String> {
        self.shared.messages.wait_for(messages).await
    }
}

impl Drop for SyslogSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(socket: UdpSocket, shared: Arc<Shared>) {
    let mut datagram = vec![0; 65_536];
    while let Ok(length) = socket.recv(&mut datagram).await {
        shared.messages.add(String::from_utf8(datagram[..length].to_vec()).unwrap());
    }
}

async fn listen(listener: TcpListener, certified: Option<Certified>, shared: Arc<Shared>) {
    let certified = Arc::new(certified);
    while let Ok((stream, _)) = listener.accept().await {
        if shared.closes.load(Ordering::Relaxed) {
            continue;
        }
        let (certified, shared) = (certified.clone(), shared.clone());
        tokio::spawn(async move {
            match &*certified {
                None => read(stream, &shared).await,
                Some(tls) => match tls.acceptor.accept(stream).await {
                    Ok(stream) => read(stream, &shared).await,
                    Err(_) => None,
                },
            }
        });
    }
}

/// Reads messages until the client closes, or counts wrongly.
async fn read(stream: impl AsyncRead + Unpin, shared: &Shared) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut count = Vec::new();
        stream.read_until(b' ', &mut count).await.ok()?;
        let digits = String::from_utf8(count).ok()?;
        let mut message = vec![0; digits.strip_suffix(' ')?.parse().ok()?];
        stream.read_exact(&mut message).await.ok()?;
        shared.messages.add(String::from_utf8(message).ok()?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{io::AsyncWriteExt, net::TcpStream};

    #[tokio::test]
    async fn octets_are_counted() {
        let sink = SyslogSink::tcp().await;
        for bytes in ["5 a\nb c3 数7 half", "x y", "3 abc"] {
            let mut stream = TcpStream::connect(sink.address()).await.unwrap();
            stream.write_all(bytes.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
        }
        assert_eq!(sink.wait_for(3).await, ["a\nb c", "数", "abc"]);
    }

    #[tokio::test]
    async fn datagrams_are_messages() {
        let sink = SyslogSink::udp().await;
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.send_to("一 message".as_bytes(), sink.address()).await.unwrap();
        assert_eq!(sink.wait_for(1).await, ["一 message"]);
    }
}

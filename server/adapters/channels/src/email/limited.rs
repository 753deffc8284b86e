//! A connection that reads no more than a mail server has to say.

use lettre::transport::smtp::client::AsyncTokioStream;
use std::{
    fmt::Debug,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Most bytes of all replies of one session: a server that sends lines without an end would
/// fill the memory otherwise.
const MAX_REPLIES: usize = 256 << 10;

/// A connection with what may still be read of it.
#[derive(Debug)]
pub(super) struct Limited<S> {
    stream: S,
    peer: SocketAddr,
    left: usize,
}

impl<S> Limited<S> {
    pub fn new(stream: S, peer: SocketAddr) -> Self {
        Self { stream, peer, left: MAX_REPLIES }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Limited<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let read = buffer.filled().len() - before;
        self.left = match self.left.checked_sub(read) {
            Some(left) => left,
            None => {
                buffer.set_filled(before);
                return Poll::Ready(Err(io::Error::other("the server says too much")));
            }
        };
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Limited<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S> AsyncTokioStream for Limited<S>
where
    S: AsyncRead + AsyncWrite + Debug + Send + Sync + Unpin,
{
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn endless_lines_end() {
        let (mut server, client) = duplex(MAX_REPLIES * 2);
        let peer = SocketAddr::from(([127, 0, 0, 1], 25));
        server.write_all(&vec![b'a'; MAX_REPLIES + 1]).await.expect("written");
        drop(server);
        let mut read = Vec::new();
        assert!(Limited::new(client, peer).read_to_end(&mut read).await.is_err());
        assert!(read.len() <= MAX_REPLIES);
    }
}

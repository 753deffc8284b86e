//! A mail server that keeps what it is handed: STARTTLS, TLS or neither, AUTH, and an answer
//! for every recipient by the start of its name: `bad` 550, `grey` 451, `full` 452.

mod dialogue;
mod fault;
pub(crate) mod kept;
#[cfg(test)]
mod tests;
pub(crate) mod tls;

pub use fault::SmtpFault;

use dialogue::{Dialogue, End};
use kept::Kept;
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tls::Certified;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A mail, as it was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Between the angle brackets.
    pub from: String,
    /// Whom it was taken for.
    pub to: Vec<String>,
    /// Head and body; lines end in CR LF, and no line is stuffed any more.
    pub data: String,
    /// The connection was encrypted.
    pub encrypted: bool,
    /// Who had logged in; empty: nobody.
    pub user: String,
}

/// How it is set up.
#[derive(Debug, Clone, Default)]
pub struct SmtpOptions {
    /// Encrypts from the first byte, for hosts of these names.
    pub tls: Vec<String>,
    /// Offers STARTTLS, for hosts of these names.
    pub start_tls: Vec<String>,
    /// Takes mail only from whoever logs in with this name and password.
    pub login: Option<(String, String)>,
    /// Offers AUTH LOGIN only.
    pub old_login: bool,
    /// Offers SMTPUTF8.
    pub utf8: bool,
}

/// What all connections share.
struct Server {
    options: SmtpOptions,
    certified: Option<Certified>,
    mails: Kept<Mail>,
    faults: Mutex<VecDeque<SmtpFault>>,
}

/// A mail server at work. Dropped, it takes no more connections.
pub struct SmtpSink {
    address: SocketAddr,
    server: Arc<Server>,
    task: JoinHandle<()>,
}

impl SmtpSink {
    /// Starts one on a free port of this machine.
    pub async fn start(options: SmtpOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let names = [&*options.tls, &*options.start_tls].concat();
        let certified = (!names.is_empty()).then(|| Certified::new(names));
        let faults = Mutex::default();
        let server = Arc::new(Server { options, certified, mails: Kept::default(), faults });
        let task = tokio::spawn(listen(listener, server.clone()));
        Self { address, server, task }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority that vouches for it, as PEM; empty without TLS.
    #[must_use]
    pub fn authority(&self) -> String {
        self.server
            .certified
            .as_ref()
            .map(|certified| certified.authority.clone())
            .unwrap_or_default()
    }

    /// The next commands that these faults are about meet them, one after the other.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = SmtpFault>) {
        self.server.faults.lock().unwrap().extend(faults);
    }

    /// Every mail it took so far.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.server.mails.all()
    }

    /// Waits until it has taken at least so many mails, and gives them all.
    pub async fn wait_for(&self, mails: usize) -> Vec<Mail> {
        self.server.mails.wait_for(mails).await
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, server: Arc<Server>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, server.clone()));
    }
}

/// Talks to one client until it leaves.
async fn serve(stream: TcpStream, server: Arc<Server>) {
    let certified = server.certified.as_ref();
    if !server.options.tls.is_empty() {
        if let Ok(stream) = certified.unwrap().acceptor.accept(stream).await {
            Dialogue::new(stream, &server, true).run(true).await;
        }
        return;
    }
    let End::Upgrade(stream) = Dialogue::new(stream, &server, false).run(true).await else {
        return;
    };
    if let Ok(stream) = certified.unwrap().acceptor.accept(stream).await {
        Dialogue::new(stream, &server, true).run(false).await;
    }
}

//! A game that carries sanctions out, told by webhook.

mod answer;
mod journal;
mod receive;
mod signature;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use journal::{Effect, Received};

use axum::{Router, routing::post};
use journal::Journal;
use receive::Desk;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::oneshot, time::timeout};

/// How long a test waits for something that should happen before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// How an enforcer is started.
#[derive(Debug, Clone)]
pub struct Options {
    secret: String,
    checks_time: bool,
    journal: Option<PathBuf>,
}

impl Options {
    /// It believes what is signed with this secret in the last five minutes.
    #[must_use]
    pub fn signed_with(secret: &str) -> Self {
        Self { secret: secret.into(), checks_time: true, journal: None }
    }

    /// It believes signatures of any time: the server's clock is set by hand.
    #[must_use]
    pub fn at_any_time(mut self) -> Self {
        self.checks_time = false;
        self
    }

    /// It writes what it carried out to this file before it answers, and remembers what
    /// is in there.
    #[must_use]
    pub fn journal_in(mut self, file: &Path) -> Self {
        self.journal = Some(file.into());
        self
    }
}

/// A fake enforcer on a port of its own. Dropped, it takes no more connections.
pub struct FakeEnforcer {
    address: SocketAddr,
    desk: Arc<Desk>,
    _stop: oneshot::Sender<()>,
}

impl FakeEnforcer {
    /// Starts one, which applies what it is told until a test says otherwise.
    pub async fn start(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let journal = Journal::open(options.journal.as_deref());
        let desk = Arc::new(Desk::new(&options.secret, options.checks_time, journal));
        let router =
            Router::new().route("/sanctions", post(receive::receive)).with_state(desk.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = axum::serve(listener, router).with_graceful_shutdown(async move {
            // Nothing is ever sent: the sender is dropped.
            let _ = stopped.await;
        });
        tokio::spawn(served.into_future());
        Self { address, desk, _stop: stop }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it is to be told.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/sanctions", self.address)
    }

    /// The next requests that it believes get these answers, one each.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.desk.journal().queue.extend(answers);
    }

    /// Requests it has no special answer for get this one from now on.
    pub fn answer_always(&self, answer: Answer) {
        self.desk.journal().usual = answer;
    }

    /// Requests that hang now go on, as [`Answer::Apply`].
    pub fn release(&self) {
        self.desk.gate.send_replace(());
    }

    /// Every request so far, refused ones among them.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.desk.journal().received.clone()
    }

    /// Everything it carried out so far, those of its journal file first.
    #[must_use]
    pub fn effects(&self) -> Vec<Effect> {
        self.desk.journal().effects.clone()
    }

    /// Waits until there are at least so many effects, and gives them all.
    pub async fn wait_for(&self, effects: usize) -> Vec<Effect> {
        self.until("effects", effects, |journal| journal.effects.len()).await;
        self.effects()
    }

    /// Waits until there are at least so many requests, and gives them all.
    pub async fn wait_for_requests(&self, requests: usize) -> Vec<Received> {
        self.until("requests", requests, |journal| journal.received.len()).await;
        self.received()
    }

    async fn until(&self, what: &str, wanted: usize, count: impl Fn(&Journal) -> usize) {
        let reached = async {
            loop {
                let changed = self.desk.changed.notified();
                if count(&self.desk.journal()) >= wanted {
                    return;
                }
                changed.await;
            }
        };
        let waited = timeout(PATIENCE, reached).await;
        let found = count(&self.desk.journal());
        assert!(waited.is_ok(), "{found} {what} of {wanted} after {PATIENCE:?}");
    }
}

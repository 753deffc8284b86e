//! What all vendors called by HTTP have in common: a server on a port of its own that
//! writes down what it is told and can be made to fail in every way a network can.
//!
//! What a vendor believes, refuses and shows to people is its [`Vendor`].

mod call;
mod desk;
mod fault;
mod json;
mod reply;
#[cfg(test)]
pub(crate) mod samples;
mod serve;
#[cfg(test)]
mod tests;
mod window;

pub use call::Call;
pub use fault::Fault;
pub use reply::{Reply, Shown};

pub(crate) use json::{is_json, text};
pub(crate) use window::Window;

use desk::Desk;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};

/// How long a test waits for something that should happen before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// What one vendor does with a call.
pub trait Vendor: Send + 'static {
    /// Judges a call, made `now` seconds after the Unix epoch, as the vendor would.
    fn answer(&mut self, call: &Call, now: f64) -> Reply;
}

impl<V: Vendor + ?Sized> Vendor for Box<V> {
    fn answer(&mut self, call: &Call, now: f64) -> Reply {
        (**self).answer(call, now)
    }
}

/// A vendor at work. Dropped, it takes no more connections and drops those it has.
pub struct FakeVendor {
    address: SocketAddr,
    desk: Arc<Desk>,
    task: JoinHandle<()>,
}

impl FakeVendor {
    /// Starts one on a free port of this machine.
    pub async fn start(vendor: impl Vendor) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let desk = Arc::new(Desk::new(vendor));
        let task = tokio::spawn(serve::listen(listener, desk.clone()));
        Self { address, desk, task }
    }

    /// The URL of one of its pages; a path starts with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next calls meet these faults, one each.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.desk.journal().queue.extend(faults);
    }

    /// Every call for which none is queued meets this fault from now on; `None`: they are
    /// answered again.
    pub fn fail_always(&self, fault: Option<Fault>) {
        self.desk.journal().usual = fault;
    }

    /// Every call that was read so far, refused ones among them.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.desk.journal().calls.clone()
    }

    /// Everything that people have been shown so far.
    #[must_use]
    pub fn messages(&self) -> Vec<Shown> {
        self.desk.journal().messages.clone()
    }

    /// Waits until people have been shown at least so many messages, and gives them all.
    pub async fn wait_for(&self, messages: usize) -> Vec<Shown> {
        self.until("messages", messages, |desk| desk.journal().messages.len()).await;
        self.messages()
    }

    /// Waits until there are at least so many calls, and gives them all.
    pub async fn wait_for_calls(&self, calls: usize) -> Vec<Call> {
        self.until("calls", calls, |desk| desk.journal().calls.len()).await;
        self.calls()
    }

    /// Sets its clock forward, or backward.
    pub fn shift_clock(&self, seconds: i64) {
        self.desk.shift_clock(seconds);
    }

    async fn until(&self, what: &str, wanted: usize, count: impl Fn(&Desk) -> usize) {
        let reached = async {
            loop {
                let changed = self.desk.changed.notified();
                if count(&self.desk) >= wanted {
                    return;
                }
                changed.await;
            }
        };
        let waited = timeout(PATIENCE, reached).await;
        let found = count(&self.desk);
        assert!(waited.is_ok(), "{found} {what} of {wanted} after {PATIENCE:?}");
    }
}

impl Drop for FakeVendor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

//! What a server was handed, for those who wait for it.

use std::{sync::Mutex, time::Duration};
use tokio::{sync::Notify, time::timeout};

/// How long a test waits for something that should happen before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Things in the order they came.
pub(crate) struct Kept<T> {
    things: Mutex<Vec<T>>,
    changed: Notify,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { things: Mutex::default(), changed: Notify::new() }
    }
}

impl<T: Clone> Kept<T> {
    pub(crate) fn add(&self, thing: T) {
        self.things.lock().unwrap().push(thing);
        self.changed.notify_waiters();
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.things.lock().unwrap().clone()
    }

    /// Waits until there are at least so many, and gives them all.
    pub(crate) async fn wait_for(&self, wanted: usize) -> Vec<T> {
        let reached = async {
            loop {
                let changed = self.changed.notified();
                if self.all().len() >= wanted {
                    return;
                }
                changed.await;
            }
        };
        let waited = timeout(PATIENCE, reached).await;
        let all = self.all();
        assert!(waited.is_ok(), "{} of {wanted} after {PATIENCE:?}", all.len());
        all
    }
}

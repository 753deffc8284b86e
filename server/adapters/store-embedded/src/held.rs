//! Decisions that were answered for but are not in the database yet, so that a
//! repeated message finds them all the same.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use umpire_audit::{Decision, Earlier, MessageKey};

/// As many as the queue and the spool hold.
#[derive(Default)]
pub(crate) struct Held {
    by_key: Mutex<HashMap<MessageKey, Earlier>>,
    /// Spares the lock while nothing is held, which is nearly always.
    count: AtomicUsize,
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, HashMap<MessageKey, Earlier>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a decision; gives the one that is held under its key already.
    pub fn add(&self, decision: &Decision) -> Option<Earlier> {
        let replay = decision.replay?;
        let mut by_key = self.lock();
        if let Some(earlier) = by_key.get(&replay.key) {
            return Some(earlier.clone());
        }
        let record = decision.record.clone();
        by_key.insert(replay.key, Earlier { record, content: replay.content, durable: false });
        self.count.store(by_key.len(), Ordering::Release);
        None
    }

    /// What is held under a key.
    pub fn find(&self, key: MessageKey) -> Option<Earlier> {
        if self.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        self.lock().get(&key).cloned()
    }

    /// All keys that are held.
    pub fn keys(&self) -> Vec<MessageKey> {
        self.lock().keys().copied().collect()
    }

    /// Lets go of decisions that are in the database now, or nowhere.
    pub fn remove<'d>(&self, decisions: impl Iterator<Item = &'d Decision>) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let mut by_key = self.lock();
        for replay in decisions.filter_map(|decision| decision.replay) {
            by_key.remove(&replay.key);
        }
        self.count.store(by_key.len(), Ordering::Release);
    }
}

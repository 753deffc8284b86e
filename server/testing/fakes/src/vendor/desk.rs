use super::{Call, Fault, Reply, Shown, Vendor};
use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::Notify;

/// What a vendor is and what has come to it.
pub(super) struct Desk {
    vendor: Mutex<Box<dyn Vendor>>,
    journal: Mutex<Journal>,
    /// Seconds that its clock is ahead.
    shift: AtomicI64,
    /// Something was added to the journal.
    pub changed: Notify,
}

/// What came and what was shown, and what to do next.
#[derive(Default)]
pub(super) struct Journal {
    pub calls: Vec<Call>,
    pub messages: Vec<Shown>,
    /// Faults that the next calls meet.
    pub queue: VecDeque<Fault>,
    /// The fault when the queue is empty.
    pub usual: Option<Fault>,
}

impl Desk {
    pub(super) fn new(vendor: impl Vendor) -> Self {
        Self {
            vendor: Mutex::new(Box::new(vendor)),
            journal: Mutex::default(),
            shift: AtomicI64::new(0),
            changed: Notify::new(),
        }
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap()
    }

    /// What the next call meets.
    pub(super) fn next_fault(&self) -> Option<Fault> {
        let mut journal = self.journal();
        journal.queue.pop_front().or_else(|| journal.usual.clone())
    }

    /// Writes a call down.
    pub(super) fn note(&self, call: &Call) {
        self.journal().calls.push(call.clone());
        self.changed.notify_waiters();
    }

    /// Lets the vendor do its work.
    pub(super) fn answer(&self, call: &Call) -> Reply {
        let reply = self.vendor.lock().unwrap().answer(call, self.now());
        self.journal().messages.extend(reply.shown.iter().cloned());
        self.changed.notify_waiters();
        reply
    }

    pub(super) fn shift_clock(&self, seconds: i64) {
        self.shift.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Seconds since the Unix epoch by its clock.
    fn now(&self) -> f64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        real + self.shift.load(Ordering::SeqCst) as f64
    }
}

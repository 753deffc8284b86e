use std::sync::atomic::{AtomicI64, Ordering};
use umpire_model::{Clock, Timestamp};

/// A clock that moves only when a test says so.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Starts at a moment, RFC 3339.
    #[must_use]
    pub fn at(moment: &str) -> Self {
        Self(AtomicI64::new(Timestamp::parse_rfc3339(moment).unwrap().0))
    }

    /// Moves on.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    /// Each look is a microsecond after the last, so that no two moments are the same.
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

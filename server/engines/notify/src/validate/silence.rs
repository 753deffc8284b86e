use super::{DAY, faults::Faults};
use crate::{Silence, routing::Silences};
use umpire_catalog::{Item, Shelf};
use umpire_model::Violation;

/// Longest reason, in characters.
const MAX_REASON_CHARS: usize = 500;
/// Longest silence, in seconds.
const MAX_SECONDS: u64 = 366 * DAY;

impl Item for Silence {
    const COLLECTION: &'static str = "silences";
    const MAX_PER_TENANT: usize = 1_000;

    type Derived = Silences;

    fn violations(&self) -> Vec<Violation> {
        let mut found = Faults::at("silence");
        found.require_filter("match", &self.matches);
        if self.reason.trim().is_empty() {
            found.invalid("reason", "must be set");
        }
        found.check_chars("reason", &self.reason, MAX_REASON_CHARS);
        if self.end_time <= self.start_time {
            found.invalid("end_time", "must lie after `start_time`");
        } else if self.end_time.micros_since(self.start_time) > MAX_SECONDS * 1_000_000 {
            found.invalid("end_time", "must lie at most 366 days after `start_time`");
        }
        found.into_list()
    }

    fn derive(shelf: &Shelf<Self>) -> Silences {
        Silences::of(shelf)
    }
}

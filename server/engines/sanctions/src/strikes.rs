use std::collections::VecDeque;
use umpire_model::Timestamp;

/// The strikes of one counter, truly sliding: each counts until it is as old as the
/// window, to the microsecond.
///
/// Time never runs backwards in a counter: a strike that is received before the last one
/// but counted after it counts as received with it. So what is over stays over, in the
/// order of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Strikes {
    /// Ascending, each with how many it stands for.
    entries: VecDeque<(Timestamp, u32)>,
    total: u64,
}

impl Strikes {
    /// A counter with these, ascending.
    #[must_use]
    pub fn of(entries: impl IntoIterator<Item = (Timestamp, u32)>) -> Self {
        let entries: VecDeque<_> = entries.into_iter().collect();
        let total = entries.iter().map(|(_, weight)| u64::from(*weight)).sum();
        Self { entries, total }
    }

    /// Ascending, each with how many it stands for.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, u32)> + '_ {
        self.entries.iter().copied()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// When a strike received at `time` counts as received.
    #[must_use]
    pub fn effective(&self, time: Timestamp) -> Timestamp {
        self.entries.back().map_or(time, |(last, _)| time.max(*last))
    }

    /// Strikes within `window` seconds before `now`: those exactly as old are over.
    #[must_use]
    pub fn within(&self, now: Timestamp, window: u64) -> u32 {
        let over = self.entries.iter().take_while(|(time, _)| is_over(*time, now, window));
        let over: u64 = over.map(|(_, weight)| u64::from(*weight)).sum();
        u32::try_from(self.total - over).unwrap_or(u32::MAX)
    }

    /// Adds strikes at an [effective](Self::effective) time, and forgets those that are over
    /// then; says how many entries were forgotten.
    pub fn add(&mut self, time: Timestamp, weight: u32, window: u64) -> usize {
        let mut forgotten = 0;
        while let Some(&(first, gone)) = self.entries.front() {
            if !is_over(first, time, window) {
                break;
            }
            self.entries.pop_front();
            self.total -= u64::from(gone);
            forgotten += 1;
        }
        self.entries.push_back((time, weight));
        self.total += u64::from(weight);
        forgotten
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.total = 0;
    }
}

fn is_over(time: Timestamp, now: Timestamp, window: u64) -> bool {
    now.micros_since(time) >= window.saturating_mul(1_000_000)
}

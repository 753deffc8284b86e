use arc_swap::ArcSwap;
use fastbloom::AtomicBloomFilter;
use std::sync::Arc;
use umpire_audit::MessageKey;
use umpire_model::Timestamp;

/// How long one generation takes keys, in microseconds: as long as a verdict is
/// replayed, so that two generations always cover that time.
const GENERATION: u64 = 24 * 60 * 60 * 1_000_000;
/// Bits of one generation: 8 MiB, untouched pages of which cost nothing.
const BITS: usize = 64 << 20;
/// Keys at which about one unknown key in a hundred looks known. Beyond that the
/// ledger is asked more often; answers stay right.
const EXPECTED_KEYS: usize = 6_000_000;

/// Which message ids may have been recorded: no false "no", few false "yes",
/// without a lock. Spares the ledger a look for nearly every new message.
pub struct SeenIds {
    generations: ArcSwap<Generations>,
}

struct Generations {
    since: Timestamp,
    current: Arc<AtomicBloomFilter>,
    previous: Arc<AtomicBloomFilter>,
}

impl SeenIds {
    /// Starts with the keys that may still be replayed.
    #[must_use]
    pub fn new(keys: &[MessageKey], now: Timestamp) -> Self {
        let current = filter();
        for key in keys {
            current.insert(key);
        }
        let generations = Generations { since: now, current, previous: filter() };
        Self { generations: ArcSwap::from_pointee(generations) }
    }

    /// Whether the key may have been recorded.
    #[must_use]
    pub fn may_hold(&self, key: &MessageKey) -> bool {
        let generations = self.generations.load();
        generations.current.contains(key) || generations.previous.contains(key)
    }

    /// Remembers a key for at least 24 hours.
    pub fn insert(&self, key: &MessageKey, now: Timestamp) {
        let generations = self.generations.load();
        if now.micros_since(generations.since) < GENERATION {
            generations.current.insert(key);
            return;
        }
        let next = filter();
        next.insert(key);
        let next = Generations { since: now, current: next, previous: generations.current.clone() };
        let before = self.generations.compare_and_swap(&generations, Arc::new(next));
        if !Arc::ptr_eq(&before, &generations) {
            // Another task turned the page first.
            before.current.insert(key);
            self.generations.load().current.insert(key);
        }
    }
}

fn filter() -> Arc<AtomicBloomFilter> {
    Arc::new(AtomicBloomFilter::with_num_bits(BITS).seed(&0).expected_items(EXPECTED_KEYS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_for_a_day_and_go_after_two() {
        let key = |n: u8| MessageKey([n; 16]);
        let hours = |n: i64| Timestamp(0).plus_seconds(n * 3_600);
        let seen = SeenIds::new(&[key(1)], hours(0));
        assert!(seen.may_hold(&key(1)));
        assert!(!seen.may_hold(&key(2)));
        seen.insert(&key(2), hours(23));
        seen.insert(&key(3), hours(24));
        assert!(seen.may_hold(&key(2)), "one hour old");
        seen.insert(&key(4), hours(48));
        assert!(!seen.may_hold(&key(2)), "25 hours old");
        assert!(seen.may_hold(&key(3)) && seen.may_hold(&key(4)));
    }
}

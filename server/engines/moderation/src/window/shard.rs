//! A part of all senders, bounded on its own.

use super::{
    Place,
    written::{Entry, Written},
};
use std::collections::{BTreeMap, HashMap};
use umpire_model::Timestamp;
use umpire_rules::Preceding;
use umpire_tenancy::MessageWindow;

/// About what a sender takes beside its entries.
const SENDER_BYTES: usize = 256;
/// Senders that are forgotten with one message at most, for their age.
const MAX_FORGOTTEN: usize = 4;

/// Senders with their recent texts.
pub(super) struct Shard {
    max_senders: usize,
    max_bytes: usize,
    senders: HashMap<Place, Written>,
    /// Senders by when they were last used.
    by_use: BTreeMap<u64, Place>,
    bytes: usize,
    last_number: u64,
}

impl Shard {
    pub fn new(max_senders: usize, max_bytes: usize) -> Self {
        Self {
            max_senders,
            max_bytes,
            senders: HashMap::new(),
            by_use: BTreeMap::new(),
            bytes: 0,
            last_number: 0,
        }
    }

    /// A number above all before it.
    pub fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub fn written(&self, place: Place) -> Option<&Written> {
        self.senders.get(&place)
    }

    /// What came before an entry, and whether it was kept.
    pub fn enter(
        &mut self,
        place: Place,
        limits: &MessageWindow,
        entry: Entry,
    ) -> (Preceding, bool) {
        let (number, now) = (entry.number, entry.time);
        let is_new = !self.senders.contains_key(&place);
        let written = self.senders.entry(place).or_default();
        let before = if is_new { 0 } else { SENDER_BYTES + written.bytes() };
        let preceding = written.preceding(limits, &entry.message_id, now);
        let entered = written.push(entry, limits);
        self.by_use.remove(&written.used);
        written.used = number;
        self.by_use.insert(number, place);
        self.bytes = self.bytes + SENDER_BYTES + written.bytes() - before;
        while self.senders.len() > self.max_senders || self.bytes > self.max_bytes {
            if !self.forget_oldest() {
                break;
            }
        }
        (preceding, entered)
    }

    /// Forgets senders whose texts no window reaches back to.
    pub fn forget_before(&mut self, now: Timestamp) {
        for _ in 0..MAX_FORGOTTEN {
            let oldest = self.by_use.values().next().and_then(|place| self.senders.get(place));
            let last = oldest.and_then(|written| written.entries.back());
            let age = last.map_or(0, |entry| now.micros_since(entry.time));
            if age <= MessageWindow::MOST.max_age_millis * 1_000 {
                return;
            }
            self.forget_oldest();
        }
    }

    pub fn cut(&mut self, place: Place, number: u64, end: usize) {
        if let Some(written) = self.senders.get_mut(&place) {
            let before = written.bytes();
            written.cut(number, end);
            self.bytes = self.bytes + written.bytes() - before;
        }
    }

    /// Forgets whoever wrote longest ago; `false` when there is nobody.
    fn forget_oldest(&mut self) -> bool {
        let Some((_, place)) = self.by_use.pop_first() else { return false };
        if let Some(written) = self.senders.remove(&place) {
            self.bytes -= SENDER_BYTES + written.bytes();
        }
        true
    }

    #[cfg(test)]
    pub fn measured(&self) -> (usize, usize) {
        let counted: usize =
            self.senders.values().map(|written| SENDER_BYTES + written.bytes()).sum();
        assert_eq!((self.bytes, self.by_use.len()), (counted, self.senders.len()));
        (self.senders.len(), self.bytes)
    }
}

//! What senders wrote a moment ago, so that words written in pieces are found.
//!
//! Kept in memory and bounded: by senders, by bytes, and for each sender by the tenant's
//! settings. Whoever wrote longest ago is forgotten first.

mod shard;
mod written;

use shard::Shard;
use siphasher::sip128::{Hasher128, SipHasher13};
use std::{
    hash::Hasher,
    sync::{Mutex, MutexGuard, PoisonError},
};
use umpire_audit::Hash;
use umpire_model::{Message, TenantId, Timestamp};
use umpire_rules::Preceding;
use umpire_tenancy::MessageWindow;
use written::Entry;

/// Most senders, each counted once for each scene and conversation it writes in.
const MAX_SENDERS: usize = 100_000;
/// Most bytes of all that is kept.
const MAX_BYTES: usize = 64 << 20;
/// Parts that are locked apart from one another.
const SHARDS: usize = 64;

/// The recent texts of every sender.
pub(crate) struct MessageWindows {
    /// Of the hash that places are told apart by.
    keys: (u64, u64),
    shards: Box<[Mutex<Shard>]>,
}

/// One sender in one conversation and scene of one tenant, as a hash with a secret key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place([u8; 16]);

impl MessageWindows {
    /// Empty. The secret keeps callers from making two places look like one.
    pub fn new(secret: &Hash) -> Self {
        Self::with_limits(secret, MAX_SENDERS, MAX_BYTES)
    }

    fn with_limits(secret: &Hash, max_senders: usize, max_bytes: usize) -> Self {
        let key = |from: usize| {
            let bytes = secret[from..from + 8].iter();
            bytes.fold(0, |key, byte| key << 8 | u64::from(*byte))
        };
        let shard = || Mutex::new(Shard::new(max_senders / SHARDS, max_bytes / SHARDS));
        let shards = std::iter::repeat_with(shard).take(SHARDS).collect();
        Self { keys: (key(0), key(8)), shards }
    }

    /// Where a message belongs; `None` when it has no text or its sender no id.
    pub fn place(&self, tenant: &TenantId, message: &Message<'_>) -> Option<Place> {
        let sender = message.sender.user_id;
        if sender.is_empty() || message.text.is_empty() {
            return None;
        }
        let mut hash = SipHasher13::new_with_keys(self.keys.0, self.keys.1);
        for part in [tenant.as_str(), message.scene, message.conversation.id, sender] {
            hash.write_usize(part.len());
            hash.write(part.as_bytes());
        }
        Some(Place(hash.finish128().as_bytes()))
    }

    /// What the sender wrote before a message. Changes nothing.
    pub fn look(
        &self,
        place: Place,
        limits: &MessageWindow,
        message: &Message<'_>,
        now: Timestamp,
    ) -> Preceding {
        let shard = self.shard(place);
        let written = shard.written(place);
        written
            .map(|written| written.preceding(limits, message.message_id, now))
            .unwrap_or_default()
    }

    /// What the sender wrote before a message, which is kept for the next one. Gives the
    /// message's number; `None` when its id is known, and it was not kept again.
    pub fn enter(
        &self,
        place: Place,
        limits: &MessageWindow,
        message: &Message<'_>,
        now: Timestamp,
    ) -> (Preceding, Option<u64>) {
        // Before the lock: a long text takes time.
        let mut entry = Entry::of(message, limits, now);
        let mut shard = self.shard(place);
        shard.forget_before(now);
        let number = shard.next_number();
        entry.number = number;
        let (preceding, entered) = shard.enter(place, limits, entry);
        (preceding, entered.then_some(number))
    }

    /// Takes what was found out of the window: everything before a message, and its own
    /// text up to `end`. Words are told once, and not again with the next message.
    pub fn cut(&self, place: Place, number: u64, end: usize) {
        self.shard(place).cut(place, number, end);
    }

    fn shard(&self, place: Place) -> MutexGuard<'_, Shard> {
        let shard = &self.shards[usize::from(place.0[0]) % SHARDS];
        // What a panic could leave behind is still within its bounds.
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;

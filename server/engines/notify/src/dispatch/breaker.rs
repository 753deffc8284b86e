//! The circuit breaker of a receiver, and the pauses that its vendor asks for.
//!
//! After so many failures in a row a receiver is left alone for a while. Then one delivery
//! is let through; if it fails, too, the next while is twice as long.

use crate::{Health, Policy, Receiver, port::Turn, queue::later};
use umpire_catalog::Kept;
use umpire_model::{StoreError, TenantId, Timestamp};

/// No breaker is open for longer, in seconds.
const LONGEST: i64 = 24 * 3_600;

/// What is known of a receiver as it is now: a change of it starts anew.
pub(crate) fn health_of(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    receiver: &Kept<Receiver>,
) -> Result<Health, StoreError> {
    let known = turn.health(tenant, &receiver.id)?;
    // Not the count of changes, which starts again when a receiver is deleted and made anew.
    let version = receiver.update_time.0.unsigned_abs();
    if known.version == version {
        return Ok(known);
    }
    let Health { sent, sent_by_key, tested, .. } = known;
    Ok(Health { sent, sent_by_key, tested, version, ..Health::default() })
}

impl Health {
    /// Until when it is left alone after failures, if that is later than now.
    pub(super) fn broken_until(&self, now: Timestamp) -> Option<Timestamp> {
        // One further ahead than any is opened for was set by a clock that was put back since.
        let longest = now.plus_seconds(LONGEST);
        self.open_until.filter(|until| now < *until && *until <= longest)
    }

    /// Until when the vendor wants to be left alone, if that is later than now.
    pub(super) fn paused_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.throttled_until.filter(|until| now < *until)
    }

    /// It failed so often that the next call only tries whether it works again.
    pub(super) fn is_probed(&self) -> bool {
        self.open_until.is_some()
    }

    /// The vendor was there, and did what it was asked to or said why it never will.
    pub(super) fn answered(&mut self) {
        (self.failures, self.openings) = (0, 0);
        (self.open_until, self.throttled_until) = (None, None);
    }

    /// A call failed.
    pub(super) fn failed(&mut self, policy: &Policy, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if self.failures < policy.breaker_failures {
            return;
        }
        let (first, longest) = policy.breaker_open;
        let seconds = first.saturating_mul(1 << self.openings.min(16)).min(longest);
        self.openings = self.openings.saturating_add(1);
        self.open_until = Some(later(now, seconds));
    }

    /// The vendor asked for a pause.
    pub(super) fn pause(&mut self, until: Timestamp) {
        self.throttled_until = self.throttled_until.max(Some(until));
    }
}

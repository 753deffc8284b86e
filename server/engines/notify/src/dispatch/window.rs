//! What vendors take: so many notices in so long. Windows slide.

use crate::{Policy, Rate, Receiver, queue::later};
use umpire_model::Timestamp;

/// The limits of a receiver, which hold together: its own one, or else its vendor's.
pub(super) fn rates(receiver: &Receiver, policy: &Policy) -> Vec<Rate> {
    match receiver.vendor_rate {
        Some(own) => vec![own],
        None => policy.vendor_rates.get(&receiver.channel.kind()).cloned().unwrap_or_default(),
    }
}

/// How many notices may be sent at once; `None` when there is no limit.
pub(super) fn slots(rates: &[Rate], sent: &[Timestamp], now: Timestamp) -> Option<usize> {
    let free = |rate: &Rate| most(rate).saturating_sub(counted(rate, sent, now).count());
    rates.iter().map(free).min()
}

/// When the next notice may be sent, `sent` being in order; now, unless there is no slot.
pub(super) fn free_at(rates: &[Rate], sent: &[Timestamp], now: Timestamp) -> Timestamp {
    let free = |rate: &Rate| {
        let counted: Vec<_> = counted(rate, sent, now).collect();
        // When this one leaves the window, one less than the most is in it.
        let leaves = counted.len().checked_sub(most(rate))?;
        Some(later(*counted[leaves], rate.seconds))
    };
    rates.iter().filter_map(free).max().unwrap_or(now)
}

/// Forgets what no window counts any more, and orders the rest.
pub(super) fn tidy(rates: &[Rate], sent: &mut Vec<Timestamp>, now: Timestamp) {
    sent.retain(|at| rates.iter().any(|rate| is_counted(rate, *at, now)));
    sent.sort_unstable();
}

fn most(rate: &Rate) -> usize {
    // With none at all nobody would ever be told.
    usize::try_from(rate.count.max(1)).unwrap_or(usize::MAX)
}

fn counted<'a>(
    rate: &'a Rate,
    sent: &'a [Timestamp],
    now: Timestamp,
) -> impl Iterator<Item = &'a Timestamp> {
    sent.iter().filter(move |at| is_counted(rate, **at, now))
}

/// What is said to come later was noted before the clock was put back.
fn is_counted(rate: &Rate, at: Timestamp, now: Timestamp) -> bool {
    at <= now && now < later(at, rate.seconds)
}

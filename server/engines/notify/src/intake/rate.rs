//! How often a receiver hears of one key.

use super::Round;
use crate::{Health, Rate, queue::later};
use umpire_model::{ResourceId, StoreError, TenantId, Timestamp};

impl Round<'_> {
    /// When a receiver may hear of a key again; `None`: now.
    pub(super) fn exhausted_until(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        key: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Some(kept) = self.world.receivers.get(tenant, receiver) else { return Ok(None) };
        let Some(rate) = kept.item.rate else { return Ok(None) };
        let health = self.turn.health(tenant, receiver)?;
        Ok(exhausted_until(&health, key, rate, self.now))
    }

    /// A receiver hears of a key.
    pub(super) fn count_notice(
        &mut self,
        tenant: &TenantId,
        receiver: &ResourceId,
        key: &str,
    ) -> Result<(), StoreError> {
        let Some(kept) = self.world.receivers.get(tenant, receiver) else { return Ok(()) };
        let Some(rate) = kept.item.rate else { return Ok(()) };
        let mut health = self.turn.health(tenant, receiver)?;
        count(&mut health, key, rate, self.now);
        self.turn.put_health(tenant, receiver, Some(&health))
    }
}

fn counts(time: Timestamp, rate: Rate, now: Timestamp) -> bool {
    now < later(time, rate.seconds)
}

fn exhausted_until(health: &Health, key: &str, rate: Rate, now: Timestamp) -> Option<Timestamp> {
    let (_, times) = health.sent_by_key.iter().find(|(of, _)| of == key)?;
    let counting: Vec<_> = times.iter().filter(|time| counts(**time, rate, now)).collect();
    let most = rate.count.max(1) as usize;
    // Once this one no longer counts there is room for one more.
    let oldest = counting.len().checked_sub(most)?;
    Some(later(*counting[oldest], rate.seconds))
}

fn count(health: &mut Health, key: &str, rate: Rate, now: Timestamp) {
    let sent = &mut health.sent_by_key;
    sent.iter_mut().for_each(|(_, times)| times.retain(|time| counts(*time, rate, now)));
    sent.retain(|(_, times)| !times.is_empty());
    let at = sent.iter().position(|(of, _)| of == key).unwrap_or_else(|| {
        sent.push((key.to_owned(), Vec::new()));
        sent.len() - 1
    });
    let times = &mut sent[at].1;
    times.push(now);
    times.drain(..times.len().saturating_sub(rate.count.max(1) as usize));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::at;

    const TWO_A_MINUTE: Rate = Rate { count: 2, seconds: 60 };

    fn check(sent: &[i64], now: i64, expected: Option<i64>) {
        let mut health = Health::default();
        count(&mut health, "another key", TWO_A_MINUTE, at(now));
        sent.iter().for_each(|time| count(&mut health, "key", TWO_A_MINUTE, at(*time)));
        let until = exhausted_until(&health, "key", TWO_A_MINUTE, at(now));
        assert_eq!(until, expected.map(at), "{sent:?} at {now}");
    }

    #[test]
    fn a_window_slides_over_what_a_receiver_heard() {
        check(&[], 0, None);
        check(&[0], 0, None);
        check(&[0, 0], 0, Some(60));
        check(&[0, 40], 59, Some(60));
        check(&[0, 40], 60, None);
        check(&[0, 40, 60], 60, Some(100));
        // The third was exempt: room is when two of three are gone.
        check(&[0, 40, 50], 50, Some(100));
        check(&[0, 1_000], 1_000, None);
    }

    #[test]
    fn what_no_longer_counts_is_forgotten() {
        let mut health = Health::default();
        for time in 0..100 {
            let key = (time % 3).to_string();
            count(&mut health, &key, TWO_A_MINUTE, at(time * 30));
        }
        let kept = health.sent_by_key.iter().map(|(key, times)| (&**key, times.len()));
        assert_eq!(kept.collect::<Vec<_>>(), [("2", 1), ("0", 1)]);
    }
}

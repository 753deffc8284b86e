use crate::{ChannelKind, Rate};
use std::collections::BTreeMap;
use umpire_model::Level;

/// How alerts are handled and delivered, as the configuration has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Seconds in which a key is told once, where its route does not say.
    pub dedupe_window: u64,
    /// Seconds without an event after which an alert is over.
    pub resolve_after: u64,
    /// Events from which on a notice looks urgent.
    pub urgent_count: u64,
    /// Calls of a vendor for one delivery: the first and its retries.
    pub attempts: u32,
    /// Seconds before the second call; each later one waits twice as long.
    pub backoff: u64,
    /// Seconds for which a delivery belongs to who took it.
    pub lease: u64,
    /// Failures in a row after which a receiver is left alone for a while.
    pub breaker_failures: u32,
    /// Seconds of the first such while; it doubles up to the second.
    pub breaker_open: (u64, u64),
    /// Seconds after which a delivery of P0, P1, P2, P3 is given up.
    pub deadlines: [u64; 4],
    /// Seconds for which alerts that are over, deliveries that ended and the journal are
    /// kept.
    pub keep: u64,
    /// What vendors take; a channel that is not here has no limit.
    pub vendor_rates: BTreeMap<ChannelKind, Vec<Rate>>,
}

impl Default for Policy {
    fn default() -> Self {
        const HOUR: u64 = 3_600;
        Self {
            dedupe_window: 300,
            resolve_after: 1_800,
            urgent_count: 3,
            attempts: 4,
            backoff: 1,
            lease: 60,
            breaker_failures: 3,
            breaker_open: (30, 600),
            deadlines: [24 * HOUR, 12 * HOUR, 6 * HOUR, HOUR],
            keep: 30 * 24 * HOUR,
            vendor_rates: vendor_rates(),
        }
    }
}

/// What vendors say they take, with a margin; see `docs/alerts.md`.
fn vendor_rates() -> BTreeMap<ChannelKind, Vec<Rate>> {
    use ChannelKind as C;
    let rate = |count, seconds| Rate { count, seconds };
    BTreeMap::from([
        (C::WecomApp, vec![rate(30, 60), rate(1_000, 3_600)]),
        (C::WecomRobot, vec![rate(18, 60)]),
        (C::Dingtalk, vec![rate(18, 60)]),
        (C::Feishu, vec![rate(5, 1), rate(100, 60)]),
        (C::Slack, vec![rate(60, 60)]),
        (C::Teams, vec![rate(4, 1)]),
        (C::Telegram, vec![rate(18, 60)]),
        (C::Pagerduty, vec![rate(120, 60)]),
    ])
}

impl Policy {
    /// Seconds after which a delivery of a level is given up.
    #[must_use]
    pub fn deadline(&self, level: Level) -> u64 {
        self.deadlines[level as usize]
    }

    /// Microseconds until the next call after so many. `jitter`, 0 to 1, adds up to half,
    /// and never takes anything away: a vendor that asks for `after` seconds gets them.
    #[must_use]
    pub fn delay(&self, attempts: u32, jitter: f64, after: u64) -> i64 {
        const LONGEST: u64 = 24 * 3_600;
        let doublings = attempts.saturating_sub(1).min(16);
        let seconds = self.backoff.saturating_mul(1 << doublings).max(after).min(LONGEST);
        (seconds as f64 * 1e6 * (1.0 + jitter.clamp(0.0, 1.0) / 2.0)) as i64
    }
}

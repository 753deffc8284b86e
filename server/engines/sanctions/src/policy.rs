/// Longest wait between two attempts, in seconds, whatever an enforcer asks for.
const MAX_DELAY: u64 = 3_600;

/// How sanctions are carried out, as the configuration has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How often an enforcer is told before it is given up.
    pub attempts: u32,
    /// Seconds before the second attempt; each later one waits twice as long.
    pub backoff: u64,
    /// Seconds after which a sanction that is not carried out is given up. Time on hold
    /// does not count.
    pub stale: u64,
    /// Most automatic sanctions a minute, of all tenants together.
    pub ceiling_per_minute: u32,
    /// Keeps automatic sanctions off, whatever the switches say.
    pub stopped: bool,
    /// Seconds for which a job belongs to who took it.
    pub lease: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempts: 3,
            backoff: 2,
            stale: 86_400,
            ceiling_per_minute: 500,
            stopped: false,
            lease: 60,
        }
    }
}

impl Policy {
    /// Microseconds until the next attempt after so many. `jitter`, 0 to 1, adds up to
    /// half; an enforcer may ask for more, `after` seconds.
    pub(crate) fn delay(&self, attempts: u32, jitter: f64, after: Option<u64>) -> i64 {
        let doublings = attempts.saturating_sub(1).min(20);
        let seconds = self.backoff.saturating_mul(1 << doublings).min(MAX_DELAY);
        let own = seconds as f64 * 1e6 * (1.0 + jitter.clamp(0.0, 1.0) / 2.0);
        let asked = after.unwrap_or(0).min(MAX_DELAY) as f64 * 1e6;
        own.max(asked) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_and_are_bounded() {
        let policy = Policy::default();
        let check = |attempts, jitter, after, seconds: f64| {
            assert_eq!(policy.delay(attempts, jitter, after), (seconds * 1e6) as i64);
        };
        check(1, 0.0, None, 2.0);
        check(2, 0.0, None, 4.0);
        check(2, 1.0, None, 6.0);
        check(2, 0.5, Some(1), 5.0);
        check(1, 0.0, Some(30), 30.0);
        check(1, 0.0, Some(u64::MAX), 3_600.0);
        check(u32::MAX, 0.0, None, 3_600.0);
    }
}

use super::ConfigError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use umpire_channels::{CodeRow, Codes};
use umpire_notify::{ChannelKind, Policy, Rate};

/// `[alerts]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlertsConfig {
    /// A key is told once in so long, where its route does not say.
    pub dedupe_seconds: u64,
    /// An alert without a new event for so long is over.
    pub resolve_minutes: u64,
    /// Events from which on a notice looks urgent.
    pub urgent_count: u64,
    /// Calls of a vendor for one delivery: the first and its retries.
    pub attempts: u32,
    /// Wait before the second call; it doubles with each.
    pub backoff_seconds: u64,
    /// Hours after which a delivery of P0, P1, P2, P3 that nobody took is given up.
    pub deadline_hours: [u64; 4],
    /// How long resolved alerts, the delivery log and the events of streams are kept.
    pub keep_days: u64,
    /// What vendors take, by the field of `Receiver.channel`: `dingtalk = "18/60"` is 18 in a
    /// minute; several limits are separated by a comma.
    pub vendor_limits: BTreeMap<String, String>,
    /// What codes of vendors mean: `"dingtalk/410100" = "THROTTLED 60"`.
    pub vendor_codes: BTreeMap<String, String>,
}

impl Default for AlertsConfig {
    fn default() -> Self {
        Self {
            dedupe_seconds: 300,
            resolve_minutes: 30,
            urgent_count: 3,
            attempts: 4,
            backoff_seconds: 1,
            deadline_hours: [24, 12, 6, 1],
            keep_days: 30,
            vendor_limits: BTreeMap::new(),
            vendor_codes: BTreeMap::new(),
        }
    }
}

impl AlertsConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let mut limits = vec![
            ("dedupe_seconds", self.dedupe_seconds, 0, 7 * 86_400),
            ("resolve_minutes", self.resolve_minutes, 1, 30 * 1_440),
            ("urgent_count", self.urgent_count, 1, 1_000_000),
            ("attempts", self.attempts.into(), 1, 100),
            ("backoff_seconds", self.backoff_seconds, 1, 3_600),
            ("keep_days", self.keep_days, 1, 3_660),
        ];
        limits.extend(self.deadline_hours.map(|hours| ("deadline_hours", hours, 1, 24 * 366)));
        for (key, value, least, most) in limits {
            if !(least..=most).contains(&value) {
                let text = format!("alerts.{key}: must lie between {least} and {most}");
                return Err(ConfigError(text));
            }
        }
        self.policy()?;
        self.codes().map(drop)
    }

    /// As the engine wants it.
    ///
    /// # Errors
    /// [`ConfigError`] with the key that is wrong.
    pub fn policy(&self) -> Result<Policy, ConfigError> {
        let mut policy = Policy {
            dedupe_window: self.dedupe_seconds,
            resolve_after: self.resolve_minutes * 60,
            urgent_count: self.urgent_count,
            attempts: self.attempts,
            backoff: self.backoff_seconds,
            deadlines: self.deadline_hours.map(|hours| hours * 3_600),
            keep: self.keep_days * 86_400,
            ..Policy::default()
        };
        for (channel, limits) in &self.vendor_limits {
            let wrong = |text: &str| ConfigError(format!("alerts.vendor_limits.{channel}: {text}"));
            let kind = ChannelKind::from_name(channel).ok_or_else(|| wrong("no such channel"))?;
            let rates = limits.split(',').map(rate).collect::<Option<Vec<_>>>();
            let rates = rates.ok_or_else(|| wrong("must look like `18/60`, so many in so long"))?;
            policy.vendor_rates.insert(kind, rates);
        }
        Ok(policy)
    }

    /// What vendors' codes mean.
    ///
    /// # Errors
    /// [`ConfigError`] with the key that is wrong.
    pub fn codes(&self) -> Result<Codes, ConfigError> {
        let row = |(key, value): (&String, &String)| {
            let wrong = |error| ConfigError(format!("alerts.vendor_codes.\"{key}\": {error}"));
            CodeRow::parse(key, value).map_err(wrong)
        };
        Ok(Codes::new(self.vendor_codes.iter().map(row).collect::<Result<_, _>>()?))
    }
}

/// `18/60`: 18 in 60 seconds.
fn rate(text: &str) -> Option<Rate> {
    let (count, seconds) = text.trim().split_once('/')?;
    let (count, seconds) = (count.trim().parse().ok()?, seconds.trim().parse().ok()?);
    (1..=10_000).contains(&count).then_some(())?;
    (1..=86_400).contains(&seconds).then_some(Rate { count, seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_vendors_can_be_changed() {
        let limits = [("dingtalk", "5/60"), ("feishu", "1/1, 50/60")];
        let limits = limits.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let config = AlertsConfig { vendor_limits: limits.into(), ..<_>::default() };
        let policy = config.policy().expect("sound");
        let of = |kind| policy.vendor_rates[&kind].clone();
        assert_eq!(of(ChannelKind::Dingtalk), [Rate { count: 5, seconds: 60 }]);
        assert_eq!(of(ChannelKind::Feishu).len(), 2);
        assert_eq!(of(ChannelKind::WecomRobot).len(), 1, "others stay as they are");
    }

    #[test]
    fn mistakes_name_their_key() {
        let with = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
        for (config, part) in [
            (AlertsConfig { vendor_limits: with("fax", "1/1"), ..<_>::default() }, "fax"),
            (AlertsConfig { vendor_limits: with("slack", "1"), ..<_>::default() }, "slack"),
            (AlertsConfig { vendor_limits: with("slack", "0/60"), ..<_>::default() }, "slack"),
            (AlertsConfig { vendor_codes: with("slack/x", "MAYBE"), ..<_>::default() }, "slack/x"),
            (AlertsConfig { attempts: 0, ..<_>::default() }, "alerts.attempts"),
            (AlertsConfig { deadline_hours: [1, 1, 1, 0], ..<_>::default() }, "deadline_hours"),
        ] {
            let error = config.check().expect_err(part).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}

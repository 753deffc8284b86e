use super::{DAY, channel, faults::Faults};
use crate::Receiver;
use std::ops::RangeInclusive;
use umpire_catalog::{Item, Shelf};
use umpire_model::{Secret, Violation, is_web_address};

/// Longest wait before another receiver is told of a P0, in seconds.
const MAX_FAILOVER_AFTER: u64 = DAY;
/// Shortest and longest time between tests, in seconds.
const TEST_INTERVAL: RangeInclusive<u64> = 5 * 60..=30 * DAY;
/// What stands for a secret that is not kept.
const NOT_KEPT: &str = "not kept here";

impl Item for Receiver {
    const COLLECTION: &'static str = "receivers";
    const MAX_PER_TENANT: usize = 200;
    const SEALED: bool = true;

    type Derived = ();

    fn violations(&self) -> Vec<Violation> {
        let mut found = Faults::at("receiver");
        found.check_display_name(&self.display_name);
        channel::check(&self.channel, &mut found);
        found.check_rate("rate", self.rate);
        found.check_rate("vendor_rate", self.vendor_rate);
        found.check_seconds("failover_after", self.failover_after, MAX_FAILOVER_AFTER);
        if self.test_interval > 0 && !TEST_INTERVAL.contains(&self.test_interval) {
            found.invalid("test_interval", "must be 5 min to 30 days");
        }
        found.into_list()
    }

    fn without_secrets(&self) -> Self {
        let mut shown = self.clone();
        for secret in shown.channel.secrets_mut() {
            *secret = shell(secret).into();
        }
        shown
    }

    fn derive(_: &Shelf<Self>) {}
}

/// What may be known of a secret: whether there is one and, of an address, which host it
/// leads to.
fn shell(secret: &Secret) -> String {
    let text = secret.reveal();
    match text.split_once("://") {
        _ if text.is_empty() => String::new(),
        Some((scheme, rest)) if is_web_address(text) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            format!("{scheme}://{host}/***")
        }
        _ => NOT_KEPT.into(),
    }
}

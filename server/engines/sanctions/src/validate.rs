//! What rules and enforcers may be.

mod enforcer;
mod ladder;
#[cfg(test)]
mod tests;

use crate::{Enforcer, EnforcerKind, MAX_SANCTION_SECONDS, Order, SanctionRule};
use umpire_catalog::{Item, Shelf};
use umpire_model::{LocalizedText, SanctionKind, Violation};

/// Longest display name, in characters.
const MAX_DISPLAY_NAME_CHARS: usize = 200;
/// Most labels of a rule.
const MAX_LABELS: usize = 32;
/// Longest label, in characters.
const MAX_LABEL_CHARS: usize = 64;
/// Most servers, channels or categories.
const MAX_IDS: usize = 1_000;
/// Longest id of a server, channel or category, in bytes.
const MAX_ID_BYTES: usize = 1_024;
/// Highest threshold.
const MAX_THRESHOLD: u32 = 10_000;
/// Longest window and grace.
const MAX_WINDOW_SECONDS: u64 = 366 * 24 * 60 * 60;
/// Longest reason, in characters.
const MAX_REASON_CHARS: usize = 500;
/// Longest remark, in characters.
const MAX_REMARK_CHARS: usize = 2_000;
/// Longest text for players in one language, in bytes.
const MAX_TEXT_BYTES: usize = 4_096;
/// Most languages of a text for players: every sanction carries all of them.
const MAX_LOCALES: usize = 64;

impl Item for SanctionRule {
    const COLLECTION: &'static str = "sanctionRules";
    const MAX_PER_TENANT: usize = 1_000;

    type Derived = Order;

    fn violations(&self) -> Vec<Violation> {
        let mut found = Faults::at("sanction_rule");
        found.check_chars("display_name", &self.display_name, MAX_DISPLAY_NAME_CHARS);
        found.check_labels(&self.labels);
        self.check_charges(&mut found);
        found.check_ids("servers", &self.servers);
        found.check_ids("channels", &self.channels);
        self.check_counting(&mut found);
        found.check_duration("duration", self.kind, self.duration);
        found.check_chars("reason", &self.reason, MAX_REASON_CHARS);
        found.check_message("player_message", &self.player_message);
        found.check_chars("remark", &self.remark, MAX_REMARK_CHARS);
        if let Some(ladder) = &self.ladder {
            ladder::check(ladder, self.kind, &mut found);
        }
        found.list
    }

    fn derive(shelf: &Shelf<Self>) -> Order {
        Order::of(shelf)
    }
}

impl Item for Enforcer {
    const COLLECTION: &'static str = "enforcers";
    const MAX_PER_TENANT: usize = 100;
    const SEALED: bool = true;

    type Derived = ();

    fn violations(&self) -> Vec<Violation> {
        let mut found = Faults::at("enforcer");
        found.check_chars("display_name", &self.display_name, MAX_DISPLAY_NAME_CHARS);
        found.check_ids("servers", &self.servers);
        found.check_ids("categories", &self.categories);
        enforcer::check(self, &mut found);
        found.list
    }

    fn without_secrets(&self) -> Self {
        let mut shown = self.clone();
        if let EnforcerKind::Webhook(webhook) = &mut shown.kind
            && !webhook.secret.is_empty()
        {
            webhook.secret = "not kept here".into();
        }
        shown
    }

    fn derive(_: &Shelf<Self>) {}
}

impl SanctionRule {
    fn check_charges(&self, found: &mut Faults) {
        if self.charge_from.is_some_and(|from| from < 0) {
            found.invalid("charge_from", "must not be negative");
        }
        let from = self.charge_from.unwrap_or(0).max(0);
        if self.charge_to.is_some_and(|to| to <= from) {
            found.invalid("charge_to", "must be over `charge_from`, and over 0");
        }
    }

    fn check_counting(&self, found: &mut Faults) {
        if !(1..=MAX_THRESHOLD).contains(&self.threshold) {
            found.invalid("threshold", "must be 1 to 10,000");
        }
        if self.threshold > 1 && self.window == 0 {
            found.invalid("window", "is needed where the threshold is over 1");
        }
        if self.window > MAX_WINDOW_SECONDS {
            found.invalid("window", "must be 1 s to 366 days");
        }
        if self.grace > MAX_WINDOW_SECONDS {
            found.invalid("grace", "must be at most 366 days");
        }
    }
}

/// What is wrong with a resource.
struct Faults {
    path: &'static str,
    list: Vec<Violation>,
}

impl Faults {
    fn at(path: &'static str) -> Self {
        Self { path, list: Vec::new() }
    }

    fn invalid(&mut self, field: impl AsRef<str>, message: &str) {
        self.list.push(Violation::invalid(format!("{}.{}", self.path, field.as_ref()), message));
    }

    fn too_large(&mut self, field: &str, limit: usize) {
        self.list.push(Violation::too_large(format!("{}.{field}", self.path), limit));
    }

    fn check_chars(&mut self, field: &str, text: &str, most: usize) {
        if text.chars().count() > most {
            self.too_large(field, most);
        }
    }

    fn check_labels(&mut self, labels: &[String]) {
        if labels.len() > MAX_LABELS {
            self.too_large("labels", MAX_LABELS);
        }
        for (index, label) in labels.iter().enumerate() {
            if label.trim().is_empty() || label.chars().count() > MAX_LABEL_CHARS {
                let message = format!("must have 1 to {MAX_LABEL_CHARS} characters");
                self.invalid(format!("labels[{index}]"), &message);
            }
        }
    }

    fn check_ids(&mut self, field: &str, ids: &[String]) {
        if ids.len() > MAX_IDS {
            self.too_large(field, MAX_IDS);
        }
        if ids.iter().any(String::is_empty) {
            self.invalid(field, "must not hold an empty id");
        }
        if ids.iter().any(|id| id.len() > MAX_ID_BYTES) {
            self.too_large(field, MAX_ID_BYTES);
        }
    }

    /// `None` is permanent, or a WARN.
    fn check_duration(&mut self, field: &str, kind: SanctionKind, seconds: Option<u64>) {
        let Some(seconds) = seconds else { return };
        if kind == SanctionKind::Warn {
            self.invalid(field, "a WARN has no end");
        } else {
            self.check_seconds(field, seconds);
        }
    }

    fn check_seconds(&mut self, field: &str, seconds: u64) {
        if !(1..=MAX_SANCTION_SECONDS).contains(&seconds) {
            self.invalid(field, "must be 1 s to 10 years");
        }
    }

    fn check_message(&mut self, field: &str, text: &LocalizedText) {
        if text.by_locale.len() > MAX_LOCALES {
            self.too_large(field, MAX_LOCALES);
        }
        let texts = text.by_locale.iter().flat_map(|(locale, text)| [locale, text]);
        if texts.chain([&text.fallback]).any(|text| text.len() > MAX_TEXT_BYTES) {
            self.too_large(field, MAX_TEXT_BYTES);
        }
    }
}

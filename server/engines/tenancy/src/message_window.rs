use serde::{Deserialize, Serialize};
use umpire_model::Violation;

/// How far back a sender's messages are joined, so that words written in pieces are
/// found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageWindow {
    /// With the one that is checked.
    pub max_messages: u32,
    /// How old an earlier one may be, in milliseconds.
    pub max_age_millis: u64,
    /// Most characters that are kept of a text, its last.
    pub max_chars: u32,
}

impl Default for MessageWindow {
    fn default() -> Self {
        Self { max_messages: 5, max_age_millis: 60_000, max_chars: 128 }
    }
}

impl MessageWindow {
    /// The highest limits there are.
    pub const MOST: Self = Self { max_messages: 16, max_age_millis: 600_000, max_chars: 512 };

    /// Adds everything that is wrong with it.
    pub(crate) fn check(&self, path: &str, found: &mut Vec<Violation>) {
        let most = Self::MOST;
        if !(2..=most.max_messages).contains(&self.max_messages) {
            let message = format!("must be 2 to {}", most.max_messages);
            found.push(Violation::invalid(format!("{path}.max_messages"), message));
        }
        if !(1_000..=most.max_age_millis).contains(&self.max_age_millis) {
            let message = "must be 1 s to 10 min";
            found.push(Violation::invalid(format!("{path}.max_age"), message));
        }
        if !(1..=most.max_chars).contains(&self.max_chars) {
            let message = format!("must be 1 to {}", most.max_chars);
            found.push(Violation::invalid(format!("{path}.max_chars"), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_named() {
        let window = |max_messages, max_age_millis, max_chars| MessageWindow {
            max_messages,
            max_age_millis,
            max_chars,
        };
        for (window, expected) in [
            (MessageWindow::default(), ""),
            (MessageWindow::MOST, ""),
            (window(2, 1_000, 1), ""),
            (window(1, 999, 0), "w.max_messages w.max_age w.max_chars"),
            (window(17, 600_001, 513), "w.max_messages w.max_age w.max_chars"),
        ] {
            let mut found = Vec::new();
            window.check("w", &mut found);
            let paths: Vec<_> = found.into_iter().map(|violation| violation.path).collect();
            assert_eq!(paths.join(" "), expected, "{window:?}");
        }
    }
}

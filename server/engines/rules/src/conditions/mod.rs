//! What a rule can look for: one file a condition.

use umpire_model::Violation;

pub mod text;

/// What a rule looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Words, a pattern or a detector in the texts of a message.
    Text(text::TextCondition),
}

impl Condition {
    /// Everything wrong with it; `path` is the rule's.
    pub(crate) fn violations(&self, path: &str) -> Vec<Violation> {
        match self {
            Self::Text(text) => text.violations(&format!("{path}.text")),
        }
    }
}

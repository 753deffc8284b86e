//! What a rule can look for: one file a condition.

use std::sync::Arc;
use umpire_model::Violation;

pub mod expression;
pub mod normalize;
pub mod text;
pub mod tree;
pub mod word;

/// What a rule looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Words, a pattern or a detector in the texts of a message.
    Text(text::TextCondition),
    /// An expression over the message and what the text rules found in it.
    Expression(expression::ExpressionCondition),
}

impl Condition {
    /// The condition on texts, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&text::TextCondition> {
        match self {
            Self::Text(text) => Some(text),
            Self::Expression(_) => None,
        }
    }

    /// The words it brings itself, not those of a list.
    pub fn words(&self) -> impl Iterator<Item = &Arc<str>> {
        self.text().into_iter().flat_map(|text| text.own_words())
    }

    /// Everything wrong with it; `path` is the rule's.
    pub(crate) fn violations(&self, path: &str) -> Vec<Violation> {
        match self {
            Self::Text(text) => text.violations(&format!("{path}.text")),
            Self::Expression(expression) => expression.violations(&format!("{path}.expression")),
        }
    }
}

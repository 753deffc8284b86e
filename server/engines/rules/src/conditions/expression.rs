//! An expression in CEL over the message and what the other rules found in it.

use crate::expression::{Expression, Fault};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};
use umpire_model::{Violation, ViolationKind};

/// An expression in CEL.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpressionCondition {
    /// Its source.
    pub cel: Arc<str>,
    /// What was made of it. Compiling takes milliseconds: it is done once for a rule
    /// and shared by its copies, so that a change of another rule does not repeat it.
    #[serde(skip)]
    compiled: Arc<OnceLock<Result<Arc<Expression>, Fault>>>,
}

impl PartialEq for ExpressionCondition {
    fn eq(&self, other: &Self) -> bool {
        self.cel == other.cel
    }
}

impl Eq for ExpressionCondition {}

impl ExpressionCondition {
    /// The condition with this source, which is not looked at yet.
    #[must_use]
    pub fn new(cel: &str) -> Self {
        Self { cel: cel.into(), compiled: Arc::default() }
    }

    /// The expression, ready to be asked; `path` is the condition's.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn compiled(&self, path: &str) -> Result<Arc<Expression>, Violation> {
        let made = self.compiled.get_or_init(|| Expression::compile(&self.cel).map(Arc::new));
        made.clone().map_err(|fault| Violation {
            path: format!("{path}.cel"),
            kind: if fault.is_limit { ViolationKind::TooLarge } else { ViolationKind::Invalid },
            message: fault.message,
        })
    }

    pub(crate) fn violations(&self, path: &str) -> Vec<Violation> {
        self.compiled(path).err().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_names_the_source() {
        assert_eq!(
            ExpressionCondition::new("message.length > 3").violations("rule.expression"),
            []
        );
        for (cel, kind) in [
            ("message.length", ViolationKind::Invalid),
            ("(", ViolationKind::Invalid),
            (&"(".repeat(40), ViolationKind::TooLarge),
        ] {
            let found = ExpressionCondition::new(cel).violations("rule.expression");
            let found: Vec<_> = found.iter().map(|v| (v.path.as_str(), v.kind)).collect();
            assert_eq!(found, [("rule.expression.cel", kind)], "{cel}");
        }
    }

    #[test]
    fn it_is_compiled_once_for_all_copies() {
        let condition = ExpressionCondition::new("message.length > 3");
        let copy = condition.clone();
        let (a, b) = (condition.compiled("x"), copy.compiled("x"));
        assert!(Arc::ptr_eq(&a.expect("sound"), &b.expect("sound")));
    }

    #[test]
    fn documents_hold_the_source_alone() {
        let read: ExpressionCondition =
            serde_json::from_str(r#"{"cel":"message.length > 3"}"#).expect("a condition");
        read.compiled("x").expect("sound");
        assert_eq!(
            serde_json::to_string(&read).expect("written"),
            r#"{"cel":"message.length > 3"}"#
        );
        serde_json::from_str::<ExpressionCondition>(r#"{"cel":"", "x":1}"#).expect_err("unknown");
    }
}

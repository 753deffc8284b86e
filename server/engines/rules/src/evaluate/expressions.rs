//! Expressions, asked once it is known what the text rules found.

use super::{Matched, Moment, cancelling, new_match};
use crate::{compile::RuleSet, expression::Facts};
use std::cmp::Reverse;
use umpire_model::{CancelCause, Cancelled, FieldId, Match, Message};

/// What matches of expressions have for a word.
const WORD: &str = "expression";

impl RuleSet {
    /// The expression rules that hold and count, in no particular order. Scopes are part
    /// of what must hold, so a rule is never told to lie outside its own.
    pub(super) fn held<'a>(
        &'a self,
        message: &Message<'_>,
        found: &[(Reverse<i32>, Match)],
        moment: &Moment,
        cancelled: &mut Vec<Cancelled>,
    ) -> Vec<Matched<'a>> {
        let mut held = Vec::new();
        if self.parts.iter().all(|part| part.asked.is_empty()) {
            return held;
        }
        let facts = Facts::new(message, found.iter().map(|(_, found)| found), moment.wall);
        for part in &self.parts {
            for (rule, answer) in part.asked.answers(&part.rules, message, &facts) {
                let cause = match answer {
                    Ok(()) => cancelling(rule, message, moment, false),
                    Err(_) => Some(CancelCause::Failed),
                };
                match cause {
                    None => held.push(Matched { part, rule, hits: Vec::new(), across: None }),
                    Some(cause) => cancelled.push(Cancelled { rule: rule.name.clone(), cause }),
                }
            }
        }
        held
    }
}

/// The match of an expression rule: of the message as a whole.
pub(super) fn match_of(held: &Matched<'_>) -> (Reverse<i32>, Match) {
    (Reverse(held.rule.priority), new_match(held.rule, 0, WORD.into(), FieldId::Text))
}

//! The expression rules of a compiled set: which of them a message wakes, and which
//! hold.

use crate::{
    compile::{CompileError, Compiled},
    conditions::Condition,
    expression::{Expression, Facts, Failed},
    rule::Rule,
};
use std::sync::Arc;
use umpire_model::{Match, Message};

/// Most expression rules of one tenant that are not OFF.
pub const MAX_EXPRESSIONS: usize = 1_000;

/// The expressions of one part of a set, by what they cost a message in which the text
/// rules found nothing: nothing, or a few comparisons each.
#[derive(Default)]
pub(crate) struct Asked {
    /// Those that cannot hold without a match.
    after_match: Box<[One]>,
    /// Those that can.
    always: Box<[One]>,
}

/// One rule's expression.
struct One {
    /// Its place among the part's rules.
    rule: u32,
    expression: Arc<Expression>,
}

impl Asked {
    /// Takes the expressions out of the rules of a part.
    pub fn compile(rules: &[(Arc<str>, &Rule)]) -> Result<Self, CompileError> {
        let mut all = Vec::new();
        for ((_, rule), number) in rules.iter().zip(0_u32..) {
            let Condition::Expression(condition) = &rule.condition else { continue };
            let compiled = condition.compiled("rule.expression");
            let expression = compiled.map_err(|violation| CompileError::Rule {
                rule: rule.id.to_string(),
                violations: vec![violation],
            })?;
            all.push(One { rule: number, expression });
        }
        if all.len() > MAX_EXPRESSIONS {
            let message = format!("more than {MAX_EXPRESSIONS} expression rules");
            return Err(CompileError::TooBig(message));
        }
        let (after_match, always): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| one.expression.needs_match());
        Ok(Self { after_match: after_match.into(), always: always.into() })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Whether an expression reads what the tenant's wall shows.
    pub fn asks_the_wall(&self) -> bool {
        self.all().any(|one| one.expression.asks_the_wall)
    }

    /// Whether one of them may hold for a message that no text rule matched.
    pub fn may_hold_alone(&self, rules: &[Compiled], message: &Message<'_>) -> bool {
        self.always.iter().any(|one| one.may_hold(rules, message, &[]))
    }

    /// The rules whose expressions hold or cannot be evaluated, with which of the two it
    /// is.
    pub fn answers<'r>(
        &self,
        rules: &'r [Compiled],
        message: &Message<'_>,
        facts: &Facts<'_>,
    ) -> Vec<(&'r Compiled, Result<(), Failed>)> {
        let matches: &[&Match] = facts.matches();
        let after_match = if matches.is_empty() { &[][..] } else { &self.after_match };
        let awake = after_match.iter().chain(&self.always);
        let mut answers = Vec::new();
        for one in awake.filter(|one| one.may_hold(rules, message, matches)) {
            match one.expression.holds(facts) {
                Ok(true) => answers.push((one.of(rules), Ok(()))),
                Ok(false) => {}
                Err(failed) => answers.push((one.of(rules), Err(failed))),
            }
        }
        answers
    }

    fn all(&self) -> impl Iterator<Item = &One> {
        self.after_match.iter().chain(&self.always)
    }
}

impl One {
    fn of<'r>(&self, rules: &'r [Compiled]) -> &'r Compiled {
        &rules[self.rule as usize]
    }

    /// The rule's scope is part of what must hold, and the cheapest.
    fn may_hold(&self, rules: &[Compiled], message: &Message<'_>, matches: &[&Match]) -> bool {
        self.of(rules).scope.covers(message) && self.expression.may_hold(message, matches)
    }
}

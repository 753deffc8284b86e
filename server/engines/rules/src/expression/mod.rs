//! Conditions written in CEL, the Common Expression Language.
//!
//! An expression is taken apart once, when its rule is saved: [`outline`] refuses what
//! could harm the parser, [`parse`] parses it, [`check`] checks types over the tree
//! against the declared facts ([`facts`]) and estimates what it can cost at most,
//! [`need`] and [`derive`] find what must hold for it to be true at all, and
//! [`constants`] compiles its patterns. What is left for a message is cheap:
//! [`Expression::may_hold`] asks for what must hold, natively, and only then
//! [`Expression::holds`] lets CEL decide.

mod check;
mod constants;
mod derive;
mod evaluate;
mod facts;
mod functions;
mod kind;
mod macros;
mod need;
mod outline;
mod parse;
mod values;

pub(crate) use evaluate::Failed;
pub(crate) use values::Facts;

use cel::common::ast::IdedExpr;
use constants::Constant;
use need::{Here, Need};
use umpire_model::{Match, Message};

/// Longest source, in bytes.
pub const MAX_SOURCE_BYTES: usize = 4_096;
/// Most nodes of the tree, as it was written: macros count as calls.
const MAX_NODES: usize = 256;
/// Deepest nesting of nodes.
const MAX_DEPTH: usize = 32;
/// Deepest nesting of brackets.
const MAX_BRACKETS: usize = 32;
/// Deepest nesting of macros that go through lists.
const MAX_LOOPS: usize = 2;
/// Longest pattern of `matches`, in bytes.
const MAX_PATTERN_BYTES: usize = 1_024;
/// Most bytes a compiled pattern takes.
const MAX_PATTERN_SIZE: usize = 256 << 10;
/// Most steps an evaluation may take, as [`check`] estimates them with every list and
/// text at its longest. A step is about what one node takes, a tenth of a microsecond.
const MAX_COST: u64 = 200_000;

/// A condition in CEL, checked and ready to be asked. Immutable.
#[derive(Debug)]
pub(crate) struct Expression {
    /// With macros expanded, and constants in place of patterns and lists.
    tree: IdedExpr,
    constants: Vec<Constant>,
    need: Need,
    /// Whether it reads `message.hour` or `message.weekday`.
    pub asks_the_wall: bool,
}

/// Why an expression is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Fault {
    /// What is wrong and, where it is known, at which line and column.
    pub message: String,
    /// A limit is passed; otherwise it means nothing.
    pub is_limit: bool,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_limit: false }
    }

    fn limit(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_limit: true }
    }

    /// The same fault, with its place.
    fn at(self, place: impl std::fmt::Display) -> Self {
        Self { message: format!("{place}: {}", self.message), ..self }
    }
}

impl Expression {
    /// Parses, checks and prepares an expression. Takes milliseconds: it is done when a
    /// rule is saved or loaded, never for a message.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn compile(source: &str) -> Result<Self, Fault> {
        outline::check(source)?;
        parse::on_a_big_stack(|| {
            let (tree, places) = parse::as_written(source)?;
            let checked = check::check(&tree, &places)?;
            let mut tree_to_run = parse::expanded(source)?;
            let constants = constants::take_out(&mut tree_to_run)?;
            Ok(Self {
                tree: tree_to_run,
                constants,
                need: derive::need(&tree),
                asks_the_wall: checked.asks_the_wall,
            })
        })
    }

    /// Whether it can be true of a message that no text rule matched. Those that cannot
    /// cost such a message nothing at all.
    pub fn needs_match(&self) -> bool {
        self.need.needs_match()
    }

    /// Whether what must hold for it holds. Cheap: a few comparisons, at most a search
    /// for a part of a text.
    pub fn may_hold(&self, message: &Message<'_>, matches: &[&Match]) -> bool {
        self.need.holds(message, matches, Here::default())
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// When it cannot be said: a fact is absent, a number overflows.
    pub fn holds(&self, facts: &Facts<'_>) -> Result<bool, Failed> {
        evaluate::holds(&self.tree, &self.constants, facts)
    }
}

#[cfg(test)]
mod tests;

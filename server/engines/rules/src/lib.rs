//! Rules: what they say, how a set of them is compiled, what follows from their
//! matches, and how they are kept.
//!
//! [`RuleSet`] is one immutable, compiled revision: [`RuleSet::scan`] finds, and
//! [`RuleSet::evaluate`] concludes; neither awaits or reads a clock.
//! [`RuleBook`] keeps the live set of every tenant and is the only way to
//! change one: each change is a [`Revision`], committed through the port
//! [`RuleSets`] before it goes live.

mod book;
mod compile;
pub mod conditions;
mod evaluate;
mod list;
mod port;
mod revision;
mod rule;
mod scope;

pub use book::{Change, ChangeError, RuleBook, TestError};
pub use compile::{CompileError, MAX_RULES, RuleSet, Scanned};
pub use conditions::{Condition, text::TextCondition};
pub use list::{RevisionField, RuleField, RuleQuery};
pub use port::{Commit, CommitOutcome, RuleSets, StoredSet};
pub use revision::{ChangeKind, Revision, RuleChange};
pub use rule::{LocalizedText, Rule, RuleMode, StoredRule};
pub use scope::Scope;

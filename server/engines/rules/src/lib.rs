//! Rules: what they say, how a set of them is compiled, what follows from their
//! matches, and how they are kept with the word lists they look into.
//!
//! [`RuleSet`] is one immutable, compiled revision: [`RuleSet::scan`] finds, and
//! [`RuleSet::evaluate`] concludes; neither awaits or reads a clock.
//! [`RuleBook`] keeps the live policy of every tenant and is the only way to
//! change one: each change is a [`Revision`], committed through the port
//! [`RuleSets`] before it goes live.

mod across;
mod asked;
mod book;
mod change;
mod combination;
mod compile;
pub mod conditions;
pub mod document;
mod evaluate;
mod exemption;
mod expression;
mod listing;
pub mod lists;
mod policy;
mod policy_test;
mod port;
mod quiet;
mod revision;
mod rule;
mod scope;

pub use across::{Piece, Preceding};
pub use book::{Applied, Apply, Drafted, EntriesUpdated, Import, Imported, RuleBook};
pub use change::{Change, ChangeError, TestError};
pub use compile::{CompileError, MAX_RULES, RuleSet, Scanned};
pub use conditions::{Condition, expression::ExpressionCondition, text::TextCondition};
pub use document::{Document, Notation};
pub use evaluate::Moment;
pub use exemption::Exemption;
pub use listing::{
    EntryField, EntryQuery, ListField, ListQuery, RevisionField, RuleField, RuleQuery,
};
pub use policy_test::{PolicyTest, TestConversation, TestMessage, TestResult, TestSender};
pub use port::{Commit, CommitOutcome, RuleSets, StoredList, StoredSet};
pub use quiet::{BrokeOff, quietly};
pub use revision::{ChangeKind, Changes, ListChange, Revision, RuleChange, TestChange};
pub use rule::{Rule, RuleMode, StoredRule};
pub use scope::Scope;
pub use umpire_model::{ActiveWindow, LocalizedText};

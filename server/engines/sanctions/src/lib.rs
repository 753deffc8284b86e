//! Strikes, sanctions and how they are carried out.
//!
//! A message that fits sanction rules becomes an [`Offence`]; [`judge()`] counts it in the
//! commit that records it, so that counting is exact whoever sends at the same time. What
//! happens to sanctions afterwards happens in [turns](turn()) of the same writer and is
//! written to one journal of [`Change`]s; everything else can be rebuilt from that.
//!
//! [`Court`] is what the API talks to; [`Scheduler`] tells enforcers.

mod change;
mod court;
mod crash;
mod enforcer;
mod job;
mod judge;
mod ladder;
mod lifecycle;
mod offence;
mod order;
mod policy;
mod port;
mod query;
mod rule;
mod safety;
mod sanction;
mod scheduler;
mod strikes;
mod subject;
mod turn;
mod validate;
mod view;

#[cfg(test)]
mod memory;
#[cfg(test)]
mod samples;

pub use change::{AlertEvent, AlertKind, Change, Entry, Strike, Telling};
pub use court::{
    Act, Court, CourtError, Draft, Drain, Event, Lift, NewEnd, Parts, SetSwitch, SwitchStatus,
    Watch, Wave, What,
};
pub use crash::CRASH_POINTS;
pub use enforcer::{Enforcer, EnforcerKind, Webhook};
pub use job::{Job, JobState};
pub use judge::{judge, sanction_id};
pub use ladder::{MAX_SANCTION_SECONDS, next_step};
pub use lifecycle::{Ack, AckResult, Settled};
pub use offence::{Candidate, Offence};
pub use order::{Finding, FindingKind, Order, Sources, findings};
pub use policy::Policy;
pub use port::{Counted, CounterOf, LetOut, Sanctions, Turn, Waiting, Work};
pub use query::{
    KINDS, ORIGINS, STATES, SanctionField, SanctionQuery, StrikeField, StrikeQuery, TRUTH,
};
pub use rule::{CountMode, Ladder, RuleMode, SanctionRule, Step};
pub use safety::{DEFAULT_BUDGET, SafetyState, SafetySwitch};
pub use sanction::{Enforcement, EnforcementState, HistoryEntry, Notice, Origin, Sanction, State};
pub use scheduler::{Herald, Scheduler, Told};
pub use strikes::Strikes;
pub use subject::{Subject, SubjectKey};
pub use turn::turn;

use crate::{
    Action, Decision, EarlierSpan, FieldId, Level, Mask, RecordId, RiskClass, SanctionId, Span,
    StrikeStatus, Transformation,
};
use std::{sync::Arc, time::Duration};

/// What has become of a verdict's audit record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditState {
    /// Durable.
    Recorded,
    /// Held for writing.
    Queued,
    /// Nothing is recorded.
    Skipped,
}

/// A part of the server that could not take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Degraded {
    /// The ledger is away.
    #[n(0)]
    Ledger,
    /// Strikes could not be counted.
    #[n(1)]
    Counters,
}

/// Why a message passed without being checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unchecked {
    /// The bot's own message.
    FromSelf,
    /// The tenant does not watch this conversation, kind or scene.
    OutOfScope,
}

/// One rule that matched through one word in one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Resource name of the rule.
    pub rule: Arc<str>,
    /// The rule's word, pattern or detector; never the user's text.
    pub word: Arc<str>,
    /// The rule's labels, and the category of a list's word.
    pub labels: Arc<[Arc<str>]>,
    /// The level of a list's word if it has one, else the rule's.
    pub level: Level,
    /// The rule's class.
    pub risk_class: Option<RiskClass>,
    /// The text the spans point into.
    pub field: FieldId,
    /// Ascending, not overlapping.
    pub spans: Vec<Span>,
    /// Where it began, when it was written over several messages: in the order they were
    /// sent. Messages without an id cannot be named, and are left out.
    pub earlier: Vec<EarlierSpan>,
    /// The rule is in shadow: no effect.
    pub shadow: bool,
    /// What had to be folded.
    pub transformations: Vec<Transformation>,
}

/// A rule whose hits did not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// Resource name of the rule.
    pub rule: Arc<str>,
    /// Why.
    pub cause: CancelCause,
}

/// Why hits did not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelCause {
    /// All hits lay inside harmless phrases.
    Exception,
    /// The message lies outside the rule's scope.
    Scope,
    /// The rule lets this sender or conversation through.
    Exemption,
    /// The rule is not in force at this time.
    Window,
    /// The rule's expression asked for something the message does not have, or could
    /// not be computed.
    Failed,
}

/// What an enforced rule wants people to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised {
    /// Resource name of the rule.
    pub rule: Arc<str>,
    /// What people call it; its id, when they do not.
    pub rule_name: Arc<str>,
    /// The most urgent level of what it found.
    pub level: Level,
    /// The rule's labels, and the categories of a list's words.
    pub labels: Vec<Arc<str>>,
    /// The rule's first word or pattern that was found; never the user's text.
    pub word: Arc<str>,
    /// Its actions of the kinds ALERT, MENTION and TICKET.
    pub actions: Vec<Action>,
}

/// How long the stages of a check took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Timings {
    pub scan: Duration,
    pub gather: Duration,
    pub evaluate: Duration,
    pub commit: Duration,
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Set once a record exists or is queued under this id.
    pub record: Option<RecordId>,
    /// What has become of the record.
    pub audit_state: AuditState,
    /// Follows from the actions of enforced matches.
    pub decision: Decision,
    /// The most urgent level of enforced matches.
    pub level: Option<Level>,
    /// The gravest class of enforced matches.
    pub risk_class: Option<RiskClass>,
    /// Labels of enforced matches.
    pub labels: Vec<Arc<str>>,
    /// By level, then priority, then position.
    pub matches: Vec<Match>,
    /// There were more matches than are listed.
    pub matches_truncated: bool,
    /// What MASK covers, text by text: ascending, apart.
    pub masks: Vec<(FieldId, Vec<Mask>)>,
    /// What to do.
    pub actions: Vec<Action>,
    /// What people are to be told; of a verdict that is read back, nothing.
    pub raised: Vec<Raised>,
    /// The strikes it counted, in the order their rules were tried.
    pub strikes: Vec<StrikeStatus>,
    /// The sanctions it brought.
    pub sanctions: Vec<SanctionId>,
    /// The rule-set revision that judged.
    pub revision: u64,
    /// Names of the revisions of included rule sets that judged.
    pub included_revisions: Vec<Arc<str>>,
    /// Version of the engine that judged.
    pub engine_version: Arc<str>,
    /// What could not take part.
    pub degraded: Vec<Degraded>,
    /// Why nothing was checked.
    pub unchecked: Option<Unchecked>,
    /// The verdict of an earlier check.
    pub replayed: bool,
    /// Rules whose hits did not count.
    pub cancelled: Vec<Cancelled>,
    /// How long the stages took.
    pub timings: Timings,
}

impl Verdict {
    /// PASS without a match, under `revision`.
    #[must_use]
    pub fn pass(revision: u64, engine_version: Arc<str>) -> Self {
        Self {
            record: None,
            audit_state: AuditState::Skipped,
            decision: Decision::Pass,
            level: None,
            risk_class: None,
            labels: Vec::new(),
            matches: Vec::new(),
            matches_truncated: false,
            masks: Vec::new(),
            actions: Vec::new(),
            raised: Vec::new(),
            strikes: Vec::new(),
            sanctions: Vec::new(),
            revision,
            included_revisions: Vec::new(),
            engine_version,
            degraded: Vec::new(),
            unchecked: None,
            replayed: false,
            cancelled: Vec::new(),
            timings: Timings::default(),
        }
    }

    /// What MASK covers in one text.
    #[must_use]
    pub fn mask_of(&self, field: FieldId) -> &[Mask] {
        let mask = self.masks.iter().find(|(masked, _)| *masked == field);
        mask.map_or(&[], |(_, masks)| masks)
    }
}

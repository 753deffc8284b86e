//! Sanctions by hand.

use super::{Act, Court, CourtError, act::check_reason};
use crate::{HistoryEntry, MAX_SANCTION_SECONDS, Origin, Sanction, State, Subject, lifecycle};
use umpire_model::{
    LocalizedText, SanctionId, SanctionKind, TenantId, Timestamp, Violation, new_uuid,
};

/// Longest text for the player in one language, and what is given back, in bytes.
const MAX_TEXT_BYTES: usize = 4_096;
/// Most languages of a text for the player.
const MAX_LOCALES: usize = 64;
/// Longest remark, in characters.
const MAX_REMARK_CHARS: usize = 2_000;

/// A sanction by hand, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)] // the fields are those of `umpire.v1.CreateSanctionRequest`
pub struct Draft {
    pub subject: Subject,
    pub kind: Option<SanctionKind>,
    /// Seconds from the decision on, instead of `end_time`.
    pub duration: Option<u64>,
    pub end_time: Option<Timestamp>,
    pub permanent: bool,
    pub kick_online: bool,
    pub reason: String,
    pub player_message: LocalizedText,
    pub remark: String,
    pub callback_info: String,
}

impl Draft {
    /// Everything that is wrong with it at `now`.
    #[must_use]
    pub fn violations(&self, now: Timestamp) -> Vec<Violation> {
        let mut found = self.subject.violations("sanction.subject");
        if self.kind.is_none() {
            found.push(Violation::invalid("sanction.kind", "must be set"));
        }
        found.extend(check_reason("sanction.reason", &self.reason).err());
        found.extend(self.check_end(now).err());
        self.check_texts(&mut found);
        found
    }

    fn check_end(&self, now: Timestamp) -> Result<(), Violation> {
        let given = [self.duration.is_some(), self.end_time.is_some(), self.permanent];
        let given = given.into_iter().filter(|given| *given).count();
        let refused = |message: &str| Err(Violation::invalid("sanction.end_time", message));
        match (self.kind, given) {
            (Some(SanctionKind::Warn), 1..) => return refused("a WARN has no end"),
            (Some(SanctionKind::Mute | SanctionKind::LoginBan), 0) => {
                return refused("needs an end, a duration or `permanent`");
            }
            (_, 2..) => return refused("goes with neither a duration nor `permanent`"),
            _ => {}
        }
        if self.end_time.is_some_and(|end| end <= now) {
            return refused("must lie in the future");
        }
        match self.duration {
            Some(0) => Err(Violation::invalid("duration", "must be positive")),
            Some(seconds) if seconds > MAX_SANCTION_SECONDS => {
                Err(Violation::too_large("duration", "10 years"))
            }
            _ => Ok(()),
        }
    }

    fn check_texts(&self, found: &mut Vec<Violation>) {
        let LocalizedText { by_locale, fallback } = &self.player_message;
        if by_locale.len() > MAX_LOCALES {
            found.push(Violation::too_large("sanction.player_message", MAX_LOCALES));
        }
        let texts = by_locale.iter().flat_map(|(locale, text)| [locale, text]);
        if texts.chain([fallback]).any(|text| text.len() > MAX_TEXT_BYTES) {
            found.push(Violation::too_large("sanction.player_message", MAX_TEXT_BYTES));
        }
        if self.callback_info.len() > MAX_TEXT_BYTES {
            found.push(Violation::too_large("sanction.callback_info", MAX_TEXT_BYTES));
        }
        if self.remark.chars().count() > MAX_REMARK_CHARS {
            let limit = format!("{MAX_REMARK_CHARS} characters");
            found.push(Violation::too_large("sanction.remark", limit));
        }
    }

    /// The sanction, not kept yet.
    pub(crate) fn sanction(
        self,
        tenant: &TenantId,
        id: SanctionId,
        act: &Act,
    ) -> Result<Sanction, CourtError> {
        let violations = self.violations(act.time);
        let Some(kind) = self.kind.filter(|_| violations.is_empty()) else {
            return Err(CourtError::Invalid(violations));
        };
        let lasts = self.duration.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
        let state = State::Pending;
        let made = HistoryEntry { state, time: act.time, cause: act.cause("made") };
        Ok(Sanction {
            id,
            tenant: tenant.clone(),
            subject: self.subject,
            kind,
            state,
            origin: Origin::Manual,
            operator: act.operator.clone(),
            start_time: act.time,
            end_time: self.end_time.or(lasts.map(|seconds| act.time.plus_seconds(seconds))),
            permanent: self.permanent,
            kick_online: self.kick_online,
            reason: self.reason,
            player_message: self.player_message,
            remark: self.remark,
            content: String::new(),
            ip: String::new(),
            callback_info: self.callback_info,
            sanction_rule: None,
            revision: 0,
            audit_records: Vec::new(),
            deliveries: Vec::new(),
            history: vec![made],
            suppressed_by: None,
            version: 0,
            step: 0,
            total_recharge: None,
            cleared: Vec::new(),
            held_since: None,
            held_micros: 0,
            dispatch_time: None,
            released: false,
        })
    }
}

impl Court {
    /// Makes a sanction by hand; without an id it gets a fresh one.
    ///
    /// # Errors
    /// [`CourtError`].
    pub async fn create(
        &self,
        tenant: &TenantId,
        id: Option<SanctionId>,
        draft: Draft,
        act: &Act,
    ) -> Result<Sanction, CourtError> {
        let id = id.unwrap_or_else(|| SanctionId(new_uuid()));
        let of = tenant.clone();
        self.carry_out(tenant, act, move |turn, act| {
            let mut sanction = draft.sanction(&of, id, act)?;
            if turn.sanction(&of, id)?.is_some() {
                return Err(CourtError::AlreadyExists(sanction.name()));
            }
            lifecycle::save(turn, &mut sanction, act.time, None)?;
            Ok(sanction)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn mute() -> Draft {
        Draft {
            subject: Subject { user_id: "u".into(), ..Subject::default() },
            kind: Some(SanctionKind::Mute),
            duration: Some(60),
            reason: "spam".into(),
            ..Draft::default()
        }
    }

    fn check(draft: Draft, paths: &[&str]) {
        let found = draft.violations(NOW);
        let found: Vec<_> = found.iter().map(|violation| violation.path.as_str()).collect();
        assert_eq!(found, paths, "{draft:?}");
    }

    #[test]
    fn mistakes_are_named_by_their_path() {
        check(mute(), &[]);
        let required = ["sanction.subject.user_id", "sanction.kind", "sanction.reason"];
        check(Draft::default(), &required);
        check(Draft { reason: "x".repeat(501), ..mute() }, &["sanction.reason"]);
        check(Draft { remark: "x".repeat(2_001), ..mute() }, &["sanction.remark"]);
        check(Draft { callback_info: "x".repeat(4_097), ..mute() }, &["sanction.callback_info"]);
        let player_message = LocalizedText { fallback: "x".repeat(4_097), ..Default::default() };
        check(Draft { player_message, ..mute() }, &["sanction.player_message"]);
    }

    #[test]
    fn a_mute_has_one_end_and_a_warning_none() {
        let end = ["sanction.end_time"];
        let (open, warn) = (Draft { duration: None, ..mute() }, Some(SanctionKind::Warn));
        let later = Some(NOW.plus_seconds(1));
        check(open.clone(), &end);
        check(Draft { permanent: true, ..open.clone() }, &[]);
        check(Draft { end_time: later, ..open.clone() }, &[]);
        check(Draft { end_time: Some(NOW), ..open.clone() }, &end);
        check(Draft { end_time: later, ..mute() }, &end);
        check(Draft { permanent: true, ..mute() }, &end);
        check(Draft { kind: warn, ..open }, &[]);
        check(Draft { kind: warn, ..mute() }, &end);
        check(Draft { duration: Some(0), ..mute() }, &["duration"]);
        check(Draft { duration: Some(u64::MAX), ..mute() }, &["duration"]);
    }

    #[test]
    fn a_duration_counts_from_the_decision() {
        let tenant = TenantId::operator();
        let act = Act {
            operator: "ann".into(),
            time: NOW,
            reason: String::new(),
            request: None,
            validate_only: false,
        };
        let id = SanctionId(new_uuid());
        let made = mute().sanction(&tenant, id, &act).expect("a good draft");
        assert_eq!(made.end_time, Some(NOW.plus_seconds(60)));
        assert_eq!((made.origin, made.state), (Origin::Manual, State::Pending));
        assert_eq!((made.operator.as_str(), made.version), ("ann", 0));
        assert_eq!(made.history[0].cause, "made by ann");
    }
}

//! What a person does, once for each request.

use super::{Court, CourtError};
use crate::{port::Turn, turn::turn};
use serde::{Serialize, de::DeserializeOwned};
use umpire_model::{RequestKey, RequestRecord, StoreError, TenantId, Timestamp, Violation};

/// Longest reason, in characters.
const MAX_REASON_CHARS: usize = 500;

/// Who does something, when and why, and under which request id.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub operator: String,
    /// The moment.
    pub time: Timestamp,
    /// Why.
    pub reason: String,
    /// Makes it idempotent.
    pub request: Option<RequestKey>,
    /// Check everything, change nothing.
    pub validate_only: bool,
}

impl Act {
    /// What a sanction's history says of it.
    pub(crate) fn cause(&self, what: &str) -> String {
        let Self { operator, reason, .. } = self;
        let by = if operator.is_empty() { String::new() } else { format!(" by {operator}") };
        let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        format!("{what}{by}{why}")
    }

    /// A reason was given.
    pub(super) fn check_reason(&self) -> Result<(), Violation> {
        check_reason("reason", &self.reason)
    }
}

/// A reason is there and not too long.
pub(super) fn check_reason(path: &str, reason: &str) -> Result<(), Violation> {
    if reason.trim().is_empty() {
        return Err(Violation::invalid(path, "must be set"));
    }
    if reason.chars().count() > MAX_REASON_CHARS {
        return Err(Violation::too_large(path, format!("{MAX_REASON_CHARS} characters")));
    }
    Ok(())
}

/// Why a turn was undone.
enum Undone<T> {
    /// It could not be done.
    Refused(CourtError),
    /// It could be, and was only tried.
    Tried(Box<T>),
}

impl<T> From<CourtError> for Undone<T> {
    fn from(error: CourtError) -> Self {
        Self::Refused(error)
    }
}

impl<T> From<StoreError> for Undone<T> {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl Court {
    /// Takes a turn for a person, and gives the scheduler word. A request that is repeated
    /// gets its first answer.
    pub(super) async fn carry_out<T>(
        &self,
        tenant: &TenantId,
        act: &Act,
        work: impl FnOnce(&mut dyn Turn, &Act) -> Result<T, CourtError> + Send + 'static,
    ) -> Result<T, CourtError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let (tenant, act) = (tenant.clone(), act.clone());
        let work = move |turn: &mut dyn Turn| -> Result<T, Undone<T>> {
            if let Some(done) = replay(turn, &tenant, &act)? {
                return Ok(done);
            }
            let answer = work(turn, &act)?;
            if act.validate_only {
                return Err(Undone::Tried(Box::new(answer)));
            }
            remember(turn, &tenant, &act, &answer)?;
            Ok(answer)
        };
        let done = turn(&*self.store, work).await;
        self.wake.notify_one();
        match done {
            Ok(answer) => Ok(answer),
            Err(Undone::Tried(answer)) => Ok(*answer),
            Err(Undone::Refused(error)) => Err(error),
        }
    }
}

/// The answer to the same request, made before.
fn replay<T: DeserializeOwned>(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    act: &Act,
) -> Result<Option<T>, CourtError> {
    let Some(key) = &act.request else { return Ok(None) };
    let Some(record) = turn.request(tenant, &key.id)? else { return Ok(None) };
    let Some(outcome) = record.replay(key, act.time)? else { return Ok(None) };
    Ok(Some(serde_json::from_str(&outcome).map_err(unreadable)?))
}

fn remember<T: Serialize>(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    act: &Act,
    answer: &T,
) -> Result<(), StoreError> {
    let Some(key) = act.request.clone() else { return Ok(()) };
    let outcome = serde_json::to_string(answer).map_err(unreadable)?;
    turn.keep_request(tenant, &RequestRecord { key, outcome, time: act.time })
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_say_who_and_why() {
        let act = |operator: &str, reason: &str| Act {
            operator: operator.into(),
            time: Timestamp(0),
            reason: reason.into(),
            request: None,
            validate_only: false,
        };
        assert_eq!(act("ann", "a mistake").cause("lifted"), "lifted by ann: a mistake");
        assert_eq!(act("", "a mistake").cause("lifted"), "lifted: a mistake");
        assert_eq!(act("", "").cause("lifted"), "lifted");
    }

    #[test]
    fn reasons_are_there_and_bounded() {
        assert_eq!(check_reason("reason", &"字".repeat(MAX_REASON_CHARS)), Ok(()));
        for bad in ["", "  ", &"x".repeat(MAX_REASON_CHARS + 1)] {
            assert!(check_reason("reason", bad).is_err(), "{bad}");
        }
    }
}

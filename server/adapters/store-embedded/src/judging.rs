//! Counting a decision's offence, in the commit that records it.

use crate::sanctions::OpenTurn;
use umpire_audit::Decision;
use umpire_model::{Degraded, StoreError};
use umpire_sanctions::judge;

/// Counts a decision's offence and gives the decision as it is to be recorded; `None` when
/// it is to be recorded as it is: nothing is to be counted, or it was counted when it was
/// moved over from the spool before a crash.
pub(crate) fn judged(
    turn: &mut OpenTurn<'_>,
    decision: &Decision,
) -> rusqlite::Result<Option<Decision>> {
    let Some(offence) = &decision.offence else { return Ok(None) };
    if is_recorded(turn, decision)? {
        return Ok(None);
    }
    let mut judged = without_offence(decision);
    match turn.attempt(|turn| judge(turn, offence), |_| true)? {
        Ok(counted) => judged.settle(&counted),
        // Then nothing can be recorded either. All of it goes to the spool, and is
        // counted when it is moved over.
        Err(error @ StoreError::Unavailable(_)) => return Err(away(error)),
        Err(error) => {
            tracing::error!(%error, record = offence.record, "strikes could not be counted");
            judged.degrade(Degraded::Counters);
        }
    }
    Ok(Some(judged))
}

fn is_recorded(turn: &OpenTurn<'_>, decision: &Decision) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM records WHERE id = ?1";
    turn.connection.prepare_cached(sql)?.exists([*decision.record.id])
}

fn without_offence(decision: &Decision) -> Decision {
    Decision {
        record: decision.record.clone(),
        record_bytes: decision.record_bytes.clone(),
        content_bytes: decision.content_bytes.clone(),
        salt: decision.salt,
        tokens: decision.tokens.clone(),
        replay: decision.replay,
        offence: None,
        events: decision.events.clone(),
    }
}

fn away(error: StoreError) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(Box::new(error))
}

//! What a person does, once for each request.

use super::{Desk, DeskError};
use crate::{port::Turn, turn::turn};
use serde::{Serialize, de::DeserializeOwned};
use umpire_model::{RequestKey, RequestRecord, StoreError, TenantId, Timestamp};

/// Who does something, when, and under which request id.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub operator: String,
    /// The moment.
    pub time: Timestamp,
    /// Makes it idempotent.
    pub request: Option<RequestKey>,
}

impl Desk {
    /// Takes a turn for a person, and gives the notifier word. A request that is repeated
    /// gets its first answer.
    pub(super) async fn carry_out<T>(
        &self,
        tenant: &TenantId,
        act: &Act,
        work: impl FnOnce(&mut dyn Turn, &Act) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let (tenant, act) = (tenant.clone(), act.clone());
        let work = move |turn: &mut dyn Turn| -> Result<T, DeskError> {
            if let Some(done) = replay(turn, &tenant, &act)? {
                return Ok(done);
            }
            let answer = work(turn, &act)?;
            remember(turn, &tenant, &act, &answer)?;
            Ok(answer)
        };
        let done = turn(&*self.store, work).await;
        self.wake.notify_one();
        done
    }
}

/// The answer to the same request, made before.
fn replay<T: DeserializeOwned>(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    act: &Act,
) -> Result<Option<T>, DeskError> {
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

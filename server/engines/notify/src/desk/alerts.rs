//! Alerts: read, and what people do about them.

use super::{Act, Desk, DeskError};
use crate::{Acknowledgement, Alert, AlertId, AlertQuery, Resolution, World, intake, port::Turn};
use umpire_model::{StoreError, TenantId, Violation};
use umpire_query::Page;

/// For how long somebody looks after an alert who does not say, in seconds.
const ACKNOWLEDGED: u64 = 60 * 60;
/// For how long at most, in seconds.
const MAX_ACKNOWLEDGED: u64 = 7 * 24 * 60 * 60;
/// Longest note, in characters.
const MAX_NOTE_CHARS: usize = 500;
/// Longest name of who looks after an alert, in characters.
const MAX_ASSIGNEE_CHARS: usize = 200;

/// Somebody says that they look after an alert.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acknowledge {
    /// Seconds after which it is OPEN again, at most 7 days; 0: an hour.
    pub expire_after: u64,
    /// What they say; at most 500 characters.
    pub note: String,
}

/// Somebody says that an alert is over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolve {
    /// What they say; at most 500 characters.
    pub note: String,
}

impl Acknowledge {
    fn check(&self) -> Result<(), Violation> {
        if self.expire_after > MAX_ACKNOWLEDGED {
            return Err(Violation::too_large("expire_after", "7 days"));
        }
        check_note(&self.note)
    }

    fn by(self, act: &Act) -> Acknowledgement {
        let seconds = if self.expire_after == 0 { ACKNOWLEDGED } else { self.expire_after };
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Acknowledgement {
            operator: act.operator.clone(),
            time: act.time,
            expire_time: act.time.plus_seconds(seconds),
            note: self.note,
        }
    }
}

fn check_note(note: &str) -> Result<(), Violation> {
    if note.chars().count() > MAX_NOTE_CHARS {
        return Err(Violation::too_large("note", format!("{MAX_NOTE_CHARS} characters")));
    }
    Ok(())
}

fn check_assignee(assignee: &str) -> Result<(), Violation> {
    if assignee.chars().count() > MAX_ASSIGNEE_CHARS {
        return Err(Violation::too_large("assignee", format!("{MAX_ASSIGNEE_CHARS} characters")));
    }
    if assignee.chars().any(char::is_control) {
        return Err(Violation::invalid("assignee", "must not hold control characters"));
    }
    Ok(())
}

impl Desk {
    /// One alert.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], and the store's.
    pub async fn get(&self, tenant: &TenantId, id: AlertId) -> Result<Alert, DeskError> {
        let known = self.store.alert(tenant, id).await?;
        known.ok_or_else(|| DeskError::NotFound(name_of(tenant, id)))
    }

    /// A page of alerts, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self, query: AlertQuery) -> Result<Page<Alert>, StoreError> {
        self.store.alerts(query).await
    }

    /// Notes that somebody looks after an alert: until that expires it is not escalated, and
    /// nobody is told of more of it unless its level rises. An empty etag is always current;
    /// so with all of these.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn acknowledge(
        &self,
        tenant: &TenantId,
        id: AlertId,
        etag: &str,
        acknowledge: Acknowledge,
        act: &Act,
    ) -> Result<Alert, DeskError> {
        acknowledge.check()?;
        let changed = self.change(tenant, id, etag, act, move |turn, world, alert, act| {
            let acknowledgement = acknowledge.by(act);
            intake::acknowledge(turn, world, alert, acknowledgement, act.time)
        });
        changed.await
    }

    /// Names who is to look after an alert; an empty name takes that back.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn assign(
        &self,
        tenant: &TenantId,
        id: AlertId,
        etag: &str,
        assignee: String,
        act: &Act,
    ) -> Result<Alert, DeskError> {
        check_assignee(&assignee)?;
        let changed = self.change(tenant, id, etag, act, move |turn, world, alert, act| {
            intake::assign(turn, world, alert, assignee, &act.operator, act.time)
        });
        changed.await
    }

    /// Notes that an alert is over: the next event of its key is another one's first.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn resolve(
        &self,
        tenant: &TenantId,
        id: AlertId,
        etag: &str,
        resolve: Resolve,
        act: &Act,
    ) -> Result<Alert, DeskError> {
        check_note(&resolve.note)?;
        let changed = self.change(tenant, id, etag, act, move |turn, world, alert, act| {
            let (operator, note) = (act.operator.clone(), resolve.note);
            let resolution = Resolution { operator, time: act.time, note };
            intake::resolve(turn, world, alert, resolution, act.time)
        });
        changed.await
    }

    /// Changes an alert that is not over, if it is as the caller read it.
    async fn change(
        &self,
        tenant: &TenantId,
        id: AlertId,
        etag: &str,
        act: &Act,
        work: impl FnOnce(&mut dyn Turn, &World, &mut Alert, &Act) -> Result<(), StoreError>
        + Send
        + 'static,
    ) -> Result<Alert, DeskError> {
        let (of, etag, world) = (tenant.clone(), etag.to_owned(), self.world.clone());
        let changed = self.carry_out(tenant, act, move |turn, act| {
            let mut alert = current(turn, &of, id, &etag)?;
            work(turn, &world, &mut alert, act)?;
            Ok(alert)
        });
        changed.await
    }
}

/// An alert that is not over, if it is as the caller read it.
fn current(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    id: AlertId,
    etag: &str,
) -> Result<Alert, DeskError> {
    let known = turn.alert(tenant, id)?;
    let alert = known.ok_or_else(|| DeskError::NotFound(name_of(tenant, id)))?;
    if !etag.is_empty() && etag != alert.etag() {
        return Err(DeskError::EtagMismatch(alert.name()));
    }
    if !alert.is_open() {
        return Err(DeskError::Over(alert.name()));
    }
    Ok(alert)
}

/// Resource name of an alert.
fn name_of(tenant: &TenantId, id: AlertId) -> String {
    format!("tenants/{tenant}/alerts/{id}")
}

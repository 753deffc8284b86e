//! What becomes of sanctions once they are made, in turns of the writer.
//!
//! [`dispatch()`] lets them out, as far as switch and budgets allow. From then on there is a
//! [`Job`](crate::Job) for each enforcer and thing to tell it; jobs of one enforcer and
//! subject are done in the order they were made. A webhook's job is told by who
//! [takes](lease) it, and [settled](settle) by who still holds it. A stream's is in the
//! journal: it counts as told when somebody [read](streamed) it, is told again when it is
//! [overdue], and ends when it is [acknowledged](acknowledge()). What ends a sanction
//! ([`lift`], [`expire`]) takes back what nobody was told yet, and waits behind what is
//! just being told.
//!
//! Every change appends the whole sanction to the journal.

mod acknowledge;
mod budget;
mod dispatch;
mod ending;
mod extend;
mod notice;
mod outcome;
mod stale;
mod stream;
mod webhook;

#[cfg(test)]
mod tests;

use crate::{
    Change, Enforcer, Sanction,
    change::{AlertEvent, AlertKind, Telling},
    port::Turn,
};
use umpire_model::{Level, ResourceId, StoreError, TenantId, Timestamp};

pub(crate) use acknowledge::acknowledge;
pub use acknowledge::{Ack, AckResult};
pub(crate) use budget::counted_since;
pub(crate) use dispatch::dispatch;
pub(crate) use ending::{expire, lift};
pub(crate) use extend::extend;
pub(crate) use notice::NEVER;
pub(crate) use stale::go_stale;
pub(crate) use stream::{adopt, forsaken, overdue, streamed};
pub use webhook::Settled;
pub(crate) use webhook::{Room, lease, settle};

/// The enforcers of a tenant, as they are now.
pub(crate) type EnforcersOf<'a> = dyn Fn(&TenantId) -> Vec<(ResourceId, Enforcer)> + 'a;

/// Appends a sanction as it is now, the next version of it, and gives the sequence of the
/// entry. A new one comes with version 0.
pub(crate) fn save(
    turn: &mut dyn Turn,
    sanction: &mut Sanction,
    now: Timestamp,
    telling: Option<Telling>,
) -> Result<u64, StoreError> {
    sanction.version += 1;
    let change = Change::Sanction { sanction: Box::new(sanction.clone()), telling };
    turn.append(&sanction.tenant, now, &change)
}

/// People on duty should know that a sanction is not carried out.
fn alert(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    title: String,
    now: Timestamp,
) -> Result<(), StoreError> {
    let alert = AlertEvent {
        level: Level::P1,
        kind: AlertKind::Sanction,
        title,
        rule: sanction.sanction_rule.clone(),
        sanction: Some(sanction.id),
    };
    raise(turn, &sanction.tenant, alert, now)
}

/// Notes an alert event, and logs it: not everybody is told otherwise.
fn raise(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    alert: AlertEvent,
    now: Timestamp,
) -> Result<(), StoreError> {
    match alert.level {
        Level::P0 => tracing::error!(%tenant, "{}", alert.title),
        _ => tracing::warn!(%tenant, "{}", alert.title),
    }
    turn.append(tenant, now, &Change::Alert(alert)).map(drop)
}

//! What people do about an alert.

use super::{Round, matter::Matter};
use crate::{Acknowledgement, Alert, AlertState, HappeningKind, World, port::Turn};
use umpire_model::{StoreError, Timestamp};

/// Somebody looks after an alert: nobody else is called, and what is new waits, until the
/// acknowledgement ends. What rises is told all the same. Nothing comes of it for an alert
/// that is over.
pub(crate) fn acknowledge(
    turn: &mut dyn Turn,
    world: &World,
    alert: &mut Alert,
    acknowledgement: Acknowledgement,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !alert.is_open() {
        return Ok(());
    }
    let mut matter = Matter::of(alert.clone());
    matter.note(HappeningKind::Acknowledged, &acknowledgement.operator);
    matter.alert.state = AlertState::Acknowledged;
    matter.alert.acknowledgement = Some(acknowledgement);
    for escalation in &mut matter.alert.escalations {
        escalation.due = None;
    }
    *alert = Round::new(turn, world, now).close(matter)?;
    Ok(())
}

/// Names who looks after an alert; empty: nobody.
pub(crate) fn assign(
    turn: &mut dyn Turn,
    world: &World,
    alert: &mut Alert,
    assignee: String,
    operator: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut matter = Matter::of(alert.clone());
    matter.note(HappeningKind::Acknowledged, operator);
    matter.alert.assignee = assignee;
    *alert = Round::new(turn, world, now).close(matter)?;
    Ok(())
}

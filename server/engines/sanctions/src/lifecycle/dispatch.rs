//! Sanctions leave for the enforcers.

use super::{
    EnforcersOf,
    budget::{CapOf, Passage, passage},
    notice::{Addressee, line_up},
    save,
};
use crate::{Notice, Policy, Sanction, State, crash::crash_point, port::Turn};
use std::collections::HashSet;
use umpire_model::{StoreError, Timestamp};

/// What letting out came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Dispatched {
    /// How many went out.
    pub count: usize,
    /// There may be more that need not wait.
    pub more: bool,
    /// When to look at those again that wait for the budget.
    pub next: Option<Timestamp>,
}

/// Decides about sanctions that are PENDING, at most `limit`: each goes out, is held, or is
/// over before anybody was told. Those that a person let out of HELD wait for the budget.
pub(crate) fn dispatch(
    turn: &mut dyn Turn,
    now: Timestamp,
    policy: &Policy,
    enforcers: &EnforcersOf<'_>,
    cap_of: &CapOf<'_>,
    limit: usize,
) -> Result<Dispatched, StoreError> {
    let pending = turn.pending(limit)?;
    let looked_at = pending.len();
    let (mut count, mut held, mut waiting) = (0, 0, 0);
    // Tenants whose drained ones found the budget used up: the next will find no better.
    let mut full = HashSet::new();
    for mut sanction in pending {
        if sanction.released && full.contains(&sanction.tenant) {
            waiting += 1;
            continue;
        }
        if sanction.end_time.is_some_and(|end| end <= now) {
            sanction.enter(State::Expired, now, "its end came before anybody was told");
            save(turn, &mut sanction, now, None)?;
            continue;
        }
        match passage(turn, &sanction, now, policy, cap_of)? {
            Passage::Out => {
                send_out(turn, &mut sanction, now, enforcers)?;
                count += 1;
            }
            Passage::Held => {
                sanction.enter(State::Held, now, "safety switch");
                save(turn, &mut sanction, now, None)?;
                held += 1;
            }
            Passage::Waits => {
                waiting += 1;
                if sanction.released {
                    full.insert(sanction.tenant);
                }
            }
        }
    }
    if count > 0 {
        crash_point("dispatched");
    }
    if held > 0 {
        crash_point("held");
    }
    let next = (waiting > 0).then(|| now.plus_seconds(1));
    Ok(Dispatched { count, more: looked_at == limit && waiting < limit, next })
}

fn send_out(
    turn: &mut dyn Turn,
    sanction: &mut Sanction,
    now: Timestamp,
    enforcers: &EnforcersOf<'_>,
) -> Result<(), StoreError> {
    let addressed = enforcers(&sanction.tenant).into_iter();
    let addressed = addressed.filter(|(_, enforcer)| enforcer.addresses(&sanction.subject));
    let addressed: Vec<_> = addressed.map(Addressee::of).collect();
    sanction.dispatch_time = Some(now);
    match addressed.len() {
        0 => sanction.enter(State::Done, now, "no enforcer is addressed"),
        count => sanction.enter(State::Executing, now, format!("addressed to {count}")),
    }
    let telling = line_up(turn, sanction, Notice::Apply, addressed, now)?;
    save(turn, sanction, now, telling).map(drop)
}

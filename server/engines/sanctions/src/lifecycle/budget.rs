//! Whether a sanction may go out: the safety switch and the budgets, which are counted in
//! the turn that lets it out.

use super::raise;
use crate::{
    AlertEvent, AlertKind, Change, LetOut, Origin, Policy, SafetyState, SafetySwitch, Sanction,
    SanctionQuery, port::Turn,
};
use std::{collections::BTreeMap, fmt};
use umpire_model::{Level, ResourceId, StoreError, TenantId, Timestamp};
use umpire_query::Expr;

/// Seconds that budgets are for.
const MINUTE: i64 = 60;
/// Sanctions that are looked at for the rule that surged.
const LOOK_BACK: usize = 1_000;

/// Most sanctions a minute of a tenant's rule; `None` when it is gone, 0 for no cap.
pub(crate) type CapOf<'a> = dyn Fn(&TenantId, &ResourceId) -> Option<u32> + 'a;

/// Whether a sanction may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// It may.
    Out,
    /// The safety switch keeps it back.
    Held,
    /// A person let it out, or others took the server's ceiling: it waits.
    Waits,
}

/// What is used up, and how many it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UsedUp {
    Budget(u32),
    Ceiling(u32),
    Cap(u32),
}

impl fmt::Display for UsedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Budget(most) => write!(f, "the budget of {most} a minute is used up"),
            Self::Ceiling(most) => write!(f, "the server's ceiling of {most} a minute is reached"),
            Self::Cap(most) => write!(f, "the rule's cap of {most} a minute is reached"),
        }
    }
}

/// Since when a tenant's budgets are counted: a minute ago, or when a person armed the
/// switch, who must not find it held again by the wave just looked at. The server's ceiling
/// knows no such grace.
pub(crate) fn counted_since(switch: &SafetySwitch, now: Timestamp) -> Timestamp {
    let minute_ago = now.plus_seconds(-MINUTE);
    switch.armed_time.map_or(minute_ago, |armed| armed.max(minute_ago))
}

/// Whether a PENDING sanction may go out at `now`. What crosses a budget, or finds the probe
/// used up, turns the switch to HOLD.
pub(super) fn passage(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    now: Timestamp,
    policy: &Policy,
    cap_of: &CapOf<'_>,
) -> Result<Passage, StoreError> {
    if sanction.origin == Origin::Manual {
        return Ok(Passage::Out);
    }
    let switch = turn.switch(&sanction.tenant)?;
    if sanction.released {
        let waits = policy.stopped || is_full(turn, sanction, &switch, now, policy)?;
        return Ok(if waits { Passage::Waits } else { Passage::Out });
    }
    if policy.stopped || switch.state != SafetyState::On {
        return Ok(Passage::Held);
    }
    if switch.probe_left == Some(0) {
        end_probe(turn, sanction, switch, now)?;
        return Ok(Passage::Held);
    }
    if let Some(used_up) = used_up(turn, sanction, &switch, now)? {
        let rule = surged(turn, sanction, now)?;
        hold(turn, sanction, switch, used_up, rule, now)?;
        return Ok(Passage::Held);
    }
    if is_drained_full(turn, sanction, &switch, now)? {
        return Ok(Passage::Waits);
    }
    if let Some(passage) = at_ceiling(turn, sanction, now, policy)? {
        if passage == Passage::Held {
            let rule = surged(turn, sanction, now)?;
            hold(turn, sanction, switch, UsedUp::Ceiling(policy.ceiling_per_minute), rule, now)?;
        }
        return Ok(passage);
    }
    if let Some(used_up) = cap_used_up(turn, sanction, &switch, now, cap_of)? {
        hold(turn, sanction, switch, used_up, sanction.sanction_rule.clone(), now)?;
        return Ok(Passage::Held);
    }
    spend_probe(turn, sanction, switch, now)?;
    Ok(Passage::Out)
}

/// Whether one that a person let out has to wait: it takes what the budget leaves, and
/// whatever went out counts.
fn is_full(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    switch: &SafetySwitch,
    now: Timestamp,
    policy: &Policy,
) -> Result<bool, StoreError> {
    let of_tenant = LetOut { tenant: Some(&sanction.tenant), ..LetOut::default() };
    let minute_ago = now.plus_seconds(-MINUTE);
    Ok(turn.dispatched(of_tenant, minute_ago)? >= switch.budget_per_minute
        || turn.dispatched(LetOut::default(), minute_ago)? >= policy.ceiling_per_minute)
}

/// What a fresh one finds used up. What people let out does not count: a wave that is being
/// drained is none that surges.
fn used_up(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    switch: &SafetySwitch,
    now: Timestamp,
) -> Result<Option<UsedUp>, StoreError> {
    let budget = switch.budget_per_minute;
    let fresh = LetOut { tenant: Some(&sanction.tenant), fresh: true, ..LetOut::default() };
    let used = turn.dispatched(fresh, counted_since(switch, now))?;
    Ok((used >= budget).then_some(UsedUp::Budget(budget)))
}

/// Whether what people let out left nothing of the budget for a fresh one, which waits then.
fn is_drained_full(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    switch: &SafetySwitch,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let of_tenant = LetOut { tenant: Some(&sanction.tenant), ..LetOut::default() };
    let used = turn.dispatched(of_tenant, counted_since(switch, now))?;
    Ok(used >= switch.budget_per_minute)
}

/// What the ceiling of the whole server means for a fresh one.
fn at_ceiling(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    now: Timestamp,
    policy: &Policy,
) -> Result<Option<Passage>, StoreError> {
    let (ceiling, minute_ago) = (policy.ceiling_per_minute, now.plus_seconds(-MINUTE));
    if turn.dispatched(LetOut::default(), minute_ago)? < ceiling {
        return Ok(None);
    }
    let own = LetOut { tenant: Some(&sanction.tenant), ..LetOut::default() };
    let own = turn.dispatched(own, minute_ago)?;
    // Whoever took most of it is held; the others wait a little.
    Ok(Some(if own.saturating_mul(2) >= ceiling { Passage::Held } else { Passage::Waits }))
}

fn cap_used_up(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    switch: &SafetySwitch,
    now: Timestamp,
    cap_of: &CapOf<'_>,
) -> Result<Option<UsedUp>, StoreError> {
    let Some(rule) = &sanction.sanction_rule else { return Ok(None) };
    let cap = cap_of(&sanction.tenant, rule).unwrap_or(0);
    if cap == 0 {
        return Ok(None);
    }
    let since = counted_since(switch, now);
    let of_rule = LetOut { tenant: Some(&sanction.tenant), rule: Some(rule), fresh: true };
    let used = turn.dispatched(of_rule, since)?;
    Ok((used >= cap).then_some(UsedUp::Cap(cap)))
}

/// The rule that made most of the last minute's sanctions; that of `sanction` when others
/// made as many.
fn surged(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    now: Timestamp,
) -> Result<Option<ResourceId>, StoreError> {
    let (tenant, filter) = (sanction.tenant.clone(), Expr::always());
    let query = SanctionQuery { tenant, filter, size: LOOK_BACK, cursor: None };
    let since = now.plus_seconds(-MINUTE);
    let mut made: BTreeMap<ResourceId, u32> = BTreeMap::new();
    for one in turn.matching(&query)?.items {
        if one.start_time > since && one.suppressed_by.is_none() {
            one.sanction_rule.into_iter().for_each(|rule| *made.entry(rule).or_default() += 1);
        }
    }
    let own = sanction.sanction_rule.as_ref();
    let most = made.into_iter().max_by_key(|(rule, count)| (*count, Some(rule) == own));
    Ok(most.map(|(rule, _)| rule).or_else(|| own.cloned()))
}

fn hold(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    switch: SafetySwitch,
    used_up: UsedUp,
    rule: Option<ResourceId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let reason = used_up.to_string();
    let surge = rule.as_ref().map(|rule| format!("; sanction rule {rule} surged"));
    let title = format!(
        "automatic sanctions of tenants/{} are held: {reason}{}",
        sanction.tenant,
        surge.unwrap_or_default()
    );
    let alert = AlertEvent {
        level: Level::P0,
        kind: AlertKind::Safety,
        title,
        rule: rule.clone(),
        sanction: Some(sanction.id),
    };
    let switch = SafetySwitch {
        operator: "umpire".into(),
        reason,
        surged_rule: rule,
        ..turned_to_hold(switch, now)
    };
    turn.append(&sanction.tenant, now, &Change::Safety(switch))?;
    raise(turn, &sanction.tenant, alert, now)
}

fn end_probe(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    switch: SafetySwitch,
    now: Timestamp,
) -> Result<(), StoreError> {
    let alert = AlertEvent {
        level: Level::P1,
        kind: AlertKind::Safety,
        title: format!(
            "automatic sanctions of tenants/{} are held again: the probe is used up",
            sanction.tenant
        ),
        rule: sanction.sanction_rule.clone(),
        sanction: Some(sanction.id),
    };
    let switch = SafetySwitch {
        operator: "probe".into(),
        reason: "the probe is used up".into(),
        ..turned_to_hold(switch, now)
    };
    turn.append(&sanction.tenant, now, &Change::Safety(switch))?;
    raise(turn, &sanction.tenant, alert, now)
}

fn turned_to_hold(switch: SafetySwitch, now: Timestamp) -> SafetySwitch {
    SafetySwitch {
        state: SafetyState::Hold,
        update_time: Some(now),
        probe_left: None,
        surged_rule: None,
        version: switch.version + 1,
        ..switch
    }
}

fn spend_probe(
    turn: &mut dyn Turn,
    sanction: &Sanction,
    mut switch: SafetySwitch,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(left) = switch.probe_left else { return Ok(()) };
    switch.probe_left = Some(left.saturating_sub(1));
    switch.version += 1;
    turn.append(&sanction.tenant, now, &Change::Safety(switch)).map(drop)
}

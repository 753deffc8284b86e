use crate::{Offence, RuleMode, SafetyState, Sanction, SanctionRule, Turn};
use umpire_model::{SanctionKind, StoreError, Timestamp};

/// Why reaching a rule's threshold has no effect; `None` when it has.
pub(super) fn cause(
    turn: &mut dyn Turn,
    offence: &Offence,
    rule: &SanctionRule,
) -> Result<Option<String>, StoreError> {
    if rule.mode == RuleMode::Shadow {
        return Ok(Some("shadow".into()));
    }
    let tenant = &offence.tenant;
    if offence.stopped || turn.switch(tenant)?.state == SafetyState::Off {
        return Ok(Some(format!("tenants/{tenant}/safetySwitch")));
    }
    let open = turn.open_of(tenant, &offence.subject.user_id)?;
    let mut of_subject = open.iter().filter(|open| open.subject.covers(&offence.subject));
    Ok(of_subject.find(|open| outweighs(open, rule, offence.time)).map(Sanction::name))
}

/// Whether a sanction is in force, or held, and as strong as what the rule gives a first
/// offender. It is not compared with the ladder's step: who serves a sentence would climb
/// with every other message.
fn outweighs(open: &Sanction, rule: &SanctionRule, now: Timestamp) -> bool {
    open.is_open()
        && open.end_time.is_none_or(|end| now < end)
        // A warning restricts nobody.
        && open.kind != SanctionKind::Warn
        && open.kind >= rule.kind
        && lasts_as_long(open, rule)
}

fn lasts_as_long(open: &Sanction, rule: &SanctionRule) -> bool {
    let wanted = rule.duration.unwrap_or(0).saturating_mul(1_000_000);
    let given = open.end_time.map(|end| end.micros_since(open.start_time));
    open.permanent || (!rule.is_permanent() && given.is_some_and(|given| given >= wanted))
}

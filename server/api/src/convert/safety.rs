//! The safety switch.

use super::{enums, sanction_rule, time};
use crate::mask;
use umpire_model::{TenantId, Violation};
use umpire_proto::v1 as pb;
use umpire_sanctions::{Drain, SetSwitch, SwitchStatus};

pub(crate) fn to_proto(status: &SwitchStatus, tenant: &TenantId) -> pb::SafetySwitch {
    let switch = &status.switch;
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let surged = switch.surged_rule.as_ref().map(|id| sanction_rule::name(tenant, id));
    pb::SafetySwitch {
        name: format!("tenants/{tenant}/safetySwitch"),
        state: enums::safety_state(switch.state),
        budget_per_minute: count(switch.budget_per_minute),
        operator: switch.operator.clone(),
        reason: switch.reason.clone(),
        update_time: switch.update_time.map(time::to_proto),
        probe_left: switch.probe_left.map(count),
        surged_rule: surged.unwrap_or_default(),
        budget_used: count(status.budget_used),
        held: i32::try_from(status.held).unwrap_or(i32::MAX),
        ceiling_per_minute: count(status.ceiling),
        etag: switch.etag(),
        stopped_by_configuration: status.stopped,
    }
}

/// How an operator wants a switch to be; the engine says what it may not be.
pub(crate) fn change_from(
    request: &pb::UpdateSafetySwitchRequest,
) -> Result<SetSwitch, Vec<Violation>> {
    let missing = || vec![Violation::invalid("safety_switch", "must be set")];
    let switch = request.safety_switch.as_ref().ok_or_else(missing)?;
    let changes = mask::changes_of_switch(switch, request.update_mask.as_ref());
    let (state, budget) = changes.map_err(|violation| vec![violation])?;
    let refused = &mut Vec::new();
    let wanted = || enums::safety_state_from(switch.state);
    let set = SetSwitch {
        state: state.then(|| enums::required(wanted(), "safety_switch.state", refused)).flatten(),
        // What is negative is below every limit, as is zero.
        budget: budget.then(|| u32::try_from(switch.budget_per_minute).unwrap_or_default()),
        probe: request.probe.map(|probe| {
            u32::try_from(probe).unwrap_or_else(|_| {
                refused.push(Violation::invalid("probe", "must not be negative"));
                0
            })
        }),
        etag: switch.etag.clone(),
    };
    if refused.is_empty() { Ok(set) } else { Err(std::mem::take(refused)) }
}

/// What is to become of what is HELD.
pub(crate) fn drain_from(request: &pb::DrainHeldSanctionsRequest) -> Result<Drain, Violation> {
    let sample = request.sample_size;
    let mode = match pb::DrainMode::try_from(request.mode) {
        Ok(pb::DrainMode::Unspecified) => return Err(Violation::invalid("mode", "must be set")),
        Ok(pb::DrainMode::Apply) => Drain::Apply,
        Ok(pb::DrainMode::Drop) => Drain::Drop,
        // What is negative is below every limit, as is zero.
        Ok(pb::DrainMode::Sample) => Drain::Sample(usize::try_from(sample).unwrap_or_default()),
        Err(_) => return Err(enums::UnknownValue(request.mode).at("mode")),
    };
    match mode {
        Drain::Apply | Drain::Drop if sample != 0 => {
            Err(Violation::invalid("sample_size", "goes with the mode SAMPLE only"))
        }
        mode => Ok(mode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_model::{ResourceId, Timestamp};
    use umpire_sanctions::{SafetyState, SafetySwitch};

    #[test]
    fn a_switch_is_shown_with_what_is_on_it() {
        let switch = SafetySwitch {
            state: SafetyState::Hold,
            surged_rule: ResourceId::new("spam").ok(),
            update_time: Some(Timestamp(0)),
            ..SafetySwitch::default()
        };
        let status = SwitchStatus { switch, budget_used: 60, held: 7, ceiling: 500, stopped: true };
        let shown = to_proto(&status, &TenantId::operator());
        assert_eq!(shown.name, "tenants/default/safetySwitch");
        assert_eq!(shown.state, pb::SafetyState::Hold as i32);
        assert_eq!(shown.surged_rule, "tenants/default/sanctionRules/spam");
        assert_eq!((shown.budget_used, shown.held, shown.ceiling_per_minute), (60, 7, 500));
        assert_eq!((shown.probe_left, shown.stopped_by_configuration), (None, true));
    }

    fn change(state: i32, budget: i32, probe: Option<i32>) -> pb::UpdateSafetySwitchRequest {
        let switch = pb::SafetySwitch {
            state,
            budget_per_minute: budget,
            etag: "w1".into(),
            ..<_>::default()
        };
        pb::UpdateSafetySwitchRequest { safety_switch: Some(switch), probe, ..<_>::default() }
    }

    fn paths(request: &pb::UpdateSafetySwitchRequest) -> Vec<String> {
        let violations = change_from(request).err().unwrap_or_default();
        violations.into_iter().map(|violation| violation.path).collect()
    }

    #[test]
    fn only_what_is_named_or_set_changes() {
        let on = pb::SafetyState::On as i32;
        let armed = change_from(&change(on, 0, Some(5))).expect("sound");
        let expected = SetSwitch {
            state: Some(SafetyState::On),
            budget: None,
            probe: Some(5),
            etag: "w1".into(),
        };
        assert_eq!(armed, expected);
        let budget = change_from(&change(0, 30, None)).expect("sound");
        assert_eq!((budget.state, budget.budget), (None, Some(30)));
        let below = change_from(&change(0, -1, None)).expect("converted");
        assert_eq!(below.budget, Some(0), "left to the engine to refuse");
        assert_eq!(paths(&change(on, 0, Some(-1))), ["probe"]);
        assert_eq!(paths(&change(9, 0, None)), ["safety_switch.state"]);
        let named = prost_types::FieldMask { paths: vec!["state".into()] };
        let unset =
            pb::UpdateSafetySwitchRequest { update_mask: Some(named), ..change(0, 0, None) };
        assert_eq!(paths(&unset), ["safety_switch.state"]);
        assert_eq!(paths(&<_>::default()), ["safety_switch"]);
    }

    #[test]
    fn a_sample_has_a_size_and_nothing_else_has() {
        let drain = |mode: i32, sample_size| {
            drain_from(&pb::DrainHeldSanctionsRequest { mode, sample_size, ..<_>::default() })
        };
        let [apply, lift, sample] =
            [pb::DrainMode::Apply, pb::DrainMode::Drop, pb::DrainMode::Sample].map(|m| m as i32);
        assert_eq!(drain(apply, 0), Ok(Drain::Apply));
        assert_eq!(drain(lift, 0), Ok(Drain::Drop));
        assert_eq!(drain(sample, 10), Ok(Drain::Sample(10)));
        assert_eq!(drain(sample, -1), Ok(Drain::Sample(0)), "left to the engine to refuse");
        for (mode, size) in [(0, 0), (99, 0), (apply, 10)] {
            assert!(drain(mode, size).is_err(), "{mode} {size}");
        }
    }
}

//! Escalation policies.

use super::{
    enums::{self, known, required},
    route::NamedField,
    time,
};
use crate::{
    mask::Writable,
    names::ids_of,
    resources::{Resource, Writing},
};
use umpire_catalog::Kept;
use umpire_model::{Level, TenantId, Violation};
use umpire_notify::{EscalationPolicy, EscalationStep, Raise};
use umpire_proto::v1 as pb;
use umpire_query::Term;

impl Resource for EscalationPolicy {
    type Proto = pb::EscalationPolicy;
    type Filter = NamedField;
    const FIELD: &'static str = "escalation_policy";
    const WRITABLE: Writable = Writable {
        message: "umpire.v1.EscalationPolicy",
        fields: &["display_name", "steps", "repeat", "raises"],
        deep: &[],
    };

    fn from_proto(
        policy: &pb::EscalationPolicy,
        writing: &Writing<'_, Self>,
    ) -> Result<Self, Vec<Violation>> {
        let refused = &mut Vec::new();
        let steps = policy.steps.iter().enumerate();
        let steps = steps.map(|(index, step)| step_from(step, index, writing, refused)).collect();
        let raises = policy.raises.iter().enumerate();
        let raises = raises.map(|(index, raise)| raise_from(raise, index, refused)).collect();
        let repeat = u32::try_from(policy.repeat).unwrap_or_else(|_| {
            let path = "escalation_policy.repeat";
            refused.push(Violation::invalid(path, "must not be negative"));
            0
        });
        let made = Self { display_name: policy.display_name.clone(), steps, repeat, raises };
        if refused.is_empty() { Ok(made) } else { Err(std::mem::take(refused)) }
    }

    fn to_proto(&self, tenant: &TenantId) -> pb::EscalationPolicy {
        let step = |step: &EscalationStep| pb::escalation_policy::Step {
            wait: Some(time::seconds(step.wait)),
            receivers: ids_of(tenant, "receivers", &step.receivers),
            raise_to: step.raise_to.map_or(0, enums::level),
        };
        let raise = |raise: &Raise| pb::escalation_policy::Raise {
            count: i32::try_from(raise.count).unwrap_or(i32::MAX),
            within: Some(time::seconds(raise.seconds)),
            to: enums::level(raise.to),
        };
        pb::EscalationPolicy {
            display_name: self.display_name.clone(),
            steps: self.steps.iter().map(step).collect(),
            repeat: i32::try_from(self.repeat).unwrap_or(i32::MAX),
            raises: self.raises.iter().map(raise).collect(),
            ..pb::EscalationPolicy::default()
        }
    }

    fn kept_to_proto(kept: &Kept<Self>, tenant: &TenantId) -> pb::EscalationPolicy {
        pb::EscalationPolicy {
            name: format!("tenants/{tenant}/escalationPolicies/{}", kept.id),
            etag: kept.etag(),
            create_time: Some(time::to_proto(kept.create_time)),
            update_time: Some(time::to_proto(kept.update_time)),
            ..kept.item.to_proto(tenant)
        }
    }

    fn named(policy: &pb::EscalationPolicy) -> (&str, &str) {
        (&policy.name, &policy.etag)
    }

    fn test(kept: &Kept<Self>, term: &Term<NamedField>) -> bool {
        term.field.test(term, kept.id.as_str(), &kept.item.display_name)
    }
}

fn step_from(
    step: &pb::escalation_policy::Step,
    index: usize,
    writing: &Writing<'_, EscalationPolicy>,
    refused: &mut Vec<Violation>,
) -> EscalationStep {
    let path = |field: &str| format!("escalation_policy.steps[{index}].{field}");
    if step.wait.is_none() {
        refused.push(Violation::invalid(path("wait"), "must be set"));
    }
    let wait = time::optional_seconds(step.wait, &path("wait"), refused).unwrap_or(0);
    let receivers = writing.ids(&step.receivers, "receivers", &path("receivers"), refused);
    let raise_to = known(enums::level_from(step.raise_to), &path("raise_to"), refused);
    EscalationStep { wait, receivers, raise_to }
}

fn raise_from(
    raise: &pb::escalation_policy::Raise,
    index: usize,
    refused: &mut Vec<Violation>,
) -> Raise {
    let path = |field: &str| format!("escalation_policy.raises[{index}].{field}");
    if raise.within.is_none() {
        refused.push(Violation::invalid(path("within"), "must be set"));
    }
    let seconds = time::optional_seconds(raise.within, &path("within"), refused).unwrap_or(0);
    let to = required(enums::level_from(raise.to), &path("to"), refused).unwrap_or(Level::P3);
    Raise { count: u32::try_from(raise.count).unwrap_or(0), seconds, to }
}

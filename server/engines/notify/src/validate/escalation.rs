use super::{DAY, faults::Faults};
use crate::{EscalationPolicy, EscalationStep, Raise};
use umpire_catalog::{Item, Shelf};
use umpire_model::Violation;

/// Most steps of a policy.
const MAX_STEPS: usize = 20;
/// Longest wait before a step, and time in which events are counted, in seconds.
const LONGEST: u64 = 7 * DAY;
/// How often the steps start again, at most.
const MAX_REPEAT: u32 = 5;
/// Most raises of a policy.
const MAX_RAISES: usize = 10;

impl Item for EscalationPolicy {
    const COLLECTION: &'static str = "escalationPolicies";
    const MAX_PER_TENANT: usize = 100;

    type Derived = ();

    fn violations(&self) -> Vec<Violation> {
        let mut found = Faults::at("escalation_policy");
        found.check_display_name(&self.display_name);
        if self.raises.is_empty() {
            found.require_some("steps", &self.steps);
        }
        check_all("steps", &self.steps, MAX_STEPS, check_step, &mut found);
        if self.repeat > MAX_REPEAT {
            found.invalid("repeat", "must be at most 5");
        }
        check_all("raises", &self.raises, MAX_RAISES, check_raise, &mut found);
        found.into_list()
    }

    fn derive(_: &Shelf<Self>) {}
}

fn check_all<T>(
    field: &str,
    parts: &[T],
    most: usize,
    check: impl Fn(&T, &mut Faults),
    found: &mut Faults,
) {
    if parts.len() > most {
        return found.too_large(field, most);
    }
    for (index, part) in parts.iter().enumerate() {
        found.within(format_args!("{field}[{index}]"), |found| check(part, found));
    }
}

fn check_step(step: &EscalationStep, found: &mut Faults) {
    check_time("wait", step.wait, found);
    if step.raise_to.is_none() {
        found.require_some("receivers", &step.receivers);
    }
    found.check_receivers(&step.receivers);
}

fn check_raise(raise: &Raise, found: &mut Faults) {
    if !(2..=1_000).contains(&raise.count) {
        found.invalid("count", "must be 2 to 1,000");
    }
    check_time("within", raise.seconds, found);
}

fn check_time(field: &str, seconds: u64, found: &mut Faults) {
    if !(1..=LONGEST).contains(&seconds) {
        found.invalid(field, "must be 1 s to 7 days");
    }
}

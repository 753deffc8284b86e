use super::Faults;
use crate::Ladder;
use umpire_model::SanctionKind;

/// Most steps.
const MAX_STEPS: usize = 20;

/// What is wrong with a ladder of a rule of this kind.
pub(super) fn check(ladder: &Ladder, kind: SanctionKind, found: &mut Faults) {
    if ladder.steps.len() > MAX_STEPS {
        found.too_large("ladder.steps", MAX_STEPS);
    }
    for (index, step) in ladder.steps.iter().enumerate() {
        let field = format!("ladder.steps[{index}].duration");
        found.check_duration(&field, step.kind.unwrap_or(kind), step.duration);
    }
    // What is not a number is not within.
    if !(1.0..=100.0).contains(&ladder.factor) {
        found.invalid("ladder.factor", "must be 1 to 100");
    }
    found.check_seconds("ladder.memory", ladder.memory);
    for (field, seconds) in [("ladder.maximum", ladder.maximum), ("ladder.decay", ladder.decay)] {
        if let Some(seconds) = seconds {
            found.check_seconds(field, seconds);
        }
    }
}

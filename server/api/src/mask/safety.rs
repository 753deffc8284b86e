use super::{names, paths};
use prost_types::FieldMask;
use umpire_model::Violation;
use umpire_proto::v1 as pb;

/// Which of a safety switch's two fields a change is about: `state`, then
/// `budget_per_minute`.
pub(crate) fn changes_of_switch(
    change: &pb::SafetySwitch,
    mask: Option<&FieldMask>,
) -> Result<(bool, bool), Violation> {
    let set = || {
        names(&[("state", change.state != 0), ("budget_per_minute", change.budget_per_minute != 0)])
    };
    let (mut state, mut budget) = (false, false);
    for path in paths(mask, set) {
        match path.as_str() {
            "state" => state = true,
            "budget_per_minute" => budget = true,
            "*" => (state, budget) = (true, true),
            _ => {
                let message = format!("`{path}` cannot be changed");
                return Err(Violation::invalid("update_mask", message));
            }
        }
    }
    Ok((state, budget))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_and_budget_are_named_or_set() {
        let on = pb::SafetySwitch { state: pb::SafetyState::On as i32, ..<_>::default() };
        let named = |paths: &[&str]| {
            let paths = paths.iter().map(|&path| path.to_owned()).collect();
            changes_of_switch(&on, Some(&FieldMask { paths }))
        };
        assert_eq!(named(&[]), Ok((true, false)));
        assert_eq!(named(&["budget_per_minute"]), Ok((false, true)));
        assert_eq!(named(&["*"]), Ok((true, true)));
        assert!(named(&["operator"]).is_err());
    }
}

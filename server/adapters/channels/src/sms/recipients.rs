//! Many recipients in one delivery.

use crate::report::refused;
use umpire_notify::{Outcome, Report};

/// What a delivery came to, of what it came to for each recipient. Whoever was refused
/// while others were not is named. When nobody was told, the one that may yet be says what
/// is to follow.
pub(crate) fn tally(told: Vec<(String, Report)>) -> Report {
    let is_told = |report: &Report| report.outcome == Outcome::Delivered;
    let (told, mut failed): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|(_, report)| is_told(report));
    failed.sort_by_key(|(_, report)| rank(&report.outcome));
    match (told.into_iter().next(), failed.first()) {
        (None, None) => refused("there are no recipients"),
        (Some((_, told)), None) => told,
        (None, Some((_, likeliest))) => likeliest.clone(),
        (Some((_, told)), Some((_, likeliest))) => Report {
            vendor_id: told.vendor_id,
            outcome: Outcome::Partial(failed.iter().map(|(to, _)| to.clone()).collect()),
            ..likeliest.clone()
        },
    }
}

/// The likelier that the recipient can still be told, the lower.
fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Delivered | Outcome::Partial(_) => 0,
        Outcome::Unknown => 1,
        Outcome::Transient => 2,
        Outcome::Throttled(_) => 3,
        Outcome::Permanent => 4,
        Outcome::Gone => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(outcomes: &[Outcome]) -> Vec<(String, Report)> {
        let report = |(number, outcome): (usize, &Outcome)| {
            let report = Report {
                outcome: outcome.clone(),
                vendor_id: format!("id-{number}"),
                ..refused(&format!("said-{number}"))
            };
            (format!("to-{number}"), report)
        };
        outcomes.iter().enumerate().map(report).collect()
    }

    #[test]
    fn whoever_may_yet_be_told_decides() {
        use Outcome::{Delivered, Gone, Partial, Permanent, Throttled, Transient, Unknown};
        let names = |numbers: &[usize]| {
            Partial(numbers.iter().map(|number| format!("to-{number}")).collect())
        };
        for (outcomes, expected) in [
            (vec![], Permanent),
            (vec![Delivered, Delivered], Delivered),
            (vec![Delivered, Permanent, Delivered], names(&[1])),
            (vec![Permanent, Delivered, Transient], names(&[2, 0])),
            (vec![Permanent, Transient], Transient),
            (vec![Throttled(30), Permanent], Throttled(30)),
            (vec![Throttled(30), Transient, Unknown], Unknown),
            (vec![Gone, Permanent], Permanent),
        ] {
            assert_eq!(tally(told(&outcomes)).outcome, expected, "{outcomes:?}");
        }
    }

    #[test]
    fn a_partial_report_says_what_went_wrong_and_what_went_out() {
        let report = tally(told(&[Outcome::Permanent, Outcome::Delivered]));
        assert_eq!((&*report.detail, &*report.vendor_id), ("said-0", "id-1"));
    }
}

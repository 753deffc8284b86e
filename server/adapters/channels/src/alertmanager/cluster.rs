use crate::cut::cut_chars;
use umpire_notify::{Outcome, Report};

/// Longest detail, in characters.
const MAX_DETAIL: usize = 500;

/// What the calls of all members come to: the best of their outcomes, and which of them
/// did not take the notice.
pub(super) fn together(urls: &[String], reports: Vec<Report>) -> Report {
    let missed = urls.iter().zip(&reports).filter(|(_, report)| !took(report));
    let missed: Vec<_> =
        missed.map(|(url, report)| format!("{}: {}", member(url), report.detail)).collect();
    let all = reports.len();
    let best = reports.into_iter().min_by_key(|report| rank(&report.outcome));
    let best = best.unwrap_or_else(|| crate::report::refused("no member was called"));
    if missed.is_empty() {
        return best;
    }
    let detail = format!("{} of {all} members: {}", missed.len(), missed.join("; "));
    Report { detail: cut_chars(&detail, MAX_DETAIL, "…").into_owned(), ..best }
}

fn took(report: &Report) -> bool {
    report.outcome == Outcome::Delivered
}

/// What gives most hope first; it is harmless to post twice, so an unknown outcome is no
/// worse than none.
fn rank(outcome: &Outcome) -> (u8, u64) {
    match outcome {
        Outcome::Delivered | Outcome::Partial(_) => (0, 0),
        Outcome::Transient => (1, 0),
        Outcome::Unknown => (2, 0),
        Outcome::Throttled(seconds) => (3, *seconds),
        Outcome::Permanent => (4, 0),
        Outcome::Gone => (5, 0),
    }
}

/// Host and port alone: a path may hold what nobody should see.
fn member(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcome: Outcome, detail: &str) -> Report {
        Report {
            outcome,
            status: 0,
            vendor_code: String::new(),
            detail: detail.to_owned(),
            vendor_id: String::new(),
        }
    }

    #[test]
    fn one_member_that_takes_it_is_enough() {
        use Outcome::{Delivered, Gone, Permanent, Throttled, Transient, Unknown};
        for (outcomes, expected) in [
            ([Delivered, Gone], Delivered),
            ([Permanent, Delivered], Delivered),
            ([Unknown, Transient], Transient),
            ([Throttled(60), Unknown], Unknown),
            ([Throttled(60), Throttled(30)], Throttled(30)),
            ([Permanent, Throttled(9)], Throttled(9)),
            ([Gone, Permanent], Permanent),
            ([Gone, Gone], Gone),
        ] {
            let urls = ["http://a:1".to_owned(), "http://b:2".to_owned()];
            let reports = outcomes.iter().map(|outcome| report(outcome.clone(), "x")).collect();
            assert_eq!(together(&urls, reports).outcome, expected, "{outcomes:?}");
        }
    }

    #[test]
    fn those_that_missed_it_are_named_without_what_may_be_secret() {
        let urls = [
            "http://one:9093/".to_owned(),
            "https://u:pass@two/secret/path?key=hidden".to_owned(),
            "https://three:1/#x".to_owned(),
        ];
        let reports = vec![
            report(Outcome::Delivered, ""),
            report(Outcome::Transient, "HTTP 500"),
            report(Outcome::Permanent, "HTTP 400"),
        ];
        let found = together(&urls, reports);
        assert_eq!(found.outcome, Outcome::Delivered);
        assert_eq!(found.detail, "2 of 3 members: two: HTTP 500; three:1: HTTP 400");
    }

    #[test]
    fn many_long_details_are_cut() {
        let urls = vec!["http://one".to_owned(); 9];
        let reports = vec![report(Outcome::Transient, &"界".repeat(400)); 9];
        assert_eq!(together(&urls, reports).detail.chars().count(), MAX_DETAIL);
    }
}

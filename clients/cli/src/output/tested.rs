//! How test cases went.

use super::{Paint, safe, short};
use umpire_client::v1::PolicyTestResult;

/// A safe line for each case, a second one for what was expected of those that fail.
pub fn tested(results: &[PolicyTestResult], paint: Paint) -> Vec<String> {
    results.iter().flat_map(|result| lines(result, paint)).collect()
}

fn lines(result: &PolicyTestResult, paint: Paint) -> Vec<String> {
    let test = safe(&result.test);
    if result.passed {
        return vec![format!("{} {test}", paint.added("ok    "))];
    }
    let expected = wanted(result.expected_decision().as_str_name(), &result.expected_labels);
    let got = wanted(result.decision().as_str_name(), &result.labels);
    vec![
        format!("{} {test}", paint.removed("FAILED")),
        format!("       expected {expected}, got {got}"),
    ]
}

fn wanted(decision: &str, labels: &[String]) -> String {
    let decision = short(decision, "DECISION_");
    if labels.is_empty() { decision } else { format!("{decision} [{}]", safe(&labels.join(", "))) }
}

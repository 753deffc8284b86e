//! What a person sees.

use super::chat::Line;
use std::{collections::BTreeMap, time::Duration};
use umpire_proto::v1::{Decision, Verdict};

/// Columns a text takes in the table.
const TEXT_WIDTH: usize = 44;

/// A line and what the server said to it.
pub(super) struct Outcome {
    line: Line,
    decision: &'static str,
    rules: String,
    elapsed: Duration,
}

impl Outcome {
    pub fn new(line: Line, verdict: Verdict) -> Self {
        let ids = verdict.matches.iter().filter_map(|found| found.rule.rsplit('/').next());
        let mut rules: Vec<&str> = Vec::new();
        for id in ids {
            if !rules.contains(&id) {
                rules.push(id);
            }
        }
        let elapsed = verdict.elapsed.and_then(|time| Duration::try_from(time).ok());
        Self {
            line,
            decision: match verdict.decision() {
                Decision::Unspecified => "?",
                Decision::Pass => "PASS",
                Decision::Review => "REVIEW",
                Decision::Block => "BLOCK",
            },
            rules: if rules.is_empty() { "-".into() } else { rules.join(",") },
            elapsed: elapsed.unwrap_or_default(),
        }
    }

    fn differs(&self) -> bool {
        self.decision != self.line.decision || self.rules != self.line.rules
    }
}

/// Every line with its verdict.
pub(super) fn table(outcomes: &[Outcome]) {
    println!("\n{:<13} {} {:<7} rules", "scene", fit("text", TEXT_WIDTH), "verdict");
    for outcome in outcomes {
        let Line { scene, text, .. } = outcome.line;
        println!("{scene:<13} {} {:<7} {}", fit(text, TEXT_WIDTH), outcome.decision, outcome.rules);
    }
}

/// Counts, times, and whatever differs; gives the number that differs.
pub(super) fn summary(outcomes: &[Outcome]) -> usize {
    let mut decisions: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes {
        *decisions.entry(outcome.decision).or_default() += 1;
    }
    let counts: Vec<_> = decisions.iter().map(|(name, count)| format!("{count} {name}")).collect();
    println!("\n{} lines: {}", outcomes.len(), counts.join(", "));
    let mut times: Vec<_> = outcomes.iter().map(|outcome| outcome.elapsed).collect();
    times.sort_unstable();
    if let (Some(median), Some(worst)) = (times.get(times.len() / 2), times.last()) {
        println!(
            "Time in the server, durable record included: median {median:.0?}, longest {worst:.0?}"
        );
    }
    let differing: Vec<_> = outcomes.iter().filter(|outcome| outcome.differs()).collect();
    for outcome in &differing {
        let Line { scene, decision, rules, text } = outcome.line;
        println!("DIFFERS {scene}: {text}");
        println!("  expected {decision} {rules}");
        println!("  got      {} {}", outcome.decision, outcome.rules);
    }
    match differing.len() {
        0 => println!("Every verdict is as expected."),
        count => println!("{count} verdicts differ."),
    }
    differing.len()
}

/// The text cut or filled to a number of terminal columns.
fn fit(text: &str, width: usize) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let columns = columns_of(c);
        if used + columns > width {
            break;
        }
        fitted.push(c);
        used += columns;
    }
    fitted + &" ".repeat(width - used)
}

/// East Asian wide characters take two columns, combining marks none.
fn columns_of(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{3099}' | '\u{309a}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3ffff}' => 2,
        _ => 1,
    }
}

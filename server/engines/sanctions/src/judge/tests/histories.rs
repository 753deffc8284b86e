//! Counting compared with a model that keeps every strike and counts all of them anew
//! each time.

use super::*;
use proptest::prelude::*;

/// Moments lie on quarters of a second, so that many are exactly as far apart as a window.
const QUARTER: i64 = 250_000;

const RULES: usize = 3;

#[derive(Debug, Clone)]
struct Counting {
    threshold: u32,
    window: u64,
    shadow: bool,
}

#[derive(Debug, Clone)]
struct Said {
    user: usize,
    quarters: i64,
    /// Strikes under each rule; 0 where it does not fit.
    weights: [u32; RULES],
}

fn countings() -> impl Strategy<Value = [Counting; RULES]> {
    let one = (1..=6_u32, 1..=20_u64, any::<bool>());
    let one = one.prop_map(|(threshold, window, shadow)| Counting { threshold, window, shadow });
    [one.clone(), one.clone(), one]
}

fn histories() -> impl Strategy<Value = Vec<Said>> {
    let said = (0..3_usize, 0..160_i64, [0..=3_u32, 0..=3_u32, 0..=3_u32]);
    let said = said.prop_map(|(user, quarters, weights)| Said { user, quarters, weights });
    prop::collection::vec(said, 0..80)
}

/// A strike as it was received.
struct Past {
    user: usize,
    rule: usize,
    time: i64,
    weight: u32,
    crossed: bool,
}

#[derive(Default)]
struct Naive {
    past: Vec<Past>,
}

impl Naive {
    /// What a message is counted as: each rule that was tried, its count, and whether it
    /// was crossed.
    fn hears(&mut self, said: &Said, rules: &[Counting; RULES]) -> Vec<(usize, u32, bool)> {
        let mut tried = Vec::new();
        let fitting = rules.iter().enumerate().filter(|(rule, _)| said.weights[*rule] > 0);
        for (rule, counting) in fitting {
            let (user, time, weight) = (said.user, said.quarters * QUARTER, said.weights[rule]);
            let window = i64::try_from(counting.window).expect("a small window") * 1_000_000;
            let count = self.before(user, rule, time, window) + weight;
            let crossed = count >= counting.threshold;
            self.past.push(Past { user, rule, time, weight, crossed });
            tried.push((rule, count, crossed));
            if crossed && !counting.shadow {
                break;
            }
        }
        tried
    }

    /// Strikes since the last crossing that are younger than the window at `time`. None
    /// counts as received before the one that was counted before it.
    fn before(&self, user: usize, rule: usize, time: i64, window: i64) -> u32 {
        let own: Vec<_> =
            self.past.iter().filter(|past| past.user == user && past.rule == rule).collect();
        let first = own.iter().rposition(|past| past.crossed).map_or(0, |crossing| crossing + 1);
        let since = &own[first..];
        let latest = |upto: &[&Past]| upto.iter().map(|past| past.time).max();
        let now = latest(since).map_or(time, |latest| latest.max(time));
        let counts = |at: &usize| latest(&since[..=*at]).is_some_and(|time| now - time < window);
        (0..since.len()).filter(counts).map(|at| since[at].weight).sum()
    }
}

fn candidates(said: &Said, rules: &[Counting; RULES]) -> Vec<Candidate> {
    let all = rules.iter().zip(said.weights).enumerate();
    let all = all.map(|(number, (counting, weight))| {
        let mode = if counting.shadow { RuleMode::Shadow } else { RuleMode::Enforced };
        let (threshold, window) = (counting.threshold, counting.window);
        let rule = SanctionRule { threshold, window, mode, ..rule() };
        Candidate { weight, ..candidate(&format!("r{number}"), rule) }
    });
    all.filter(|candidate| candidate.weight > 0).collect()
}

proptest! {
    #[test]
    fn any_history_is_counted_as_the_naive_model_counts_it(
        rules in countings(),
        history in histories(),
    ) {
        let (mut memory, mut naive) = (Memory::default(), Naive::default());
        let (mut crossed, mut sanctioned) = (0, 0);
        for (number, said) in history.iter().enumerate() {
            let (user, record) = (format!("u{}", said.user), format!("record-{number}"));
            let time = Timestamp(said.quarters * QUARTER);
            let offence = offence(&user, &record, time, candidates(said, &rules));
            let judged = judge(&mut memory, &offence).expect("a turn in memory");
            let expected = naive.hears(said, &rules);
            let statuses = judged.strikes.iter();
            let statuses = statuses.map(|one| (one.rule.clone(), one.count, one.crossed));
            let named = |(rule, count, crossed): (usize, u32, bool)| {
                (format!("r{rule}"), count, crossed)
            };
            prop_assert_eq!(
                statuses.collect::<Vec<_>>(),
                expected.iter().copied().map(named).collect::<Vec<_>>()
            );
            crossed += expected.iter().filter(|(.., crossed)| *crossed).count();
            sanctioned += usize::from(judged.sanction.is_some());
        }
        prop_assert_eq!(memory.sanctions.len(), crossed);
        let carried_out = memory.sanctions.values().filter(|one| one.suppressed_by.is_none());
        prop_assert_eq!(carried_out.count(), sanctioned);
    }
}

//! How repeat offenders climb.

use crate::{Ladder, SanctionRule};
use umpire_model::{NextStep, SanctionKind, Timestamp};

/// Longest a sanction may last if it is not permanent: ten years, leap years all.
pub const MAX_SANCTION_SECONDS: u64 = 10 * 366 * 24 * 60 * 60;

/// The step of the ladder, from 1, that crossing the threshold at `now` would bring, and
/// what stands on it. `earlier` are the sanctions that the ladder still remembers.
#[must_use]
pub fn next_step(rule: &SanctionRule, earlier: &[Timestamp], now: Timestamp) -> (u32, NextStep) {
    let Some(ladder) = &rule.ladder else { return (1, brings(rule.kind, rule.duration)) };
    let climbed = climbed(ladder, earlier, now);
    let step = u32::try_from(climbed).unwrap_or(u32::MAX).saturating_add(1);
    let last = ladder.steps.len().saturating_sub(1);
    match ladder.steps.get(climbed.min(last)) {
        Some(step_of) => (step, brings(step_of.kind.unwrap_or(rule.kind), step_of.duration)),
        None => (step, brings(rule.kind, grown(rule.duration, ladder, climbed))),
    }
}

/// How many steps are behind the subject.
fn climbed(ladder: &Ladder, earlier: &[Timestamp], now: Timestamp) -> usize {
    let (Some(decay), Some(last)) = (ladder.decay, earlier.last()) else { return earlier.len() };
    let micros = decay.saturating_mul(1_000_000).max(1);
    let back = usize::try_from(now.micros_since(*last) / micros).unwrap_or(usize::MAX);
    earlier.len().saturating_sub(back)
}

/// A duration that grew by the ladder's factor so many times; permanent stays permanent.
fn grown(base: Option<u64>, ladder: &Ladder, times: usize) -> Option<u64> {
    let most = ladder.maximum.unwrap_or(MAX_SANCTION_SECONDS).min(MAX_SANCTION_SECONDS);
    let power = i32::try_from(times).unwrap_or(i32::MAX);
    // What is longer than any sanction, infinity among it, becomes the most there is.
    let seconds = (base? as f64) * ladder.factor.powi(power);
    Some((seconds.round() as u64).min(most))
}

fn brings(kind: SanctionKind, seconds: Option<u64>) -> NextStep {
    let warning = kind == SanctionKind::Warn;
    let seconds = seconds.filter(|_| !warning);
    NextStep { kind, seconds, permanent: !warning && seconds.is_none() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Step,
        samples::{at, rule},
    };
    use SanctionKind::{LoginBan, Mute, Warn};

    const DAY: u64 = 86_400;

    fn ladder(steps: Vec<Step>) -> Ladder {
        Ladder { steps, factor: 2.0, maximum: None, memory: 30 * DAY, decay: None }
    }

    /// The step and what stands on it, after so many sanctions, the last at second 0.
    fn climb(rule: &SanctionRule, earlier: i64, now: i64) -> (u32, SanctionKind, Option<u64>) {
        let earlier: Vec<_> = (0..earlier).rev().map(|before| at(-before)).collect();
        let (step, next) = next_step(rule, &earlier, at(now));
        let endless = next.kind != Warn && next.seconds.is_none();
        assert_eq!(next.permanent, endless, "{next:?}");
        (step, next.kind, next.seconds)
    }

    #[test]
    fn without_a_ladder_every_sanction_is_the_first() {
        for (kind, duration, expected) in [
            (Mute, Some(60), Some(60)),
            (LoginBan, None, None),
            (Warn, None, None),
            (Warn, Some(60), None),
        ] {
            let rule = SanctionRule { kind, duration, ..rule() };
            for earlier in [0, 1, 9] {
                assert_eq!(climb(&rule, earlier, 0), (1, kind, expected), "{kind:?} {earlier}");
            }
        }
    }

    #[test]
    fn the_last_step_is_for_all_who_come_after_it() {
        let steps = vec![
            Step { kind: Some(Warn), duration: None },
            Step { kind: None, duration: Some(600) },
            Step { kind: Some(LoginBan), duration: None },
        ];
        let rule = SanctionRule { ladder: Some(ladder(steps)), ..rule() };
        for (earlier, expected) in [
            (0, (1, Warn, None)),
            (1, (2, Mute, Some(600))),
            (2, (3, LoginBan, None)),
            (3, (4, LoginBan, None)),
            (40, (41, LoginBan, None)),
        ] {
            assert_eq!(climb(&rule, earlier, 0), expected, "{earlier}");
        }
    }

    #[test]
    fn without_steps_each_is_longer_by_the_factor_up_to_the_maximum() {
        for (factor, maximum, expected) in [
            (2.0, None, [3_600, 7_200, 14_400]),
            (1.0, None, [3_600, 3_600, 3_600]),
            (1.5, None, [3_600, 5_400, 8_100]),
            (1.1, None, [3_600, 3_960, 4_356]),
            (100.0, Some(DAY), [3_600, DAY, DAY]),
            (2.0, Some(60), [60, 60, 60]),
        ] {
            let ladder = Ladder { factor, maximum, ..ladder(Vec::new()) };
            let rule = SanctionRule { ladder: Some(ladder), ..rule() };
            let lengths = [0, 1, 2].map(|earlier| climb(&rule, earlier, 0).2);
            assert_eq!(lengths, expected.map(Some), "{factor} {maximum:?}");
        }
    }

    #[test]
    fn nothing_grows_beyond_ten_years() {
        let ladder = Ladder { factor: 100.0, ..ladder(Vec::new()) };
        let rule = SanctionRule { ladder: Some(ladder), ..rule() };
        for earlier in [5, 155, 10_000] {
            assert_eq!(climb(&rule, earlier, 0).2, Some(MAX_SANCTION_SECONDS), "{earlier}");
        }
    }

    #[test]
    fn what_has_no_end_does_not_grow() {
        for (kind, duration) in [(LoginBan, None), (Mute, None), (Warn, None)] {
            let ladder = Some(ladder(Vec::new()));
            let rule = SanctionRule { kind, duration, ladder, ..rule() };
            assert_eq!(climb(&rule, 3, 0), (4, kind, None), "{kind:?}");
        }
    }

    #[test]
    fn time_without_a_sanction_takes_steps_back() {
        let ladder = Ladder { decay: Some(100), ..ladder(Vec::new()) };
        let rule = SanctionRule { ladder: Some(ladder), ..rule() };
        for (earlier, now, step) in [
            (3, 0, 4),
            (3, 99, 4),
            (3, 100, 3),
            (3, 299, 2),
            (3, 300, 1),
            (3, 9_000, 1),
            (0, 9_000, 1),
            // The clock was set back.
            (3, -500, 4),
        ] {
            assert_eq!(climb(&rule, earlier, now).0, step, "{earlier} {now}");
        }
    }
}

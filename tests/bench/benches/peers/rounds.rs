//! Takes the times: every candidate once a round, starting with another one each round.

use super::{candidates::Candidate, material::Lines};
use std::time::Instant;

/// What one candidate needed.
pub struct Figure {
    pub name: String,
    pub hits: usize,
    /// Lines a second, in the best round and in the median one.
    pub best: f64,
    pub median: f64,
    pub megabytes_a_second: f64,
    pub build_seconds: f64,
    pub bytes: Option<usize>,
}

/// One round to warm up, then `rounds` that count.
#[allow(clippy::cast_precision_loss)]
pub fn run(candidates: &mut [Candidate], lines: &Lines, rounds: usize) -> Vec<Figure> {
    let hits: Vec<usize> = candidates.iter_mut().map(|one| (one.pass)(lines)).collect();
    let mut seconds = vec![Vec::new(); candidates.len()];
    for round in 0..rounds.max(1) {
        for turn in 0..candidates.len() {
            let place = (round + turn) % candidates.len();
            let started = Instant::now();
            let found = (candidates[place].pass)(lines);
            seconds[place].push(started.elapsed().as_secs_f64());
            assert_eq!(found, hits[place], "{} finds something else", candidates[place].name);
        }
    }
    let bytes = lines.bytes() as f64;
    let figure = |((one, hits), mut seconds): ((&Candidate, usize), Vec<f64>)| {
        seconds.sort_by(f64::total_cmp);
        let lines = lines.len() as f64;
        Figure {
            name: one.name.clone(),
            hits,
            best: lines / seconds[0],
            median: lines / seconds[seconds.len() / 2],
            megabytes_a_second: bytes / seconds[0] / 1e6,
            build_seconds: one.build_seconds,
            bytes: one.bytes,
        }
    };
    candidates.iter().zip(hits).zip(seconds).map(figure).collect()
}

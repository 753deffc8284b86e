//! `doors`: the server's CPU for a message, by door and target, interleaved in one run.

use crate::{
    door::{Door, Target},
    load::{self, measure},
    material,
    server::Server,
};
use clap::Args;
use tempfile::TempDir;

#[derive(Args)]
pub struct Options {
    /// Rounds over all doors; the best of each counts
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Messages of one measurement
    #[arg(long, default_value_t = 60_000)]
    messages: usize,
    #[arg(long, default_value_t = 1_000)]
    words: usize,
    #[arg(long, default_value_t = 100)]
    patterns: usize,
}

const ALL: [(Target, Door); 6] = [
    (Target::Echo, Door::Unary),
    (Target::Echo, Door::Stream),
    (Target::Echo, Door::Batch),
    (Target::Check, Door::Unary),
    (Target::Check, Door::Stream),
    (Target::Check, Door::Batch),
];

pub async fn run(options: Options) {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path(), &[]);
    server.load_rules(options.words, options.patterns).await;
    let mut best = [(f64::MAX, 0.0_f64); ALL.len()];
    for _ in 0..options.rounds {
        for ((target, door), best) in ALL.into_iter().zip(&mut best) {
            let outcome = measure(&load::Options {
                endpoint: server.endpoint.clone(),
                target,
                door,
                connections: 4,
                concurrency: if door == Door::Unary { 64 } else { 8 },
                group: 100,
                messages: options.messages,
                rate: 0,
                first_id: 0,
                text: material::CLEAN.into(),
                server_pid: Some(server.pid()),
            })
            .await;
            let rate = outcome.messages as f64 / outcome.elapsed.as_secs_f64();
            *best = (best.0.min(outcome.cpu_micros()), best.1.max(rate));
        }
    }
    server.stop();
    println!(
        "{:<7} {:<7} {:>16} {:>12} {:>18}",
        "target", "door", "CPU µs/message", "messages/s", "per CPU, of unary"
    );
    for (index, ((target, door), (cpu, rate))) in ALL.into_iter().zip(best).enumerate() {
        let unary = best[index / 3 * 3].0;
        println!(
            "{:<7} {:<7} {cpu:>16.2} {rate:>12.0} {:>17.1}x",
            name(target),
            name(door),
            unary / cpu
        );
    }
}

fn name(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

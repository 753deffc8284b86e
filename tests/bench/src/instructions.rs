//! `instructions`: user instructions of the server for a message, under callgrind.
//!
//! For each door the server runs twice, with few and with many messages; the
//! difference, divided by the messages more, leaves start and rule loading out.

use crate::{
    door::{Door, Target, send},
    material,
    server::Server,
};
use clap::Args;
use std::{fs, path::Path};
use tempfile::TempDir;

#[derive(Args)]
pub struct Options {
    #[arg(long, default_value_t = 500)]
    few: usize,
    #[arg(long, default_value_t = 2_500)]
    many: usize,
    #[arg(long, default_value_t = 0)]
    words: usize,
    #[arg(long, default_value_t = 100)]
    patterns: usize,
    /// Words of a list beside them: of `UMPIRE_TEST_DATA` where it is set, else made up
    #[arg(long, default_value_t = 65_141)]
    list: usize,
    /// Only these doors
    #[arg(long, value_enum)]
    door: Vec<Door>,
}

pub async fn run(options: Options) {
    let doors = match options.door.is_empty() {
        true => vec![Door::Unary, Door::Stream, Door::Batch],
        false => options.door.clone(),
    };
    let folder = TempDir::new().unwrap();
    // The rules are made once, at full speed.
    let server = Server::start(folder.path(), &[]);
    server.load_rules(options.words, options.patterns).await;
    server.load_list(options.list).await;
    server.load_detectors().await;
    server.stop();
    println!("{:<7} {:>10} {:>10} {:>12}", "door", "echo", "check", "difference");
    for door in doors {
        let echo = slope(&options, folder.path(), Target::Echo, door).await;
        let check = slope(&options, folder.path(), Target::Check, door).await;
        let name = format!("{door:?}").to_lowercase();
        println!("{name:<7} {echo:>10.0} {check:>10.0} {:>12.0}", check - echo);
    }
}

async fn slope(options: &Options, data: &Path, target: Target, door: Door) -> f64 {
    let few = count(data, target, door, options.few).await;
    let many = count(data, target, door, options.many).await;
    (many - few) / (options.many - options.few) as f64
}

/// Instructions of a whole run with this many messages.
async fn count(data: &Path, target: Target, door: Door, messages: usize) -> f64 {
    let scratch = TempDir::new().unwrap();
    let out = scratch.path().join("callgrind.out");
    let wrapper = [
        "valgrind".into(),
        "--tool=callgrind".into(),
        format!("--callgrind-out-file={}", out.display()),
    ];
    let server = Server::start(data, &wrapper);
    let channel = server.channel();
    let group = if door == Door::Unary { messages } else { 100 };
    let all: Vec<_> =
        (0..messages as u64).map(|id| material::message(material::CLEAN, id)).collect();
    for chunk in all.chunks(group) {
        send(&channel, target, door, chunk.to_vec()).await;
    }
    drop(channel);
    server.stop();
    total(&out)
}

/// The `summary` or `totals` line of callgrind's file.
fn total(out: &Path) -> f64 {
    let text = fs::read_to_string(out).unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: ")));
    line.unwrap().trim().parse().unwrap()
}

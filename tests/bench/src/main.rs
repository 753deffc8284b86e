//! Load and figures. Every number of BENCHMARKS.md comes from one of these commands.
#![allow(missing_docs, clippy::unwrap_used)]

mod alerts;
mod door;
mod doors;
mod enforcement;
mod instructions;
mod ledger;
mod lists;
mod load;
mod material;
mod server;
mod strikes;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Put load on a server and print rate and latencies
    Load(load::Options),
    /// CPU of the server for each message: unary, stream and batch, check and echo, in one run
    Doors(doors::Options),
    /// Instructions of the server for each message, under callgrind
    Instructions(instructions::Options),
    /// Durable decisions a second, beside bare inserts of the same rows
    Ledger(ledger::Options),
    /// Strikes counted a second, beside the same decisions without a strike
    Strikes(strikes::Options),
    /// From a message to the enforcer that hears of its sanction, beside calls that bring none
    Enforcement(enforcement::Options),
    /// From a message to the vendor that hears of its P0, beside calls that raise nothing
    Alerts(alerts::LatencyOptions),
    /// A storm of events for a few thousand keys: memory, messages, and what became of each
    Storm(alerts::StormOptions),
    /// Import, memory and start with a long word list, and latencies during imports
    Lists(lists::Options),
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        match Cli::parse().command {
            Command::Load(options) => load::run(options).await,
            Command::Doors(options) => doors::run(options).await,
            Command::Instructions(options) => instructions::run(options).await,
            Command::Ledger(options) => ledger::run(options).await,
            Command::Strikes(options) => strikes::run(options).await,
            Command::Enforcement(options) => enforcement::run(options).await,
            Command::Alerts(options) => alerts::latency(options).await,
            Command::Storm(options) => alerts::storm(options).await,
            Command::Lists(options) => lists::run(options).await,
        }
    });
}

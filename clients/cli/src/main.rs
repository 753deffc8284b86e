//! `umpirectl`: checks messages, keeps the policy, sanctions and alerts, reads history and
//! audit log of an Umpire server from the command line.

mod arguments;
mod ask;
mod commands;
mod context;
mod contract;
mod exit;
mod failure;
mod input;
mod moment;
mod moved;
mod output;

use arguments::Arguments;
use clap::Parser;
use context::Context;
use failure::Failure;
use std::process::ExitCode;
use tokio::runtime::Runtime;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let context = Context::new(arguments.global);
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return context.report(&Failure::from(error)).into(),
    };
    let exit = runtime.block_on(commands::run(arguments.command, &context));
    // A thread may still wait for standard input; nobody wants what it reads.
    runtime.shutdown_background();
    exit.unwrap_or_else(|failure| context.report(&failure)).into()
}

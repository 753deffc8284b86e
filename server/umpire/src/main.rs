//! The command line: load the configuration, start, wait for a signal, drain.

use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};
use tokio::signal::unix::{SignalKind, signal};
use umpire::{Config, Server, config, log};
use umpire_model::SystemClock;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit code for a mistake in the configuration or the command line.
const MISTAKE: u8 = 2;

#[derive(Parser)]
#[command(name = "umpire", version, about = "Moderation server for chat")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until SIGTERM or SIGINT
    Serve(Overrides),
    /// Check the configuration and print it, without secrets
    CheckConfig(Overrides),
    /// Start a throw-away server, play the rule packs against it, and show every verdict
    #[cfg(feature = "demo")]
    Demo {
        /// Print only the summary
        #[arg(long)]
        quiet: bool,
    },
}

/// Where configuration comes from; flags win over the environment, which wins
/// over the file.
#[derive(Args)]
struct Overrides {
    /// A TOML file
    #[arg(long)]
    config: Option<PathBuf>,
    /// Folder of the embedded store
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Address of the gRPC server
    #[arg(long)]
    grpc: Option<SocketAddr>,
    /// Address of health and metrics
    #[arg(long)]
    http: Option<SocketAddr>,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(overrides) => with_config(&overrides, serve),
        Command::CheckConfig(overrides) => with_config(&overrides, |config| {
            println!("{}", config.to_toml());
            ExitCode::SUCCESS
        }),
        #[cfg(feature = "demo")]
        Command::Demo { quiet } => with_runtime(umpire::demo::run(quiet)),
    }
}

fn with_config(overrides: &Overrides, run: impl FnOnce(Config) -> ExitCode) -> ExitCode {
    match load(overrides) {
        Ok(config) => run(config),
        Err(error) => {
            eprintln!("umpire: {error}");
            ExitCode::from(MISTAKE)
        }
    }
}

fn load(overrides: &Overrides) -> Result<Config, config::ConfigError> {
    let mut config = Config::load(overrides.config.as_deref())?;
    if let Some(folder) = &overrides.data_dir {
        config.server.data_dir.clone_from(folder);
    }
    config.server.grpc = overrides.grpc.unwrap_or(config.server.grpc);
    config.server.http = overrides.http.unwrap_or(config.server.http);
    config.check()?;
    Ok(config)
}

fn with_runtime(work: impl Future<Output = ExitCode>) -> ExitCode {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => {
            eprintln!("umpire: no runtime: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(config: Config) -> ExitCode {
    if let Err(error) = log::start(&config.log) {
        eprintln!("umpire: {error}");
        return ExitCode::from(MISTAKE);
    }
    with_runtime(async {
        match serve_until_signal(config).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tracing::error!("{error}");
                ExitCode::FAILURE
            }
        }
    })
}

async fn serve_until_signal(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let server = Server::start(&config, Arc::new(SystemClock)).await?;
    tracing::info!(
        version = umpire::VERSION,
        grpc = %server.grpc_address(),
        http = %server.http_address(),
        auth = ?config.auth.mode,
        data_dir = %config.server.data_dir.display(),
        "serving"
    );
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("draining");
    server.shutdown().await;
    tracing::info!("stopped");
    Ok(())
}

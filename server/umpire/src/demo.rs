//! `umpire demo`: our rule packs, chat lines, and stories about sanctions and alerts, played
//! against a throw-away server through gRPC.

mod alerts;
mod chat;
mod packs;
mod replay;
mod report;
mod sanctions;

use crate::{Config, Server};
use std::{process::ExitCode, sync::Arc};
use tonic::transport::Channel;
use umpire_model::SystemClock;
use umpire_proto::v1::{
    CheckMessageRequest, Message, moderation_service_client::ModerationServiceClient,
    rule_service_client::RuleServiceClient,
};

type Failure = Box<dyn std::error::Error>;

/// Runs the demo; the exit code is 1 when any verdict differs from the expected one.
pub async fn run(quiet: bool) -> ExitCode {
    match play(quiet).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("umpire demo: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Plays everything and gives the number of verdicts that differ.
async fn play(quiet: bool) -> Result<usize, Failure> {
    let folder = tempfile::tempdir()?;
    let mut config = Config::default();
    config.server.data_dir = folder.path().into();
    config.server.grpc.set_port(0);
    config.server.http.set_port(0);
    // The vendors of its alerts are on this machine, too.
    config.outbound.allow_private = true;
    config.alerts.dedupe_seconds = alerts::DEDUPE_SECONDS;
    let server = Server::start(&config, Arc::new(SystemClock)).await?;
    let address = server.grpc_address();
    println!(
        "A server with an empty data folder is up: gRPC on {address}, health and metrics on http://{}",
        server.http_address()
    );
    let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
    let result = play_against(channel, quiet).await;
    server.shutdown().await;
    result
}

async fn play_against(channel: Channel, quiet: bool) -> Result<usize, Failure> {
    let mut rules = RuleServiceClient::new(channel.clone());
    for pack in packs::PACKS {
        let count = pack.apply(&mut rules).await?;
        println!("Rule pack {}: {count} rules live", pack.name);
    }
    let mut moderation = ModerationServiceClient::new(channel.clone());
    let mut outcomes = Vec::new();
    for (number, line) in chat::lines()?.into_iter().enumerate() {
        let message = Message {
            message_id: format!("demo-{number}"),
            scene: line.scene.into(),
            text: line.text.into(),
            ..Message::default()
        };
        let request = CheckMessageRequest { message: Some(message), ..<_>::default() };
        let verdict = moderation.check_message(request).await?.into_inner().verdict;
        outcomes.push(report::Outcome::new(line, verdict.unwrap_or_default()));
    }
    if !quiet {
        report::table(&outcomes);
    }
    let differing = report::summary(&outcomes);
    replay::run(&mut moderation).await?;
    Box::pin(sanctions::run(channel.clone(), quiet)).await?;
    Box::pin(alerts::run(channel, quiet)).await?;
    Ok(differing)
}

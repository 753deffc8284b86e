//! A game backend in small: players log in and chat, and what Umpire decides about them is
//! carried out. See the README beside it.

mod chat;
mod enforcer;
mod players;
mod setup;

use chat::Chat;
use players::Players;
use std::{env, error::Error, process::ExitCode, sync::Arc};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use umpire_client::Umpire;

const USAGE: &str = "game-backend [--set-up]
  --set-up  makes the rules, the sanction rules and the enforcer of this example first
UMPIRE_ENDPOINT, UMPIRE_API_KEY and UMPIRE_TENANT say where, as whom, for whom.
Then, on standard input: in NAME, out NAME, NAME: TEXT, wait NAME";

#[tokio::main]
async fn main() -> ExitCode {
    if env::args().skip(1).any(|argument| argument != "--set-up") {
        println!("{USAGE}");
        return ExitCode::from(2);
    }
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("game-backend: {error}");
            eprintln!("Is the server there, and was --set-up run?");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let umpire = Umpire::from_env().await?;
    if env::args().any(|argument| argument == "--set-up") {
        setup::set_up(&umpire).await?;
    }
    let players = Arc::new(Players::default());
    let enforcing = tokio::spawn(enforcer::run(umpire.clone(), players.clone()));
    tokio::select! {
        ended = enforcing => ended??,
        done = play(Chat::new(umpire, players)) => done?,
    }
    Ok(())
}

/// Does what standard input says, a line at a time.
async fn play(mut chat: Chat) -> Result<(), Box<dyn Error>> {
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        match line.trim().split_once(' ') {
            Some(("in", name)) => chat.log_in(name).await,
            Some(("out", name)) => chat.log_out(name),
            Some(("wait", name)) => chat.players.wait_for(name).await,
            Some((name, text)) => chat.say(name.trim_end_matches(':'), text).await,
            None => println!("(`in NAME`, `out NAME`, `NAME: TEXT`, or `wait NAME`)"),
        }
    }
    Ok(())
}

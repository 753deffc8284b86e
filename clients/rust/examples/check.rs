//! Checks the words of the command line as one message.

use std::{env, error::Error};
use umpire_client::{MatchExt, Umpire, VerdictExt};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<_> = env::args().skip(1).collect();
    let said = words.join(" ");
    let verdict = Umpire::from_env().await?.check(said.as_str()).await?;
    for found in &verdict.matches {
        let hits: Vec<_> = found.ranges().filter_map(|range| said.get(range)).collect();
        println!("{}: {}", found.rule_id(), hits.join(", "));
    }
    match verdict.text_to_show(&said) {
        Some(text) => println!("deliver: {text}"),
        None => println!("do not deliver"),
    }
    Ok(())
}

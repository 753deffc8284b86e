use crate::{arguments::Arguments, exit::Exit, failure::Failure};
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};
use std::io::{self, Write};

/// Prints completions for a shell; where they go is in the shell's manual.
#[derive(Args)]
pub struct Completion {
    /// The shell
    shell: Shell,
}

impl Completion {
    /// Prints them. No server is needed.
    pub fn run(self) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        generate(self.shell, &mut Arguments::command(), "umpirectl", &mut script);
        io::stdout().write_all(&script)?;
        Ok(Exit::DONE)
    }
}

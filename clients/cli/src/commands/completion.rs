use crate::{arguments::Arguments, context::Context, exit::Exit, failure::Failure};
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

/// Prints completions for a shell; where they go is in the shell's manual.
#[derive(Args)]
pub struct Completion {
    /// The shell
    shell: Shell,
}

impl Completion {
    /// Prints them. No server is needed.
    pub fn run(self, context: &Context) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        generate(self.shell, &mut Arguments::command(), "umpirectl", &mut script);
        context.output.part(&script)?;
        Ok(Exit::DONE)
    }
}

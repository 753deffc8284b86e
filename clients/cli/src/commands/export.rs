use crate::{arguments::Form, context::Context, exit::Exit, failure::Failure};
use clap::{Args, ValueEnum};
use umpire_client::v1::DocumentFormat;

/// Prints the whole policy as one document.
#[derive(Args)]
pub struct Export {
    /// Its notation; with `--output json`, JSON
    #[arg(long, short, value_name = "NOTATION")]
    format: Option<Notation>,

    /// Word lists without their entries: applied, such a document leaves them as they are
    #[arg(long)]
    omit_entries: bool,
}

/// The notation of a policy document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Notation {
    /// For people, with room for comments.
    Yaml,
    /// For programs.
    Json,
}

impl Export {
    /// Fetches and prints it.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let output = &context.output;
        let usual = if output.form == Form::Json { Notation::Json } else { Notation::Yaml };
        let format = match self.format.unwrap_or(usual) {
            Notation::Yaml => DocumentFormat::Yaml,
            Notation::Json => DocumentFormat::Json,
        };
        let policy = context.connect().await?.policy();
        let waiting = output.waiting("exporting");
        let exported = if self.omit_entries {
            policy.export_without_entries(format).await?
        } else {
            policy.export(format).await?
        };
        drop(waiting);
        output.note(&format!("revision {} {}", exported.revision, exported.content_hash));
        output.part(exported.document.as_bytes())?;
        if !exported.document.ends_with('\n') {
            output.part(b"\n")?;
        }
        Ok(Exit::DONE)
    }
}

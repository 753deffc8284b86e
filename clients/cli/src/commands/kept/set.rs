use super::Kept;
use crate::{
    commands::current::if_there, context::Context, exit::Exit, failure::Failure, input,
    output::id_of,
};
use clap::Args;
use std::path::PathBuf;
use umpire_client::Alerts;

/// A file that says everything.
#[derive(Args)]
pub struct Set {
    /// YAML or JSON: one, a list, or several between lines of `---`, each with its `name` or
    /// `id`; what it does not say is cleared, but for secrets, which may be given as
    /// `env:NAME`. `-` is standard input
    file: PathBuf,

    /// Id or name of the only one in the file, whatever it says of that
    #[arg(long)]
    id: Option<String>,

    /// Check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Set {
    /// Adds what is not there and changes what is, one after the other.
    pub async fn run<K: Kept>(self, context: &Context) -> Result<Exit, Failure> {
        let read: Vec<K> = input::messages(&self.file, K::NAME, self.id.as_deref())?;
        let alerts = context.connect().await?.alerts();
        let mut written = Vec::new();
        for mut one in read {
            let id = id_of(one.name()).to_owned();
            let done = self.write(&alerts, one).await;
            let (done, one) = done.map_err(|failure| failure.in_file(&self.file, &id))?;
            if context.output.is_table() {
                let not = if self.dry_run { " (not changed)" } else { "" };
                let sentence = format!("{done} {} {id}{not}", K::CALLED);
                context.output.changed(&sentence, &one)?;
            }
            written.push(one);
        }
        if !context.output.is_table() {
            context.output.records(&written)?;
        }
        Ok(Exit::DONE)
    }

    /// What was done, and what became of it.
    async fn write<K: Kept>(
        &self,
        alerts: &Alerts,
        mut one: K,
    ) -> Result<(&'static str, K), Failure> {
        if if_there(K::find(alerts, one.name()).await)?.is_some() {
            return Ok(("changed", one.replace(alerts, self.dry_run).await?));
        }
        let name = std::mem::take(one.name());
        Ok(("created", one.create(alerts, id_of(&name), self.dry_run).await?))
    }
}

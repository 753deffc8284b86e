use super::fields::Fields;
use crate::{
    commands::current::{if_there, until_current},
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{id_of, short},
};
use clap::{ArgGroup, Args};
use std::path::{Path, PathBuf};
use umpire_client::{Sanctions, v1::SanctionRule};

/// A sanction rule and what is said of it, or a file of them.
#[derive(Args)]
#[command(group = ArgGroup::new("what").args(["rule", "file"]).required(true))]
pub struct Set {
    /// Id or name; what flags do not say of it stays
    #[arg(requires = "fields")]
    rule: Option<String>,

    /// YAML or JSON: one sanction rule, or a list of them, each with an `id`; what a file
    /// does not say of a rule is cleared. `-` is standard input
    #[arg(long, short)]
    file: Option<PathBuf>,

    #[command(flatten)]
    fields: Fields,

    /// Check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What was done, and what became of the rule.
type Done = (&'static str, SanctionRule);

impl Set {
    /// Adds what is not there and changes what is, a rule after the other.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let rules = self.file.as_deref().map(read).transpose()?;
        let sanctions = context.connect().await?.sanctions();
        let Some(rules) = rules else {
            let done = until_current(async || self.change(&sanctions).await).await?;
            context.output.changed(&self.sentence(&done), &done.1)?;
            return Ok(Exit::DONE);
        };
        let mut written = Vec::new();
        for rule in rules {
            let is_there = if_there(sanctions.rule(&rule.name).await)?.is_some();
            let done = self.write(&sanctions, rule, is_there).await?;
            if context.output.is_table() {
                context.output.changed(&self.sentence(&done), &done.1)?;
            }
            written.push(done.1);
        }
        if !context.output.is_table() {
            context.output.records(&written)?;
        }
        Ok(Exit::DONE)
    }

    /// What is given changes, in the rule as it was read.
    async fn change(&self, sanctions: &Sanctions) -> Result<Done, Failure> {
        let name = self.rule.clone().unwrap_or_default();
        let found = if_there(sanctions.rule(&name).await)?;
        let is_there = found.is_some();
        let mut rule = found.unwrap_or_else(|| SanctionRule { name, ..SanctionRule::default() });
        self.fields.apply(&mut rule);
        self.write(sanctions, rule, is_there).await
    }

    async fn write(
        &self,
        sanctions: &Sanctions,
        mut rule: SanctionRule,
        is_there: bool,
    ) -> Result<Done, Failure> {
        if is_there {
            let change = sanctions.update_rule(rule).mask(["*"]);
            return Ok(("changed", change.validate_only(self.dry_run).await?));
        }
        let id = id_of(&std::mem::take(&mut rule.name)).to_owned();
        let create = sanctions.create_rule(id, rule).validate_only(self.dry_run);
        Ok(("created", create.await?))
    }

    fn sentence(&self, (done, rule): &Done) -> String {
        let (id, mode) =
            (id_of(&rule.name), short(rule.mode().as_str_name(), "SANCTION_RULE_MODE_"));
        let not = if self.dry_run { " (not changed)" } else { "" };
        format!("{done} sanction rule {id} ({mode}){not}")
    }
}

fn read(path: &Path) -> Result<Vec<SanctionRule>, Failure> {
    input::messages(path, "SanctionRule", None)
}

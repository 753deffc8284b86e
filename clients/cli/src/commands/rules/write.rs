use super::document;
use crate::{
    commands::diff::note_failed,
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{difference, id_of},
};
use clap::Args;
use std::path::PathBuf;
use umpire_client::{
    Change, Umpire,
    v1::{
        ApplyRuleSetRequest, ApplyRuleSetResponse, Rule,
        revision::{self, ChangeKind},
    },
};

/// Rules from a file.
#[derive(Args)]
pub struct Write {
    /// YAML or JSON, each rule as in a policy document; `-` is standard input
    #[arg(long, short)]
    file: PathBuf,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,

    /// Show the difference and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Write {
    /// Adds rules; none of them may be there.
    pub async fn create(self, context: &Context) -> Result<Exit, Failure> {
        let fits = |kind: ChangeKind| matches!(kind, ChangeKind::Created | ChangeKind::Undeleted);
        self.write(fits, "exist already: use `rules update`", context).await
    }

    /// Replaces rules; each of them must be there.
    pub async fn update(self, context: &Context) -> Result<Exit, Failure> {
        let fits = |kind: ChangeKind| kind == ChangeKind::Updated;
        self.write(fits, "are not there: use `rules create`", context).await
    }

    async fn write(
        &self,
        fits: impl Fn(ChangeKind) -> bool,
        misfit: &str,
        context: &Context,
    ) -> Result<Exit, Failure> {
        let document = document::of(&input::text(&self.file)?);
        let umpire = context.connect().await?;
        let planned = self.change(&umpire, &document).validate_only(true).await?;
        refuse_misfits(&planned, fits, misfit)?;
        if self.dry_run || planned.changes.is_empty() {
            note_failed(&planned.test_results, context);
            return show(&planned, context);
        }
        let change = self.change(&umpire, &document).base_revision(planned.revision);
        show(&change.await?, context)
    }

    fn change(&self, umpire: &Umpire, document: &str) -> Change<ApplyRuleSetRequest> {
        umpire.policy().apply(document).keep_unlisted(true).reason(self.reason.as_str())
    }
}

fn refuse_misfits(
    planned: &ApplyRuleSetResponse,
    fits: impl Fn(ChangeKind) -> bool,
    misfit: &str,
) -> Result<(), Failure> {
    let of_rules = planned.changes.iter().filter(|change| !change.rule.is_empty());
    let misfits = of_rules.filter(|change| !fits(change.kind()));
    let ids: Vec<_> = misfits.map(|change| id_of(&change.rule)).collect();
    if ids.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(format!("{} {misfit}", ids.join(", "))))
}

/// The difference for people, the rules as they became for programs.
fn show(applied: &ApplyRuleSetResponse, context: &Context) -> Result<Exit, Failure> {
    if !context.output.is_table() {
        let after = |change: &revision::Change| change.after.clone();
        let rules: Vec<Rule> = applied.changes.iter().filter_map(after).collect();
        context.output.records(&rules)?;
        return Ok(Exit::DONE);
    }
    if applied.changes.is_empty() {
        context.output.note("nothing differs");
    }
    for line in difference(&applied.changes, context.output.paint)? {
        context.output.line(&line)?;
    }
    Ok(Exit::DONE)
}

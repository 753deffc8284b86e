use super::document;
use crate::{
    commands::diff::{failed, note_failed},
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{counted, difference, id_of},
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

/// What is said of rules that cannot be written: of one, of many, what to do instead.
type Misfit = [&'static str; 3];

const THERE: Misfit = ["exists already", "exist already", "update"];
const MISSING: Misfit = ["is not there", "are not there", "create"];

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
        self.write(fits, THERE, context).await
    }

    /// Replaces rules; each of them must be there.
    pub async fn update(self, context: &Context) -> Result<Exit, Failure> {
        let fits = |kind: ChangeKind| kind == ChangeKind::Updated;
        self.write(fits, MISSING, context).await
    }

    async fn write(
        &self,
        fits: impl Fn(ChangeKind) -> bool,
        misfit: Misfit,
        context: &Context,
    ) -> Result<Exit, Failure> {
        let (document, moved) = document::of(&input::text(&self.file)?);
        let umpire = context.connect().await?;
        let planned = self.change(&umpire, &document).validate_only(true).await;
        let planned = planned.map_err(|error| Failure::Moved(error, moved))?;
        refuse_misfits(&planned, fits, misfit)?;
        let failed = failed(&planned.test_results);
        if self.dry_run || planned.changes.is_empty() || failed > 0 {
            // Programs are not told of rules that did not come about.
            if self.dry_run || failed == 0 || context.output.is_table() {
                show(&planned, context)?;
            }
            return Ok(told_failed(&planned, failed, context));
        }
        let change = self.change(&umpire, &document).base_revision(planned.revision);
        let applied = change.await.map_err(|error| Failure::Moved(error, moved))?;
        show(&applied, context)?;
        if context.output.is_table() {
            context.output.line(&format!("revision {}", applied.revision))?;
        }
        Ok(Exit::DONE)
    }

    fn change(&self, umpire: &Umpire, document: &str) -> Change<ApplyRuleSetRequest> {
        umpire.policy().apply(document).keep_unlisted(true).reason(self.reason.as_str())
    }
}

/// Test cases that fail are a no, as they are for `apply`.
fn told_failed(planned: &ApplyRuleSetResponse, failed: usize, context: &Context) -> Exit {
    if failed > 0 {
        note_failed(&planned.test_results, context);
        let cases = counted(failed, "test case");
        context.output.note(&format!("nothing was changed: {cases} would fail"));
    }
    Exit::negative_if(failed > 0)
}

fn refuse_misfits(
    planned: &ApplyRuleSetResponse,
    fits: impl Fn(ChangeKind) -> bool,
    [one, many, instead]: Misfit,
) -> Result<(), Failure> {
    let of_rules = planned.changes.iter().filter(|change| !change.rule.is_empty());
    let misfits = of_rules.filter(|change| !fits(change.kind()));
    let ids: Vec<_> = misfits.map(|change| id_of(&change.rule)).collect();
    let what = match ids.len() {
        0 => return Ok(()),
        1 => one,
        _ => many,
    };
    Err(Failure::usage(format!("{} {what}: use `rules {instead}`", ids.join(", "))))
}

/// The difference for people, the rules as they became for programs.
fn show(applied: &ApplyRuleSetResponse, context: &Context) -> Result<(), Failure> {
    if !context.output.is_table() {
        let after = |change: &revision::Change| change.after.clone();
        let rules: Vec<Rule> = applied.changes.iter().filter_map(after).collect();
        context.output.records(&rules)?;
        for change in applied.changes.iter().filter(|change| change.details_omitted) {
            context.output.note(&format!("rule {}: details left out", id_of(&change.rule)));
        }
        return Ok(());
    }
    if applied.changes.is_empty() {
        context.output.note("nothing differs");
    }
    for line in difference(&applied.changes, context.output.paint)? {
        context.output.line(&line)?;
    }
    Ok(())
}

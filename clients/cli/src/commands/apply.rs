use super::diff::{failed, note_failed, show};
use crate::{
    ask::confirm,
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{counted, deletions},
};
use clap::Args;
use std::path::PathBuf;
use umpire_client::{
    Change, Umpire,
    v1::{ApplyRuleSetRequest, ApplyRuleSetResponse},
};

/// Makes the policy what a document says, in one revision.
#[derive(Args)]
pub struct Apply {
    /// The document (YAML or JSON); `-` is standard input
    file: PathBuf,

    /// Show the difference and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Delete nothing: what the document does not list stays
    #[arg(long)]
    keep_unlisted: bool,

    /// Apply even if test cases fail
    #[arg(long, requires = "reason")]
    force: bool,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Do not ask before deleting
    #[arg(long, short)]
    yes: bool,
}

impl Apply {
    /// Shows the difference, asks where something would be lost, and applies.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let document = input::text(&self.file)?;
        let umpire = context.connect().await?;
        let waiting = context.output.waiting("comparing");
        let planned = self.change(&umpire, &document).validate_only(true).await?;
        drop(waiting);
        if planned.changes.is_empty() {
            return self.nothing_to_do(&planned, context);
        }
        // Programs get one answer: the last.
        if self.dry_run || context.output.is_table() {
            show(&planned, context)?;
        }
        let failed = failed(&planned.test_results);
        if failed > 0 {
            note_failed(&planned.test_results, context);
            if !self.force {
                let cases = counted(failed, "test case");
                context.output.note(&format!("nothing was changed: {cases} would fail"));
                return Ok(Exit::NEGATIVE);
            }
        }
        if self.dry_run {
            return Ok(Exit::DONE);
        }
        self.confirm(&planned)?;
        self.apply(&umpire, &document, planned.revision, context).await
    }

    fn change(&self, umpire: &Umpire, document: &str) -> Change<ApplyRuleSetRequest> {
        umpire
            .policy()
            .apply(document)
            .keep_unlisted(self.keep_unlisted)
            .force(self.force)
            .reason(self.reason.clone().unwrap_or_default())
    }

    fn nothing_to_do(
        &self,
        planned: &ApplyRuleSetResponse,
        context: &Context,
    ) -> Result<Exit, Failure> {
        if !context.output.is_table() {
            show(planned, context)?;
        }
        let failed = failed(&planned.test_results);
        note_failed(&planned.test_results, context);
        context.output.note("nothing differs");
        Ok(Exit::negative_if(failed > 0 && !self.force))
    }

    fn confirm(&self, planned: &ApplyRuleSetResponse) -> Result<(), Failure> {
        let Some(gone) = deletions(&planned.changes) else { return Ok(()) };
        if self.yes || confirm(&format!("delete {gone}"))? {
            return Ok(());
        }
        Err(Failure::usage("nothing was changed"))
    }

    /// Bound to the revision that was compared with, so that what was shown is what
    /// is done, also when it was the empty policy, revision 0.
    async fn apply(
        &self,
        umpire: &Umpire,
        document: &str,
        base: i64,
        context: &Context,
    ) -> Result<Exit, Failure> {
        let waiting = context.output.waiting("applying");
        let applied = self.change(umpire, document).base_revision(base).await?;
        drop(waiting);
        if context.output.is_table() {
            context.output.line(&format!("revision {}", applied.revision))?;
        } else {
            show(&applied, context)?;
        }
        Ok(Exit::DONE)
    }
}

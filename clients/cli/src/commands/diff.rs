use crate::{
    arguments::Form,
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{Paint, counted, difference, tested},
};
use clap::Args;
use std::path::PathBuf;
use umpire_client::v1::{ApplyRuleSetResponse, PolicyTestResult};

/// Shows what applying a document would change. Nothing is changed.
#[derive(Args)]
pub struct Diff {
    /// The document (YAML or JSON); `-` is standard input
    file: PathBuf,

    /// As if nothing were deleted: what the document does not list stays
    #[arg(long)]
    keep_unlisted: bool,
}

impl Diff {
    /// Exit codes are those of diff(1): whatever goes wrong is trouble.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let changed = self.compare(context).await;
        let changed = changed.map_err(|failure| Failure::Trouble(Box::new(failure)))?;
        Ok(Exit::negative_if(changed))
    }

    async fn compare(&self, context: &Context) -> Result<bool, Failure> {
        let document = input::text(&self.file)?;
        let policy = context.connect().await?.policy();
        let waiting = context.output.waiting("comparing");
        let planned =
            policy.apply(document).keep_unlisted(self.keep_unlisted).validate_only(true).await?;
        drop(waiting);
        show(&planned, context)?;
        let failed = failed(&planned.test_results);
        if failed > 0 {
            let cases = counted(failed, "test case");
            let unlisted = if self.keep_unlisted { " --keep-unlisted" } else { "" };
            let test = format!("umpirectl test {}{unlisted}", self.file.display());
            context.output.note(&format!("{cases} would fail; see {test}"));
        }
        Ok(!planned.changes.is_empty())
    }
}

/// What would change, or has changed.
pub fn show(applied: &ApplyRuleSetResponse, context: &Context) -> Result<(), Failure> {
    let output = &context.output;
    match output.form {
        Form::Table => {
            for line in difference(&applied.changes, output.paint)? {
                output.line(&line)?;
            }
            Ok(())
        }
        Form::Json => output.message("ApplyRuleSetResponse", applied),
        Form::Csv => output.records(&applied.changes),
    }
}

/// How many test cases failed.
pub fn failed(results: &[PolicyTestResult]) -> usize {
    results.iter().filter(|result| !result.passed).count()
}

/// The test cases that failed, on standard error.
pub fn note_failed(results: &[PolicyTestResult], context: &Context) {
    let failed: Vec<_> = results.iter().filter(|result| !result.passed).cloned().collect();
    for line in tested(&failed, Paint::none()) {
        context.output.note(&line);
    }
}

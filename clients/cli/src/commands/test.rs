use super::diff::failed;
use crate::{
    arguments::Form, context::Context, exit::Exit, failure::Failure, input, output::tested,
};
use clap::Args;
use std::path::PathBuf;
use umpire_client::{
    Umpire,
    v1::{PolicyTestResult, TestRulesRequest},
};

/// Runs test cases: those kept with the policy against the rules in force, or those
/// of a document against its rules. Nothing is changed. Exit code 1 if one fails.
#[derive(Args)]
pub struct Test {
    /// A document (YAML or JSON); `-` is standard input
    file: Option<PathBuf>,

    /// With a document: beside what it does not list
    #[arg(long, requires = "file")]
    keep_unlisted: bool,
}

impl Test {
    /// Runs them and tells how each went.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let document = self.file.as_deref().map(input::text).transpose()?;
        let umpire = context.connect().await?;
        let waiting = context.output.waiting("testing");
        let results = match document {
            Some(document) => self.of_document(&umpire, document).await?,
            None => in_force(&umpire).await?,
        };
        drop(waiting);
        show(&results, context)?;
        let (failed, all) = (failed(&results), results.len());
        context.output.note(&format!("{all} test cases, {failed} failed"));
        Ok(Exit::negative_if(failed > 0))
    }

    async fn of_document(
        &self,
        umpire: &Umpire,
        document: String,
    ) -> Result<Vec<PolicyTestResult>, Failure> {
        let change = umpire.policy().apply(document).keep_unlisted(self.keep_unlisted);
        Ok(change.validate_only(true).await?.test_results)
    }
}

async fn in_force(umpire: &Umpire) -> Result<Vec<PolicyTestResult>, Failure> {
    let request = TestRulesRequest { include_live: true, run_tests: true, ..<_>::default() };
    Ok(umpire.rules().test(request).await?.test_results)
}

fn show(results: &[PolicyTestResult], context: &Context) -> Result<(), Failure> {
    let output = &context.output;
    if output.form != Form::Table {
        return output.records(results);
    }
    for line in tested(results, output.paint) {
        output.line(&line)?;
    }
    Ok(())
}

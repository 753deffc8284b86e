use super::{diff::failed, origin::Origin};
use crate::{
    arguments::Form,
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{counted, tested},
};
use clap::{ArgGroup, Args};
use std::path::PathBuf;
use umpire_client::{
    Error, Umpire,
    v1::{PolicyTestResult, TestRulesRequest},
};

/// Runs test cases: those kept with the policy against the rules in force, or those
/// of a document against its rules. Or tries one text on the rules in force. Nothing
/// is changed or recorded. Exit code 1 if a test case fails.
#[derive(Args)]
#[command(group = ArgGroup::new("of-text")
    .args(["scene", "sender", "conversation"])
    .multiple(true)
    .requires("text")
    .conflicts_with_all(["file", "keep_unlisted"]))]
pub struct Test {
    /// A document (YAML or JSON); `-` is standard input
    file: Option<PathBuf>,

    /// With a document: beside what it does not list
    #[arg(long, requires = "file")]
    keep_unlisted: bool,

    /// Show the verdict on this text, and which hits did not count
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["file", "keep_unlisted"])]
    text: Option<String>,

    #[command(flatten)]
    origin: Origin,
}

impl Test {
    /// Runs the test cases, or tries the text.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match &self.text {
            Some(text) => self.one(text, context).await,
            None => self.cases(context).await,
        }
    }

    /// What the rules in force say to one message. Unlike a check it is open to those
    /// who keep the rules.
    async fn one(&self, text: &str, context: &Context) -> Result<Exit, Failure> {
        let messages = vec![self.origin.message(text).into()];
        let request = TestRulesRequest { include_live: true, messages, ..<_>::default() };
        let tried = context.connect().await?.rules().test(request).await?;
        let verdict = tried.verdicts.first().ok_or(Error::Incomplete("verdicts"))?;
        context.output.verdict(verdict, text)?;
        Ok(Exit::DONE)
    }

    async fn cases(&self, context: &Context) -> Result<Exit, Failure> {
        let document = self.file.as_deref().map(input::text).transpose()?;
        let umpire = context.connect().await?;
        let waiting = context.output.waiting("testing");
        let results = match document {
            Some(document) => self.of_document(&umpire, document).await?,
            None => in_force(&umpire).await?,
        };
        drop(waiting);
        show(&results, context)?;
        let (failed, all) = (failed(&results), counted(results.len(), "test case"));
        context.output.note(&format!("{all}, {failed} failed"));
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

use super::{preview, which::Which};
use crate::{
    ask::confirm, commands::filter::all_of, context::Context, exit::Exit, failure::Failure,
    output::counted,
};
use clap::{Args, ValueEnum};
use umpire_client::{Sanctions, v1::DrainMode};

/// What becomes of held sanctions, all of them or those that flags describe.
#[derive(Args)]
pub struct Drain {
    /// What becomes of them
    mode: Mode,

    /// With sample: how many of them, the oldest
    #[arg(long, value_name = "NUMBER", required_if_eq("mode", "sample"))]
    size: Option<i32>,

    #[command(flatten)]
    which: Which,

    /// Why; kept with each sanction
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    reason: Option<String>,

    /// Show which they are and decide nothing
    #[arg(long)]
    dry_run: bool,

    /// Do not ask before deciding
    #[arg(long, short)]
    yes: bool,
}

/// What becomes of held sanctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// They go out, as many a minute as the budget allows.
    Apply,
    /// They are lifted, and nobody is told.
    Drop,
    /// Some of them go out, the rest stay held.
    Sample,
}

impl Mode {
    fn proto(self) -> DrainMode {
        match self {
            Self::Apply => DrainMode::Apply,
            Self::Drop => DrainMode::Drop,
            Self::Sample => DrainMode::Sample,
        }
    }

    /// What is done, and what was done.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Apply | Self::Sample => ("let out", "let out"),
            Self::Drop => ("drop", "dropped"),
        }
    }
}

impl Drain {
    /// Shows which they are, asks, and decides.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let sanctions = context.connect().await?.sanctions();
        let waiting = context.output.waiting("looking");
        let planned = self.drain(&sanctions).preview().await?;
        drop(waiting);
        // Programs get one answer: the last.
        if self.dry_run || planned.count == 0 || context.output.is_table() {
            preview::show(&planned, context)?;
        }
        if planned.count == 0 {
            context.output.note("nothing is held");
        }
        if self.dry_run || planned.count == 0 {
            return Ok(Exit::DONE);
        }
        let (would, has) = self.mode.words();
        let sentence = counted(planned.count, "sanction");
        if !self.yes && !confirm(&format!("{would} {sentence}"))? {
            return Err(Failure::usage("nothing was decided"));
        }
        let waiting = context.output.waiting("deciding");
        let drained = self.drain(&sanctions).run().await?;
        drop(waiting);
        let sentence = counted(drained.count, "sanction");
        context.output.changed(&format!("{has} {sentence}"), &drained)?;
        Ok(Exit::DONE)
    }

    fn drain(&self, sanctions: &Sanctions) -> umpire_client::Drain {
        let reason = self.reason.clone().unwrap_or_default();
        let drain = sanctions.drain(self.mode.proto(), reason);
        drain.filter(all_of(self.which.terms())).sample_size(self.size.unwrap_or_default())
    }
}
